"""Verification: a whole archive is whole, and whatever was harmed is named."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Event, Thread

import pytest

from archive.backup import backup, salvaged
from archive.errors import ArchiveMissing, UsageError
from archive.records import Outcome, SiteLine, Visit
from archive.store import Archive
from archive.verify import summary, verify


def harm(path: Path, sql: str) -> None:
    """Change the file as only damage or a forger would."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = off")
        connection.execute(sql)
        connection.commit()


def named(path: Path, *, deep: bool = False) -> dict[str, str]:
    return {damage.object: damage.problem for damage in verify(path, deep=deep)}


def test_a_whole_archive(filled: Path) -> None:
    before = filled.read_bytes()
    assert named(filled) == named(filled, deep=True) == {}
    assert filled.read_bytes() == before
    assert summary(filled) == {"runs": 1, "captures": 8, "bodies": 5, "articles": 2, "versions": 6}


def test_a_missing_archive(path: Path) -> None:
    with pytest.raises(ArchiveMissing):
        list(verify(path))


def one(path: Path, sql: str) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute(sql).fetchone()[0])


@pytest.mark.parametrize(
    "change",
    [
        "text = replace(text, '15', '16')",
        "headline = 'Forged'",
        "markdown = 'Forged'",
        "evidence = '[[1]]'",
        "modified_at = '2020-01-01'",
        "blocks = '[]'",
        "blocks = 'x'",
        "tags = NULL",
        "fingerprint = 'f'",
        "seen_from = '2020-01-01T00:00:00.000Z'",
        "confidence = 0.1",
    ],
)
def test_an_altered_version_is_named(filled: Path, change: str) -> None:
    version = one(filled, "SELECT id FROM versions WHERE number = 3")
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("PRAGMA writable_schema = on")
        connection.execute("PRAGMA ignore_check_constraints = on")
        try:
            connection.execute(f"UPDATE versions SET {change} WHERE id = '{version}'")
        except sqlite3.IntegrityError:
            return  # the schema itself would not have it
        connection.commit()
    assert f"version {version}" in named(filled)


@pytest.mark.parametrize("table", ["removals", "links"])
def test_what_belongs_to_a_version_is_part_of_its_checksum(filled: Path, table: str) -> None:
    version = one(filled, f"SELECT version_id FROM {table} LIMIT 1")
    harm(filled, f"DELETE FROM {table} WHERE version_id = '{version}'")
    assert f"version {version}" in named(filled)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE captures SET status = 500 WHERE outcome = 'gone'", "capture"),
        ("DELETE FROM captures WHERE id NOT IN (SELECT capture_id FROM versions) AND outcome = 'gone'", "run"),
        ("UPDATE runs SET counts = '{}'", "run"),
        ("UPDATE versions SET change = 'update' WHERE change = 'silent'", "article"),
        ("UPDATE versions SET words_added = 9 WHERE number = 2", "article"),
        ("UPDATE versions SET last_confirmed_at = '2026-01-09T00:00:00.000Z' WHERE number = 1", "article"),
        ("DELETE FROM readings WHERE outcome = 'gone'", "article"),
        ("UPDATE readings SET fingerprint = 'x' WHERE outcome = 'article'", "article"),
        ("UPDATE urls SET key = 'x'", "url"),
        ("UPDATE events SET detail = 'nothing'", "event"),
        ("UPDATE bodies SET size = size + 1", "body"),
        ("UPDATE readings SET reason = 'none' WHERE outcome = 'wall'", "reading"),
        ("UPDATE readings SET reader = '0' WHERE outcome = 'wall'", "reading"),
        ("UPDATE readings SET fetched_at = '2026-01-09T00:00:00.000Z' WHERE outcome = 'wall'", "reading"),
        ("UPDATE readings SET article_id = NULL WHERE outcome = 'wall'", "reading"),
        ("UPDATE readings SET entries = 9 WHERE outcome = 'wall'", "reading"),
        ("UPDATE readings SET checksum = 'x' WHERE outcome = 'wall'", "reading"),
        ("DELETE FROM readings WHERE outcome = 'wall'", "capture"),
    ],
)
def test_deep_damage_is_named(filled: Path, sql: str, found: str) -> None:
    harm(filled, sql)
    assert any(name.startswith(f"{found} ") for name in named(filled, deep=True))


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE articles SET headline = 'Forged'", "article"),
        ("UPDATE articles SET versions = versions - 1 WHERE versions > 1", "article"),
        ("DELETE FROM articles", "article"),
        ("DELETE FROM versions WHERE number = 2", "article"),
        ("DROP VIEW changes", "view changes"),
        ("DROP INDEX versions_by_time", "index versions_by_time"),
        ("DROP TRIGGER versions_fts_update", "trigger versions_fts_update"),
        ("INSERT INTO versions_fts (versions_fts) VALUES ('delete-all')", "version"),
        ("UPDATE bodies SET data = x'00'", "body"),
    ],
)
def test_plain_damage_is_named(filled: Path, sql: str, found: str) -> None:
    harm(filled, sql)
    names = named(filled)
    assert any(name.startswith(found) for name in names) or (
        found == "article" and any("row" in name for name in names)
    )


