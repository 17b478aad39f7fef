"""Opening: what is not ours is left alone, one process writes, anyone reads."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.connection import SCHEMA_VERSION, to_newsmorgue_error
from archive.errors import (
    ArchiveBusy,
    ArchiveDamaged,
    ArchiveMissing,
    ForeignFile,
    NewerSchema,
    NewsmorgueError,
    UsageError,
)
from archive.records import Visit
from archive.store import Archive
from tests.privileges import unprivileged


@pytest.mark.parametrize("write", [False, True])
def test_a_missing_archive(path: Path, write: bool) -> None:
    with pytest.raises(ArchiveMissing, match="there is no archive at"):
        Archive.open(path, write=write)
    assert not path.exists()


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("contents", [b"", b"# Notes\n", b"SQLite format 3", b"\0" * 5000])
def test_a_file_that_is_no_archive_is_not_touched(path: Path, contents: bytes, write: bool) -> None:
    path.write_bytes(contents)
    with pytest.raises(ForeignFile):
        Archive.open(path, write=write)
    assert path.read_bytes() == contents


@pytest.mark.parametrize("journal", ["wal", "delete"])
@pytest.mark.parametrize("write", [False, True])
def test_the_database_of_another_program_is_not_touched(path: Path, journal: str, write: bool) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(ForeignFile, match="of another program"):
        Archive.open(path, write=write, create=write)
    assert path.read_bytes() == before
    assert {entry.name for entry in path.parent.iterdir()} <= {"news.db", "news.db.lock"}


@pytest.mark.parametrize("write", [False, True])
def test_a_newer_schema_is_not_touched(filled: Path, write: bool) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        connection.commit()
    before = filled.read_bytes()
    with pytest.raises(NewerSchema, match="upgrade newsmorgue"):
        Archive.open(filled, write=write)
    assert filled.read_bytes() == before


def test_an_archive_that_was_never_finished_is_finished_by_the_next_writer(path: Path) -> None:
    from archive.connection import create_file

    create_file(path)
    with pytest.raises(UsageError, match="older schema 0"):
        Archive.open(path)
    Archive.open(path, write=True).close()
    with Archive.open(path) as archive:
        assert archive.stats()["articles"] == 0


def test_an_empty_file_can_become_an_archive(path: Path) -> None:
    path.touch()
    Archive.open(path, write=True, create=True).close()
    Archive.open(path).close()


def test_only_the_owner_can_read_a_new_archive(path: Path) -> None:
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        assert {entry.stat().st_mode & 0o077 for entry in path.parent.iterdir()} == {0}


def test_a_new_archive_in_a_new_folder(tmp_path: Path) -> None:
    Archive.open(tmp_path / "a" / "b" / "news.db", write=True, create=True).close()
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot create"):
        Archive.open(tmp_path / "file" / "news.db", write=True, create=True)


def test_damaged_pages_are_told_as_damage(filled: Path) -> None:
    contents = bytearray(filled.read_bytes())
    contents[100:4096] = bytes(3996)
    filled.write_bytes(contents)
    with pytest.raises(ArchiveDamaged, match="newsmorgue verify"):
        Archive.open(filled)


def test_durable_settings(archive: Archive) -> None:
    asked = [
        archive.db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    assert asked == ["wal", 2, 1]


def test_a_second_writer_is_told_who_is_writing(archive: Archive, path: Path) -> None:
    held = json.loads(path.with_name("news.db.lock").read_text(encoding="utf-8"))
    opening = f"from archive.store import Archive; Archive.open({str(path)!r}, write=True)"
    other = subprocess.run([sys.executable, "-c", opening], capture_output=True, text=True, check=False)
    assert f"being written by process {os.getpid()} since {held['since']}" in other.stderr
    with pytest.raises(ArchiveBusy):
        Archive.open(path, write=True)


def test_the_lock_goes_with_its_process(path: Path) -> None:
    dying = (
        "import os\nfrom archive.store import Archive\n"
        f"Archive.open({str(path)!r}, write=True, create=True).begin_run('test')\nos._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", dying], check=False).returncode == 9
    with Archive.open(path, write=True) as archive:
        archive.begin_run("next")
        (broken,) = [run for run in archive.runs() if run["command"] == "test"]
        assert (broken["ended_at"], broken["exit_code"]) == (None, None)
        assert broken["manifest"]


def test_reading_beside_a_writer_sees_what_was_committed(
    archive: Archive, path: Path, seen: Callable[..., Visit]
) -> None:
    with Archive.open(path) as reader:
        archive.record(seen())
        assert list(reader.articles()) == []
        archive.commit()
        assert len(list(reader.articles())) == 1


def test_a_reader_cannot_write(filled: Path) -> None:
    with Archive.open(filled) as archive:
        with pytest.raises(UsageError, match="opened for reading"):
            archive.begin_run("test")
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            archive.db.execute("DELETE FROM versions")


@pytest.fixture
def read_only(filled: Path) -> Iterator[Path]:
    """An archive in a folder that cannot be written, below folders that anyone may pass."""
    for folder in filled.parents:
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    filled.chmod(0o444)
    filled.parent.chmod(0o555)
    yield filled
    filled.parent.chmod(0o700)


def test_reading_from_a_folder_that_cannot_be_written(read_only: Path) -> None:
    with unprivileged(), Archive.open(read_only) as archive:
        assert len(list(archive.articles())) == 2
        assert len(list(archive.search("berths"))) == 1


def test_writing_where_nothing_can_be_written(read_only: Path) -> None:
    with unprivileged(), pytest.raises(NewsmorgueError, match="cannot"):
        Archive.open(read_only, write=True)


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (sqlite3.SQLITE_CORRUPT, ArchiveDamaged, "damaged"),
        (sqlite3.SQLITE_NOTADB, ArchiveDamaged, "damaged"),
        (sqlite3.SQLITE_BUSY, ArchiveBusy, "locked"),
        (sqlite3.SQLITE_FULL, NewsmorgueError, "no space left"),
        (sqlite3.SQLITE_READONLY_DBMOVED, UsageError, "cannot open or write"),
        (sqlite3.SQLITE_IOERR_WRITE, NewsmorgueError, "is the disk full, or failing?"),
        (sqlite3.SQLITE_ERROR, NewsmorgueError, "news.db: "),
    ],
)
def test_what_sqlite_says_in_words_for_people(code: int, kind: type[NewsmorgueError], words: str) -> None:
    error = sqlite3.OperationalError("it went wrong")
    error.sqlite_errorcode = code
    told = to_newsmorgue_error(error, "news.db")
    assert type(told) is kind
    assert words in str(told)
