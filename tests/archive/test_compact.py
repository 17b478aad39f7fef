"""Compacting: smaller, bit for bit the same, and whatever stops it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from archive import compact as compacting
from archive.bodies import MOST_STEPS
from archive.cli import main
from archive.compact import compact
from archive.digests import digest_of_readings
from archive.errors import ArchiveBusy, ArchiveDamaged
from archive.records import Visit
from archive.store import Archive
from archive.verify import verify
from tests.archive.pages import framed

Seen = Callable[..., Visit]


@pytest.fixture
def wasteful(path: Path, seen: Seen) -> Path:
    """An archive of two sites whose pages were all stored by themselves."""
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        for number in range(60):
            site = f"https://{'ab'[number % 2]}.example"
            url = f"{site}/{number // 4}"
            when = f"2026-01-{1 + number // 20:02}T00:{number:02}:00.000Z"
            archive.record(
                seen(when, f"Story {number // 4}.", asked=url, url=url, body=framed(number % 2, number // 2))
            )
            archive.bodies.forget()
        archive.end_run({}, 0)
        from archive.bodies import compress

        for body_id, data in stored(archive).items():
            archive.connection.execute(
                "UPDATE bodies SET data = ?, base_id = NULL, depth = 0 WHERE id = ?", (compress(data), body_id)
            )
    return path


def stored(archive: Archive) -> dict[str, bytes]:
    return {body_id: archive.body(body_id) for (body_id,) in archive.connection.execute("SELECT id FROM bodies")}


def state(path: Path) -> tuple[dict[str, bytes], str]:
    with Archive.open(path) as archive:
        return stored(archive), digest_of_readings(archive.connection)


def sizes(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as connection:
        row: tuple[int, int] = connection.execute("SELECT sum(length(data)), max(depth) FROM bodies").fetchone()
        return row


def test_everything_stays_and_takes_less_room(wasteful: Path) -> None:
    before, (bytes_before, _) = state(wasteful), sizes(wasteful)
    with Archive.open(wasteful, write=True) as archive:
        saved = compact(archive)
        assert stored(archive) == before[0]
    bytes_after, depth = sizes(wasteful)
    assert state(wasteful) == before
    assert (saved.bodies_before, saved.bodies_after) == (bytes_before, bytes_after)
    assert bytes_after < bytes_before / 2
    assert saved.file_after == wasteful.stat().st_size < saved.file_before
    assert 0 < depth <= MOST_STEPS
    assert list(verify(wasteful, deep=True)) == []


def test_once_more_saves_nothing_and_changes_no_body(wasteful: Path) -> None:
    with Archive.open(wasteful, write=True) as archive:
        compact(archive)
        rows = archive.connection.execute("SELECT * FROM bodies ORDER BY id").fetchall()
        again = compact(archive)
        assert again.repacked == 0
        assert archive.connection.execute("SELECT * FROM bodies ORDER BY id").fetchall() == rows


def test_it_is_an_event(wasteful: Path) -> None:
    with Archive.open(wasteful, write=True) as archive:
        compact(archive)
        events = archive.connection.execute("SELECT outcome FROM events WHERE kind = 'compaction'").fetchall()
    assert sorted(events) == [("done",), ("repacked",), ("repacked",)]
    assert list(verify(wasteful, deep=True)) == []


def test_what_was_stopped_goes_on_where_it_was(wasteful: Path) -> None:
    with closing(sqlite3.connect(wasteful)) as connection:
        counts = dict(connection.execute("SELECT site, count(DISTINCT body_id) FROM captures GROUP BY site"))

    def stop(what: str, done: int, _: int | None) -> None:
        if what == "bodies" and done > counts["a.example"]:  # a site is done, and the next one begun
            raise KeyboardInterrupt

    def note(what: str, done: int, _: int | None) -> None:
        if what == "bodies":
            tried.append(done)

    tried: list[int] = []
    before = state(wasteful)
    with Archive.open(wasteful, write=True) as archive, pytest.raises(KeyboardInterrupt):
        compact(archive, stop)
    assert list(verify(wasteful, deep=True)) == []
    with Archive.open(wasteful, write=True) as archive:
        compact(archive, note)
    assert tried == list(range(1, counts["b.example"] + 1))
    assert state(wasteful) == before


def test_long_chains_become_short(path: Path, seen: Seen) -> None:
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        for number in range(30):
            body = framed(1, 1) + b"<p>%d</p>" % number
            archive.record(seen(f"2026-01-01T00:{number:02}:00.000Z", "Story.", body=body))
        archive.end_run({}, 0)
        compact(archive)
    assert sizes(path)[1] <= MOST_STEPS
    assert list(verify(path, deep=True)) == []


def test_pages_of_one_site_that_lean_on_another_sites(wasteful: Path, seen: Seen) -> None:
    with Archive.open(wasteful, write=True) as archive:
        archive.begin_run("test")
        same = framed(0, 0)  # brought by both sites
        archive.record(seen("2026-01-05T00:00:00.000Z", "Twin.", asked="https://b.example/twin", url=None, body=same))
        for number in range(12):
            body = same + b"<p>%d</p>" % number
            url = "https://b.example/twin"
            archive.record(seen(f"2026-01-06T00:{number:02}:00.000Z", "Twin.", asked=url, url=None, body=body))
        archive.end_run({}, 0)
        before = stored(archive)
        compact(archive)
        assert stored(archive) == before
    assert list(verify(wasteful, deep=True)) == []


def test_noise_and_empty_pages_stay(path: Path, seen: Seen) -> None:
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        for number, body in enumerate([b"", b"x", Random(1).randbytes(5000), b"y" * 70]):
            archive.record(seen(f"2026-01-01T00:{number:02}:00.000Z", "Story.", body=body))
        archive.end_run({}, 0)
        before = stored(archive)
        compact(archive)
        assert stored(archive) == before


def test_damage_is_left_alone_and_told(wasteful: Path) -> None:
    with closing(sqlite3.connect(wasteful)) as connection:
        (harmed,) = connection.execute("SELECT id FROM bodies LIMIT 1").fetchone()
        connection.execute("UPDATE bodies SET data = x'0011' WHERE id = ?", (harmed,))
        connection.commit()
    with Archive.open(wasteful, write=True) as archive:
        saved = compact(archive)
    assert saved.damaged == [harmed]
    assert [damage.object for damage in verify(wasteful, deep=True)] == [f"body {harmed}"]


def test_a_form_that_does_not_come_back_is_never_written(wasteful: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(wasteful)
    monkeypatch.setattr("archive.repack.decompress", lambda _data, _base: b"something else")
    with Archive.open(wasteful, write=True) as archive, pytest.raises(ArchiveDamaged, match="nothing was changed"):
        compact(archive)
    assert state(wasteful) == before


def test_the_command(wasteful: Path) -> None:
    with Archive.open(wasteful, write=True), pytest.raises(ArchiveBusy):
        Archive.open(wasteful, write=True)
    done = CliRunner().invoke(main, ["compact", "--archive", str(wasteful), "--json"])
    assert done.exit_code == 0, done.output
    assert '"bodies_after"' in done.stdout
    again = CliRunner().invoke(main, ["compact", "--archive", str(wasteful)])
    assert again.exit_code == 0
    assert "bodies" in again.stdout
    assert compacting.WORTH < 1