def test_a_search_index_that_disagrees_with_the_texts(filled: Path) -> None:
    harm(filled, "DROP TRIGGER versions_fts_update")
    harm(filled, "UPDATE versions SET section = 'Port' WHERE number = 1")
    assert "search index" in named(filled)


def test_every_flipped_bit_of_what_is_stored_is_found(path: Path, tmp_path: Path, seen: Callable[..., Visit]) -> None:
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        for day in range(1, 9):
            words = Random(day).sample(["berth", "pier", "tide", "crane", "quay", "ferry", "dredger", "pilot"], 6)
            archive.record(seen(f"2026-01-{day:02}T00:00:00.000Z", " ".join(words), body=Random(day).randbytes(900)))
        archive.end_run({}, 0)
    chance = Random(4)
    whole = path.read_bytes()
    targets = [
        ("versions", "text"),
        ("versions", "markdown"),
        ("versions", "headline"),
        ("bodies", "data"),
        ("removals", "text"),
    ]
    for _ in range(40):
        path.write_bytes(whole)
        table, column = chance.choice(targets)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DROP TRIGGER versions_fts_update")
            rows = connection.execute(f"SELECT rowid, CAST({column} AS BLOB) FROM {table}").fetchall()
            rowid, value = chance.choice(rows)
            place = chance.randrange(len(value) * 8)
            flipped = bytearray(value)
            flipped[place // 8] ^= 1 << (place % 8)
            kind = "BLOB" if column == "data" else "TEXT"
            connection.execute(
                f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE rowid = ?", (bytes(flipped), rowid)
            )
            connection.commit()
        expected = "body " if table == "bodies" else "version "
        assert any(name.startswith(expected) for name in named(path, deep=True)), (table, column, place)


@pytest.mark.parametrize("seed", range(12))
def test_damaged_pages_never_end_in_a_traceback(filled: Path, seed: int) -> None:
    contents = bytearray(filled.read_bytes())
    chance = Random(seed)
    page = chance.randrange(1, len(contents) // 4096)
    contents[page * 4096 : page * 4096 + 512] = chance.randbytes(512)
    filled.write_bytes(contents)
    assert named(filled, deep=True)


def test_a_backup_is_whole_and_the_same(filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "news.db"
    assert backup(filled, copy) == copy.stat().st_size
    assert [entry.name for entry in copy.parent.iterdir()] == ["news.db"]
    assert named(copy, deep=True) == {}
    assert copy.stat().st_mode & 0o077 == 0
    with Archive.open(copy) as archive:
        assert archive.stats()["versions"] == 6


def test_a_backup_beside_a_writer_holds_what_was_committed(
    archive: Archive, path: Path, tmp_path: Path, seen: Callable[..., Visit]
) -> None:
    archive.record(seen())
    archive.commit()
    archive.record(seen("2026-01-02T00:00:00.000Z", "Later."))
    backup(path, tmp_path / "copy.db")
    with Archive.open(tmp_path / "copy.db") as copy:
        assert copy.stats()["versions"] == 1


def test_a_backup_ends_though_a_writer_goes_on(
    archive: Archive, path: Path, tmp_path: Path, seen: Callable[..., Visit]
) -> None:
    archive.record(seen(body=Random(1).randbytes(3_000_000)))
    archive.commit()
    stop = Event()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            while not stop.is_set():
                connection.execute("PRAGMA user_version = 1")
                connection.commit()

    archive.end_run({}, 0)
    busy = Thread(target=write)
    busy.start()
    try:
        backup(path, tmp_path / "copy.db")
    finally:
        stop.set()
        busy.join()
    assert named(tmp_path / "copy.db", deep=True) == {}


def test_a_backup_never_overwrites_and_never_copies_damage(filled: Path, tmp_path: Path) -> None:
    from archive.errors import ArchiveDamaged

    (tmp_path / "there.db").touch()
    with pytest.raises(UsageError, match="never overwrites"):
        backup(filled, tmp_path / "there.db")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot write"):
        backup(filled, tmp_path / "file" / "copy.db")
    harm(filled, "UPDATE articles SET headline = 'Forged'")
    with pytest.raises(ArchiveDamaged, match="does not check out"):
        backup(filled, tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy*"))


LINE = SiteLine(
    mark=12345 << 4,
    kind="line",
    line="Sign up.",
    articles=3,
    seen=4,
    share=0.75,
    first_seen_at="2026-01-01",
    last_seen_at="2026-01-02",
    in_force=True,
    reason="on most",
)
FRONTIER = (
    "INSERT INTO frontier (url, site, kind, found_via, found_at, state, outcome, visited_at) VALUES "
    "('https://tidewater.example/news/harbour-books', 'tidewater.example', 'article', 'feed', "
    "'2026-01-01T00:00:00.000Z', 'done', 'article', '2026-01-07T00:00:00.000Z')"
)


@pytest.fixture
def crawled(path: Path, seen: Callable[..., Visit], other: Callable[..., Visit]) -> Path:
    """An archive with marks, a story that was read in two ways beside its version, a learned line and a frontier."""
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("crawl")
        first = seen("2026-01-07T00:00:00.000Z")
        archive.record(replace(first, capture=replace(first.capture, found_via="feed"), marks=b"12345678" * 5))
        archive.record(seen("2026-01-08T00:00:00.000Z", tags=("tide",), body=b"<p>again</p>"))
        archive.record(other("2026-01-09T00:00:00.000Z", Outcome.GONE, asked="https://tidewater.example/x", status=404))
        archive.keep_site_lines("tidewater.example", [LINE, replace(LINE, mark=99 << 4, line="Follow us.")])
        archive.connection.execute(FRONTIER)
        archive.end_run({}, 0)
    return path


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE readings SET marks = CAST(x'00' || substr(marks, 2) AS BLOB) WHERE marks IS NOT NULL", "reading "),
        ("UPDATE readings SET marks = NULL", "reading "),
        ("UPDATE readings SET state = NULL", "article "),
        ("UPDATE readings SET state = CAST(substr(state, 1, 20) || x'00' AS BLOB) WHERE state IS NOT NULL", "article "),
        ("UPDATE site_lines SET line = 'Sign up!' WHERE line = 'Sign up.'", "site line "),
        ("UPDATE site_lines SET in_force = 0 WHERE line = 'Sign up.'", "site line "),
        ("UPDATE site_lines SET share = 0.76 WHERE line = 'Sign up.'", "site line "),
        ("DELETE FROM site_lines WHERE line = 'Sign up.'", "site tidewater.example"),
        ("DELETE FROM site_lines", "site tidewater.example"),
        ("UPDATE frontier SET state = 'finished'", "address https://tidewater.example/news/harbour-books"),
        ("UPDATE frontier SET outcome = 'articel'", "address https://tidewater.example/news/harbour-books"),
        ("UPDATE frontier SET outcome = NULL", "address https://tidewater.example/news/harbour-books"),
        ("UPDATE frontier SET visited_at = '2026-01-01'", "address https://tidewater.example/news/harbour-books"),
        ("UPDATE frontier SET url = url || '#top'", "address https://tidewater.example/news/harbour-books#top"),
        (
            "DELETE FROM frontier",
            "address https://tidewater.example/news/harbour-books",
        ),
    ],
)
def test_what_is_read_learned_and_known_is_named(crawled: Path, sql: str, found: str) -> None:
    assert named(crawled, deep=True) == {}
    harm(crawled, sql)
    assert [name for name in named(crawled, deep=True) if name.startswith(found)]


def test_every_flipped_bit_of_marks_is_found(crawled: Path) -> None:
    whole, chance = crawled.read_bytes(), Random(7)
    for _ in range(20):
        crawled.write_bytes(whole)
        with closing(sqlite3.connect(crawled)) as connection:
            capture, marks = connection.execute(
                "SELECT capture_id, marks FROM readings WHERE marks NOT NULL"
            ).fetchone()
            place = chance.randrange(len(marks) * 8)
            flipped = bytearray(marks)
            flipped[place // 8] ^= 1 << place % 8
            connection.execute("UPDATE readings SET marks = ? WHERE capture_id = ?", (bytes(flipped), capture))
            connection.commit()
        assert named(crawled, deep=True) == {f"reading {capture}": "it was altered"}


def test_a_salvage_of_what_is_read_and_learned_is_whole(crawled: Path, tmp_path: Path) -> None:
    harm(crawled, "UPDATE readings SET reason = 'x' WHERE outcome = 'gone'")
    harm(crawled, "UPDATE site_lines SET line = 'Sign up!' WHERE line = 'Sign up.'")
    harm(crawled, "UPDATE frontier SET state = 'finished'")
    salvaged(crawled, tmp_path / "saved.db")
    assert named(tmp_path / "saved.db", deep=True) == {}
    with Archive.open(tmp_path / "saved.db") as saved:
        assert [line["line"] for line in saved.site_lines("tidewater.example")] == ["Follow us."]
        assert saved.stats()["articles"] == 1
