"""A rebuild with the same code changes nothing, with another reader no boundary; killed, it goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.digests import TABLES, digests
from archive.errors import UsageError
from archive.records import Capture, Outcome
from archive.schema import READINGS
from archive.staging import TABLES as STAGED
from archive.staging import Staging, path_of
from archive.store import Archive
from archive.verify import verify
from pipelines.site_rules import RulesOf, lines_only
from scraper.cli import main
from scraper.observe import read_by
from scraper.rebuild import reading_again, rebuilding
from scraper.rebuild.rebuilding import Rebuilt, rebuild
from tests.crawl.invented_site import as_it_is
from tests.crawl.test_settle import BASE, Killed, Seen, history, run, visit

SITE = "tidewater.example"


def all_digests(path: Path) -> dict[str, str]:
    with Archive.open(path) as archive:
        return digests(archive.connection, numbers=True)


def made(path: Path) -> Path:
    """An archive of three runs, the days in the wrong order, with a 404, a 304, a wall and another site's page."""
    other = Capture(url="https://inland.example/a", fetched_at="2026-02-01T00:00:00.000Z", outcome=Outcome.FAILED)
    gone = Capture(
        url=BASE + visit(3, 1, as_it_is)[0].url.removeprefix(BASE),
        fetched_at="2026-02-20T00:00:00.000Z",
        outcome=Outcome.GONE,
        status=404,
    )
    same = replace(visit(9, 2, as_it_is)[0], fetched_at="2026-02-21T00:00:00.000Z", outcome=Outcome.NOT_MODIFIED)
    pages: dict[str, list[Seen]] = {f"-02-0{day}T": [] for day in (3, 1, 2)}
    for seen in history():
        next(found for day, found in pages.items() if day in seen[0].fetched_at).append(seen)
    for found in pages.values():
        run(path, found)
    run(path, [(other, None), (gone, None), (same, None)])  # type: ignore[list-item]
    return path


def remade(path: Path, jobs: int = 1, **options: Any) -> Rebuilt:
    return rebuild(path, jobs=jobs, **options)


def test_the_digests_cover_every_table_of_readings():
    assert set(TABLES) == set(STAGED) == {text.split("TABLE ")[1].split(" ")[0] for text in READINGS if "TABLE" in text}


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_code_gives_the_same_bytes(tmp_path: Path, jobs: int):
    path = made(tmp_path / "news.db")
    before = all_digests(path)
    done = remade(path, jobs)
    assert (done.exit_code, done.captures, done.changed) == (0, len(history()) + 3, 0)
    assert all_digests(path) == before
    assert list(verify(path, deep=True)) == []
    assert not path_of(path).exists()


@pytest.mark.parametrize("site", [None, SITE])
def test_what_was_tampered_with_is_made_good(tmp_path: Path, site: str | None):
    path = made(tmp_path / "news.db")
    before = all_digests(path)
    with Archive.open(path, write=True) as archive:
        archive.connection.execute("UPDATE versions SET headline = 'Nonsense', change = 'update' WHERE number = 1")
        archive.connection.execute("UPDATE readings SET fingerprint = 'f', reader = '0' WHERE fingerprint IS NOT NULL")
        archive.connection.execute("DELETE FROM removals WHERE id % 3 = 0")
        archive.connection.execute("DELETE FROM links")
        archive.connection.execute("DELETE FROM urls WHERE kind = 'requested'")
        archive.connection.execute("UPDATE site_lines SET in_force = 0")
        archive.connection.execute("INSERT INTO versions_fts (versions_fts) VALUES ('delete-all')")
    assert all_digests(path) != before
    assert remade(path, site=site).exit_code == 0
    assert all_digests(path) == before
    assert list(verify(path, deep=True)) == []


