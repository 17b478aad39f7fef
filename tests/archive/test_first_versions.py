"""Versions that wait to be written together: whoever looks finds them, and none is lost or half there."""

from pathlib import Path

import pytest

from archive.errors import NewsmorgueError
from archive.first_versions import MOST
from archive.records import Article, Block, BlockKind, Capture, Outcome, Removal, RemovalKind, Visit
from archive.store import Archive
from archive.verify import verify


def visit(number: int, when: int = 0, text: str = "is empty") -> Visit:
    url = f"https://tidewater.example/{number}"
    article = Article(
        url=url,
        site="tidewater.example",
        headline=f"Berth {number}",
        blocks=(Block(BlockKind.PARAGRAPH, f"Berth {number} {text}."),),
        removals=(Removal(RemovalKind.NAVIGATION, "nav", f"Harbour {number}", 0, "body/nav"),),
    )
    capture = Capture(url=url, fetched_at=f"2026-01-01T00:{when:02}:{number % 60:02}.000Z", outcome=Outcome.FETCHED)
    return Visit(capture=capture, body=b"page %d" % number, article=article, outcome=Outcome.ARTICLE)


def test_however_many_wait_each_has_its_version_its_removals_and_its_place_in_search(
    archive: Archive, path: Path
) -> None:
    count = 2 * MOST + 7
    for number in range(count):
        assert archive.record(visit(number)).version == 1
    assert archive.stats()["versions"] == count
    assert archive.connection.execute("SELECT version_id, text FROM removals ORDER BY id").fetchall() == [
        (version, f"Harbour {number}")
        for number, (version,) in enumerate(archive.connection.execute("SELECT id FROM versions ORDER BY docid"))
    ]
    assert len(list(archive.search(f"Berth {MOST}"))) == 1
    archive.end_run({}, 0)
    assert list(verify(path, deep=True)) == []


def test_another_look_at_an_article_that_waits_sees_what_it_said(archive: Archive) -> None:
    archive.record(visit(1))
    archive.record(visit(2))
    assert archive.record(visit(1, when=1)).change is None
    changed = archive.record(visit(1, when=2, text="is taken"))
    assert (changed.version, changed.change) == (2, "silent")
    archive.record(visit(3))
    gone = Capture(url="https://tidewater.example/3", fetched_at="2026-01-01T01:00:00.000Z", outcome=Outcome.GONE)
    assert archive.record(Visit(capture=gone, outcome=Outcome.GONE)).change == "gone"


@pytest.mark.parametrize("table", ["readings", "urls"])
def test_a_visit_that_fails_takes_none_of_those_with_it_that_wait(archive: Archive, path: Path, table: str) -> None:
    archive.record(visit(1))
    fails = f"CREATE TEMP TRIGGER full BEFORE INSERT ON {table} WHEN new.{{}} BEGIN SELECT raise(FAIL, 'no room'); END"
    archive._connection.execute(
        fails.format("outcome = 'article'" if table == "readings" else "article_id IS NOT NULL")
    )
    with pytest.raises(NewsmorgueError, match="no room"):
        archive.record(visit(2))
    with pytest.raises(NewsmorgueError, match="no room"):
        archive.record(visit(1, when=1, text="is taken") if table == "readings" else visit(3))
    archive._connection.execute("DROP TRIGGER full")
    assert archive.record(visit(2)).change == "new"
    assert [row["headline"] for row in archive.articles()] == ["Berth 2", "Berth 1"]
    archive.end_run({}, 0)
    assert list(verify(path, deep=True)) == []


def test_what_could_not_be_written_is_written_the_next_time(archive: Archive, path: Path) -> None:
    archive.record(visit(1))
    archive._connection.execute(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON removals BEGIN SELECT raise(FAIL, 'no room'); END"
    )
    with pytest.raises(NewsmorgueError, match="no room"):
        archive.commit()
    archive._connection.execute("DROP TRIGGER full")
    archive.record(visit(2))
    archive.end_run({}, 0)
    with Archive.open(path) as reader:
        assert reader.stats()["versions"] == 2
    assert list(verify(path, deep=True)) == []
