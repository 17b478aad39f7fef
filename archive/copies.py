"""Which articles say nearly the same: syndicated copies, shown beside each other and never merged.

What is stored depends on the newest texts alone, not on the order in which they came.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from archive.likeness import bands_of, likeness, runs_of

ALIKE = 0.6  # a copy with a paragraph cut or another agency line stays above it, another report of the same event below
CROWDED = 50  # articles in one band: a text that so many have is a site's form, not a syndicated story
STALE = """
    SELECT articles.id, versions.id FROM articles
    JOIN versions ON versions.article_id = articles.id AND versions.number = articles.versions
    LEFT JOIN sketches ON sketches.article_id = articles.id
    WHERE sketches.version_id IS NOT versions.id ORDER BY articles.id
"""
CROWDS = f"SELECT band FROM sketch_bands GROUP BY band HAVING count(*) > {CROWDED}"  # noqa: S608 - a number of this file
MEMBERS = "SELECT article_id FROM sketch_bands WHERE band IN (SELECT value FROM json_each(?))"
LIKELY = (
    "SELECT DISTINCT article_id FROM sketch_bands WHERE band IN (SELECT value FROM json_each(?)) AND article_id <> ?"
)
TEXT = "SELECT text FROM versions WHERE id = (SELECT version_id FROM sketches WHERE article_id = ?)"
COPIES = """
    SELECT copies.copy_id AS article_id, articles.url, articles.site, articles.headline, articles.first_seen_at,
           copies.likeness
    FROM copies JOIN articles ON articles.id = copies.copy_id
    WHERE copies.article_id = ? ORDER BY articles.first_seen_at, articles.id
"""


def is_stale(connection: sqlite3.Connection) -> bool:
    """Whether any article says something that was not compared with the others yet."""
    return connection.execute(f"{STALE} LIMIT 1").fetchone() is not None


def _crowds(connection: sqlite3.Connection) -> set[int]:
    return {band for (band,) in connection.execute(CROWDS)}


def _runs(connection: sqlite3.Connection, article_id: str) -> frozenset[int]:
    row = connection.execute(TEXT, (article_id,)).fetchone()
    return runs_of(row[0]) if row else frozenset()


def _sketch(connection: sqlite3.Connection, article_id: str, version_id: str) -> None:
    forget(connection, article_id)
    (text,) = connection.execute("SELECT text FROM versions WHERE id = ?", (version_id,)).fetchone()
    connection.execute("INSERT INTO sketches (article_id, version_id) VALUES (?, ?)", (article_id, version_id))
    connection.executemany(
        "INSERT INTO sketch_bands (article_id, band) VALUES (?, ?)",
        [(article_id, band) for band in bands_of(runs_of(text))],
    )


def _pair(connection: sqlite3.Connection, article_id: str, crowds: Collection[int]) -> None:
    """Compare an article with those that share a band with it."""
    connection.execute("DELETE FROM copies WHERE ? IN (article_id, copy_id)", (article_id,))
    rows = connection.execute("SELECT band FROM sketch_bands WHERE article_id = ?", (article_id,))
    bands = [band for (band,) in rows if band not in crowds]
    likely = [each for (each,) in connection.execute(LIKELY, (json.dumps(bands), article_id))] if bands else []
    own = _runs(connection, article_id) if likely else frozenset()
    for other in likely:
        if (share := round(likeness(own, _runs(connection, other)), 3)) >= ALIKE:
            pairs = [(article_id, other, share), (other, article_id, share)]
            connection.executemany(
                "INSERT OR REPLACE INTO copies (article_id, copy_id, likeness) VALUES (?, ?, ?)", pairs
            )


def learn_copies(connection: sqlite3.Connection) -> int:
    """Compare what is new with everything else; how many articles were."""
    stale = connection.execute(STALE).fetchall()
    if not stale:
        return 0
    before = _crowds(connection)
    for article_id, version_id in stale:
        _sketch(connection, article_id, version_id)
    crowds = _crowds(connection)
    turned = json.dumps(sorted(before ^ crowds))
    concerned = {article_id for article_id, _ in stale}
    concerned |= {article_id for (article_id,) in connection.execute(MEMBERS, (turned,))}
    for article_id in sorted(concerned):
        _pair(connection, article_id, crowds)
    return len(stale)


def forget(connection: sqlite3.Connection, article_id: str) -> None:
    """Drop what is known of an article's copies."""
    connection.execute("DELETE FROM copies WHERE ? IN (article_id, copy_id)", (article_id,))
    connection.execute("DELETE FROM sketch_bands WHERE article_id = ?", (article_id,))
    connection.execute("DELETE FROM sketches WHERE article_id = ?", (article_id,))


def copies_of(connection: sqlite3.Connection, article_id: str) -> Iterator[dict[str, Any]]:
    """The articles that say nearly the same, the first seen first."""
    names = ("article_id", "url", "site", "headline", "first_seen_at", "likeness")
    rows: Iterable[tuple[Any, ...]] = connection.execute(COPIES, (article_id,))
    yield from (dict(zip(names, row, strict=True)) for row in rows)
