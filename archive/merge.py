"""The facts of one archive taken into another: bodies, runs, captures, events, and what is known of addresses.

Ids derive from content, so that nothing can conflict: what both have is one, whichever came first. A capture that runs
of several archives brought belongs to the one with the least id, and the others keep it in ``run_captures``, so that
the manifest of each still holds. Bodies are taken first, with commits; then everything that names them at once.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from archive import captures, runs, site_lines
from archive.bodies import LOST, MOST_STEPS, Bodies, Packed, compress
from archive.connection import open_reading, translated
from archive.errors import ArchiveDamaged, UsageError
from archive.frontier_merge import take_frontier
from archive.progress import Show, silent
from archive.store import Archive

CHUNK = 500  # rows that are looked up or written at once
BODIES_A_COMMIT = 2000
RUNS = (
    "INSERT INTO runs (id, command, arguments, agent, started_at, ended_at, exit_code, counts, after_id, manifest) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, "
    "exit_code = excluded.exit_code, counts = excluded.counts, after_id = excluded.after_id, "
    "manifest = excluded.manifest WHERE runs.manifest IS NULL"
)
WHOLE = {"bodies": f" AND encoding <> '{LOST}'"}  # a body that was lost is as good as not there
ALSO = "INSERT OR IGNORE INTO run_captures (run_id, capture_id) VALUES (?, ?)"
Item = TypeVar("Item")


@dataclass(slots=True)
class Taken:
    """What came from one source that was not there before."""

    bodies: int = 0
    captures: int = 0
    readings: int = 0

    def __bool__(self) -> bool:
        return bool(self.bodies or self.captures or self.readings)


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """``items`` in lists of at most ``size``."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


@contextmanager
def open_source(path: Path, destination: Path) -> Iterator[sqlite3.Connection]:
    """The archive at ``path`` in one state throughout, whatever is written to it meanwhile.

    Raises ``UsageError`` if it is the destination itself, and what ``open_reading`` raises.
    """
    if destination.exists() and path.exists() and path.samefile(destination):
        raise UsageError(f"{path} cannot be merged into itself")
    with closing(open_reading(path)) as connection, translated(path):
        connection.execute("BEGIN")
        connection.execute("SELECT 1 FROM runs LIMIT 1").fetchone()
        yield connection


def has_news(archive: Archive, source: sqlite3.Connection) -> bool:
    """Whether the source has a body, a capture or the reading of one that the archive has not."""
    return any(
        next(missing(archive.connection, source, table, column), None)
        for table, column in (("captures", "id"), ("readings", "capture_id"), ("bodies", "id"))
    )


def missing(here: sqlite3.Connection, source: sqlite3.Connection, table: str, column: str = "id") -> Iterator[str]:
    """The ids of a table's rows in the source that are not ``here``."""
    order = "depth" if table == "bodies" else column
    whole = WHOLE.get(table, "")
    every = source.execute(f"SELECT {column} FROM {table} WHERE true{whole} ORDER BY {order}")  # noqa: S608 - these names
    for chunk in chunks(row[0] for row in every):
        yield from absent(here, table, column, chunk)


def absent(here: sqlite3.Connection, table: str, column: str, ids: Sequence[str]) -> list[str]:
    """Those of ``ids`` that the table has no row of, in their order."""
    known = here.execute(
        f"SELECT {column} FROM {table} WHERE {column} IN (SELECT value FROM json_each(?)){WHOLE.get(table, '')}",  # noqa: S608
        (json.dumps(ids),),
    )
    found = {row[0] for row in known}
    return [each for each in ids if each not in found]


def take_facts(archive: Archive, source: sqlite3.Connection, show: Show = silent) -> Taken:
    """Add every fact of the source that the archive has not, and what it knows of addresses and of sites."""
    taken = Taken(bodies=_take_bodies(archive, source, show))
    show("captures", 0, None)
    with translated(archive.path):
        _take_runs(archive.connection, source)
        taken.captures = _take_captures(archive.connection, source)
        _take_events(archive.connection, source)
        take_frontier(archive.connection, source)
        site_lines.take(archive.connection, source)
    archive.commit()
    return taken


