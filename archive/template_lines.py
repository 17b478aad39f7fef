"""The table ``template_lines``: what came or went on many articles of a site at once (see ``archive.drift``)."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping

from archive.drift import Drift
from archive.fingerprint import digest
from archive.steps import Piece

DRIFTS = (
    "SELECT mark, since, until, articles, seen FROM template_lines "
    "WHERE site = ? AND mark IN (SELECT value FROM json_each(?))"
)
COLUMNS = "site, mark, what, line, articles, seen, since, until"
INSERT = f"INSERT INTO template_lines (id, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - names of this file


def drifts(connection: sqlite3.Connection, site: str, marks: Collection[int]) -> list[Drift]:
    """When the pieces with these marks came or went on many articles of the site."""
    return [Drift(*row) for row in connection.execute(DRIFTS, (site, json.dumps(list(marks))))]


def all_drifts(connection: sqlite3.Connection, site: str) -> list[Drift]:
    """All that is known of a site, in order of mark and time."""
    sql = "SELECT mark, since, until, articles, seen FROM template_lines WHERE site = ? ORDER BY mark, since"
    return [Drift(*row) for row in connection.execute(sql, (site,))]


def told(piece: Piece) -> str:
    """A piece in words: ``+`` what came, ``-`` what went, or both with an arrow between."""
    if piece.before and piece.after:
        return f"{piece.before} → {piece.after}"
    return f"+ {piece.after}" if piece.after else f"- {piece.before}"


def keep(connection: sqlite3.Connection, site: str, found: Iterable[Drift], by_mark: Mapping[int, Piece]) -> None:
    """Replace what is known of a site; ``by_mark`` has the piece behind each mark."""
    connection.execute("DELETE FROM template_lines WHERE site = ?", (site,))
    for each in found:
        piece = by_mark[each.mark]
        row = (site, each.mark, piece.what, told(piece), each.articles, each.seen, each.since, each.until)
        connection.execute(INSERT, (digest(row)[:16], *row))


def is_sealed_template_line(connection: sqlite3.Connection, identity: str) -> bool:
    """Whether the row of a line is as it was written: its id is a checksum of it."""
    row = connection.execute(f"SELECT {COLUMNS} FROM template_lines WHERE id = ?", (identity,)).fetchone()  # noqa: S608
    return row is not None and digest(row)[:16] == identity
