"""A whole archive out of a damaged one: every fact that can still be proved, every article that is undamaged.

Facts prove themselves: a capture by its id, a body by its SHA-256, an event by its id. Of the readings those of an
article are kept together or not at all, and only where its versions are what its readings say. What was lost is noted
in ``events``: bodies (their captures stay), captures of a run, and articles, which ``newsmorgue rebuild`` makes again
where their pages are there.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from archive import captures, readings, runs
from archive.bodies import LOST, Bodies
from archive.connection import open_writing, translated
from archive.copies import learn_copies
from archive.errors import ArchiveDamaged
from archive.migrations import migrate
from archive.raw_pages import RawFile, Value
from archive.site_lines import digest_of_lines, is_sealed_line
from archive.template_lines import is_sealed_template_line
from archive.verify import UNREADABLE, article_problem, event_problem
from archive.verify_readings import entry_problem

HEX = {"runs": 16, "bodies": 64, "captures": 32, "events": 16, "articles": 16, "versions": 16, "readings": 32}
TYPES: dict[str, tuple[type, ...]] = {"TEXT": (str,), "INTEGER": (int,), "REAL": (float, int), "BLOB": (bytes,)}
Columns = list[tuple[str, str, bool, bool]]  # name, type, may be NULL, is the rowid


@dataclass(slots=True)
class Salvaged:
    """What was saved, by table, and what was not."""

    kept: dict[str, int] = field(default_factory=dict)
    lost_bodies: list[str] = field(default_factory=list)
    broken_runs: list[str] = field(default_factory=list)
    dropped_articles: list[str] = field(default_factory=list)


def salvage(damaged: Path, destination: Path) -> Salvaged:
    """Write what is undamaged in the file ``damaged`` to a new archive at ``destination``, which verifies."""
    with translated(destination), closing(open_writing(destination, create=True)) as connection:
        migrate(connection)
        connection.execute("PRAGMA foreign_keys = off")
        connection.execute("BEGIN IMMEDIATE")
        _take_rows(connection, RawFile(damaged))
        saved = Salvaged()
        _prove_facts(connection, saved)
        _prove_readings(connection, saved)
        _note(connection, saved)
        connection.execute("COMMIT")
        saved.kept = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - these names
            for table in ("runs", "captures", "bodies", "articles", "versions")
        }
    return saved


def _tables(connection: sqlite3.Connection) -> dict[str, Columns]:
    """The columns of every table that is the archive's own."""
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%' AND name NOT LIKE '%sqlite%'"
    ).fetchall()
    return {
        name: [
            (column, kind, not required and not key, key > 0 and kind == "INTEGER")
            for _, column, kind, required, _, key in connection.execute(f"PRAGMA table_info({name})")
        ]
        for (name,) in names
    }


def _take_rows(connection: sqlite3.Connection, file: RawFile) -> None:
    """Insert each row of the file into the table whose columns it fits."""
    tables = _tables(connection)
    by_width: dict[int, list[str]] = {}
    for name, columns in tables.items():
        by_width.setdefault(len(columns), []).append(name)
    for rowid, values in file.rows():
        for name in by_width.get(len(values), ()):
            row = _fitting(name, tables[name], rowid, values)
            if row is not None:
                connection.execute(_insert(name, len(row)), row)
                break


def _insert(table: str, width: int) -> str:
    what = "REPLACE" if table == "runs" else "IGNORE"  # a run's row is written when it begins, and again when it ends
    return f"INSERT OR {what} INTO {table} VALUES ({', '.join('?' * width)})"  # noqa: S608 - names of the schema


def _fitting(table: str, columns: Columns, rowid: int | None, values: tuple[Value, ...]) -> list[Value] | None:
    """The row for the table, or ``None`` where it cannot be one of it."""
    row: list[Value] = []
    for (_, kind, may_be_null, is_rowid), value in zip(columns, values, strict=True):
        if is_rowid and value is None and rowid is not None:
            row.append(rowid)
        elif (value is None and may_be_null) or isinstance(value, TYPES[kind]):
            row.append(value)
        else:
            return None
    digits = HEX.get(table)
    if digits and not (isinstance(row[0], str) and re.fullmatch(f"[0-9a-f]{{{digits}}}", row[0])):
        return None
    if table == "run_captures" and (len(str(row[0])), len(str(row[1]))) != (16, 32):
        return None
    return row


def _prove_facts(connection: sqlite3.Connection, saved: Salvaged) -> None:
    _drop(connection, "captures", _false(connection, "captures", _capture_holds))
    _drop(connection, "events", _false(connection, "events", lambda db, each: event_problem(db, each) is None))
    bodies = Bodies(connection)
    saved.lost_bodies += _false(connection, "bodies", lambda _, each: len(bodies.get(each)) >= 0)
    missing = connection.execute(
        "SELECT body_id FROM captures WHERE body_id NOT IN (SELECT id FROM bodies) "
        "UNION SELECT rendered_id FROM captures WHERE rendered_id NOT IN (SELECT id FROM bodies)"
    )
    saved.lost_bodies += [body_id for (body_id,) in missing]
    connection.executemany(
        "INSERT INTO bodies (id, size, encoding, data) VALUES (?, 0, ?, x'') ON CONFLICT (id) DO UPDATE "
        "SET encoding = excluded.encoding, base_id = NULL, depth = 0, data = excluded.data",
        [(body_id, LOST) for body_id in saved.lost_bodies],
    )
    connection.execute("DELETE FROM run_captures WHERE capture_id NOT IN (SELECT id FROM captures)")
    connection.execute(
        "INSERT INTO runs (id, command, agent, started_at) SELECT run_id, 'lost', '', min(fetched_at) FROM captures "
        "WHERE run_id NOT IN (SELECT id FROM runs) GROUP BY run_id"
    )
    connection.execute(
        "INSERT OR IGNORE INTO runs (id, command, agent, started_at) SELECT after_id, 'lost', '', started_at FROM runs "
        "WHERE after_id NOT IN (SELECT id FROM runs)"
    )
    connection.execute("DELETE FROM run_captures WHERE run_id NOT IN (SELECT id FROM runs)")
    connection.execute("DELETE FROM events WHERE run_id NOT IN (SELECT id FROM runs)")
    saved.broken_runs += _false(connection, "runs", _run_holds)


