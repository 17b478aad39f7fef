"""Recording: whole or not at all, durable once committed, whatever happens in between."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import NewsmorgueError, UsageError
from archive.records import Article, Capture, Outcome, Visit
from archive.store import RECORDS_A_COMMIT, Archive
from archive.verify import verify

WRITER = """
import sys
from archive.records import Article, Block, BlockKind, Capture, Outcome, Visit
from archive.store import Archive

with Archive.open(sys.argv[1], write=True, create=True) as archive:
    archive.begin_run("crawl")
    for number in range(100_000):
        url = f"https://tidewater.example/{number % 50}"
        blocks = (Block(BlockKind.PARAGRAPH, f"Berth {number} is empty."),)
        capture = Capture(url=url, fetched_at=f"2026-01-01T00:00:00.{number:06}Z", outcome=Outcome.FETCHED)
        article = Article(url=url, headline="Berths", blocks=blocks)
        archive.record(Visit(capture=capture, body=b"page %d" % number * 40, article=article, outcome=Outcome.ARTICLE))
        archive.db["frontier"].insert(
            {"url": f"{url}#{number}", "site": "tidewater", "kind": "article", "found_via": "seed", "found_at": "now"}
        )
        if number % 40 == 39:
            archive.commit()
            print(number + 1, flush=True)
