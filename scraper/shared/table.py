"""A worker's own frontier table, in its shard: what it knows of addresses, and what it has to tell the others."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from archive.reader import Reader
from archive.times import now
from archive.urls import canonical_url
from scraper.crawl import seeds_of
from scraper.discovery.found import Found, Target
from scraper.discovery.traps import is_winding
from scraper.frontier import REVISITED
from scraper.frontier_table import REVISIT_PRIORITY, TOLD, Entry, FrontierTable, is_older, priority_of, told_of
from scraper.revisit import Looks
from scraper.shared.dupefilter import digest_of
from scraper.shared.link import Link
from scraper.shared.rounds import Round, host_of
from scraper.sites import Site

if TYPE_CHECKING:
    from scraper.shared.keeper import Keeper

LISTED = ("feed", "sitemap")
MOST_TOLD = 200_000  # addresses that are remembered so as not to tell them again; Redis would not mind
COLUMNS = (
    "url, site, kind, found_via, found_in, request, visited_at IS NOT NULL AND visited_at < :started, priority, told"
)
DUE = """
    state = 'pending' OR (state = 'skipped' AND (:since IS NULL OR coalesce(modified_at, published_at) >= :since))
    OR (state = 'done' AND visited_at < :started AND (due_at <= :now OR (:full AND kind != 'pagination')))
"""
FOUND_NOW = "state = 'pending' AND found_at >= :started"
DONE_NOW = "SELECT url FROM frontier WHERE visited_at >= :started"
KNOWN = "SELECT state, visited_at, due_at, told FROM frontier WHERE url = ?"
SITES = "SELECT DISTINCT site FROM frontier"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address as it goes to Redis."""

    host: str
    digest: bytes
    priority: int
    member: str

    def words(self) -> tuple[str | bytes | int, ...]:
        """As the script PUSH takes it."""
        return self.host, self.digest, self.priority, self.member


def to_member(entry: Entry) -> str:
    """An entry as a member of its host's queue: JSON, so that Redis cannot make a worker run anything."""
    fields: list[Any] = [entry.url, entry.site, entry.target.value, entry.via, entry.within, entry.depth]
    if entry.told:
        fields.append(dict(entry.told))
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def from_member(member: str | bytes) -> Entry:
    """The reverse."""
    url, site, target, via, within, depth, *told = json.loads(member)
    return Entry(url, site, Target(target), via, within, depth, told=told[0] if told else {})


def wanted(entry: Entry, site: Site | None, priority: int, modified_at: str | None = None) -> Wanted:
    """``entry`` as it goes to Redis."""
    return Wanted(host_of(entry.url, site), digest_of(entry.url, modified_at), priority, to_member(entry))


def _entry_of(found: Found, site: str) -> Entry:
    told = json.loads(told_of(found) or "{}")
    return Entry(canonical_url(found.url), site, found.target, found.via, found.within, found.depth, told=told)


