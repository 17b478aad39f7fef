"""A copy of an archive that is whole, made while others read and write it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from archive.connection import open_reading, translated
from archive.errors import ArchiveDamaged, UsageError
from archive.verify import verify

PAGES_A_STEP = 4096  # 16 MiB: between steps a writer may go on


def backup(source: Path, destination: Path) -> int:
    """Copy ``source`` to ``destination``, check the copy, and return its size in bytes.

    The copy appears under its name only once it is whole. Raises ``UsageError`` where it cannot be written or is
    already there, and ``ArchiveDamaged`` naming the first thing that is wrong with it.
    """
    if destination.is_dir():
        destination /= source.name
    if destination.exists():
        raise UsageError(f"{destination} is already there; a backup never overwrites")
    partial = destination.with_name(destination.name + ".partial")
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600))
    except OSError as error:
        raise UsageError(f"cannot write {partial}: {error.strerror or error}") from None
    try:
        _copy(source, partial)
        if damage := next(verify(partial), None):
            raise ArchiveDamaged(f"the copy of {source} does not check out: {damage.object} {damage.problem}")
        partial.rename(destination)
    finally:
        for left in ("", "-wal", "-shm", ".lock"):
            partial.with_name(partial.name + left).unlink(missing_ok=True)
    return destination.stat().st_size


def _copy(source: Path, partial: Path) -> None:
    with closing(open_reading(source)) as reading, translated(partial):
        reading.execute("BEGIN")  # hold one state of the file, or each commit of a writer would start the copy anew
        reading.execute("SELECT 1 FROM runs LIMIT 1").fetchone()
        with closing(sqlite3.connect(partial)) as writing:
            reading.backup(writing, pages=PAGES_A_STEP, sleep=0.01)
            writing.execute("PRAGMA journal_mode = delete")  # so that the copy is this one file
        descriptor = os.open(partial, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