def _capture_holds(connection: sqlite3.Connection, capture_id: str) -> bool:
    capture = captures.load(connection, capture_id)
    return capture is not None and captures.id_of(captures.values_of(capture)) == capture_id


def _run_holds(connection: sqlite3.Connection, run_id: str) -> bool:
    manifest, after_id = connection.execute("SELECT manifest, after_id FROM runs WHERE id = ?", (run_id,)).fetchone()
    return manifest is not None and manifest == runs.manifest_for(connection, run_id, after_id)


def _false(connection: sqlite3.Connection, table: str, holds: Callable[[sqlite3.Connection, str], bool]) -> list[str]:
    """The ids of the table's rows that do not hold, or cannot be read."""
    found = []
    for (identity,) in connection.execute(f"SELECT id FROM {table} ORDER BY id").fetchall():  # noqa: S608 - these names
        try:
            if holds(connection, identity):
                continue
        except (ArchiveDamaged, *UNREADABLE):
            pass
        found.append(identity)
    return found


def _drop(connection: sqlite3.Connection, table: str, ids: Iterable[str]) -> None:
    connection.executemany(f"DELETE FROM {table} WHERE id = ?", ((each,) for each in ids))  # noqa: S608 - these names


def _prove_readings(connection: sqlite3.Connection, saved: Salvaged) -> None:
    connection.execute("DELETE FROM readings WHERE capture_id NOT IN (SELECT id FROM captures)")
    for (capture_id,) in connection.execute("SELECT capture_id FROM readings").fetchall():
        if not readings.is_sealed(connection, capture_id):
            connection.execute("DELETE FROM readings WHERE capture_id = ?", (capture_id,))
    _prove_learned(connection)
    named = connection.execute(
        "SELECT id FROM articles UNION SELECT article_id FROM versions UNION SELECT article_id FROM urls "
        "UNION SELECT article_id FROM readings WHERE article_id IS NOT NULL"
    ).fetchall()
    for (article_id,) in named:
        try:
            problem = article_problem(connection, article_id)
        except (ArchiveDamaged, *UNREADABLE) as error:
            problem = str(error)
        if problem:
            saved.dropped_articles.append(article_id)
            _forget_article(connection, article_id)
    _drop_dangling(connection)
    _compare_again(connection)


def _compare_again(connection: sqlite3.Connection) -> None:
    """Find the copies anew, if they had been looked for: rows so small cannot be told from those of an index."""
    (were_compared,) = connection.execute("SELECT count(*) FROM sketches").fetchone()
    for table in ("copies", "sketch_bands", "sketches"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - these names
    if were_compared:
        learn_copies(connection)


def _prove_learned(connection: sqlite3.Connection) -> None:
    """Keep what is undamaged of sites and addresses; of sites that lost something the next run learns again."""
    _drop(connection, "site_lines", _false(connection, "site_lines", is_sealed_line))
    _drop(connection, "template_lines", _false(connection, "template_lines", is_sealed_template_line))
    for (site,) in connection.execute("SELECT site FROM site_learning").fetchall():
        connection.execute(
            "UPDATE site_learning SET lines = NULL, pending = 1, visited = 1 WHERE site = ? AND lines <> ?",
            (site, digest_of_lines(connection, site)),
        )
    for url, *told in connection.execute("SELECT url, state, kind, outcome, visited_at FROM frontier").fetchall():
        if entry_problem(*told):
            connection.execute("DELETE FROM frontier WHERE url = ?", (url,))


def _drop_dangling(connection: sqlite3.Connection) -> None:
    """Take out every row that hangs on an article or a version that is gone."""
    for table, columns in _tables(connection).items():
        names = {name for name, *_ in columns}
        for column, parent in (("article_id", "articles"), ("copy_id", "articles"), ("version_id", "versions")):
            if column in names:
                connection.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM {parent})")  # noqa: S608


def _forget_article(connection: sqlite3.Connection, article_id: str) -> None:
    """Take out an article and its versions; what hangs on them follows, and its visits stay, unread."""
    for table, column in (("readings", "article_id"), ("versions", "article_id"), ("articles", "id")):
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (article_id,))  # noqa: S608 - these names


def _note(connection: sqlite3.Connection, saved: Salvaged) -> None:
    for body_id in saved.lost_bodies:
        runs.log(connection, "salvage", "body lost", None, body_id)
    for run_id in saved.broken_runs:
        runs.log(connection, "salvage", "captures lost", run_id, "its manifest cannot be shown to hold any more")
    for article_id in saved.dropped_articles:
        runs.log(connection, "salvage", "article dropped", None, article_id)
    runs.log(connection, "salvage", "done", None, None)