def rows_of(connection: Any, condition: str, values: Mapping[str, Any]) -> Iterator[tuple[Entry, int]]:
    """Entries and priorities for which ``condition`` holds; known articles come after what is new."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM frontier WHERE {condition}", values)  # noqa: S608 - these two
    for url, site, kind, via, within, request, visited, priority, said in rows:
        depth = json.loads(request or "{}").get("depth", 0)
        target = Target(kind)
        later = visited and target in REVISITED
        told = json.loads(said or "{}")
        yield Entry(url, site, target, via, within, depth, bool(visited), told), REVISIT_PRIORITY if later else priority


def due_in(connection: Any, current: Round, sites: Mapping[str, Site]) -> Iterator[Wanted]:
    """What an archive knows to be due on these sites."""
    orders = current.orders
    values = {"started": current.started, "now": now(), "full": orders.full, "since": orders.since}
    for entry, priority in rows_of(connection, DUE, values):
        if entry.site in sites:
            yield wanted(entry, sites[entry.site], priority)


def seeds_in(sites: Iterable[Site]) -> Iterator[Wanted]:
    """Where the crawls of ``sites`` begin."""
    for site in sites:
        for found in seeds_of(site):
            yield wanted(_entry_of(found, site.key), site, priority_of(found))


class SharedTable(FrontierTable):
    """Also collects, in ``found``, what is to be told to the others. ``known`` is the merged archive, if given."""

    def __init__(
        self, connection: sqlite3.Connection, link: Link, current: Round, sites: Iterable[Site], known: Reader | None
    ) -> None:
        sites = tuple(sites)
        super().__init__(connection, since=current.orders.since, longest={site.key: site.revisit for site in sites})
        self._opened = current.started
        self.link, self.round, self.known = link, current, known
        self.sites: dict[str, Site] = {site.key: site for site in sites}
        self.found: list[Wanted] = []
        self.keeper: Keeper | None = None
        self._told: set[bytes] = set()

    def turn(self, site: str, found: Iterable[Found]) -> None:
        """Add the next page of a list, to be visited in this round if it was not yet."""
        pages = [each for each in found if not is_winding(each.url)]
        super().turn(site, pages)
        for each in pages:
            self._tell(wanted(_entry_of(each, site), self.sites.get(site), priority_of(each)))

    def _add(self, site: str, found: Found) -> bool:
        if found.via not in LISTED and found.url in self._seen:
            return found.url in self._fresh
        is_new = super()._add(site, found)
        entry = _entry_of(found, site)
        row = self._connection.execute(KNOWN, (entry.url,)).fetchone()
        if row is not None and not (self.since and is_older(found, self.since)):
            # pending although it was visited: a list has just said that it changed since
            stirred = found.via in LISTED and not is_new and row[0] == "pending" and row[1] is not None
            again = found.modified_at if stirred else None
            self._tell(wanted(entry, self.sites.get(site), priority_of(found), again))
        return is_new

    def _tell(self, each: Wanted) -> None:
        if each.digest in self._told:
            return
        if len(self._told) >= MOST_TOLD:
            self._told.clear()
        self._told.add(each.digest)
        self.found.append(each)

    def taken_over(self) -> list[Wanted]:
        """What was found since the last call."""
        found, self.found = self.found, []
        return found

    def to_fetch(self, entry: Entry) -> Entry | None:
        """``entry`` as it is to be fetched now; ``None`` if it was visited in this round, or is not due."""
        row = self._connection.execute(KNOWN, (entry.url,)).fetchone()
        if row is None:
            self._note(entry)
        elif row[3]:
            entry = replace(entry, told=json.loads(row[3]))
        if (row is None or row[1] is None) and self.known is not None:
            row = self.known.connection.execute(KNOWN, (entry.url,)).fetchone() or row
        if row is None or row[1] is None:
            return entry
        state, visited_at, due_at, _ = row
        if visited_at >= self.round.started:
            return None
        asked_for = entry.via == "seed" or entry.target is Target.PAGINATION or self.round.orders.full
        due = asked_for or state == "pending" or (due_at is not None and due_at <= now())
        return replace(entry, visited=True) if due else None

    def _note(self, entry: Entry) -> None:
        """Note what another worker has found."""
        told = {name: value for name, value in entry.told.items() if name in TOLD}
        found = Found(url=entry.url, target=entry.target, via=entry.via, within=entry.within, depth=entry.depth, **told)
        super()._add(entry.site, found)

    def history(self, url: str) -> tuple[str | None, Looks]:
        """As the shard knows it, else as the merged archive does."""
        told = super().history(url)
        if told[0] is not None or self.known is None:
            return told
        return FrontierTable(self.known.connection).history(url)

    def due(self) -> Iterator[Wanted]:
        """What this shard knows to be due."""
        for (site,) in self._connection.execute(SITES).fetchall():
            if site in self.sites:
                self.hasten({"site": site, "now": now(), "resumed": "9999"})
        return due_in(self._connection, self.round, self.sites)

    def seeds(self) -> Iterator[Wanted]:
        """Where the sites' crawls begin."""
        return seeds_in(self.sites.values())

    def done_now(self) -> Iterator[bytes]:
        """Digests of what this worker visited in this round, for a Redis that has forgotten it."""
        for (url,) in self._connection.execute(DONE_NOW, {"started": self.round.started}):
            yield digest_of(url)

    def found_now(self) -> Iterator[Wanted]:
        """What this worker found in this round and did not visit, for a Redis that has forgotten it."""
        for entry, priority in rows_of(self._connection, FOUND_NOW, {"started": self.round.started}):
            yield wanted(entry, self.sites.get(entry.site), priority)
