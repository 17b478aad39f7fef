"""Changes and articles in the order of time, a page of them at a time, by index.

The view ``changes`` says the same, but must be read whole to be put in order. Here a page is made of the steps between
versions, which an index has in order, and of what went in the same time.
"""

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from archive.catalogue import select
from archive.records import ChangeKind

PER_PAGE = 50
GONE = ChangeKind.GONE.value
STEP_COLUMNS = """
    SELECT new.article_id, new.url, new.site, old.number AS from_version, new.number AS to_version,
           new.seen_from AS changed_at, new.change AS kind, old.headline AS headline_before,
           new.headline AS headline_after, new.standfirst, new.section, new.authors, new.published_at, new.language,
           new.words, new.words_added, new.words_removed, new.similarity
"""
STEPS = (
    STEP_COLUMNS
    + """
    FROM ({picked}) AS picked
    CROSS JOIN versions AS new ON new.rowid = picked.id
    LEFT JOIN versions AS old ON old.article_id = new.article_id AND old.number = new.number - 1
    ORDER BY changed_at DESC, new.article_id, new.number DESC
"""
)
ENDED = """
    SELECT last.article_id, last.url, last.site, last.number AS from_version, NULL AS to_version,
           last.seen_to AS changed_at, 'gone' AS kind, last.headline AS headline_before, NULL AS headline_after,
           last.standfirst, last.section, last.authors, last.published_at, last.language, last.words,
           0 AS words_added, last.words AS words_removed, 0.0 AS similarity
    FROM ({picked}) AS picked CROSS JOIN versions AS last ON last.rowid = picked.id
    ORDER BY last.seen_to DESC, last.article_id
"""
# A version that went ended at the 404 or 410 that says so, with no other in its place.
WENT = """
    SELECT ended.rowid AS id, ended.seen_to AS went
    FROM readings INDEXED BY readings_of_gone
    CROSS JOIN versions AS ended INDEXED BY versions_by_time
        ON ended.article_id = readings.article_id AND ended.seen_to = readings.fetched_at
    WHERE readings.outcome = 'gone' AND {where} AND NOT EXISTS (
        SELECT 1 FROM versions AS next WHERE next.article_id = ended.article_id AND next.seen_from = ended.seen_to
    )
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT :limit OFFSET :offset
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes: of a site, of some kinds (all where none are named), from and before a time."""

    site: str | None = None
    kinds: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    def conditions(self, time: str) -> tuple[list[str], dict[str, Any]]:
        """SQL conditions and their values; ``time`` is the column that the change is dated by."""
        values = {"site": self.site, "since": self.since, "until": self.until}
        sql = {"site = :site": self.site, f"{time} >= :since": self.since, f"{time} < :until": self.until}
        return [condition for condition, value in sql.items() if value is not None], values


def _picked(wanted: Wanted, kinds: Collection[str]) -> str:
    """SQL for the rowids of a page of steps: from an index alone, so that skipping is cheap."""
    conditions, _ = wanted.conditions("seen_from")
    if kinds:
        names = ", ".join(f"'{kind}'" for kind in kinds)  # of ChangeKind, so they need no quoting
        conditions.append(f"change IN ({names})")
    index = "versions_by_site" if wanted.site else "versions_by_change" if kinds else "versions_by_start"
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return (
        f"SELECT rowid AS id FROM versions INDEXED BY {index} {where} "  # noqa: S608 - names of this file
        "ORDER BY seen_from DESC, rowid DESC LIMIT :limit OFFSET :offset"
    )


def _gone(
    connection: sqlite3.Connection, wanted: Wanted, low: str | None, high: str | None, limit: int, offset: int = 0
) -> list[dict[str, Any]]:
    """What went from ``low`` and before ``high``."""
    conditions, values = wanted.conditions("readings.fetched_at")
    conditions = [condition.replace("site =", "ended.site =") for condition in conditions]
    conditions += ["readings.fetched_at >= :low"] * (low is not None)
    conditions += ["readings.fetched_at < :high"] * (high is not None)
    picked = WENT.format(where=" AND ".join(conditions) or "1")
    sql = ENDED.format(picked=picked)
    return list(select(connection, sql, {**values, "low": low, "high": high, "limit": limit, "offset": offset}))


def page_of_changes(
    connection: sqlite3.Connection, wanted: Wanted, page: int = 1, per_page: int = PER_PAGE
) -> tuple[list[dict[str, Any]], bool]:
    """Changes on that page, the newest first, and whether there are more."""
    offset = (page - 1) * per_page
    kinds = [kind for kind in wanted.kinds if kind != GONE]
    if wanted.kinds and not kinds:
        rows = _gone(connection, wanted, None, None, per_page + 1, offset)
        return rows[:per_page], len(rows) > per_page
    _, values = wanted.conditions("seen_from")
    start = max(offset - 1, 0)  # the last step of the page before says where this one begins
    sql = STEPS.format(picked=_picked(wanted, kinds))
    rows = list(select(connection, sql, {**values, "limit": per_page + 1 + offset - start, "offset": start}))
    high = rows[0]["changed_at"] if offset and rows else None
    rows = rows[offset - start :]
    more, rows = len(rows) > per_page, rows[:per_page]
    if (not wanted.kinds or GONE in wanted.kinds) and (rows or page == 1):
        low = rows[-1]["changed_at"] if more else None
        rows += _gone(connection, wanted, low, high, 10 * per_page)
        rows.sort(key=lambda row: row["changed_at"], reverse=True)
    return rows, more


def tally_of_kinds(connection: sqlite3.Connection, site: str | None) -> Mapping[str, int]:
    """How many steps there are of each kind, from an index."""
    index, where = ("versions_by_site", "WHERE site = ?") if site else ("versions_by_change", "")
    sql = f"SELECT change, count(*) FROM versions INDEXED BY {index} {where} GROUP BY 1"  # noqa: S608
    return {row[0]: row[1] for row in connection.execute(sql, (site,) if site else ())}


ARTICLE_COLUMNS = (
    "id, url, site, headline, standfirst, section, authors, published_at, modified_at, language, words, kind, "
    "paywalled, first_seen_at, last_seen_at, gone_at, versions"
)


def page_of_articles(
    connection: sqlite3.Connection, where: str, values: Mapping[str, Any], page: int = 1, per_page: int = PER_PAGE
) -> tuple[list[dict[str, Any]], bool]:
    """Articles for which ``where`` holds, those published last first, and whether there are more."""
    sql = (
        f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE {where} "  # noqa: S608 - conditions of this package
        "ORDER BY published_at DESC, id LIMIT :limit OFFSET :offset"
    )
    given = {**values, "limit": per_page + 1, "offset": (page - 1) * per_page}
    rows = list(select(connection, sql, given))
    return rows[:per_page], len(rows) > per_page
