"""Salvage: whatever is undamaged in a damaged file is kept, and what comes out is whole."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from archive.backup import salvaged
from archive.cli import main
from archive.digests import digests
from archive.errors import ForeignFile, UsageError
from archive.raw_pages import RawFile
from archive.records import Outcome, Visit
from archive.store import Archive
from archive.verify import verify
from tests.archive.pages import framed

PAGE = 4096
Seen = Callable[..., Visit]


@pytest.fixture
def large(path: Path, seen: Seen, other: Seen) -> Path:
    """An archive of two runs and 40 articles, half of them edited, one of them gone, in some 300 pages."""
    with Archive.open(path, write=True, create=True) as archive:
        for run in range(2):
            archive.begin_run("crawl")
            for number in range(40):
                if run and number % 2:
                    continue
                url = f"https://tidewater.example/{number}"
                text = "\n\n".join(f"{Random(9 * number + part).randbytes(90).hex()} and so on." for part in range(12))
                text += "\n\nAn edit." * run
                when = f"2026-01-0{1 + run}T{number % 24:02}:00:{number:02}.000Z"
                body = framed(1, number) + text.encode()
                archive.record(seen(when, text, asked=url, url=url, headline=f"Story {number}", body=body))
            archive.record(other(f"2026-01-0{8 + run}T00:00:00.000Z", Outcome.GONE, status=404))
            archive.end_run({}, 0)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def facts(path: Path) -> dict[str, set[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: set(connection.execute(f"SELECT {columns} FROM {table}"))
            for table, columns in (("runs", "*"), ("captures", "*"), ("bodies", "id, size"))
        }


def texts(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The versions of each article."""
    with closing(sqlite3.connect(path)) as connection:
        found: dict[str, list[tuple[object, ...]]] = {}
        for article_id, *rest in connection.execute(
            "SELECT article_id, number, text, seen_from, seen_to FROM versions ORDER BY 1, 2"
        ):
            found.setdefault(article_id, []).append(tuple(rest))
        return found


def undamaged(path: Path) -> set[str]:
    """Articles of which ``verify`` says nothing: neither of themselves nor of a version or a visit of theirs."""
    named = {damage.object for damage in verify(path, deep=True)}
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT article_id, 'version ' || id FROM versions "
            "UNION ALL SELECT article_id, 'capture ' || capture_id FROM readings WHERE article_id IS NOT NULL"
        ).fetchall()
    return {article for article, _ in rows} - {
        article for article, part in rows if {f"article {article}", part} & named
    }


def test_of_a_whole_archive_everything_is_kept(large: Path, tmp_path: Path) -> None:
    saved = salvaged(large, tmp_path / "saved.db")
    assert (saved.lost_bodies, saved.broken_runs, saved.dropped_articles) == ([], [], [])
    assert facts(tmp_path / "saved.db") == facts(large)
    with Archive.open(large) as before, Archive.open(tmp_path / "saved.db") as after:
        assert digests(after.connection) == digests(before.connection)
    assert list(verify(tmp_path / "saved.db", deep=True)) == []


def test_what_is_still_in_the_log_is_kept(large: Path, tmp_path: Path, seen: Seen) -> None:
    with Archive.open(large, write=True) as archive:
        archive.begin_run("crawl")
        archive.record(seen("2026-01-20T00:00:00.000Z", "Only in the log.", body=b"<p>Only in the log."))
        archive.end_run({}, 0)
        copy = tmp_path / "copy.db"
        for end in ("", "-wal"):
            shutil.copy(f"{large}{end}", f"{copy}{end}")
    assert (tmp_path / "copy.db-wal").stat().st_size
    salvaged(copy, tmp_path / "saved.db")
    assert facts(tmp_path / "saved.db") == facts(large)
    assert any("Only in the log." in str(rows) for rows in texts(tmp_path / "saved.db").values())


