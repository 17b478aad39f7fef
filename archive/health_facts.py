"""What the runs brought of each site, counted from captures, readings and versions, for ``archive.health`` to judge."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from archive.health import SiteHealth, SiteRun, judge_site
from archive.health_lists import Listed
from archive.health_rhythm import Silence, silence_of

MOST_RUNS = 60  # of each site, the newest: what it was before is past
MOST_ARRIVALS = 60  # hours in which something new came
# What a crawl always visits: `scraper.frontier_table` gives this priority to what the user named, and to nothing else.
SEEDS = "SELECT url FROM frontier WHERE state IN ('pending', 'done', 'skipped') AND site = :site AND priority >= 100"
HOSTS = f"SELECT DISTINCT site FROM captures WHERE url IN ({SEEDS})"  # noqa: S608 - a statement of this file
SITES = "SELECT DISTINCT site FROM frontier ORDER BY site"
RUNS = (
    f"SELECT captures.run_id FROM captures JOIN runs ON runs.id = captures.run_id AND runs.command = 'crawl' "  # noqa: S608
    f"WHERE url IN ({SEEDS}) GROUP BY 1 ORDER BY max(fetched_at) DESC LIMIT :most"
)
NO_ANSWER = "'failed', 'truncated', 'too_large', 'refused', 'redirect_loop'"  # they say nothing of what the site gives
OF_RUNS = (
    "FROM captures LEFT JOIN frontier ON frontier.url = captures.url "
    "LEFT JOIN readings ON readings.capture_id = captures.id "
    "WHERE captures.run_id IN (SELECT value FROM json_each(:runs)) AND coalesce(captures.found_via, '') <> 'robots'"
)
SITE = "coalesce(frontier.site, captures.site)"
# An address is new if no visit before it got an answer; only such, and those of known articles, tell how a site does:
# what was no article yesterday is none today either. `standing` is 2 for an address that was visited before, and 1 more
# for one that belongs to an article.
SEEN_BEFORE = 2
VISITS = f"""
    SELECT run_id, site, max(fetched_at), what, standing, count(*), sum(answered) FROM (
        SELECT captures.run_id, {SITE} AS site, captures.fetched_at,
               coalesce(captures.status, 0) BETWEEN 200 AND 399 AS answered,
               CASE WHEN frontier.kind IN ('hub', 'pagination', 'feed', 'sitemap') THEN NULL
                    WHEN captures.outcome IN ({NO_ANSWER}) OR captures.status >= 500 OR captures.status = 429 THEN NULL
                    WHEN captures.outcome = 'gone' AND readings.article_id IS NOT NULL THEN
                         (SELECT CASE WHEN gone_at = captures.fetched_at THEN 'gone' END
                          FROM articles WHERE id = readings.article_id)
                    WHEN readings.article_id IS NULL AND coalesce(frontier.kind, '') <> 'article' THEN NULL
                    ELSE coalesce(readings.outcome, captures.outcome) END AS what,
               2 * CASE WHEN captures.outcome = 'not_modified' THEN 1
                    ELSE EXISTS (SELECT 1 FROM captures AS earlier WHERE earlier.url = captures.url
                                 AND earlier.fetched_at < captures.fetched_at
                                 AND earlier.outcome NOT IN ({NO_ANSWER}, 'denied'))
                    END + (readings.article_id IS NOT NULL) AS standing
        {OF_RUNS}
    ) GROUP BY run_id, site, what, standing
"""  # noqa: S608 - names of this file
LISTS = f"""
    SELECT captures.run_id, {SITE}, captures.url, frontier.kind, captures.outcome, captures.status, readings.entries,
           captures.detail
    {OF_RUNS} AND (frontier.kind = 'feed' OR (frontier.kind = 'sitemap'
         AND (frontier.priority >= 100 OR frontier.found_in LIKE '%/robots.txt')))
    ORDER BY captures.fetched_at
"""
FIELDS = ("words", "headline", "authors", "published_at", "standfirst")
MADE = f"""
    SELECT captures.run_id, {SITE}, versions.id, versions.change, versions.words, versions.headline IS NOT NULL,
           versions.authors <> '[]', versions.published_at IS NOT NULL, versions.standfirst IS NOT NULL,
           length(versions.text)
    {OF_RUNS.replace("FROM captures ", "FROM captures JOIN versions ON versions.capture_id = captures.id ")}
"""
DISCOVERED = """
    SELECT count(*) FROM frontier WHERE state IN ('pending', 'done', 'skipped') AND site = ?
       AND kind IN ('article', 'page') AND found_at >= ? AND found_at <= ?
