"""What SQLite itself can say of an archive: pages, schema, foreign keys, the search index."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from archive.errors import NewsmorgueError
from archive.lock import WriterLock
from archive.schema import statements

MOST_PROBLEMS = 200


def structure(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Damaged pages, missing or altered schema objects, dangling references, versions missing from the index."""
    for (line,) in connection.execute(f"PRAGMA integrity_check({MOST_PROBLEMS})"):
        if line != "ok":
            yield "file", line.replace("\n", " ")
    yield from _schema(connection)
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"{table} row {row}", f"refers to a row of {parent} that is not there"
    rows = connection.execute(
        "SELECT 'version ' || versions.id, 'is not in the search index' FROM versions "
        "LEFT JOIN versions_fts_docsize ON versions_fts_docsize.id = docid WHERE versions_fts_docsize.id IS NULL "
        "UNION ALL SELECT 'search index', 'has entry ' || versions_fts_docsize.id || ' of no version' "
        "FROM versions_fts_docsize LEFT JOIN versions ON docid = versions_fts_docsize.id WHERE docid IS NULL"
    )
    yield from rows


def _schema(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    query = "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
    with closing(sqlite3.connect(":memory:")) as fresh:
        for statement in statements():
            fresh.execute(statement)
        wanted = dict(fresh.execute(query))
    found = dict(connection.execute(query))
    for name, sql in wanted.items():
        if name not in found:
            yield name, "is missing"
        elif found[name] != sql:
            yield name, "is not as newsmorgue made it"


def writable_index(path: Path) -> Iterator[tuple[str, str]]:
    """Whether the search index agrees with the texts. SQLite checks it only on a connection that could write.

    So the writer's lock is held meanwhile. Left out where the file cannot be written or a run is writing; that every
    version has an entry was compared all the same.
    """
    lock = WriterLock(path)
    try:
        lock.acquire()
        with closing(sqlite3.connect(path, timeout=0.2, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                connection.execute("INSERT INTO versions_fts (versions_fts, rank) VALUES ('integrity-check', 1)")
            finally:
                connection.execute("ROLLBACK")
    except (NewsmorgueError, sqlite3.OperationalError):
        return
    except sqlite3.DatabaseError as error:
        yield "search index", f"does not agree with the texts: {error}"
    finally:
        lock.release()
