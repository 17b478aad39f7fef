"""What a user may run into with a file: one clear line, the right exit code, nothing lost, no traceback."""

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from archive.connection import SCHEMA_VERSION
from archive.records import Capture, Outcome
from archive.store import Archive
from archive.verify import verify
from pipelines import build_stages, run_stages
from scraper.cli import main
from scraper.observe import observe
from tests.crawl.invented_site import as_it_is, page, stories
from tests.privileges import unprivileged

BASE = "https://tidewater.example"
READING = {
    "list": ["list"],
    "show": ["show", "x"],
    "history": ["history", "x"],
    "changes": ["changes"],
    "search": ["search", "harbour"],
    "runs": ["runs"],
    "sites": ["sites"],
    "stats": ["stats"],
    "verify": ["verify", "--deep"],
    "backup": ["backup", "copy.db"],
}
WRITING = {"import": ["import", "saved"], "compact": ["compact"], "merge": ["merge", "other.db", "--into", "news.db"]}
COMMANDS = READING | WRITING
NEWSMORGUE = [sys.executable, "-m", "scraper"]


def saved_pages(folder: Path, first: int, last: int) -> Path:
    folder.mkdir(exist_ok=True)
    for story in stories(30)[first:last]:
        (folder / f"{story.number}.html").write_bytes(page(story, as_it_is, base=BASE))
    return folder


