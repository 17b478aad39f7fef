"""docs/schema.md says what is there, all of it and nothing else, and its examples run."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.connection import APPLICATION_ID
from archive.records import ChangeKind, Outcome, RemovalKind

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = (DOCS / "schema.md").read_text(encoding="utf-8")
INTERNAL = re.compile(r"sqlite_|_sqlite_migrations|versions_fts_")


def documented() -> dict[str, list[str]]:
    """Columns in the docs by table or view."""
    sections = re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", SCHEMA, re.MULTILINE | re.DOTALL)
    return {
        name: [
            column for row in re.findall(r"^\| (`.*?) \|", body, re.MULTILINE) for column in re.findall(r"`(\w+)`", row)
        ]
        for name, body in sections
        if name != "versions_fts"
    }


@pytest.fixture
def database(filled: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(filled)) as connection:
        yield connection


def test_every_table_and_view_with_every_column_is_documented(database: sqlite3.Connection) -> None:
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")]
    real = {
        name: sorted(row[1] for row in database.execute(f"PRAGMA table_info({name})"))
        for name in names
        if not INTERNAL.match(name) and name != "versions_fts"
    }
    assert real == {name: sorted(columns) for name, columns in documented().items()}
    assert "versions_fts" in names


def test_there_are_five_recipes_and_each_runs(database: sqlite3.Connection) -> None:
    recipes = re.findall(r"```sql\n(.*?)```", SCHEMA, re.DOTALL)
    assert len(recipes) == 5
    in_january = [recipe.replace("'now'", "'2026-01-20'") for recipe in recipes]
    silent, standing, authors, mentions, days = (database.execute(recipe).fetchall() for recipe in in_january)
    assert [row[1] for row in silent] == ["https://tidewater.example/news/harbour-books"]
    assert [(row[1], row[2]) for row in standing] == [(5, "Harbour opens its books")]
    assert ("Mara Quist", 1, 11, 0) in authors
    assert {row[1] for row in mentions} == {1, 2, 3, 4, 5}
    assert all("[harbour office]" in row[4].lower() for row in mentions)
    assert ("2026-01-05", "tidewater.example", "gone", 1) in days


def test_every_kind_and_outcome_is_documented() -> None:
    section = SCHEMA.partition("## Kinds of change")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(ChangeKind)
    outcomes = SCHEMA.partition("## Outcomes")[2]
    assert set(re.findall(r"`(\w+)`", outcomes)) == set(Outcome)
    assert all(f"`{kind}`" in SCHEMA for kind in RemovalKind)
    assert str(APPLICATION_ID) in SCHEMA


def test_the_example_of_as_of_is_served_by_an_index(database: sqlite3.Connection) -> None:
    plan = database.execute(
        "EXPLAIN QUERY PLAN SELECT headline FROM versions WHERE article_id = ? AND seen_from <= ? "
        "AND ? < coalesce(seen_to, '9999')",
        ("a", "b", "b"),
    ).fetchall()
    assert "versions_by_time" in plan[0][3]


@pytest.mark.parametrize("number", range(5))
def test_the_examples_in_python_run(
    filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    monkeypatch.chdir(filled.parent)
    examples = re.findall(r"```python\n(.*?)```", (DOCS / "python.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 5
    exec(compile(examples[number], "docs/python.md", "exec"), {})
    expected = ("Harbour office opens its books", "Ferries are back", "bytes, ", "[-14-] {+15+}", " 1 new")
    assert expected[number] in capsys.readouterr().out
