"""A host that this worker holds: what it has taken of its queue, and until when it may ask the host for anything."""

import time
from collections import deque
from collections.abc import Sequence
from hashlib import blake2b

from archive.records import Outcome
from scraper.frontier import STORIES
from scraper.frontier_table import Entry
from scraper.pacing import Host, Hosts
from scraper.shared.queue import Lease

FEW, PORTION = 8, 24  # requests of a host: with fewer at hand, so many more are taken


class HostQueue:
    """In the place of ``scraper.frontier.SiteQueue``. ``deadline`` is on this machine's monotonic clock."""

    def __init__(self, lease: Lease, deadline: float, width: int, allowance: int | None, paces: Hosts) -> None:
        self.lease, self.deadline, self.allowance, self._width = lease, deadline, allowance, width
        self._paces = paces
        self.ready: deque[tuple[Entry, str]] = deque()
        self.in_flight: dict[str, Entry] = {}
        self.members: dict[str, str] = {}
        self.using = 0  # requests on the wire
        self.unsettled = 0  # visits that are stored and that Redis does not know of
        self.leaving = False
        self.wanted_until = 0.0  # held for a request that was redirected here, or for a foreign feed
        self.sent: dict[str, float] = {}  # when each of its names was last asked, on the monotonic clock

    @property
    def is_held(self) -> bool:
        """Whether the lease has surely not run out."""
        return time.monotonic() < self.deadline

    @property
    def is_spent(self) -> bool:
        """Whether the site has given as many articles as it may."""
        return self.allowance is not None and self.allowance <= 0

    @property
    def is_quiet(self) -> bool:
        """Whether nothing of it is under way, so that it can be given back."""
        return not (self.in_flight or self.using or self.unsettled) and time.monotonic() >= self.wanted_until

    def wants_more(self) -> bool:
        """Whether more should be taken of the host's queue."""
        return not (self.leaving or self.is_spent) and len(self.ready) < FEW

    def waits(self) -> bool:
        """Whether there is anything that may be fetched."""
        return bool(self.ready) and self.is_held and not (self.leaving or self.is_spent)

    def take(self) -> Entry | None:
        """The next address, unless enough are in flight."""
        stories = sum(entry.target in STORIES for entry in self.in_flight.values())
        enough = self.allowance is not None and self.allowance <= stories
        if enough or len(self.in_flight) >= self._width or not self.waits():
            return None
        if self._paces.is_waiting(self.ready[0][0].url):
            return None  # it would wait behind the other, and hold up other hosts
        entry, member = self.ready.popleft()
        self.in_flight[entry.url], self.members[entry.url] = entry, member
        return entry

    def paced(self) -> list[Host]:
        """How its names are paced."""
        known = (self._paces.known(f"https://{name}/") for name in self.sent)
        return [pace for pace in known if pace is not None]

    @property
    def delay(self) -> float:
        """Seconds that lie between two requests now."""
        return max((pace.pace for pace in self.paced()), default=0.0)

    @property
    def rest(self) -> float:
        """For how many seconds it does not want to be asked (Retry-After); whoever holds it next is told."""
        return max([0.0, *(pace.held_until - time.monotonic() for pace in self.paced())])

    def settle(self, url: str, outcome: Outcome) -> None:
        """``url`` has come to ``outcome``."""
        entry = self.in_flight.pop(url, None)
        if entry and self.allowance is not None:
            self.allowance -= counts(entry, outcome)


def counts(entry: Entry, outcome: Outcome) -> bool:
    """Whether a visit uses up a site's allowance of articles."""
    return entry.target in STORIES and outcome in (Outcome.ARTICLE, Outcome.NOT_MODIFIED)


def rank(host: str, worker: str, alive: Sequence[str]) -> int:
    """The worker's place among those alive in the order in which they prefer the host (rendezvous hashing).

    It is the same in each round, so a host comes back to the worker whose shard knows its articles.
    """
    order = sorted(alive, key=lambda name: blake2b(f"{host} {name}".encode(), digest_size=8).digest())
    return order.index(worker) if worker in order else len(order)


def fair_share(hosts: int, alive: int, most: int) -> int:
    """How many hosts a worker holds at most, so that each has some."""
    return min(most, -(-hosts // max(alive, 1)))
