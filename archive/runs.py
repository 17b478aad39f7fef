"""Runs: who wrote when, with what outcome, sealed by a manifest over the captures that chains to the run before."""

import hashlib
import json
import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from archive.fingerprint import short_id
from archive.times import now

CAPTURES = "SELECT id FROM captures WHERE run_id = ? UNION ALL SELECT capture_id FROM run_captures WHERE run_id = ?"
# Runs that a merge brought while they were open, or broken off, where they came from: that archive seals them.
FOREIGN = "SELECT run_id FROM events WHERE kind = 'merge' AND outcome = 'open' AND run_id IS NOT NULL"


def agent() -> str:
    """The software that writes, with its version."""
    try:
        number = version("newsmorgue")
    except PackageNotFoundError:
        number = "0"
    return f"newsmorgue {number} (Python {platform.python_version()}, SQLite {sqlite3.sqlite_version})"


def manifest_of(before: str | None, row: str, capture_ids: Iterable[str]) -> str:
    """SHA-256 over the manifest of the run before, this run's row and the sorted ids of its captures, a line each."""
    return hashlib.sha256("\n".join([before or "", row, *sorted(capture_ids)]).encode()).hexdigest()


def manifest_for(connection: sqlite3.Connection, run_id: str, after_id: str | None) -> str:
    """The manifest that a run ought to have, if it came after that other."""
    before = connection.execute("SELECT manifest FROM runs WHERE id = ?", (after_id,)).fetchone()
    row = connection.execute(
        "SELECT id, command, arguments, agent, started_at, ended_at, exit_code, counts FROM runs WHERE id = ?",
        (run_id,),
    ).fetchone()
    ids = (capture_id for (capture_id,) in connection.execute(CAPTURES, (run_id, run_id)))
    return manifest_of(before[0] if before else None, json.dumps(row), ids)


def begin(connection: sqlite3.Connection, command: str, arguments: Sequence[str]) -> str:
    """Open a run and return its id; runs that a crash left open are sealed first."""
    broken = f"SELECT id FROM runs WHERE manifest IS NULL AND id NOT IN ({FOREIGN}) ORDER BY rowid"  # noqa: S608
    for (run_id,) in connection.execute(broken).fetchall():
        seal(connection, run_id)
        log(connection, "interruption", "sealed", run_id, "the run was still open when the next one began")
    started_at = now()
    run_id = short_id(command, started_at, os.urandom(8).hex())
    connection.execute(
        "INSERT INTO runs (id, command, arguments, agent, started_at) VALUES (?, ?, ?, ?, ?)",
        (run_id, command, json.dumps(list(arguments), ensure_ascii=False), agent(), started_at),
    )
    return run_id


def end(connection: sqlite3.Connection, run_id: str, counts: Mapping[str, int], exit_code: int) -> None:
    """Close a run with what it did; ``counts`` are any numbers by name."""
    connection.execute(
        "UPDATE runs SET ended_at = ?, exit_code = ?, counts = ? WHERE id = ?",
        (now(), exit_code, json.dumps(dict(counts), ensure_ascii=False), run_id),
    )
    seal(connection, run_id)


def seal(connection: sqlite3.Connection, run_id: str) -> None:
    """Write a run's manifest. A run without ``ended_at`` was interrupted and stays so."""
    before = connection.execute(
        "SELECT id FROM runs WHERE manifest IS NOT NULL "
        "AND id NOT IN (SELECT after_id FROM runs WHERE after_id IS NOT NULL) ORDER BY rowid DESC LIMIT 1"
    ).fetchone()
    after_id = before[0] if before else None
    manifest = manifest_for(connection, run_id, after_id)
    connection.execute("UPDATE runs SET after_id = ?, manifest = ? WHERE id = ?", (after_id, manifest, run_id))


def leave_open(connection: sqlite3.Connection, run_id: str) -> None:
    """Note that a run is another archive's to seal; a later merge brings its end."""
    known = connection.execute(f"SELECT 1 FROM ({FOREIGN}) WHERE run_id = ?", (run_id,)).fetchone()  # noqa: S608
    if known is None and connection.execute("SELECT manifest FROM runs WHERE id = ?", (run_id,)).fetchone() == (None,):
        log(connection, "merge", "open", run_id, "the run was not at its end in the archive that it came from")


def log(connection: sqlite3.Connection, kind: str, outcome: str, run_id: str | None, detail: str | None) -> None:
    """Note an event: a migration, an interruption, a fixity check."""
    occurred_at = now()
    connection.execute(
        "INSERT OR IGNORE INTO events (id, occurred_at, kind, agent, outcome, run_id, detail) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            short_id(occurred_at, kind, outcome, run_id or "", detail or ""),
            occurred_at,
            kind,
            agent(),
            outcome,
            run_id,
            detail,
        ),
    )
