"""Which articles say nearly the same: syndicated copies, shown beside each other and never merged.

What is stored depends on the newest texts alone, not on the order in which they came.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any

from archive.likeness import Bands, likeness, runs_of, sketches_of

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
FORGET = "DELETE FROM copies WHERE article_id = ?1 OR copy_id = ?1"
PAIR = "INSERT OR REPLACE INTO copies (article_id, copy_id, likeness) VALUES (?, ?, ?)"
TEXTS_KEPT = 256  # texts whose runs are kept while articles are compared: one that has a copy is asked for again by it
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


Sketched = Callable[[Iterable[str]], Iterable[Bands]]
"""Makes the sketches of texts, in order; here or in other processes."""


def _sketch(connection: sqlite3.Connection, article_id: str, version_id: str, bands: Bands) -> None:
    forget(connection, article_id)
    connection.execute("INSERT INTO sketches (article_id, version_id) VALUES (?, ?)", (article_id, version_id))
    connection.executemany(
        "INSERT INTO sketch_bands (article_id, band) VALUES (?, ?)", [(article_id, band) for band in bands]
    )


def _likely(connection: sqlite3.Connection, article_id: str, crowds: Collection[int]) -> list[str]:
    """The articles that share a band with this one which is no crowd's."""
    rows = connection.execute("SELECT band FROM sketch_bands WHERE article_id = ?", (article_id,))
    bands = json.dumps([band for (band,) in rows if band not in crowds])
    return [other for (other,) in connection.execute(LIKELY, (bands, article_id))]


def _pair(connection: sqlite3.Connection, articles: Collection[str], crowds: Collection[int]) -> None:
    """Compare each of these articles with those that share a band with it."""

    @lru_cache(maxsize=TEXTS_KEPT)
    def runs(article_id: str) -> frozenset[int]:
        row = connection.execute(TEXT, (article_id,)).fetchone()
        return runs_of(row[0]) if row else frozenset()

    connection.executemany(FORGET, [(article_id,) for article_id in articles])
    for article_id in sorted(articles):
        for other in _likely(connection, article_id, crowds):
            if other < article_id and other in articles:  # compared already
                continue
            if (share := round(likeness(runs(article_id), runs(other)), 3)) >= ALIKE:
                connection.executemany(PAIR, [(article_id, other, share), (other, article_id, share)])


def learn_copies(connection: sqlite3.Connection, sketched: Sketched = sketches_of) -> int:
    """Compare what is new with everything else; how many articles were."""
    stale = connection.execute(STALE).fetchall()
    if not stale:
        return 0
    before = _crowds(connection)
    of_version = "SELECT text FROM versions WHERE id = ?"
    texts = (connection.execute(of_version, (version_id,)).fetchone()[0] for _, version_id in stale)
    for (article_id, version_id), bands in zip(stale, sketched(texts), strict=True):
        _sketch(connection, article_id, version_id, bands)
    crowds = _crowds(connection)
    turned = json.dumps(sorted(before ^ crowds))
    concerned = {article_id for article_id, _ in stale}
    concerned |= {article_id for (article_id,) in connection.execute(MEMBERS, (turned,))}
    _pair(connection, concerned, crowds)
    return len(stale)


def forget(connection: sqlite3.Connection, article_id: str) -> None:
    """Drop what is known of an article's copies."""
    connection.execute(FORGET, (article_id,))
    connection.execute("DELETE FROM sketch_bands WHERE article_id = ?", (article_id,))
    connection.execute("DELETE FROM sketches WHERE article_id = ?", (article_id,))


def copies_of(connection: sqlite3.Connection, article_id: str) -> Iterator[dict[str, Any]]:
    """The articles that say nearly the same, the first seen first."""
    names = ("article_id", "url", "site", "headline", "first_seen_at", "likeness")
    rows: Iterable[tuple[Any, ...]] = connection.execute(COPIES, (article_id,))
    yield from (dict(zip(names, row, strict=True)) for row in rows)
