"""Telling a watchdog that a run began, and how it ended, so that it can raise an alarm when one does not.

The addresses follow the conventions of healthchecks.io: ``url/start``, ``url`` and ``url/fail``, unless they are named
one by one. A ping never delays a crawl and never fails one.
"""

import logging
import os
import threading
import uuid
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from scraper.logs import event, keep_secret, without_secrets

VARIABLE = "NEWSMORGUE_PING_URL"
SECONDS = 5.0  # for one ping; the last is waited for no longer than that
TRIES = 2
MOST_WORDS = 10_000  # bytes of the summary that go along
UNTOLD = frozenset((4, 130, 143))  # another run is under way and tells of itself; stopped by whoever asked for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Pings:
    """Where to: each address may be missing. They are secrets, as whoever knows them can ping too."""

    start: str | None = None
    success: str | None = None
    failure: str | None = None
    seconds: float = SECONDS
    threads: list[threading.Thread] = field(default_factory=list, compare=False)

    @classmethod
    def of(
        cls,
        *,
        url: str | None = None,
        start: str | None = None,
        success: str | None = None,
        failure: str | None = None,
        timeout: float | None = None,
    ) -> Self:
        """The pings that newsmorgue.toml's ``[pings]`` describes, or ``$NEWSMORGUE_PING_URL`` where it does not."""
        if not (url or start or success or failure):
            url = os.environ.get(VARIABLE)
        made = _by_convention(url) if url else {"start": None, "success": None, "failure": None}
        told = {"start": start, "success": success, "failure": failure}
        for secret in (url, start, success, failure):
            keep_secret(secret)
        return cls(**made | {name: value for name, value in told.items() if value}, seconds=timeout or SECONDS)

    def started(self) -> None:
        """Tell of the start, and go on at once."""
        self._send(self.start, "")

    def ended(self, exit_code: int, words: str) -> None:
        """Tell of the end, and wait until it is told, but not for long."""
        if exit_code in UNTOLD:
            return
        self._send(self.success if exit_code == 0 else self.failure, words)
        for thread in self.threads:
            thread.join(self.seconds)

    def _send(self, url: str | None, words: str) -> None:
        if url:
            thread = threading.Thread(target=_ping, args=(url, words, self.seconds), daemon=True)
            thread.start()
            self.threads.append(thread)


def _by_convention(url: str) -> dict[str, str]:
    path, _, query = url.partition("?")
    rid = f"rid={uuid.uuid4()}"  # so that the watchdog knows which start an end belongs to
    tail = f"?{query}&{rid}" if query else f"?{rid}"
    path = path.rstrip("/")
    return {"start": f"{path}/start{tail}", "success": f"{path}{tail}", "failure": f"{path}/fail{tail}"}


def _ping(url: str, words: str, seconds: float) -> None:
    data = without_secrets(words).encode()[:MOST_WORDS]
    problem = ""
    for _ in range(TRIES):
        try:
            request = Request(url, data=data, headers={"User-Agent": "newsmorgue", "Content-Type": "text/plain"})  # noqa: S310 - checked with the configuration
            with urlopen(request, timeout=seconds / TRIES) as answer:  # noqa: S310
                answer.read(1)
                return
        except Exception as error:  # noqa: BLE001 - whatever happens here is no matter of the crawl's
            problem = f"{type(error).__name__}: {error}"
    event(logging.ERROR, "ping_failed", f"the ping to {urlsplit(url).hostname} failed: {problem}")
