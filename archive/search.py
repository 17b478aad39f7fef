"""Full-text search over versions, with what users type made into valid FTS5."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from archive.catalogue import AS_OF, select
from archive.query import to_fts

# The headline weighs most, then the standfirst; section and byline are seldom what is looked for.
WEIGHTS = "8.0, 4.0, 1.0, 2.0, 1.0"
SNIPPET_TOKENS = 24


def search(
    connection: sqlite3.Connection, query: str, *, at: str | None, site: str | None, limit: int | None
) -> Iterator[dict[str, Any]]:
    """See ``Reader.search``. Matched words stand between U+0002 and U+0003 in ``snippet``."""
    match = to_fts(query)
    if match is None:
        return iter(())
    standing = AS_OF if at is not None else "number = (SELECT versions FROM articles WHERE id = article_id)"
    sql = (
        "SELECT article_id, number, url, site, versions.headline, published_at, seen_from, seen_to, "  # noqa: S608
        f"snippet(versions_fts, -1, char(2), char(3), '…', {SNIPPET_TOKENS}) AS snippet "
        "FROM versions_fts JOIN versions ON versions.docid = versions_fts.rowid "
        f"WHERE versions_fts MATCH :match AND {standing} AND (:site IS NULL OR site = :site) "
        f"ORDER BY bm25(versions_fts, {WEIGHTS}), seen_from DESC LIMIT :limit"
    )
    values = {"match": match, "at": at, "site": site, "limit": -1 if limit is None else limit}
    return select(connection, sql, values)
