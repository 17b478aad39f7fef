"""What sites have taught: the table ``site_lines``, the marks in ``readings`` that it comes from, and what is to do.

``site_learning`` says of each site whether marks came since it was last learned from (``pending``), and which marks
came into force or went out of it while the articles that carry them are not read again yet (``unsettled``). Both are
committed with what they speak of, so that a run that is killed leaves the next one to go on.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import astuple, fields
from typing import Any

from archive.catalogue import select
from archive.fingerprint import digest
from archive.records import SiteLine
from archive.states import contents_of

COLUMNS = tuple(field.name for field in fields(SiteLine))
SEALED = ", ".join(("site", *COLUMNS))
INSERT = (
    f"INSERT INTO site_lines (id, site, {', '.join(COLUMNS)}) "  # noqa: S608 - names of this package
    f"VALUES ({', '.join('?' * (2 + len(COLUMNS)))})"
)
NOTE = (
    "INSERT INTO site_learning (site, pending) VALUES (?, 1) "
    "ON CONFLICT (site) DO UPDATE SET pending = 1 WHERE pending = 0"
)
# The same marks on the same article at a later time say nothing new.
KNOWN = "SELECT 1 FROM readings WHERE article_id = ? AND fetched_at <= ? AND marks = ? AND capture_id <> ? LIMIT 1"
SIGHTINGS = (
    "SELECT article_id, min(fetched_at), marks FROM articles JOIN readings ON article_id = articles.id "
    "WHERE articles.site = ? AND marks IS NOT NULL GROUP BY article_id, marks ORDER BY article_id, min(fetched_at)"
)
CAPTURES = (
    "SELECT capture_id, marks FROM articles JOIN readings ON article_id = articles.id "
    "WHERE articles.site = ? AND marks IS NOT NULL ORDER BY article_id, readings.fetched_at, capture_id"
)


def note(
    connection: sqlite3.Connection, site: str, article_id: str, capture_id: str, fetched_at: str, marks: bytes | None
) -> None:
    """Note that there is something to learn from, if a reading's marks say something new."""
    if marks and connection.execute(KNOWN, (article_id, fetched_at, marks, capture_id)).fetchone() is None:
        connection.execute(NOTE, (site,))


def note_article(connection: sqlite3.Connection, article_id: str) -> None:
    """Note that there is something to learn from, as an article was read anew and its marks are other ones."""
    for (site,) in connection.execute("SELECT site FROM articles WHERE id = ?", (article_id,)).fetchall():
        connection.execute(NOTE, (site,))


def pending(connection: sqlite3.Connection) -> list[str]:
    """The sites that there is something new to learn of, or whose articles are not all read again."""
    rows = connection.execute("SELECT site FROM site_learning WHERE pending OR unsettled <> '[]' ORDER BY site")
    return [site for (site,) in rows]


def articles(connection: sqlite3.Connection, site: str) -> int:
    """How many articles of the site there are."""
    (count,) = connection.execute("SELECT count(*) FROM articles WHERE site = ?", (site,)).fetchone()
    return int(count)


def sightings(connection: sqlite3.Connection, site: str) -> Iterator[tuple[str, str, bytes]]:
    """Article, time of the first visit and marks, for each different set of marks that an article was seen with."""
    yield from connection.execute(SIGHTINGS, (site,))


def all_in_force(connection: sqlite3.Connection) -> dict[str, frozenset[int]]:
    """What is in force on each site that anything is in force on."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for site, mark in connection.execute("SELECT site, mark FROM site_lines WHERE in_force"):
        found[site].add(mark)
    return {site: frozenset(marks) for site, marks in found.items()}


def marks_in_force(connection: sqlite3.Connection, site: str) -> frozenset[int]:
    """What is known to be the site's own, by its marks."""
    rows = connection.execute("SELECT mark FROM site_lines WHERE site = ? AND in_force", (site,))
    return frozenset(mark for (mark,) in rows)


