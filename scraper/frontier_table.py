"""The crawl's memory: every address that was discovered, how, and what became of it, in the table ``frontier``.

Everything is written through the archive's own connection and without committing, so that what was found, what
was stored and what is still to do are one transaction: after ``kill -9`` the table says exactly what is left.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.reader import Reader
from archive.records import Outcome
from archive.times import now
from archive.urls import canonical_url
from scraper.discovery.found import Found, Target
from scraper.discovery.traps import is_winding
from scraper.reading.url_dates import url_day
from scraper.revisit import NEVER, PASSING, Looks, due_at, list_due_at, rate_of

# The order of a crawl: what the user named, what lists the news, the news, then what may lead to more.
PRIORITY = {
    Target.FEED: 90,
    Target.PART: 75,
    Target.ARTICLE: 70,
    Target.PAGE: 60,
    Target.HUB: 50,
    Target.PAGINATION: 45,
    Target.SITEMAP: 40,
}
TOLD = ("headline", "published_at", "language", "image_url")
SEED_PRIORITY = 100
MOST_ADDED = 1_000_000  # new addresses of a site in one run; the next one goes on
MOST_SEEN = 100_000  # addresses that are remembered so as not to ask the table again
ROBOTS_SITEMAP_PRIORITY = 80
REVISIT_PRIORITY = 30

INSERT = """
    INSERT INTO frontier (url, site, kind, found_via, found_in, found_at, headline, published_at, modified_at, told,
                          state, priority, request)
    VALUES (:url, :site, :kind, :via, :within, :now, :headline, :published_at, :modified_at, :told,
            :state, :priority, :request)
"""
# A list that names a known address again may add what it knows; a newer modification calls for a visit, and an
# address that only looked like a page is an article once a feed or sitemap says so. What a list tells is evidence for
# the reading, so it stays as it was when the page was first visited: a title that comes later is no edit of the page.
KNOWN_AGAIN = """
    ON CONFLICT (url) DO UPDATE SET
        headline = coalesce(excluded.headline, headline),
        published_at = coalesce(excluded.published_at, published_at),
        told = CASE WHEN visited_at IS NULL THEN coalesce(excluded.told, told) ELSE told END,
        state = CASE
            WHEN state = 'done' AND excluded.modified_at > coalesce(modified_at, visited_at)
                AND visited_at < :opened THEN excluded.state
            ELSE state END,
        modified_at = coalesce(excluded.modified_at, modified_at),
        kind = CASE WHEN kind = 'page' THEN excluded.kind ELSE kind END
"""
# A further page of a list is visited when the page before it shows something new, in each run anew.
TURN = """
    ON CONFLICT (url) DO UPDATE SET state = 'pending', kind = excluded.kind, request = excluded.request,
        priority = excluded.priority
    WHERE state = 'done' AND visited_at < :opened AND kind IN ('pagination', 'hub', 'page')
"""
TELL = "UPDATE frontier SET told = ? WHERE url = ?"
DUE = """
    UPDATE frontier SET state = 'pending',
        priority = CASE WHEN kind IN ('article', 'page', 'part') THEN :revisit ELSE priority END
    WHERE site = :site AND state = 'done' AND (visited_at IS NULL OR visited_at < :resumed)
      AND (due_at <= :now OR (:full AND kind != 'pagination'))
"""
NEXT = """
    SELECT url, site, kind, found_via, found_in, request, visited_at IS NOT NULL, told FROM frontier
    WHERE state = 'pending' AND site = ? {but_for} ORDER BY priority DESC, found_at, rowid LIMIT ?
"""
BUT_FOR = "AND NOT (url >= ? AND url < ?)"
EXPLAIN = "UPDATE frontier SET detail = ? WHERE state = 'pending' AND url >= ? AND url < ?"
FINISH = """
    UPDATE frontier SET state = 'done', visited_at = :visited_at, due_at = :due_at, detail = :detail,
        outcome = CASE WHEN :outcome = 'not_modified' THEN coalesce(outcome, :outcome) ELSE :outcome END,
        published_at = coalesce(published_at, :published_at)
    WHERE url = :url