def test_one_site_alone_is_made_again(tmp_path: Path):
    path = made(tmp_path / "news.db")
    abroad = [
        (replace(capture, url=capture.url.replace("tidewater", "inland")), body.replace(b"tidewater", b"inland"))
        for capture, body in history()[:12]
    ]
    run(path, abroad)
    before = all_digests(path)
    with Archive.open(path, write=True) as archive:
        archive.connection.execute("UPDATE versions SET language = 'xx'")
    assert remade(path, site=SITE).captures == len(history()) + 2
    with Archive.open(path) as archive:
        tampered = archive.connection.execute("SELECT site, language = 'xx', count(*) FROM versions GROUP BY 1, 2")
        assert [row[:2] for row in tampered] == [("inland.example", 1), (SITE, 0)]
    assert remade(path).changed == 10
    assert all_digests(path) == before
    with pytest.raises(UsageError, match="not in this archive"):
        remade(path, site="nowhere.example")


@pytest.mark.parametrize("after", [0, 1, 3])
def test_killed_it_leaves_everything_as_it_was_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int):
    path = made(tmp_path / "news.db")
    before = all_digests(path)
    monkeypatch.setattr(reading_again, "BATCH", 10)
    asked: list[str] = []
    whole = reading_again.Rereader.read

    def read(self: reading_again.Rereader, captures: list[str]) -> Any:
        if len(asked) >= 10 * after:
            raise Killed
        asked.extend(captures)
        return whole(self, captures)

    with monkeypatch.context() as patch:
        patch.setattr(reading_again.Rereader, "read", read)
        with pytest.raises(Killed):
            remade(path)
    assert all_digests(path) == before
    assert path_of(path).exists()
    run(path, [visit(29, 5, as_it_is)])  # life goes on meanwhile
    before = all_digests(path)
    done = remade(path)
    assert (done.exit_code, done.captures) == (0, len(history()) + 4 - 10 * after)
    assert all_digests(path) == before


def test_stopped_it_ends_with_the_signals_code_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = made(tmp_path / "news.db")
    before = all_digests(path)
    monkeypatch.setattr(reading_again, "BATCH", 10)

    class Once:
        def show(self, *_: object) -> None:
            os.kill(os.getpid(), signal.SIGTERM)

        def close(self) -> None:
            pass

    done = remade(path, progress=Once())
    assert (done.exit_code, done.captures) == (143, 10)
    assert all_digests(path) == before
    assert remade(path).captures == len(history()) - 7
    with Archive.open(path) as archive:
        codes = [row["exit_code"] for row in archive.runs() if row["command"] == "rebuild"]
    assert codes == [0, 143]


def test_what_another_reader_left_is_not_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = made(tmp_path / "news.db")
    monkeypatch.setattr(reading_again, "BATCH", 10)
    with monkeypatch.context() as patch:
        patch.setattr(rebuilding, "settle", _killed)
        with pytest.raises(Killed):
            remade(path)
    assert remade(path, rules=lines_only({SITE: ("^Advertorial",)})).captures == len(history()) + 3


def _killed(*_: object) -> None:
    raise Killed


def test_another_reader_changes_texts_and_begins_no_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = made(tmp_path / "news.db")
    columns = "article_id, number, seen_from, last_confirmed_at, seen_to, change, capture_id"
    spans = f"SELECT {columns} FROM versions ORDER BY 1, 2"
    with Archive.open(path) as archive:
        before = archive.connection.execute(spans).fetchall()
    whole = reading_again.observe

    def observe(
        capture: Capture, body: bytes | None, rendered: bytes | None = None, rules: RulesOf | None = None
    ) -> Any:
        found = whole(capture, body, rendered, rules)
        if found.visit.article is None:
            return found
        louder = replace(found.visit.article, headline=(found.visit.article.headline or "").upper())
        return replace(found, visit=replace(found.visit, article=louder))

    for name in ("scraper.rebuild.reading_again.observe", "scraper.settle.observe"):
        monkeypatch.setattr(name, observe)
    for name in ("scraper.rebuild.reading_again.read_by", "scraper.rebuild.rebuilding.read_by"):
        monkeypatch.setattr(name, lambda: "2+new")
    done = remade(path)
    with Archive.open(path) as archive:
        assert archive.connection.execute(spans).fetchall() == before
        assert done.changed == archive.connection.execute("SELECT count(*) FROM articles").fetchone()[0]
        headlines = [row[0] for row in archive.connection.execute("SELECT headline FROM versions")]
        assert all(headline == headline.upper() for headline in headlines)
        assert archive.connection.execute("SELECT DISTINCT reader FROM readings").fetchall() == [("2+new",)]
        (noted,) = archive.connection.execute("SELECT detail FROM events WHERE kind = 'rebuild'").fetchone()
        assert "reader 2+new" in noted
        assert "before by 1+" in noted
        assert [row["article_id"] for row in archive.search(headlines[0])] != []
    assert list(verify(path, deep=True)) == []