def named_on(path: Path, pages: bytes) -> set[str]:
    """The articles whose ids, or those of their versions or visits, stand on these pages."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT id, id FROM articles UNION SELECT article_id, id FROM versions "
            "UNION SELECT article_id, capture_id FROM readings WHERE article_id IS NOT NULL"
        ).fetchall()
    return {article_id for article_id, own_id in rows if own_id.encode() in pages}


@pytest.mark.parametrize("seed", range(10))
def test_pages_overwritten_at_random_places(large: Path, tmp_path: Path, seed: int) -> None:
    before, contents, chance = texts(large), bytearray(large.read_bytes()), Random(seed)
    places = [place * PAGE for place in chance.sample(range(len(contents) // PAGE), 1 + seed % 5)]
    named = named_on(large, b"".join(contents[place : place + PAGE] for place in places))
    for place in places:
        contents[place : place + PAGE] = chance.randbytes(PAGE)
    large.write_bytes(contents)
    saved = salvaged(large, tmp_path / "saved.db")
    after = texts(tmp_path / "saved.db")
    assert list(verify(tmp_path / "saved.db", deep=True)) == []
    assert all(before[article_id] == rows for article_id, rows in after.items())
    assert len(after) >= len(before.keys() - named) - 12 * (1 + seed % 5)
    assert set(after).isdisjoint(saved.dropped_articles)


@pytest.mark.parametrize("seed", range(6))
def test_every_undamaged_article_is_kept(large: Path, tmp_path: Path, seed: int) -> None:
    contents, chance = bytearray(large.read_bytes()), Random(seed)
    leaves = [n for n in range(1, len(contents) // PAGE) if contents[n * PAGE] == 0x0D]
    for page in chance.sample(leaves, 2):
        contents[page * PAGE + 2000 : page * PAGE + 2100] = chance.randbytes(100)
    large.write_bytes(contents)
    whole = undamaged(large)
    salvaged(large, tmp_path / "saved.db")
    assert whole <= set(texts(tmp_path / "saved.db"))


@pytest.mark.parametrize("lost", [range(PAGE), range(100), range(PAGE * 3)])
def test_without_its_first_pages(large: Path, tmp_path: Path, lost: range) -> None:
    before, contents = texts(large), bytearray(large.read_bytes())
    contents[lost.start : lost.stop] = bytes(len(lost))
    large.write_bytes(contents)
    salvaged(large, tmp_path / "saved.db")
    assert texts(tmp_path / "saved.db") == before


def test_a_lost_page_is_told_and_the_article_that_was_read_from_it_stays(large: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(large)) as connection:
        (body_id,) = connection.execute("SELECT id FROM bodies ORDER BY depth DESC LIMIT 1").fetchone()
        connection.execute("UPDATE bodies SET data = x'0011' WHERE id = ?", (body_id,))
        connection.commit()
    before = texts(large)
    done = CliRunner().invoke(main, ["backup", "--salvage", str(tmp_path / "saved.db"), "--archive", str(large)])
    assert done.exit_code == 3, done.output
    assert "1 bodies could not be saved" in done.stderr
    assert texts(tmp_path / "saved.db") == before
    assert list(verify(tmp_path / "saved.db", deep=True)) == []
    with Archive.open(tmp_path / "saved.db") as archive:
        events = archive.connection.execute("SELECT outcome, detail FROM events WHERE kind = 'salvage'").fetchall()
    assert ("body lost", body_id) in events


def test_a_torn_end(large: Path, tmp_path: Path) -> None:
    contents = large.read_bytes()
    large.write_bytes(contents[: len(contents) * 2 // 3 + 100])
    salvaged(large, tmp_path / "saved.db")
    assert list(verify(tmp_path / "saved.db", deep=True)) == []
    assert facts(tmp_path / "saved.db")["captures"]


def test_what_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(Random(1).randbytes(50_000))
    with pytest.raises(ForeignFile):
        salvaged(tmp_path / "notes.txt", tmp_path / "saved.db")
    assert [entry.name for entry in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(UsageError, match="never overwrites"):
        salvaged(tmp_path / "notes.txt", tmp_path / "notes.txt")
    with pytest.raises(UsageError, match="no archive"):
        salvaged(tmp_path / "none.db", tmp_path / "saved.db")


@pytest.mark.parametrize("seed", range(4))
def test_no_bytes_upset_it(large: Path, seed: int) -> None:
    contents, chance = bytearray(large.read_bytes()), Random(seed)
    for _ in range(3000):
        contents[chance.randrange(len(contents))] = chance.randrange(256)
    large.write_bytes(contents)
    assert sum(1 for _ in RawFile(large).rows()) > 0
