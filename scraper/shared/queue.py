"""The queue of scrapy-redis' scheduler with leases: what is taken stays in Redis until the shard has it.

The plain queues of scrapy-redis forget a request when they give it out, and give any worker any host.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from scrapy import Request
from scrapy_redis.queue import Base

from scraper.shared.link import Link
from scraper.shared.table import Wanted, from_member, to_member, wanted

PUSHED_AT_ONCE = 500
MOST_HOSTS = 32  # as many as requests may be under way


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Who works: ``name`` is unique among the workers, ``lease`` in seconds."""

    name: str
    place: str
    shard: str
    lease: float = 60.0
    most_hosts: int = MOST_HOSTS


@dataclass(frozen=True, slots=True)
class Lease:
    """A host, held by this worker. ``token`` is higher for each later lease, whoever's."""

    host: str
    token: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A visit that is stored. ``counted`` is the site whose allowance it uses up, or empty; ``found`` what followed."""

    lease: Lease
    member: str
    counted: str = ""
    found: Sequence[Wanted] = ()

    def words(self) -> tuple[str, ...]:
        """As the script SETTLE takes it."""
        return self.lease.host, self.lease.token, self.member, self.counted


@dataclass(frozen=True, slots=True)
class Beat:
    """What Redis answers to a sign of life. ``free`` are hosts that may be claimed now; ``opens`` is in seconds."""

    number: str
    version: str
    waiting: int
    leases: int
    feeding: bool
    alive: tuple[str, ...]
    lost: frozenset[str]
    free: tuple[str, ...]
    moved: dict[str, str] = field(default_factory=dict)
    allowances: dict[str, int] = field(default_factory=dict)
    opens: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether nothing waits and nobody holds anything."""
        return not (self.waiting or self.leases or self.feeding or self.opens)


def _texts(words: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(word.decode() for word in words)


def _pairs(words: Sequence[bytes]) -> dict[str, str]:
    texts = _texts(words)
    return dict(zip(texts[::2], texts[1::2], strict=True))


class LeasedQueue(Base):  # type: ignore[misc]
    """The steps of one worker. Each raises ``RedisAway`` where Redis does not answer; then nothing has changed here.

    A step whose answer was lost may be done again.
    """

    worker: str
    lease_ms: int

    @property
    def link(self) -> Link:
        """The connection of the run."""
        link: Link = self.spider.frontier.link
        return link

    def _encode_request(self, request: Request) -> str:
        return to_member(request.meta["entry"])

    def _decode_request(self, encoded_request: bytes) -> Request:
        made: Request = self.spider.request_for(from_member(encoded_request))
        return made

    def __len__(self) -> int:
        """How many requests wait for a holder of their host, or are with one."""
        return int(self.link.call("status")[3])

    def push(self, request: Request) -> None:
        """Add a request, unless it is known."""
        entry = request.meta["entry"]
        self.push_all([wanted(entry, self.spider.sites.get(entry.site), 0)])

    def push_all(self, found: Iterable[Wanted]) -> int:
        """Add addresses; how many were not known. Raises ``RedisFull``."""
        return push_all(self.link, found)

    def pop(self, timeout: int = 0) -> Request | None:  # noqa: ARG002 - the interface of scrapy-redis
        """Nothing: requests are taken host by host, under a lease."""
        return None

    def clear(self) -> None:
        """Nothing: what is left over belongs to all workers."""

    def rejoin(self) -> int:
        """Give back what an earlier process of this name held."""
        return int(self.link.call("rejoin", self.worker))

    def beat(self, told: str, held: Iterable[tuple[Lease, int, int]]) -> Beat:
        """Give a sign of life and renew leases, each with its delay and how long it wants no visit, in milliseconds."""
        words = chain.from_iterable((lease.host, lease.token, delay, until) for lease, delay, until in held)
        answer = self.link.call("beat", self.worker, self.lease_ms, told, *words)
        number, version, waiting, leases, feeding, alive, lost, free, moved, allowances, opens = answer
        return Beat(
            number=number.decode(),
            version=version.decode(),
            waiting=waiting,
            leases=leases,
            feeding=bool(feeding),
            alive=_texts(alive),
            lost=frozenset(_texts(lost)),
            free=_texts(free),
            moved=_pairs(moved),
            allowances={site: int(left) for site, left in _pairs(allowances).items()},
            opens=opens / 1000,
        )

    def claim(self, delays: Mapping[str, int], most: int, *, empty: bool = False) -> list[Lease]:
        """Lease at most so many of the hosts, each with its usual delay in ms; ``empty`` ones too, if asked for.

        The delay counts from the first moment, so that the next holder keeps it even if this one tells nothing more.
        """
        hosts = chain.from_iterable(delays.items())
        words = _texts(self.link.call("claim", self.worker, self.lease_ms, most, int(empty), *hosts))
        return [Lease(host, token) for host, token in zip(words[::2], words[1::2], strict=True)]

    def take(self, lease: Lease, most: int) -> tuple[str, ...]:
        """Members of a host's queue, the most urgent first; they are given back when the lease ends."""
        return _texts(self.link.call("take", self.worker, lease.host, lease.token, most))

    def settle(self, settled: Sequence[Settled], *, full: bool = False) -> None:
        """Add what visits led to and take them out of the queue, all at once. Raises ``RedisFull``.

        Where Redis is ``full``, only visits that led to nothing can be settled.
        """
        visits = chain.from_iterable(each.words() for each in settled)
        found = chain.from_iterable(each.words() for visit in settled for each in visit.found)
        self.link.call("settle_full" if full else "settle", self.worker, len(settled), *visits, *found)

    def release(self, leases: Iterable[Lease]) -> None:
        """Give hosts back, with what was taken of them and not settled."""
        words: Any = chain.from_iterable((lease.host, lease.token) for lease in leases)
        self.link.call("release", self.worker, *words)

    def leave(self) -> None:
        """Be a worker no more."""
        self.link.call("rejoin", self.worker)


def push_all(link: Link, found: Iterable[Wanted]) -> int:
    """Add addresses, in portions; how many were not known."""
    count, portion = 0, []
    for each in found:
        portion.append(each)
        if len(portion) == PUSHED_AT_ONCE:
            count += link.call("push", *chain.from_iterable(one.words() for one in portion))
            portion = []
    if portion:
        count += link.call("push", *chain.from_iterable(one.words() for one in portion))
    return count