"""
REMOVED = "SELECT kind, sum(length(text)) FROM removals WHERE version_id = ? GROUP BY kind"
ARRIVALS = """
    SELECT min(first_seen_at) FROM articles WHERE site IN (SELECT value FROM json_each(?))
    GROUP BY substr(first_seen_at, 1, 13) ORDER BY 1 DESC LIMIT ?
"""


@dataclass(slots=True)
class _Counts:
    """What is counted of one site in one run."""

    at: str = ""
    visits: int = 0
    answered: int = 0
    new: int = 0
    values: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    outcomes: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    lists: dict[str, Listed] = field(default_factory=dict)
    characters: Counter[str] = field(default_factory=Counter)

    def removed(self) -> dict[str, float]:
        """The share of all characters that was stripped, by kind."""
        whole = self.characters.total()
        return {kind: count / whole for kind, count in sorted(self.characters.items()) if kind and whole}


Table = defaultdict[tuple[str, str], _Counts]  # by run and site


def _count_visits(connection: sqlite3.Connection, listed: str, table: Table) -> None:
    rows = connection.execute(VISITS, {"runs": listed})
    for run_id, site, at, what, standing, count, answered in rows:
        counts = table[run_id, site]
        counts.at = max(counts.at, at)
        counts.visits += count
        counts.answered += answered
        if what is None or standing == SEEN_BEFORE:
            continue
        measure, is_article = "known" if standing > SEEN_BEFORE else "fresh", what in ("article", "not_modified")
        counts.values[measure] += [float(is_article)] * count
        if not is_article:
            counts.outcomes[measure][what] += count


def _count_made(connection: sqlite3.Connection, listed: str, table: Table, *, removals: bool) -> None:
    for run_id, site, version_id, change, *values, length in connection.execute(MADE, {"runs": listed}).fetchall():
        counts = table[run_id, site]
        counts.new += change == "new"
        for name, value in zip(FIELDS, values, strict=True):
            counts.values[name].append(float(value))
        if removals:
            counts.characters[""] += length
            counts.characters.update(dict(connection.execute(REMOVED, (version_id,)).fetchall()))


def _count_lists(connection: sqlite3.Connection, listed: str, table: Table) -> None:
    for run_id, site, url, *told in connection.execute(LISTS, {"runs": listed}):
        table[run_id, site].lists[url] = Listed(*told)


def _runs_of(connection: sqlite3.Connection, site: str) -> list[str]:
    """The newest runs of a site, the oldest of them first."""
    rows = connection.execute(RUNS, {"site": site, "most": MOST_RUNS}).fetchall()
    return [run_id for (run_id,) in reversed(rows)]


def _to_run(run_id: str, counts: _Counts, discovered: int) -> SiteRun:
    return SiteRun(
        run_id=run_id,
        at=counts.at,
        visits=counts.visits,
        answered=counts.answered,
        discovered=discovered,
        new=counts.new,
        values=counts.values,
        outcomes=counts.outcomes,
        lists=counts.lists,
        removed=counts.removed(),
    )


def _discovered(connection: sqlite3.Connection, site: str, run_id: str) -> int:
    started_at, ended_at = connection.execute(
        "SELECT started_at, ended_at FROM runs WHERE id = ?", (run_id,)
    ).fetchone()
    return int(connection.execute(DISCOVERED, (site, started_at, ended_at or "9999")).fetchone()[0])


def _silence(connection: sqlite3.Connection, site: str, looks: Sequence[str]) -> Silence | None:
    hosts = {host for (host,) in connection.execute(HOSTS, {"site": site})}
    rows = connection.execute(ARRIVALS, (json.dumps(sorted(hosts | {site})), MOST_ARRIVALS)).fetchall()
    return silence_of([at for (at,) in reversed(rows)], looks)


def health(
    connection: sqlite3.Connection, sites: Iterable[str] | None = None, *, accounts: bool = True
) -> Iterator[SiteHealth]:
    """How each of ``sites``, or of all that were crawled, does after its last run.

    Without ``accounts`` what is only told and raises no alarm (removals, discoveries) is not counted.
    """
    wanted = list(sites) if sites is not None else [site for (site,) in connection.execute(SITES)]
    runs = {site: found for site in wanted if (found := _runs_of(connection, site))}
    listed = json.dumps(sorted({run_id for found in runs.values() for run_id in found}))
    table: Table = defaultdict(_Counts)
    _count_visits(connection, listed, table)
    _count_made(connection, listed, table, removals=accounts)
    _count_lists(connection, listed, table)
    for site, found in runs.items():
        told = [
            _to_run(run_id, table[run_id, site], _discovered(connection, site, run_id) if accounts else 0)
            for run_id in found
        ]
        yield judge_site(site, told, _silence(connection, site, [run.at for run in told]))
