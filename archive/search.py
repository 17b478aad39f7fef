"""Full-text search over versions, with what users type made into valid FTS5.

What is common must not take long: the index gives the matches, another (``versions_by_docid``) says of each whether it
is wanted, and of those that are, the ``MOST_RANKED`` stored last are ranked; by time, all of them are put in order.
Texts are read only of what is shown.

FTS5 takes words from the spaces between them. Scripts without spaces have none, so what is typed in them is looked for
letter by letter in the versions that are asked about; that reads each of them, where an index answers the rest.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

from archive.catalogue import AS_OF, select
from archive.errors import UsageError
from archive.query import COLUMNS, to_fts
from archive.schema import TOKENIZER
from archive.words import SPACELESS

# The headline weighs most, then the standfirst; section and byline are seldom what is looked for.
WEIGHTS = "8.0, 4.0, 1.0, 2.0, 1.0"
SNIPPET_TOKENS = 24
SNIPPET_LETTERS = 40  # on either side of a match in a script without spaces
MOST_RANKED = 50_000
LETTERS = re.compile(f"[{SPACELESS}]+")
FIELDS = "article_id, number, url, site, versions.headline, published_at, seen_from, seen_to"
LATEST = "number = (SELECT versions FROM articles WHERE id = article_id)"
# A version that has each of the strings in its headline, its standfirst or its text.
HAS_ALL = (
    "NOT EXISTS (SELECT 1 FROM json_each(:letters) WHERE instr(coalesce(versions.headline, '') || char(10) || "
    "coalesce(versions.standfirst, '') || char(10) || versions.text, value) = 0)"
)
SORTS: Mapping[str, str] = {"relevance": "score, docid DESC", "newest": "dated DESC, docid DESC"}
NEWEST = "coalesce(published_at, seen_from) DESC, docid DESC"
TEXTS = f"SELECT {', '.join(f'versions.{name}' for name in COLUMNS)} FROM versions WHERE docid = ?"  # noqa: S608
# A table of one version, to find the passage in: the large one would look up what begins so for each version again.
DESK = f"CREATE VIRTUAL TABLE desk USING fts5 ({', '.join(COLUMNS)}, tokenize='{TOKENIZER}')"
LAY = f"INSERT INTO desk (rowid, {', '.join(COLUMNS)}) VALUES (1, ?, ?, ?, ?, ?)"  # noqa: S608
SNIPPET = f"SELECT snippet(desk, -1, char(2), char(3), '…', {SNIPPET_TOKENS}) FROM desk WHERE desk MATCH ?"  # noqa: S608


def search(
    connection: sqlite3.Connection, query: str, *, at: str | None, site: str | None, sort: str, limit: int | None
) -> Iterator[dict[str, Any]]:
    """See ``Reader.search``. Matched words stand between U+0002 and U+0003 in ``snippet``."""
    if sort not in SORTS:
        raise UsageError(f"{sort!r} is no order; there are {', '.join(SORTS)}")
    letters = LETTERS.findall(query)
    match = to_fts(LETTERS.sub(" ", query))
    if match is None and not letters:
        return iter(())
    values = {"match": match.fts if match else None, "at": at, "site": site, "letters": json.dumps(letters)}
    if match is None:
        return islice(_by_letters(connection, values, letters), limit)
    sql = _all_but(values) if match.is_not else _candidates(values, sort)
    return islice(_by_index(connection, values, sql), limit)


def _by_index(connection: sqlite3.Connection, values: Mapping[str, str | None], sql: str) -> Iterator[dict[str, Any]]:
    """What is wanted of the candidates that ``sql`` gives, in their order, as long as somebody asks for more."""
    candidates = connection.execute(sql, values)
    desk = sqlite3.connect(":memory:", isolation_level=None)
    desk.execute(DESK)
    is_wanted = [LATEST] if values["at"] is None else []
    is_wanted += [HAS_ALL] if values["letters"] != "[]" else []
    row = f"SELECT {FIELDS} FROM versions WHERE {' AND '.join(['docid = :docid', *is_wanted])}"  # noqa: S608
    with closing(desk):
        for (docid,) in candidates:
            for found in select(connection, row, {**values, "docid": docid}):
                texts = connection.execute(TEXTS, (docid,)).fetchone()
                yield found | {"snippet": _snippet(desk, values["match"], texts)}


def _snippet(desk: sqlite3.Connection, match: str | None, texts: Sequence[str | None]) -> str:
    """The passage of ``texts`` (in the order of ``COLUMNS``) that matches best, or the beginning of the last."""
    desk.execute("DELETE FROM desk")
    desk.execute(LAY, texts)
    found = desk.execute(SNIPPET, (match,)).fetchone()
    return found[0] if found else f"{(texts[-1] or '')[: 2 * SNIPPET_LETTERS]}…"


def _candidates(values: Mapping[str, str | None], sort: str) -> str:
    """SQL that gives the ``docid`` of each match that may be wanted, in the order of ``sort``."""
    conditions = {"site = :site": values["site"], AS_OF: values["at"]}
    wanted = [sql for sql, value in conditions.items() if value is not None]
    score = f"bm25(versions_fts, {WEIGHTS})" if sort == "relevance" else "0"
    most = MOST_RANKED if sort == "relevance" else -1  # to rank is dear, to date is not
    known = "CROSS JOIN versions INDEXED BY versions_by_docid ON docid = versions_fts.rowid"
    matches = (
        f"SELECT versions_fts.rowid AS docid, {score} AS score"  # noqa: S608 - names of this file
        f"{', coalesce(published_at, seen_from) AS dated' if sort == 'newest' else ''} FROM versions_fts "
        f"{known if wanted or sort == 'newest' else ''} "
        f"WHERE {' AND '.join(['versions_fts MATCH :match', *wanted])} "
        f"ORDER BY versions_fts.rowid DESC LIMIT {most}"
    )
    return f"SELECT docid FROM ({matches}) ORDER BY {SORTS[sort]}"  # noqa: S608 - names of this file


def _all_but(values: Mapping[str, str | None]) -> str:
    """SQL that gives the ``docid`` of each version that does not match and may be wanted, the newest first."""
    conditions = {"site = :site": values["site"], AS_OF: values["at"]}
    wanted = [sql for sql, value in conditions.items() if value is not None]
    unmatched = "docid NOT IN (SELECT rowid FROM versions_fts WHERE versions_fts MATCH :match)"
    return (
        f"SELECT docid FROM versions INDEXED BY versions_by_docid WHERE {' AND '.join([unmatched, *wanted])} "  # noqa: S608
        f"ORDER BY {NEWEST}"
    )


def _by_letters(
    connection: sqlite3.Connection, values: Mapping[str, str | None], letters: Sequence[str]
) -> Iterator[dict[str, Any]]:
    where = f"{LATEST if values['at'] is None else AS_OF} AND (:site IS NULL OR site = :site) AND {HAS_ALL}"
    sql = f"SELECT {FIELDS}, versions.text AS snippet FROM versions WHERE {where} ORDER BY {NEWEST}"  # noqa: S608
    for row in select(connection, sql, values):
        yield row | {"snippet": _passage(row["snippet"], letters)}


def _passage(text: str, letters: Sequence[str]) -> str:
    """The first place in ``text`` that has one of ``letters``, marked, or its beginning."""
    found = re.search("|".join(letters), text)
    if found is None:
        return text[: 2 * SNIPPET_LETTERS]
    start, end = max(found.start() - SNIPPET_LETTERS, 0), found.end() + SNIPPET_LETTERS
    before, after = "…" * (start > 0), "…" * (end < len(text))
    return f"{before}{text[start : found.start()]}\2{found[0]}\3{text[found.end() : end]}{after}"
