"""What a visit read besides what makes a version: kept so that versions can be folded anew at any time.

A reading whose content is some version's, or another reading's, names it by digest alone. Otherwise its ``state`` holds
the content: the digest of a version that it leans on, then JSON compressed against that version's.
"""

import sqlite3
from collections.abc import Mapping

from archive.bodies import compress, decompress
from archive.content import COLUMNS, Content

DIGEST_BYTES = 32


def pack(content: Content, base: Content | None) -> bytes:
    """``content`` in few bytes, given another that is much the same."""
    head = base.digest.encode() if base else b"-" * DIGEST_BYTES
    return head + compress(content.to_json(), base.to_json() if base else None)


def unpack(state: bytes, contents: Mapping[str, Content]) -> Content:
    """The content that ``pack`` was given; ``contents`` by digest must have the one that it leans on."""
    head = state[:DIGEST_BYTES].decode()
    base = None if head.startswith("-") else contents[head].to_json()
    return Content.from_json(decompress(state[DIGEST_BYTES:], base))


def content_of_version(connection: sqlite3.Connection, version_id: str) -> Content:
    """The content that a version's row, removals and links hold."""
    row = connection.execute(
        f"SELECT {', '.join(COLUMNS)} FROM versions WHERE id = ?",  # noqa: S608 - names of this package
        (version_id,),
    ).fetchone()
    removals = connection.execute(
        "SELECT position, kind, rule, path, text FROM removals WHERE version_id = ? ORDER BY id", (version_id,)
    ).fetchall()
    links = connection.execute(
        "SELECT position, url, text FROM links WHERE version_id = ? ORDER BY id", (version_id,)
    ).fetchall()
    return Content(**dict(zip(COLUMNS, row, strict=True)), removals=tuple(removals), links=tuple(links))


def contents_of(connection: sqlite3.Connection, article_id: str) -> dict[str, Content]:
    """Every content that is kept for an article, by digest."""
    contents: dict[str, Content] = {}
    for (version_id,) in connection.execute("SELECT id FROM versions WHERE article_id = ?", (article_id,)).fetchall():
        content = content_of_version(connection, version_id)
        contents[content.digest] = content
    versions = dict(contents)
    for (state,) in connection.execute(
        "SELECT state FROM readings WHERE article_id = ? AND state IS NOT NULL", (article_id,)
    ):
        content = unpack(state, versions)
        contents[content.digest] = content
    return contents


def keep_states(connection: sqlite3.Connection, article_id: str, contents: Mapping[str, Content]) -> None:
    """See that each reading's content is kept once, by a version or else by the earliest reading that has it."""
    rows = connection.execute(
        "SELECT id, digest FROM versions WHERE article_id = ? ORDER BY number DESC", (article_id,)
    ).fetchall()
    base = contents[rows[0][1]] if rows else None
    kept = {digest for _, digest in rows}
    for capture_id, digest, has_state in connection.execute(
        "SELECT capture_id, digest, state IS NOT NULL FROM readings WHERE article_id = ? AND digest IS NOT NULL "
        "ORDER BY fetched_at, capture_id",
        (article_id,),
    ).fetchall():
        state = None if digest in kept else pack(contents[digest], base)
        kept.add(digest)
        if state is not None or has_state:
            connection.execute("UPDATE readings SET state = ? WHERE capture_id = ?", (state, capture_id))


def keep_state(
    connection: sqlite3.Connection, article_id: str, version_id: str, capture_id: str, content: Content
) -> None:
    """Keep the content of a visit that confirmed a version but said something else beside it, if it is new."""
    known = connection.execute(
        "SELECT 1 FROM readings WHERE article_id = ? AND digest = ? AND state IS NOT NULL "
        "UNION ALL SELECT 1 FROM versions WHERE article_id = ? AND digest = ?",
        (article_id, content.digest, article_id, content.digest),
    ).fetchone()
    if known is None:
        state = pack(content, content_of_version(connection, version_id))
        connection.execute("UPDATE readings SET state = ? WHERE capture_id = ?", (state, capture_id))
