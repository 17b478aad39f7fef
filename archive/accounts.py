"""The accounts of an archive: runs, sites, and numbers of the whole."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.catalogue import select

COUNTED = ("runs", "captures", "bodies", "articles", "versions", "removals", "urls", "links", "site_lines", "frontier")
SITES = """
    SELECT site, sum(articles) AS articles, sum(versions) AS versions, sum(gone) AS gone, sum(visits) AS visits,
           sum(missing) AS missing, min(first_seen_at) AS first_seen_at, max(last_visited_at) AS last_visited_at
    FROM (
        SELECT site, count(*) AS articles, sum(versions) AS versions, count(gone_at) AS gone, 0 AS visits, 0 AS missing,
               min(first_seen_at) AS first_seen_at, NULL AS last_visited_at
        FROM articles GROUP BY site
        UNION ALL
        SELECT site, 0, 0, 0, count(*), 0, NULL, max(fetched_at) FROM captures GROUP BY site
        UNION ALL
        SELECT site, 0, 0, 0, 0, count(*), NULL, NULL FROM missing GROUP BY site
    )
    GROUP BY site ORDER BY articles DESC, site
"""


def runs(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Rows of ``runs``, the newest first."""
    return select(connection, "SELECT * FROM runs ORDER BY started_at DESC, rowid DESC")


def sites(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """A row for each site that was visited or is known."""
    return select(connection, SITES)


def _tally(connection: sqlite3.Connection, table: str, column: str) -> dict[str, int]:
    sql = f"SELECT {column}, count(*) FROM {table} GROUP BY 1 ORDER BY 2 DESC, 1"  # noqa: S608 - names of this file
    return dict(connection.execute(sql).fetchall())


def stats(connection: sqlite3.Connection, path: Path) -> dict[str, Any]:
    """Counts by table, changes by kind, outcomes of visits, removals by kind, and bytes."""
    numbers: dict[str, Any] = {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - names of this file
        for table in COUNTED
    }
    numbers["gone"] = connection.execute("SELECT count(gone_at) FROM articles").fetchone()[0]
    numbers["missing"] = connection.execute("SELECT count(*) FROM missing").fetchone()[0]
    numbers["changes"] = _tally(connection, "changes", "kind")
    numbers["outcomes"] = _tally(connection, "observations", "outcome")
    numbers["removals_by_kind"] = _tally(connection, "removals", "kind")
    size, stored = connection.execute(
        "SELECT coalesce(sum(size), 0), coalesce(sum(length(data)), 0) FROM bodies"
    ).fetchone()
    numbers |= {"body_bytes": size, "body_bytes_stored": stored, "file_bytes": path.stat().st_size}
    return numbers
