"""A copy of an archive that is whole, made while others read and write it."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from archive.connection import open_reading, translated
from archive.errors import ArchiveDamaged, ArchiveMissing, ForeignFile, UsageError
from archive.salvage import Salvaged, salvage
from archive.verify import verify

PAGES_A_STEP = 4096  # 16 MiB: between steps a writer may go on


def backup(source: Path, destination: Path) -> int:
    """Copy ``source`` to ``destination``, check the copy, and return its size in bytes.

    The copy appears under its name only once it is whole. Raises ``UsageError`` where it cannot be written or is
    already there, and ``ArchiveDamaged`` naming the first thing that is wrong with it.
    """
    with _partial(source, destination) as partial:
        _copy(source, partial)
        if damage := next(verify(partial), None):
            raise ArchiveDamaged(
                f"the copy of {source} does not check out: {damage.object} {damage.problem}; "
                "`newsmorgue backup --salvage` keeps what is undamaged"
            )
    return _named(source, destination).stat().st_size


def salvaged(source: Path, destination: Path) -> Salvaged:
    """Write what is undamaged in ``source`` to a new archive, deeply checked, and return what was saved and lost.

    Raises ``UsageError`` as ``backup`` does, ``ArchiveMissing``, and ``ForeignFile`` where nothing in the file is an
    archive's.
    """
    if not source.is_file():
        raise ArchiveMissing(f"there is no archive at {source}")
    with _partial(source, destination) as partial:
        saved = salvage(source, partial)
        if not any(saved.kept.values()):
            raise ForeignFile(f"{source} holds nothing that a newsmorgue archive does")
        _single(partial)
        if damage := next(verify(partial, deep=True), None):
            raise ArchiveDamaged(f"what was saved of {source} does not check out: {damage.object} {damage.problem}")
    return saved


def _named(source: Path, destination: Path) -> Path:
    return destination / source.name if destination.is_dir() else destination


@contextmanager
def _partial(source: Path, destination: Path) -> Iterator[Path]:
    """A file to write to, which is renamed to the destination if all goes well, else removed."""
    destination = _named(source, destination)
    if destination.exists():
        raise UsageError(f"{destination} is already there; a backup never overwrites")
    partial = destination.with_name(destination.name + ".partial")
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600))
    except OSError as error:
        raise UsageError(f"cannot write {partial}: {error.strerror or error}") from None
    try:
        yield partial
        partial.rename(destination)
    finally:
        for left in ("", "-wal", "-shm", ".lock"):
            partial.with_name(partial.name + left).unlink(missing_ok=True)


def _copy(source: Path, partial: Path) -> None:
    with closing(open_reading(source)) as reading, translated(partial):
        reading.execute("BEGIN")  # hold one state of the file, or each commit of a writer would start the copy anew
        reading.execute("SELECT 1 FROM runs LIMIT 1").fetchone()
        with closing(sqlite3.connect(partial)) as writing:
            reading.backup(writing, pages=PAGES_A_STEP, sleep=0.01)
    _single(partial)


def _single(partial: Path) -> None:
    """See that the copy is this one file, and on the disk."""
    with translated(partial), closing(sqlite3.connect(partial)) as writing:
        writing.execute("PRAGMA journal_mode = delete")
    descriptor = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