"""
HISTORY = """
    SELECT articles.published_at, articles.first_seen_at,
           CASE WHEN articles.versions > 1 THEN
               (SELECT max(seen_from) FROM versions WHERE article_id = articles.id) END,
           (SELECT count(*) FROM readings
            WHERE article_id = articles.id AND outcome IN ('article', 'not_modified')) - 1,
           articles.versions - 1, julianday(articles.last_seen_at) - julianday(articles.first_seen_at)
    FROM urls JOIN articles ON articles.id = urls.article_id WHERE urls.url = ?
"""
SITE_LOOKS = """
    SELECT (SELECT count(*) FROM readings JOIN captures ON captures.id = capture_id
            WHERE captures.site = :site AND article_id IS NOT NULL AND readings.outcome IN ('article', 'not_modified'))
           - count(*), coalesce(sum(versions - 1), 0),
           coalesce(sum(julianday(last_seen_at) - julianday(first_seen_at)), 0)
    FROM articles WHERE site = :site
"""
WAITING_ARTICLES = """
    SELECT url, visited_at, outcome FROM frontier
    WHERE site = :site AND state = 'done' AND kind IN ('article', 'page', 'part')
      AND outcome IN ('article', 'not_modified') AND due_at > :now AND (:resumed = '9999' OR visited_at < :resumed)
"""
LOOKS_AT_LIST = """
    SELECT fetched_at, outcome, body_id FROM captures WHERE url = ? AND outcome IN ('fetched', 'not_modified')
    ORDER BY fetched_at DESC LIMIT 30
"""
UNSKIP = """
    UPDATE frontier SET state = 'pending' WHERE site = :site AND state = 'skipped'
       AND (:since IS NULL OR coalesce(modified_at, published_at) >= :since)
