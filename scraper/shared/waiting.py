"""Waiting for Redis, and saying so."""

import sys
import time
from collections.abc import Callable

from scraper.shared.link import Link, RedisAway

LONGEST_PAUSE = 5.0  # seconds between two attempts to reach Redis, at most; a worker's never more than half its lease


def tell(line: str) -> None:
    """A line for whoever watches."""
    print(f"newsmorgue: {line}", file=sys.stderr, flush=True)


def reached(link: Link, is_stopped: Callable[[], bool], *, seconds: float | None = None) -> bool:
    """Wait until Redis answers, telling so once; whether it does before ``is_stopped`` or so many seconds."""
    begun, pause, told = time.monotonic(), 0.25, False
    while True:
        try:
            link.check()
        except RedisAway as error:
            if not told:
                tell(f"Redis at {link} does not answer ({error}): waiting")
                told = True
        else:
            return True
        pause = min(pause * 2, LONGEST_PAUSE)
        end = time.monotonic() + pause
        while time.monotonic() < end:
            if is_stopped() or (seconds is not None and time.monotonic() - begun >= seconds):
                return False
            time.sleep(0.1)
