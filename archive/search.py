"""Full-text search over versions, with what users type made into valid FTS5.

FTS5 takes words from the spaces between them. Scripts without spaces have none, so what is typed in them is looked for
letter by letter in the versions that are asked about; that reads each of them, where an index answers the rest.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from archive.catalogue import AS_OF, select
from archive.query import to_fts
from archive.words import SPACELESS

# The headline weighs most, then the standfirst; section and byline are seldom what is looked for.
WEIGHTS = "8.0, 4.0, 1.0, 2.0, 1.0"
SNIPPET_TOKENS = 24
SNIPPET_LETTERS = 40  # on either side of a match in a script without spaces
LETTERS = re.compile(f"[{SPACELESS}]+")
FIELDS = "article_id, number, url, site, versions.headline, published_at, seen_from, seen_to"
LATEST = "number = (SELECT versions FROM articles WHERE id = article_id)"
INDEXED = (
    f"SELECT {FIELDS}, snippet(versions_fts, -1, char(2), char(3), '…', {SNIPPET_TOKENS}) AS snippet "  # noqa: S608
    "FROM versions_fts JOIN versions ON versions.docid = versions_fts.rowid WHERE versions_fts MATCH :match AND "
)
READ = f"SELECT {FIELDS}, versions.text AS snippet FROM versions WHERE "  # noqa: S608 - names of this file
# A version that has each of the strings in its headline, its standfirst or its text.
HAS_ALL = (
    "NOT EXISTS (SELECT 1 FROM json_each(:letters) WHERE instr(coalesce(versions.headline, '') || char(10) || "
    "coalesce(versions.standfirst, '') || char(10) || versions.text, value) = 0)"
)


def search(
    connection: sqlite3.Connection, query: str, *, at: str | None, site: str | None, limit: int | None
) -> Iterator[dict[str, Any]]:
    """See ``Reader.search``. Matched words stand between U+0002 and U+0003 in ``snippet``."""
    letters = LETTERS.findall(query)
    match = to_fts(LETTERS.sub(" ", query))
    if match is None and not letters:
        return
    where = f"{LATEST if at is None else AS_OF} AND (:site IS NULL OR site = :site)"
    order = f"bm25(versions_fts, {WEIGHTS}), seen_from DESC" if match else "seen_from DESC, docid"
    sql = f"{INDEXED if match else READ}{where} AND {HAS_ALL if letters else 1} ORDER BY {order} LIMIT :limit"
    values = {"match": match, "at": at, "site": site, "limit": -1 if limit is None else limit}
    for row in select(connection, sql, values | {"letters": json.dumps(letters)}):
        yield row if match else row | {"snippet": _passage(row["snippet"], letters)}


def _passage(text: str, letters: Sequence[str]) -> str:
    """The first place in ``text`` that has one of ``letters``, marked, or its beginning."""
    found = re.search("|".join(letters), text)
    if found is None:
        return text[: 2 * SNIPPET_LETTERS]
    start, end = max(found.start() - SNIPPET_LETTERS, 0), found.end() + SNIPPET_LETTERS
    before, after = "…" * (start > 0), "…" * (end < len(text))
    return f"{before}{text[start : found.start()]}\2{found[0]}\3{text[found.end() : end]}{after}"
