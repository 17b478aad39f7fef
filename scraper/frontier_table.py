"""The crawl's memory: every address that was discovered, how, and what became of it, in the table ``frontier``.

Everything is written through the archive's own connection and without committing, so that what was found, what
was stored and what is still to do are one transaction: after ``kill -9`` the table says exactly what is left.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.records import Outcome
from archive.times import now
from archive.urls import canonical_url
from scraper.discovery.found import Found, Target
from scraper.discovery.traps import is_winding

# The order of a crawl: what the user named, what lists the news, the news, then what may lead to more.
PRIORITY = {
    Target.FEED: 90,
    Target.ARTICLE: 70,
    Target.PAGE: 60,
    Target.HUB: 50,
    Target.PAGINATION: 45,
    Target.SITEMAP: 40,
}
SEED_PRIORITY = 100
MOST_ADDED = 1_000_000  # new addresses of a site in one run; the next one goes on
MOST_SEEN = 100_000  # addresses that are remembered so as not to ask the table again
ROBOTS_SITEMAP_PRIORITY = 80
REVISIT_PRIORITY = 30

INSERT = """
    INSERT INTO frontier (url, site, kind, found_via, found_in, found_at, headline, published_at, modified_at, state,
                          priority, request)
    VALUES (:url, :site, :kind, :via, :within, :now, :headline, :published_at, :modified_at, :state,
            :priority, :request)
"""
# A list that names a known address again may add what it knows; a newer modification calls for a visit, and an
# address that only looked like a page is an article once a feed or sitemap says so.
KNOWN_AGAIN = """
    ON CONFLICT (url) DO UPDATE SET
        headline = coalesce(excluded.headline, headline),
        published_at = coalesce(excluded.published_at, published_at),
        state = CASE
            WHEN state = 'done' AND excluded.modified_at > coalesce(modified_at, visited_at) THEN excluded.state
            ELSE state END,
        modified_at = coalesce(excluded.modified_at, modified_at),
        kind = CASE WHEN kind = 'page' THEN excluded.kind ELSE kind END
"""
DUE = """
    UPDATE frontier SET state = 'pending',
        priority = CASE WHEN kind IN ('article', 'page') THEN :revisit ELSE priority END
    WHERE site = :site AND state = 'done' AND (visited_at IS NULL OR visited_at < :resumed)
      AND (due_at <= :now OR (:full AND kind != 'pagination'))
"""
NEXT = """
    SELECT url, site, kind, found_via, found_in, request, visited_at IS NOT NULL FROM frontier
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
STIRRED = """
    SELECT articles.published_at, articles.first_seen_at,
           CASE WHEN articles.versions > 1 THEN
               (SELECT max(seen_from) FROM versions WHERE article_id = articles.id) END
    FROM urls JOIN articles ON articles.id = urls.article_id WHERE urls.url = ?
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


def _priority(found: Found) -> int:
    if found.via == "seed":
        return SEED_PRIORITY
    if found.target is Target.SITEMAP and (found.within or "").endswith("/robots.txt"):
        return ROBOTS_SITEMAP_PRIORITY
    return PRIORITY[found.target] - (min(found.depth, 5) if found.target is Target.HUB else 0)


def _row(found: Found, site: str, since: str | None) -> dict[str, Any]:
    told = found.modified_at or found.published_at
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
        "state": "skipped" if since and told and told < since else "pending",
        "priority": _priority(found),
        "request": json.dumps({"depth": found.depth}),
    }


def _bounds(origin: str) -> tuple[str, str]:
    """Between which texts the addresses of an origin lie."""
    return f"{origin}/", f"{origin}0"  # "0" follows "/"


class FrontierTable:
    """The table of one archive; ``since`` leaves out what a list dates before it."""

    def __init__(self, db: Database, *, since: str | None = None, follow: bool = True) -> None:
        self._connection = db.conn
        self._since, self._follow = since, follow
        self._seen: set[str] = set()
        self.discovered: Counter[str] = Counter()  # addresses that were not known before, by site
        self._led_to_stories: set[str | None] = set()

    def _execute(self, statement: str, values: Any = ()) -> Any:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
        return self._connection.execute(statement, values)

    def discover(self, site: str, found: Iterable[Found]) -> int:
        """Add what was found on ``site``; gives how many addresses were not known before."""
        new = sum(self._add(site, each) for each in found) if self._follow else 0
        self.discovered[site] += new
        return new

    def _add(self, site: str, found: Found) -> bool:
        listed = found.via in ("feed", "sitemap")
        if not listed and (found.url in self._seen or is_winding(found.url)):
            return False
        if self.discovered[site] >= MOST_ADDED:
            return False
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        self._seen.add(found.url)
        row = _row(found, site, self._since)
        if self._execute(INSERT + "ON CONFLICT (url) DO NOTHING", row).rowcount == 1:
            if found.target is Target.ARTICLE:
                if len(self._led_to_stories) >= MOST_SEEN:
                    self._led_to_stories.clear()
                self._led_to_stories.add(found.within)
            return True
        if listed:
            self._execute(INSERT + KNOWN_AGAIN, row)
        return False

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
        for site in sites:
            values = {
                "site": site,
                "now": now(),
                "full": full,
                "resumed": resumed or "9999",
                "since": self._since,
                "revisit": REVISIT_PRIORITY,
            }
            self._execute(DUE, values)
            self._execute(UNSKIP, values)
            self._execute(SKIP, values)

    def waiting(self, site: str, limit: int, but_for: Iterable[str] = ()) -> Iterator[Entry]:
        """Addresses of ``site`` still to be visited, the most urgent first, but for those of some origins."""
        bounds = [bound for origin in but_for for bound in _bounds(origin)]
        question = NEXT.format(but_for=BUT_FOR * (len(bounds) // 2))
        rows = self._connection.execute(question, (site, *bounds, limit)).fetchall()
        for url, key, kind, via, within, request, visited in rows:
            depth = json.loads(request or "{}").get("depth", 0)
            yield Entry(url, key, Target(kind), via, within, depth, bool(visited))

    def explain(self, origin: str, why: str) -> None:
        """Note why what is pending of ``origin`` was not visited."""
        self._execute(EXPLAIN, (why, *_bounds(origin)))

    def finish(self, url: str, outcome: Outcome, visited_at: str, due_at: str, detail: str | None = None) -> None:
        """Note what came of visiting ``url``."""
        values = {"url": url, "outcome": outcome.value, "visited_at": visited_at, "due_at": due_at, "detail": detail}
        self._execute(FINISH, values | {"published_at": None})

    def stirred_at(self, url: str) -> str | None:
        """When the article at ``url`` last gave news of itself: edited, published or, failing both, first seen."""
        row = self._connection.execute(STIRRED, (url,)).fetchone()
        if row is None:
            return None
        published_at, first_seen_at, changed_at = row
        return str(max(filter(None, (published_at, changed_at)), default=first_seen_at))

    def counts(self, site: str) -> dict[str, int]:
        """How many addresses of ``site`` are in each state."""
        rows = self._connection.execute("SELECT state, count(*) FROM frontier WHERE site = ? GROUP BY state", (site,))
        return dict(rows.fetchall())