def _take_bodies(archive: Archive, source: sqlite3.Connection, show: Show) -> int:
    """Those that are missing, each after its base; every one is decoded and checked on the way."""
    theirs, count = Bodies(source), 0
    for chunk in chunks(missing(archive.connection, source, "bodies")):
        for body_id in chunk:
            data = theirs.get(body_id)
            size, encoding, base_id, stored = source.execute(
                "SELECT size, encoding, base_id, data FROM bodies WHERE id = ?", (body_id,)
            ).fetchone()
            with translated(archive.path):
                packed = _packed(archive.connection, data, base_id, stored)
                archive.bodies.insert(body_id, size, encoding, packed)
            count += 1
            show("new bodies", count, None)
            if count % BODIES_A_COMMIT == 0:
                archive.commit()
    # What the source has lost and this archive never had: so that its captures can be kept, and another can bring it.
    archive.connection.executemany(
        "INSERT OR IGNORE INTO bodies (id, size, encoding, data) VALUES (?, ?, ?, x'')",
        source.execute("SELECT id, size, encoding FROM bodies WHERE encoding = ?", (LOST,)),
    )
    archive.commit()
    return count


def _packed(connection: sqlite3.Connection, data: bytes, base_id: str | None, stored: bytes) -> Packed:
    """A body as the source has it, or without its base where that one stands higher here than there."""
    if base_id is None:
        return Packed(stored)
    (depth,) = connection.execute("SELECT depth FROM bodies WHERE id = ?", (base_id,)).fetchone()
    return Packed(stored, base_id, depth + 1) if depth < MOST_STEPS else Packed(compress(data))


def _take_runs(connection: sqlite3.Connection, source: sqlite3.Connection) -> None:
    connection.execute("PRAGMA defer_foreign_keys = on")  # a run may stand before the one that it came after
    rows = source.execute(
        "SELECT id, command, arguments, agent, started_at, ended_at, exit_code, counts, after_id, manifest FROM runs"
    ).fetchall()
    connection.executemany(RUNS, rows)
    for row in rows:
        if row[-1] is None:
            runs.leave_open(connection, row[0])


def _take_captures(connection: sqlite3.Connection, source: sqlite3.Connection) -> int:
    cursor = source.execute("SELECT * FROM captures")
    names = [column[0] for column in cursor.description]
    insert = f"INSERT INTO captures ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
    count = 0
    for chunk in chunks(cursor):
        fresh, double = _apart(connection, [dict(zip(names, row, strict=True)) for row in chunk])
        _check(fresh)
        connection.executemany(insert, [tuple(row.values()) for row in fresh])
        for capture_id, run_id in double:
            _share(connection, capture_id, run_id)
        count += len(fresh)
    connection.executemany(ALSO, source.execute("SELECT run_id, capture_id FROM run_captures"))
    connection.execute(
        "DELETE FROM run_captures WHERE run_id = (SELECT run_id FROM captures WHERE id = run_captures.capture_id)"
    )
    return count


def _check(rows: Iterable[Mapping[str, Any]]) -> None:
    """See that captures are what their ids say, so that no damage is spread."""
    for row in rows:
        if captures.id_of(tuple(row[name] for name in captures.COLUMNS)) != row["id"]:
            raise ArchiveDamaged(
                f"capture {row['id']} was altered in the archive that it came from; nothing of it was merged: "
                "`newsmorgue backup --salvage` leaves out what is damaged"
            )


def _apart(
    connection: sqlite3.Connection, rows: Sequence[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """The rows that are new, and capture and run of those that another run had brought."""
    known = dict(
        connection.execute(
            "SELECT id, run_id FROM captures WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([row["id"] for row in rows]),),
        ).fetchall()
    )
    fresh = [row for row in rows if row["id"] not in known]
    return fresh, [(row["id"], row["run_id"]) for row in rows if known.get(row["id"], row["run_id"]) != row["run_id"]]


def _share(connection: sqlite3.Connection, capture_id: str, run_id: str) -> None:
    """Give a capture to the least of its runs; the others keep it in ``run_captures``."""
    (holder,) = connection.execute("SELECT run_id FROM captures WHERE id = ?", (capture_id,)).fetchone()
    connection.execute(ALSO, (max(holder, run_id), capture_id))
    if run_id < holder:
        connection.execute("UPDATE captures SET run_id = ? WHERE id = ?", (run_id, capture_id))


def _take_events(connection: sqlite3.Connection, source: sqlite3.Connection) -> None:
    rows = source.execute("SELECT id, occurred_at, kind, agent, outcome, run_id, detail FROM events")
    connection.executemany("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