def keep(connection: sqlite3.Connection, site: str, lines: Iterable[SiteLine]) -> None:
    """Replace what is known of a site, and note what came into force or went out of it as unsettled."""
    before = marks_in_force(connection, site)
    connection.execute("DELETE FROM site_lines WHERE site = ?", (site,))
    connection.executemany(INSERT, [(line_id((site, *astuple(line))), site, *astuple(line)) for line in lines])
    changed = unsettled(connection, site) | (before ^ marks_in_force(connection, site))
    connection.execute(
        "INSERT INTO site_learning (site, pending, unsettled, lines) VALUES (?, 0, ?, ?) "
        "ON CONFLICT (site) DO UPDATE SET pending = 0, unsettled = excluded.unsettled, lines = excluded.lines",
        (site, json.dumps(sorted(changed)), digest_of_lines(connection, site)),
    )


def line_id(values: Iterable[Any]) -> str:
    """The id of a line: a checksum of its row, ``site`` and ``COLUMNS``."""
    return digest([int(value) if isinstance(value, bool) else value for value in values])[:16]


def is_sealed_line(connection: sqlite3.Connection, identity: str) -> bool:
    """Whether the row of a line is as it was written."""
    row = connection.execute(f"SELECT {SEALED} FROM site_lines WHERE id = ?", (identity,)).fetchone()  # noqa: S608
    return row is not None and line_id(row) == identity


def digest_of_lines(connection: sqlite3.Connection, site: str) -> str:
    """A digest of all lines of a site, by which one that is missing is missed."""
    rows = connection.execute("SELECT id FROM site_lines WHERE site = ? ORDER BY id", (site,))
    return digest([identity for (identity,) in rows])[:16]


def unsettled(connection: sqlite3.Connection, site: str) -> frozenset[int]:
    """The marks whose articles are still to be read again."""
    row = connection.execute("SELECT unsettled FROM site_learning WHERE site = ?", (site,)).fetchone()
    return frozenset(json.loads(row[0])) if row else frozenset()


def settled(connection: sqlite3.Connection, site: str) -> None:
    """Note that every article that carries an unsettled mark has been read again."""
    connection.execute("UPDATE site_learning SET unsettled = '[]' WHERE site = ?", (site,))


def forget_vanished(connection: sqlite3.Connection) -> None:
    """Drop what is known of sites of which no article is left."""
    for table in ("site_lines", "template_lines", "site_learning"):
        connection.execute(f"DELETE FROM {table} WHERE site NOT IN (SELECT site FROM articles)")  # noqa: S608 - these names


def captures(connection: sqlite3.Connection, site: str) -> Iterator[tuple[str, bytes]]:
    """The captures that saw a story of the site, with their marks, article by article."""
    yield from connection.execute(CAPTURES, (site,))


def texts(connection: sqlite3.Connection, article_id: str, rules: Collection[str]) -> set[str]:
    """Every headline, standfirst, author and paragraph that an article was ever read with.

    What one of ``rules`` took out of it is among them.
    """
    found: set[str] = set()
    for content in contents_of(connection, article_id).values():
        found.update(
            content.paragraphs(), json.loads(content.authors), filter(None, (content.headline, content.standfirst))
        )
        found.update(text for _, _, rule, _, text in content.removals if rule in rules)
    return found


def lines(connection: sqlite3.Connection, site: str) -> Iterator[dict[str, Any]]:
    """Rows of ``site_lines``, those in force first, then by how many articles have them."""
    sql = "SELECT * FROM site_lines WHERE site = :site ORDER BY in_force DESC, articles DESC, id"
    return select(connection, sql, {"site": site})


def take(connection: sqlite3.Connection, source: sqlite3.Connection) -> None:
    """Take over what another archive has learned of sites that are new here, before its readings come."""
    for row in source.execute("SELECT site, pending, unsettled, lines FROM site_learning").fetchall():
        added = connection.execute(
            "INSERT OR IGNORE INTO site_learning (site, pending, unsettled, lines) VALUES (?, ?, ?, ?)", row
        )
        if added.rowcount == 1:
            columns = ", ".join(("id", "site", *COLUMNS))
            rows = source.execute(f"SELECT {columns} FROM site_lines WHERE site = ?", row[:1])  # noqa: S608 - as above
            connection.executemany(INSERT, rows)


def differing(connection: sqlite3.Connection, source: sqlite3.Connection, site: str) -> frozenset[int]:
    """The marks of a site that another archive may take out where they are left in here, or the other way about."""
    return (marks_in_force(connection, site) ^ marks_in_force(source, site)) | unsettled(source, site)
