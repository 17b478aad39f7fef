"""Archives of every released version open, migrate, and say what they said; newer ones are refused untouched."""

import gzip
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from archive import migrations as steps
from archive.connection import SCHEMA_VERSION
from archive.store import Archive
from archive.verify import verify
from tests.archive.released import FOLDER, build, keep, told

RELEASED = sorted(FOLDER.glob("*.db.gz"))
CHANGELOG = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")


def check(fixture: Path, path: Path) -> None:
    """Unpack a fixture, open it as a newer version would, and compare what it says."""
    path.write_bytes(gzip.decompress(fixture.read_bytes()))
    Archive.open(path, write=True).close()
    assert list(verify(path, deep=True)) == []
    expected = json.loads(fixture.with_suffix("").with_suffix(".json").read_text(encoding="utf-8"))
    assert told(path) == expected
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_archives_of_all_released_versions(tmp_path: Path) -> None:
    for fixture in RELEASED:
        check(fixture, tmp_path / fixture.stem)


def test_every_release_has_its_fixture() -> None:
    releases = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", CHANGELOG, re.MULTILINE)
    assert {fixture.name.partition("-")[0] for fixture in RELEASED} >= set(releases)


def test_the_fixture_of_now_holds_something_in_every_table_and_comes_back(path: Path, tmp_path: Path) -> None:
    build(path)
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%' AND name NOT LIKE 'sqlite%'"
        ).fetchall()
        empty = {name for (name,) in names if not connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]}
    assert empty <= {"run_captures", "contested_urls", "template_lines", "outdated_articles"}
    fixture = keep("9.9.9", tmp_path / "released")
    check(fixture, tmp_path / "again.db")
    with pytest.raises(SystemExit, match="does not change"):
        keep("9.9.9", tmp_path / "released")


def with_a_second_step(monkeypatch: pytest.MonkeyPatch, *, fails: bool) -> None:
    """As a release that adds a column would."""
    migrations = Migrations("newsmorgue")
    migrations(name="create")(steps.create)

    @migrations()
    def add_mood(db: Database) -> None:
        db.execute("ALTER TABLE runs ADD COLUMN mood TEXT")
        if fails:
            raise KeyboardInterrupt
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")

    monkeypatch.setattr(steps, "MIGRATIONS", migrations)
    monkeypatch.setattr("archive.connection.SCHEMA_VERSION", SCHEMA_VERSION + 1)


def test_a_later_step_is_applied_once_and_noted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(path)
    before = told(path)
    with_a_second_step(monkeypatch, fails=False)
    for _ in range(2):
        Archive.open(path, write=True).close()
    with Archive.open(path) as archive:
        events = archive.connection.execute("SELECT detail FROM events WHERE kind = 'migration'").fetchall()
        assert archive.connection.execute("SELECT mood FROM runs").fetchone() == (None,)
    assert sorted(events) == [("add_mood",), ("create",)]
    assert told(path) == before


def test_a_step_that_is_broken_off_leaves_the_archive_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(path)
    before = told(path)
    with monkeypatch.context() as patched:
        with_a_second_step(patched, fails=True)
        with pytest.raises(KeyboardInterrupt):
            Archive.open(path, write=True)
    assert told(path) == before
    assert list(verify(path, deep=True)) == []


def test_a_step_that_was_applied_just_before_a_kill_is_still_noted(path: Path) -> None:
    build(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM events WHERE kind = 'migration'")
        connection.commit()
    for _ in range(2):
        Archive.open(path, write=True).close()
    with Archive.open(path) as archive:
        events = archive.connection.execute("SELECT detail FROM events WHERE kind = 'migration'").fetchall()
    assert events == [("create",)]


def test_opening_an_archive_loads_no_pandas_and_leaves_sqlite_utils_whole_to_others(path: Path) -> None:
    code = (
        "import sys; from archive.store import Archive; Archive.open(sys.argv[1], write=True, create=True).close(); "
        "print(sorted({'sqlite_utils', 'numpy', 'pandas', 'archive.migrations'} & set(sys.modules))); "
        "import sqlite_utils.db; print(sqlite_utils.db.pd is not None)"
    )
    told = [
        subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert told == ["['archive.migrations']\nTrue\n", "[]\nTrue\n"]
