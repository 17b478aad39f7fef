"""When a host may be asked next: delays, Crawl-delay, Retry-After, and when a host is left alone for the run.

Each request waits for its turn here, last thing before it goes out, so that nothing gets round it: retries, redirects
and questions for robots.txt included. A delay is counted from the end of the answer before where a host asked for it
(or the user did), so that it holds at the far end too, however long a connection took.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive.urls import site_of
from scraper.middlewares.refusals import NotNow

LONGEST_DELAY = 60.0  # seconds; more than that asked for by a robots.txt is taken for this
LONGEST_PACE = 15.0  # seconds; a slow host is not asked less often than this of its own accord
LONGEST_WAIT = 300.0  # seconds that a run waits for a host that asks it to; for longer it leaves the host
DEAD_AFTER = 5  # addresses in a row that cannot be connected to
SILENT_AFTER = 12  # addresses in a row that are connected to but bring no answer
PUSHED_BACK_AFTER = 8  # answers in a row that ask to come back later
SLOWER = 0.5  # seconds between two requests, at least, to a host that has asked to slow down


def origin_of(url: str) -> str:
    """Scheme and authority, as in ``https://www.ledger.example``; robots.txt and a host's death concern these."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(slots=True)
class Host:
    """One host. ``floor`` is the shortest delay between two requests, ``pace`` the one in force, both in seconds.

    ``width`` is how many requests may be under way; with one, the delay counts from the end of the one before.
    """

    floor: float = 0.0
    width: int = 1
    adapts: bool = True  # whether a slow answer makes the next wait longer
    most: int = 1_000_000  # requests of one run
    pace: float = 0.0
    last: float = float("-inf")  # when a request went out
    ended: float = float("-inf")  # when an answer had come
    held_until: float = float("-inf")
    under_way: int = 0
    waiting: int = 0
    requests: int = 0
    pushbacks: int = 0
    unconnected: set[str] = field(default_factory=set)  # since the last answer
    unanswered: set[str] = field(default_factory=set)
    door: asyncio.Lock = field(default_factory=asyncio.Lock)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    def wait(self, now: float) -> float:
        """Seconds until the next request may go out; infinite while another has to come back first."""
        if self.under_way >= self.width:
            return float("inf")
        since = max(self.last, self.ended) if self.width == 1 else self.last
        return max(since + self.pace, self.held_until) - now

    def ask_for(self, seconds: float) -> None:
        """Keep ``seconds`` between the end of one request and the start of the next."""
        self.floor = max(self.floor, min(seconds, LONGEST_DELAY))
        self.pace, self.width = max(self.pace, self.floor), 1

    def adapt(self, latency: float, status: int) -> None:
        """Pace by how fast the host answers, as Scrapy's AutoThrottle does, but never below the host's own floor."""
        pace = max(latency, (self.pace + latency) / 2)
        pace = max(self.floor, min(pace, LONGEST_PACE))
        if status == 200 or pace > self.pace:  # errors are answered fast, and are no reason to hurry
            self.pace = pace


class Hosts:
    """All hosts of a run. ``left`` says of each origin that is no longer asked in this run why not."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._hosts: dict[str, Host] = {}
        self.left: dict[str, str] = {}
        self.full: set[str] = set()  # those that were left because they were asked enough, which is no fault
        self._closing: str | None = None

    def known(self, url: str) -> Host | None:
        """The host of ``url``, if it was added. ``www.`` makes no other host."""
        return self._hosts.get(site_of(url))

    def add(self, url: str, *, delay: float, width: int, adapts: bool, most: int) -> Host:
        """Begin to pace the host of ``url``."""
        host = Host(floor=delay, pace=delay, width=width, adapts=adapts, most=most)
        return self._hosts.setdefault(site_of(url), host)

    def trouble(self) -> dict[str, str]:
        """Why origins were left that are to blame for it."""
        return {origin: why for origin, why in self.left.items() if origin not in self.full}

    def is_waiting(self, url: str) -> bool:
        """Whether a request to the host of ``url`` waits already, so that another would only wait behind it."""
        host = self.known(url)
        return host is not None and host.waiting > 0

    async def turn(self, host: Host, url: str) -> None:
        """Wait until ``url`` may be asked for, and count it as under way. Raises ``NotNow``."""
        host.waiting += 1
        try:
            async with host.door:
                while (wait := self._wait(host, url)) > 0:
                    host.stirred.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(host.stirred.wait(), None if wait == float("inf") else wait)
                host.under_way += 1
                host.requests += 1
                host.last = self._clock()
        finally:
            host.waiting -= 1

    def _wait(self, host: Host, url: str) -> float:
        if self._closing is not None:
            raise NotNow(self._closing)
        now = self._clock()
        if host.held_until - now > LONGEST_WAIT:
            self.leave(url, f"asked to come back in {host.held_until - now:.0f} s")
        if host.requests >= host.most:
            self.full.add(origin_of(url))
            self.leave(url, f"{host.most} requests in one run are enough")
        if (why := self.left.get(origin_of(url))) is not None:
            raise NotNow(why)
        return host.wait(now)

    def back(self, host: Host) -> None:
        """A request is no longer under way."""
        host.under_way -= 1
        host.ended = self._clock()
        host.stirred.set()

    def answered(self, host: Host, latency: float | None, status: int) -> None:
        """The host lives; ``latency`` is in seconds."""
        host.unconnected.clear()
        host.unanswered.clear()
        host.pushbacks = 0
        if host.adapts and latency is not None:
            host.adapt(latency, status)

    def held_back(self, host: Host, url: str, seconds: float) -> bool:
        """The host asked to come back in ``seconds``; whether that is awaited, or the host is left."""
        host.pushbacks += 1
        host.width = 1
        host.floor = max(host.floor, SLOWER)
        host.pace = max(host.pace, host.floor)
        self.hold(host, seconds)
        if seconds > LONGEST_WAIT:
            self.leave(url, f"asked to come back in {seconds:.0f} s")
        elif host.pushbacks >= PUSHED_BACK_AFTER:
            self.leave(url, "keeps asking to come back later")
        return origin_of(url) not in self.left

    def hold(self, host: Host, seconds: float) -> None:
        """Let nothing out to ``host`` for ``seconds``."""
        host.held_until = max(host.held_until, self._clock() + seconds)

    def failed(self, host: Host, url: str, why: str, *, connected: bool) -> None:
        """No answer came; after so many addresses in a row the host is left for this run."""
        (host.unanswered if connected else host.unconnected).add(url)
        if len(host.unconnected) >= DEAD_AFTER or len(host.unanswered) >= SILENT_AFTER:
            self.leave(url, why)

    def leave(self, url: str, why: str) -> None:
        """Ask the origin of ``url`` nothing more in this run."""
        self.left.setdefault(origin_of(url), why)
        self._stir()

    def close(self, why: str) -> None:
        """Let nothing more out; what waits is told so."""
        self._closing = why
        self._stir()

    def _stir(self) -> None:
        for host in self._hosts.values():
            host.stirred.set()