def make_archive(path: Path, *, first: int, last: int, year: int = 2026) -> Path:
    with Archive.open(path, write=True, create=True) as archive:
        archive.reader = "1"
        archive.begin_run("test")
        for story in stories(30)[first:last]:
            when = f"{year}-02-01T{story.number % 24:02}:00:00.000Z"
            capture = Capture(url=BASE + story.path, fetched_at=when, outcome=Outcome.FETCHED, content_type="text/html")
            run_stages(build_stages(archive), observe(capture, page(story, as_it_is, base=BASE)).visit)
        archive.end_run({}, 0)
    return path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an archive, another, and saved pages."""
    monkeypatch.chdir(tmp_path)
    make_archive(tmp_path / "news.db", first=0, last=6)
    make_archive(tmp_path / "other.db", first=4, last=10)
    saved_pages(tmp_path / "saved", 8, 14)
    return tmp_path


def told(words: list[str], code: int) -> Result:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == code, (words, done.output, done.exception)
    assert isinstance(done.exception, SystemExit | None)
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("newsmorgue: ")]
    assert "Traceback" not in done.output
    assert len(line) < 400
    return done


def other_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.commit()


def newer_schema(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        connection.commit()


def no_header(path: Path) -> None:
    contents = path.read_bytes()
    path.write_bytes(contents[:100] + bytes(3996) + contents[4096:])


BAD: dict[str, tuple[Callable[[Path], object], int]] = {
    "another program's": (other_program, 2),
    "text": (lambda path: path.write_text("Notes on the harbour.\n"), 2),
    "noise": (lambda path: path.write_bytes(Random(1).randbytes(9000)), 2),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), 2),
    "newer": (newer_schema, 2),
    "missing": (lambda path: path.unlink(), 2),
    "damaged at its start": (no_header, 5),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_no_good(place: Path, command: str, what: str) -> None:
    if what == "missing" and command in ("import", "merge"):
        return  # they make it
    harm, code = BAD[what]
    path = place / "news.db"
    harm(path)
    before = path.read_bytes() if path.is_file() else None
    told(COMMANDS[command], code)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert not (place / "copy.db").exists()


@pytest.mark.parametrize("what", [each for each in BAD if each != "a folder"])
def test_a_source_that_is_no_good(place: Path, what: str) -> None:
    harm, code = BAD[what]
    harm(place / "other.db")
    before = (place / "news.db").read_bytes()
    told(WRITING["merge"], code)
    assert (place / "news.db").read_bytes() == before


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("command", COMMANDS)
def test_damaged_pages(place: Path, command: str, seed: int) -> None:
    """Whatever a command meets there, it ends with 5, or does not notice."""
    path, chance = place / "news.db", Random(seed)
    contents = bytearray(path.read_bytes())
    for number in chance.sample(range(1, len(contents) // 4096), 6):
        contents[number * 4096 : (number + 1) * 4096] = chance.randbytes(4096)
    path.write_bytes(contents)
    done = CliRunner().invoke(main, COMMANDS[command])
    assert isinstance(done.exception, SystemExit | None), done.exception
    assert done.exit_code in ((5,) if command == "verify" else (0, 2, 3, 5)), done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize("command", WRITING)
def test_locked_by_another_program(place: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.connection.BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(place / "news.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        told(WRITING[command], 4)
        connection.execute("ROLLBACK")
    assert list(verify(place / "news.db", deep=True)) == []


@pytest.mark.parametrize("command", WRITING)
def test_held_by_another_run(place: Path, command: str) -> None:
    with Archive.open(place / "news.db", write=True):
        assert "being written by process" in told(WRITING[command], 4).stderr


def run_limited(words: list[str], before: Callable[[], object]) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}  # it writes, too
    environment = bare | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*NEWSMORGUE, *words], capture_output=True, text=True, check=False, preexec_fn=before, env=environment
    )


@pytest.mark.parametrize("command", WRITING)
def test_a_file_that_cannot_be_written(place: Path, command: str) -> None:
    for folder in (place, *place.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    for entry in place.rglob("*"):
        entry.chmod(entry.stat().st_mode | 0o444)
    (place / "news.db").chmod(0o444)
    import scraper.merge  # what the commands import, while it is within reach
    import scraper.replay.import_run  # noqa: F401

    with unprivileged():
        done = told(WRITING[command], 2)
    assert "newsmorgue: cannot" in done.stderr
    assert list(verify(place / "news.db", deep=True)) == []


@pytest.mark.parametrize("command", ["import", "merge", "backup", "compact"])
def test_a_disk_that_is_full(place: Path, command: str) -> None:
    size = (place / "news.db").stat().st_size
    before = size if command != "compact" else 65536
    words = COMMANDS[command] if command != "import" else [*COMMANDS[command], "--url-prefix", BASE]
    limit = 40_000 if command == "backup" else before // 4
    done = run_limited(words, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert done.returncode == 1, (done.returncode, done.stderr)
    assert done.stderr.count("newsmorgue: ") == done.stderr.count("\n") == 1
    assert "full" in done.stderr or "no space" in done.stderr
    assert list(verify(place / "news.db", deep=True)) == []
    assert not list(place.glob("copy.db*"))
    assert CliRunner().invoke(main, words).exit_code == 0
    assert list(verify(place / "news.db", deep=True)) == []


def test_visits_from_the_future_are_kept_and_told(place: Path) -> None:
    make_archive(place / "future.db", first=2, last=3, year=2099)
    done = told(["merge", "future.db", "--into", "news.db"], 3)
    assert "a visit of 2099-02-01T02:00:00.000Z is still to come" in done.stderr
    assert told(["import", "saved", "--url-prefix", BASE], 3)
    with Archive.open(place / "news.db") as archive:
        articles = {row["url"]: row["last_seen_at"] for row in archive.articles()}
        assert articles[BASE + stories(30)[2].path] == "2099-02-01T02:00:00.000Z"
        events = archive.connection.execute("SELECT kind, outcome FROM events WHERE kind = 'clock'").fetchall()
    assert events == [("clock", "ahead")] * 2
    assert list(verify(place / "news.db", deep=True)) == []


def test_a_clock_that_ran_backwards_loses_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for when in ("2026-05-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z"):
        monkeypatch.setattr("archive.runs.now", lambda when=when: when)
        with Archive.open(place / "news.db", write=True) as archive:
            archive.begin_run("test")
            story = stories(30)[1]
            capture = Capture(url=BASE + story.path, fetched_at=when, outcome=Outcome.FETCHED, content_type="text/html")
            body = page(story, as_it_is, base=BASE).replace(b"</h1>", b" " + when[:7].encode() + b"</h1>")
            run_stages(build_stages(archive), observe(capture, body).visit)
            archive.end_run({}, 0)
    with Archive.open(place / "news.db") as archive:
        versions = archive.versions(str(archive.article(BASE + stories(30)[1].path)["id"]))
    assert [version.seen_from[:7] for version in versions] == ["2026-02", "2026-03", "2026-05"]
    assert list(verify(place / "news.db", deep=True)) == []
