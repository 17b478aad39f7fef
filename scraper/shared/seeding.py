"""``newsmorgue crawl --redis URL --seed``: sites and addresses go into the shared frontier."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archive.errors import NothingFetched
from archive.store import Archive
from archive.times import now
from scraper.shared.link import Link, RedisAway, RedisFull
from scraper.shared.queue import push_all
from scraper.shared.rounds import Orders, Round, entries_of, load_round
from scraper.shared.table import Wanted, due_in, seeds_in
from scraper.sites import Config, Site

FEEDING = 60_000  # milliseconds for which workers wait for the next portion
SITES_AT_ONCE = 500
ADDRESSES_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What was fed: the number of the round, and how many addresses were not in it before."""

    round: int
    sites: int
    addresses: int


def seed(
    link: Link,
    config: Config | None,
    sites: tuple[Site, ...],
    orders: Orders,
    *,
    limit: int | None = None,
    known: Path | None = None,
) -> Seeded:
    """Add ``sites`` to the round that is under way, or begin one; with ``known`` also what that archive knows as due.

    Raises ``UsageError`` for a refused password and ``NothingFetched`` where Redis does not answer, or is full.
    """
    try:
        return _seed(link.reached(), config, sites, orders, limit, known)
    except RedisAway as error:
        raise NothingFetched(f"Redis at {link} broke off ({error}); seed again to go on") from None
    except RedisFull:
        raise NothingFetched(f"Redis at {link} is full: raise its maxmemory, then seed again to go on") from None


def _seed(
    link: Link, config: Config | None, sites: tuple[Site, ...], orders: Orders, limit: int | None, known: Path | None
) -> Seeded:
    started, number, count = now(), 0, 0
    entries = entries_of(config, sites)
    while portion := list(islice(entries, SITES_AT_ONCE)):
        words = [word for site, entry in portion for word in (site.key, entry, limit or site.limit or "")]
        number = link.call("seed", started, orders.to_json(), FEEDING, *words)
        count += push_all(link, seeds_in(site for site, _ in portion))
    if known is not None and (current := load_round(link)) is not None:
        count += _push_known(link, known, current, {site.key: site for site in sites})
    link.command("HDEL", f"{link.prefix}round", "feeding")
    return Seeded(round=number, sites=len(sites), addresses=count)


def _push_known(link: Link, known: Path, current: Round, sites: Mapping[str, Site]) -> int:
    count = 0
    with Archive.open(known) as archive:
        for portion in _portions(due_in(archive.connection, current, sites)):
            link.command("HSET", f"{link.prefix}round", "feeding", _later(link))
            count += push_all(link, portion)
    return count


def _later(link: Link) -> int:
    seconds, _ = link.command("TIME")
    return int(seconds) * 1000 + FEEDING


def _portions(due: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    rest = iter(due)
    while portion := list(islice(rest, ADDRESSES_AT_ONCE)):
        yield portion