"""
SKIP = """
    UPDATE frontier SET state = 'skipped' WHERE site = :site AND state = 'pending' AND kind IN ('article', 'page')
       AND coalesce(modified_at, published_at) < :since
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An address to visit, as the table holds it. ``site`` is the key of the configured site that it belongs to."""

    url: str
    site: str
    target: Target
    via: str
    within: str | None = None
    depth: int = 0
    visited: bool = False  # in an earlier run
    told: Mapping[str, str] = field(default_factory=dict)  # what the list that named it said of it


def priority_of(found: Found) -> int:
    """How urgent a visit is; more is sooner."""
    if found.via == "seed":
        return SEED_PRIORITY
    if found.target is Target.SITEMAP and (found.within or "").endswith("/robots.txt"):
        return ROBOTS_SITEMAP_PRIORITY
    return PRIORITY[found.target] - (min(found.depth, 5) if found.target is Target.HUB else 0)


def told_of(found: Found) -> str | None:
    """What a feed or sitemap says of an article, for its reading."""
    if found.via not in ("feed", "sitemap") or found.target is Target.SITEMAP:
        return None
    told = {name: value for name in TOLD if (value := getattr(found, name))}
    return json.dumps(told, ensure_ascii=False) if told else None


def is_older(found: Found, since: str) -> bool:
    """Whether what is told of ``found``, or else its own address, dates it before ``since``."""
    if found.target is Target.SITEMAP:
        told = found.published_at or found.modified_at
    else:
        told = (
            found.modified_at or found.published_at or (found.target is Target.ARTICLE and url_day(found.url)) or None
        )
    return bool(told) and str(told) < since[: max(10, len(str(told)))]


def _row(found: Found, site: str, since: str | None) -> dict[str, Any]:
    return {
        "url": canonical_url(found.url),
        "site": site,
        "kind": found.target.value,
        "via": found.via,
        "within": found.within,
        "now": now(),
        "headline": found.headline,
        "published_at": found.published_at,
        "modified_at": found.modified_at,
        "told": told_of(found),
        "state": "skipped" if since and is_older(found, since) else "pending",
        "priority": priority_of(found),
        "request": json.dumps({"depth": found.depth}),
    }


def _bounds(origin: str) -> tuple[str, str]:
    """Between which texts the addresses of an origin lie."""
    return f"{origin}/", f"{origin}0"  # "0" follows "/"


class FrontierTable:
    """The table of one archive.

    ``since`` leaves out what a list dates before it; ``longest`` is how many seconds a site's articles wait at most.
    ``known`` may be another archive that knows what this one does not.
    """

    known: Reader | None = None

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        since: str | None = None,
        follow: bool = True,
        longest: Mapping[str, float | None] | None = None,
    ) -> None:
        self._longest = longest or {}
        self._sites: dict[str, Looks] = {}
        self._connection = connection
        self.since, self._follow = since, follow
        self._opened = now()
        self._seen: set[str] = set()
        self._fresh: set[str] = set()  # not known before this run
        self.discovered: Counter[str] = Counter()  # addresses that were not known before, by site
        self._led_to_stories: set[str | None] = set()

    def _execute(self, statement: str, values: Any = ()) -> Any:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
        return self._connection.execute(statement, values)

    def discover(self, site: str, found: Iterable[Found]) -> frozenset[str]:
        """Add what was found on ``site``; gives those addresses that were not known before this run."""
        if not self._follow:
            return frozenset()
        return frozenset(each.url for each in found if self._add(site, each))

    def turn(self, site: str, found: Iterable[Found]) -> None:
        """Add the next page of a list, to be visited in this run if it was not yet."""
        for each in found if self._follow else ():
            if not is_winding(each.url):
                self._seen.add(each.url)
                self._execute(INSERT + TURN, _row(each, site, None) | {"opened": self._opened})

    def tell(self, url: str, told: Mapping[str, Any]) -> None:
        """Note what a list says of itself, such as its WebSub hubs."""
        self._execute(TELL, (json.dumps(told, ensure_ascii=False), url))

    def _add(self, site: str, found: Found) -> bool:
        """Add one address; whether this run has found it, and none before."""
        listed = found.via in ("feed", "sitemap")
        if not listed and (found.url in self._seen or is_winding(found.url)):
            return found.url in self._fresh
        if self.discovered[site] >= MOST_ADDED:
            return False
        for remembered in (self._seen, self._fresh):
            if len(remembered) >= MOST_SEEN:
                remembered.clear()
        self._seen.add(found.url)
        row = _row(found, site, self.since)
        if self._execute(INSERT + "ON CONFLICT (url) DO NOTHING", row).rowcount == 1:
            self._note_new(site, found)
            return True
        if listed:
            self._execute(INSERT + KNOWN_AGAIN, row | {"opened": self._opened})
        return found.url in self._fresh

    def _note_new(self, site: str, found: Found) -> None:
        self.discovered[site] += 1
        self._fresh.add(found.url)
        if found.target is Target.ARTICLE:
            if len(self._led_to_stories) >= MOST_SEEN:
                self._led_to_stories.clear()
            self._led_to_stories.add(found.within)

    def led_to_stories(self, url: str) -> bool:
        """Whether the document at ``url`` named the address of a story that was not known before; asked once."""
        led = url in self._led_to_stories
        self._led_to_stories.discard(url)
        return led

    def seed(self, site: str, found: Iterable[Found]) -> None:
        """Add what the user named, to be visited in this run whether it is known or not."""
        for each in found:
            self._execute(
                INSERT + "ON CONFLICT (url) DO UPDATE SET state = 'pending', priority = excluded.priority",
                _row(each, site, None),
            )

    def open_run(self, sites: Iterable[str], *, full: bool, resumed: str | None) -> None:
        """Mark what is due on ``sites``. A run that continues a broken one does not repeat visits since ``resumed``."""
        self._opened = resumed or now()
        for site in sites:
            values = {
                "site": site,
                "now": now(),
                "full": full,
                "resumed": resumed or "9999",
                "since": self.since,
                "revisit": REVISIT_PRIORITY,
            }
            self.hasten(values)
            self._execute(DUE, values)
            self._execute(UNSKIP, values)
            self._execute(SKIP, values)

    def waiting(self, site: str, limit: int, but_for: Iterable[str] = ()) -> Iterator[Entry]:
        """Addresses of ``site`` still to be visited, the most urgent first, but for those of some origins."""
        bounds = [bound for origin in but_for for bound in _bounds(origin)]
        question = NEXT.format(but_for=BUT_FOR * (len(bounds) // 2))
        rows = self._connection.execute(question, (site, *bounds, limit)).fetchall()
        for url, key, kind, via, within, request, visited, told in rows:
            depth = json.loads(request or "{}").get("depth", 0)
            yield Entry(url, key, Target(kind), via, within, depth, bool(visited), json.loads(told or "{}"))

    def explain(self, origin: str, why: str) -> None:
        """Note why what is pending of ``origin`` was not visited."""
        self._execute(EXPLAIN, (why, *_bounds(origin)))

    def finish(
        self, url: str, outcome: Outcome, visited_at: str, due_at: str | None, detail: str | None = None
    ) -> None:
        """Note what came of visiting ``url``."""
        values = {"url": url, "outcome": outcome.value, "visited_at": visited_at, "due_at": due_at, "detail": detail}
        self._execute(FINISH, values | {"published_at": None})

    def history(self, url: str) -> tuple[str | None, Looks]:
        """When the article last gave news of itself (edited, published or first seen), and how it changes."""
        row = self._connection.execute(HISTORY, (url,)).fetchone()
        if row is None:
            return None, NEVER
        published_at, first_seen_at, changed_at, *looks = row
        return str(max(filter(None, (published_at, changed_at)), default=first_seen_at)), Looks(*looks)

    def site_looks(self, site: str) -> Looks:
        """How the articles of ``site`` change, as far as was known when the run began."""
        if site not in self._sites:
            self._sites[site] = Looks(*self._connection.execute(SITE_LOOKS, {"site": site}).fetchone())
        return self._sites[site]

    def article_due_at(self, entry: Entry | None, url: str, outcome: Outcome, visited_at: str) -> str:
        """When the article at ``url`` is due again."""
        stirred_at, own = self.history(url)
        site = entry.site if entry else ""
        return due_at(
            outcome,
            visited_at,
            stirred_at=stirred_at,
            found_at=self._found_at(url) if outcome in PASSING else None,
            first=entry is not None and not entry.visited,
            rate=rate_of(own, self.site_looks(site)) if site else own.rate,
            longest=self._longest.get(site),
        )

    def _found_at(self, url: str) -> str | None:
        row = self._connection.execute("SELECT found_at FROM frontier WHERE url = ?", (url,)).fetchone()
        return row[0] if row else None

    def list_due_at(self, entry: Entry, visited_at: str) -> str:
        """When the list at ``entry`` is due again, by its own rhythm."""
        rows = self._connection.execute(LOOKS_AT_LIST, (entry.url,)).fetchall()
        bodies = [body_id for _, _, body_id in rows]
        looks = [
            (fetched_at, outcome == "fetched" and next(filter(None, bodies[place + 1 :]), body_id) != body_id)
            for place, (fetched_at, outcome, body_id) in enumerate(rows)
        ]
        return list_due_at(entry.target, looks) if looks else visited_at

    def hasten(self, values: Mapping[str, Any]) -> None:
        """Look sooner at the articles of a site that has been seen to change more often since."""
        if not self.site_looks(values["site"]).changed:
            return
        for url, visited_at, outcome in self._connection.execute(WAITING_ARTICLES, values).fetchall():
            entry = Entry(url, values["site"], Target.ARTICLE, "revisit", visited=True)
            due = self.article_due_at(entry, url, Outcome(outcome), visited_at)
            self._execute("UPDATE frontier SET due_at = ? WHERE url = ? AND due_at > ?", (due, url, due))

    def counts(self, site: str) -> dict[str, int]:
        """How many addresses of ``site`` are in each state."""
        rows = self._connection.execute("SELECT state, count(*) FROM frontier WHERE site = ? GROUP BY state", (site,))
        return dict(rows.fetchall())