"""


@pytest.mark.parametrize("reports", [1, 4, 9])
def test_kill_9_loses_nothing_that_was_committed(path: Path, reports: int) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    with writer:
        committed = [int(writer.stdout.readline()) for _ in range(reports)][-1]
        os.kill(writer.pid, signal.SIGKILL)
    assert list(verify(path, deep=True)) == []
    with Archive.open(path, write=True) as archive:
        numbers = archive.stats()
        assert numbers["captures"] >= committed
        assert numbers["captures"] == numbers["frontier"] == numbers["versions"]
        archive.begin_run("crawl")
        archive.end_run({}, 0)
    assert list(verify(path, deep=True)) == []


def test_verifying_beside_a_writer_sees_one_state_of_the_file(path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    with writer:
        for _ in range(3):
            writer.stdout.readline()
            assert list(verify(path, deep=True)) == []
        assert writer.poll() is None
        os.kill(writer.pid, signal.SIGKILL)


def test_what_is_written_beside_is_committed_together(archive: Archive, path: Path, seen: Callable[..., Visit]) -> None:
    archive.record(seen())
    archive.db.execute("INSERT INTO site_learning VALUES ('tidewater.example', 1, '[]', 0, NULL)")
    with Archive.open(path) as reader:
        noted = "SELECT count(*) FROM site_learning"
        assert reader.connection.execute(noted).fetchone()[0] == reader.stats()["captures"] == 0
        archive.commit()
        assert reader.connection.execute(noted).fetchone()[0] == reader.stats()["captures"] == 1


def test_closing_without_committing_keeps_what_was_committed(path: Path, seen: Callable[..., Visit]) -> None:
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        archive.record(seen())
        archive.commit()
        archive.record(seen("2026-01-02T00:00:00.000Z"))
    with Archive.open(path) as archive:
        assert archive.stats()["captures"] == 1


def test_many_records_are_committed_without_being_asked(archive: Archive, path: Path) -> None:
    for number in range(RECORDS_A_COMMIT + 1):
        capture = Capture(
            url=f"https://a.example/{number}", fetched_at="2026-01-01T00:00:00.000Z", outcome=Outcome.FAILED
        )
        archive.record(Visit(capture=capture, outcome=Outcome.FAILED))
    with Archive.open(path) as reader:
        assert reader.stats()["captures"] == RECORDS_A_COMMIT


def test_a_visit_that_cannot_be_stored_leaves_no_part_of_itself(archive: Archive, seen: Callable[..., Visit]) -> None:
    archive.record(seen())
    before = list(archive.connection.iterdump())
    archive.connection.execute(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON removals BEGIN SELECT raise(FAIL, 'no room'); END"
    )
    with pytest.raises(NewsmorgueError, match="no room"):
        archive.record(seen("2026-01-02T00:00:00.000Z", "Another story."))
    archive.connection.execute("DROP TRIGGER full")
    assert list(archive.connection.iterdump()) == before
    assert archive.record(seen("2026-01-02T00:00:00.000Z", "Another story.")).change == "silent"


def test_a_full_disk_is_told_in_one_line_and_what_was_committed_stays(archive: Archive, path: Path) -> None:
    archive.commit()
    pages = archive.connection.execute("PRAGMA page_count").fetchone()[0]
    archive.connection.execute(f"PRAGMA max_page_count = {pages + 3}")
    capture = Capture(url="https://a.example/", fetched_at="2026-01-01T00:00:00.000Z", outcome=Outcome.FETCHED)
    with pytest.raises(NewsmorgueError, match="no space left"):
        archive.record(Visit(capture=capture, body=os.urandom(400_000), outcome=Outcome.HUB))
    archive.connection.execute(f"PRAGMA max_page_count = {pages + 3000}")
    archive.record(Visit(capture=capture, body=b"smaller", outcome=Outcome.HUB))
    archive.end_run({}, 0)
    assert list(verify(path, deep=True)) == []


def test_text_that_is_no_unicode_is_stored_with_its_place_marked(archive: Archive, seen: Callable[..., Visit]) -> None:
    stored = archive.record(seen(text="A \ud800 broken story.", headline="Harb\udcffour", body=b"page"))
    (version,) = archive.versions(stored.article_id or "")
    assert (version.text, version.headline) == ("A \ufffd broken story.", "Harb\ufffdour")


def test_pairs_of_surrogates_become_the_character_they_mean(archive: Archive, seen: Callable[..., Visit]) -> None:
    stored = archive.record(seen(headline="Tide \ud83c\udf0a", body=b"page"))
    assert archive.article(stored.article_id or "")["headline"] == "Tide \U0001f30a"


def test_recording_needs_a_run(path: Path, seen: Callable[..., Visit]) -> None:
    with Archive.open(path, write=True, create=True) as archive:
        with pytest.raises(UsageError, match="begin_run"):
            archive.record(seen())
        with pytest.raises(UsageError, match="begin_run"):
            archive.end_run({}, 0)
        with pytest.raises(UsageError, match="no capture"):
            archive.reread("0", seen())


def test_runs_say_what_they_did(archive: Archive, seen: Callable[..., Visit]) -> None:
    archive.record(seen())
    archive.end_run({"articles": 1}, 3)
    archive.begin_run("import", ["pages/"])
    newest, first = archive.runs()
    assert (first["command"], first["counts"], first["exit_code"]) == ("test", {"articles": 1}, 3)
    assert first["ended_at"] >= first["started_at"]
    assert (newest["arguments"], newest["ended_at"], newest["manifest"]) == (["pages/"], None, None)


def test_manifests_chain(archive: Archive) -> None:
    archive.end_run({}, 0)
    for _ in range(2):
        archive.begin_run("test")
        archive.end_run({}, 0)
    third, second, first = archive.runs()
    assert [third["after_id"], second["after_id"], first["after_id"]] == [second["id"], first["id"], None]


def test_validators_of_the_newest_page_that_was_worth_having(
    archive: Archive, seen: Callable[..., Visit], other: Callable[..., Visit]
) -> None:
    url = seen().capture.url
    assert archive.validators(url) is None
    archive.record(seen())
    assert archive.validators(url) == ('"a1"', None)
    archive.record(other("2026-01-02T00:00:00.000Z", Outcome.NOT_MODIFIED))
    assert archive.validators(url) == ('"a1"', None)
    archive.record(other("2026-01-03T00:00:00.000Z", Outcome.WALL, body=b"sign in"))
    assert archive.validators(url) is None


def test_the_page_of_a_version(archive: Archive, seen: Callable[..., Visit]) -> None:
    stored = archive.record(seen(body=b"<p>first"))
    archive.record(seen("2026-01-02T00:00:00.000Z", "Other.", body=b"<p>second"))
    version = archive.version(stored.article_id or "", number=1)
    assert archive.page(version) == b"<p>first"
    with pytest.raises(UsageError, match="no body"):
        archive.body("0" * 64)


def test_a_version_without_a_page_says_so(archive: Archive, story: Callable[..., Article]) -> None:
    capture = Capture(url="https://a.example/1", fetched_at="2026-01-01T00:00:00.000Z", outcome=Outcome.FETCHED)
    stored = archive.record(Visit(capture=capture, article=story(), outcome=Outcome.ARTICLE))
    with pytest.raises(UsageError, match="no page is stored"):
        archive.page(archive.version(stored.article_id or ""))


def test_rows_keep_their_place_in_the_search_index_through_vacuum(filled: Path) -> None:
    with sqlite3.connect(filled) as connection:
        connection.execute("PRAGMA foreign_keys = off")
        connection.execute("DELETE FROM removals")
        connection.execute("DELETE FROM links")
        connection.execute("DELETE FROM versions WHERE number = 1")
        connection.commit()
        connection.execute("VACUUM")
        rows = connection.execute(
            "SELECT versions.headline FROM versions JOIN versions_fts ON docid = versions_fts.rowid "
            "WHERE versions_fts MATCH 'office'"
        ).fetchall()
    connection.close()
    assert "Harbour office opens its books" in {row[0] for row in rows}