def test_a_damaged_body_keeps_what_was_read_of_it(tmp_path: Path):
    path = made(tmp_path / "news.db")
    before = all_digests(path)
    with Archive.open(path, write=True) as archive:
        archive.connection.execute(
            "UPDATE bodies SET data = x'00' WHERE id = (SELECT body_id FROM captures WHERE url = ?)",
            (visit(20, 2, as_it_is)[0].url,),
        )
    done = remade(path)
    assert done.exit_code == 3
    assert done.damaged != []
    assert all_digests(path) == before


def test_killed_within_a_batch_it_stages_none_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Also when it goes on with what an earlier one had staged."""
    path = made(tmp_path / "news.db")
    before = all_digests(path)
    monkeypatch.setattr(reading_again, "BATCH", 10)
    add = Staging.add_reading
    for captures in (12, 5):
        left = iter(range(captures))

        def add_reading(self: Staging, reading: Any, left: Any = left) -> Any:
            if next(left, None) is None:
                raise Killed
            return add(self, reading)

        with monkeypatch.context() as patch:
            patch.setattr(Staging, "add_reading", add_reading)
            with pytest.raises(Killed):
                remade(path)
    assert remade(path).captures == len(history()) + 3 - 10
    assert all_digests(path) == before


def test_killed_for_real_with_two_processes(tmp_path: Path):
    """The same at random moments; ``python -m benchmarks kills`` does it many times."""
    path = made(tmp_path / "news.db")
    before = all_digests(path)
    command = [sys.executable, "-c", "from scraper.cli import main; main()", "rebuild", "--jobs", "2", "--quiet"]
    for seconds in (0.9, 1.3, 1.7):
        process = subprocess.Popen([*command, "--archive", str(path)], start_new_session=True)
        time.sleep(seconds)
        process.kill()
        process.wait()
        assert all_digests(path) == before
        assert list(verify(path, deep=True)) == []
    assert subprocess.run([*command, "--archive", str(path)], check=False).returncode == 0
    assert all_digests(path) == before
    assert not path_of(path).exists()


def test_the_command(tmp_path: Path):
    path = made(tmp_path / "news.db")

    def morgue(*words: str) -> Result:
        return CliRunner().invoke(main, ["rebuild", *words, "--archive", str(path)])

    done = morgue("--jobs", "1", "--json")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["reader"] == read_by()
    assert (told["captures"], told["changed"], told["damaged"]) == (len(history()) + 3, 0, 0)
    done = morgue("--jobs", "1", "--site", SITE)
    assert done.stdout == f"{len(history()) + 2} captures read, 0 articles read otherwise than before\n"
    assert (morgue("--jobs", "1", "--quiet").output, morgue("--jobs", "0").exit_code) == ("", 2)
    assert morgue("--site", "nowhere.example").exit_code == 2
    with Archive.open(path, write=True):
        assert morgue().exit_code == 4
    path.unlink()
    assert morgue().exit_code == 2


def test_others_see_the_old_articles_until_the_new_are_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = made(tmp_path / "news.db")
    with Archive.open(path, write=True) as archive:
        archive.connection.execute("UPDATE versions SET language = 'xx'")
    seen: list[list[tuple[str, int]]] = []
    whole = Archive.take_readings

    def look() -> None:
        with Archive.open(path) as other:
            seen.append(other.connection.execute("SELECT language, count(*) FROM versions GROUP BY 1").fetchall())

    def take(self: Archive, staged: Path) -> int:
        look()
        count = whole(self, staged)
        look()
        return count

    monkeypatch.setattr(Archive, "take_readings", take)
    remade(path)
    look()
    assert [[language for language, _ in found] for found in seen] == [["xx"], ["xx"], ["en"]]
    assert len({found[0][1] for found in seen}) == 1
