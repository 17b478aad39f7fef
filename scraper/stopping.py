"""Stopping as asked: the first SIGINT or SIGTERM lets the work in hand be finished, the second ends it at once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Stop:
    """``number`` is the signal that asked to stop, or ``None``."""

    number: int | None = None

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        """Note the first signal; raise ``KeyboardInterrupt`` at the second."""
        if self.number is not None:
            raise KeyboardInterrupt
        self.number = number


def end_on_sigterm() -> None:
    """Let SIGTERM end the process with 143, closing what is open, where nothing else handles it."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, end)


@contextmanager
def stop_signals() -> Iterator[Stop]:
    """A ``Stop`` that listens while the block runs; must be entered in the main thread."""
    stop = Stop()
    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
