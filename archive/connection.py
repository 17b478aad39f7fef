"""Opening an archive's file: what is checked before it is touched, and how SQLite's errors read to a user."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from archive.errors import (
    ArchiveBusy,
    ArchiveDamaged,
    ArchiveMissing,
    ForeignFile,
    NewerSchema,
    NewsmorgueError,
    UsageError,
)

APPLICATION_ID = 0x6E6D6F72  # "nmor", in the SQLite header, so that a foreign file is known before it is touched
SCHEMA_VERSION = 1  # PRAGMA user_version of the newest step in archive/migrations.py
MAGIC = b"SQLite format 3\0"
BUSY_SECONDS = 10.0  # another program may be writing by hand; a run waits for it this long
DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
FORBIDDEN = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH})


def to_newsmorgue_error(error: sqlite3.Error, path: Path | str) -> NewsmorgueError:
    """What ``error`` means for the person who runs newsmorgue, in one line."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in DAMAGE:
        return ArchiveDamaged(f"{path} is damaged ({error}); `newsmorgue verify` names what is hurt")
    if code in BUSY:
        return ArchiveBusy(f"{path} is locked by another program")
    if code == sqlite3.SQLITE_FULL:
        return NewsmorgueError(f"no space left for {path}; everything committed so far is kept")
    if code == sqlite3.SQLITE_IOERR:
        return NewsmorgueError(f"cannot read or write {path} ({error}): is the disk full, or failing?")
    if code in FORBIDDEN:
        return UsageError(f"cannot open or write {path}: {error}")
    return NewsmorgueError(f"{path}: {error}")


@contextmanager
def translated(path: Path | str) -> Iterator[None]:
    """Turn SQLite's errors in the block into newsmorgue's."""
    try:
        yield
    except sqlite3.Error as error:
        raise to_newsmorgue_error(error, path) from error


def _header(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(100)
    except FileNotFoundError:
        raise ArchiveMissing(f"there is no archive at {path}; `newsmorgue crawl` makes one") from None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None


def check_file(path: Path) -> None:
    """Look at the first bytes of the file, without SQLite, so that what is not ours stays as it was.

    Raises ``ArchiveMissing``, ``ForeignFile``, ``NewerSchema``, or ``UsageError`` for what cannot be read.
    """
    header = _header(path)
    if not header.startswith(MAGIC):
        raise ForeignFile(f"{path} is not a newsmorgue archive: " + ("it is empty" if not header else "not SQLite"))
    if int.from_bytes(header[68:72]) != APPLICATION_ID:
        raise ForeignFile(f"{path} is an SQLite file of another program, not a newsmorgue archive")
    check_version(int.from_bytes(header[60:64]), path)


def check_version(version: int, path: Path) -> None:
    """Raise ``NewerSchema`` if ``version`` is above what this newsmorgue knows."""
    if version > SCHEMA_VERSION:
        raise NewerSchema(
            f"{path} has schema {version}, this newsmorgue knows up to {SCHEMA_VERSION}: upgrade newsmorgue to open it"
        )


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether the schema is the newest, and every step to it is noted; each step raises the version by one."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != SCHEMA_VERSION:
        return False
    noted = connection.execute("SELECT count(DISTINCT detail) FROM events WHERE kind = 'migration'").fetchone()[0]
    return bool(noted >= version)


def _uri(path: Path, query: str) -> str:
    return f"file:{quote(str(path.absolute()))}?{query}"


def _usable(uri: str, *, any_thread: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=BUSY_SECONDS,
        cached_statements=256,
        isolation_level=None,
        check_same_thread=not any_thread,
    )
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_reading(path: Path, *, any_thread: bool = False) -> sqlite3.Connection:
    """A connection that cannot write, also beside a running writer and from a read-only directory.

    With ``any_thread`` one thread may close what another has opened.
    """
    check_file(path)
    with translated(path):
        try:
            connection = _usable(_uri(path, "mode=ro"), any_thread=any_thread)
        except sqlite3.OperationalError:
            # WAL needs a -shm beside the file. Where none can be made and no -wal was left, nothing can change.
            wal = path.with_name(path.name + "-wal")
            if wal.exists() and wal.stat().st_size:
                raise
            connection = _usable(_uri(path, "mode=ro&immutable=1"), any_thread=any_thread)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    check_version(version, path)
    if version < SCHEMA_VERSION:
        connection.close()
        raise UsageError(f"{path} has the older schema {version}; the next `newsmorgue crawl` brings it up to date")
    connection.execute("PRAGMA query_only = on")
    return connection


def _is_new(path: Path) -> bool:
    return not path.exists() or path.stat().st_size == 0


def prepare(path: Path, *, create: bool) -> None:
    """Before the lock is taken beside it: see that ``path`` is ours, or that its folder is there to make it in."""
    if not (create and _is_new(path)):
        check_file(path)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot create {path.parent}: {error.strerror or error}") from None


def create_file(path: Path) -> None:
    """Make an empty archive that only its owner can read. Raises ``UsageError`` where that cannot be done."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise UsageError(f"cannot create {path}: {error.strerror or error}") from None
    with translated(path), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA auto_vacuum = none")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def open_writing(path: Path, *, create: bool) -> sqlite3.Connection:
    """A connection for the one writer: WAL, a full sync at each commit, foreign keys enforced."""
    if create and _is_new(path):
        create_file(path)
    check_file(path)
    with translated(path):
        connection = _usable(_uri(path, "mode=rw"))
        check_version(connection.execute("PRAGMA user_version").fetchone()[0], path)
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA synchronous = full")
        connection.execute("PRAGMA foreign_keys = on")
        connection.execute("PRAGMA cache_size = -32768")  # 32 MiB
        connection.execute("PRAGMA journal_size_limit = 67108864")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")  # pages: those that each commit changes go over once
    return connection
