"""The archive as it stood at a time: from the command line, from Python, and in plain SQL by index."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import main
from archive.errors import UsageError
from archive.store import Archive

NEWS = "https://tidewater.example/news/harbour-books"
DAY = "2026-01-{:02}T12:00:00Z".format
ONE = (
    "SELECT number FROM versions WHERE article_id = '1' AND seen_from <= '2026' AND '2026' < coalesce(seen_to, '9999')"
)
ALL = "SELECT article_id, number FROM versions WHERE seen_from <= '2026' AND '2026' < coalesce(seen_to, '9999')"


@pytest.fixture
def opened(filled: Path) -> Iterator[Archive]:
    with Archive.open(filled) as archive:
        yield archive


def morgue(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--archive", str(path)])


@pytest.mark.parametrize(
    ("day", "headline", "number", "berths"),
    [
        (1, "Harbour opens its books", 1, "14"),
        (2, "Harbour office opens its books", 2, "14"),
        (4, "Harbour opens its books", 3, "15"),
        (6, "Harbour opens its books", 4, "15"),
        (9, "Harbour opens its books", 5, "14"),
    ],
)
def test_every_way_of_asking_gives_the_same(opened: Archive, day: int, headline: str, number: int, berths: str):
    then = opened.at(DAY(day))
    version = then.article(NEWS)
    assert (version.headline, version.number) == (headline, number)
    assert f"Three of {berths} berths" in version.text
    (row,) = then.articles(site="tidewater.example")
    assert (row["headline"], row["versions"]) == (headline, number)
    (found,) = then.search(f'"of {berths} berths"')
    assert (found["number"], found["headline"]) == (number, headline)
    path = opened.path
    shown = json.loads(morgue(path, "show", NEWS, "--at", DAY(day), "--json").output)
    assert (shown["headline"], shown["number"]) == (headline, number)
    listed = morgue(path, "list", "--site", "tidewater.example", "--at", DAY(day), "--json").output
    assert json.loads(listed)["headline"] == headline
    sought = morgue(path, "search", f'"of {berths} berths"', "--at", DAY(day), "--json").output
    assert json.loads(sought)["number"] == number


def test_what_was_gone_or_not_there_yet_is_not_there(opened: Archive):
    for day in ("2025-12-31", DAY(5)):
        then = opened.at(day)
        assert list(then.articles(site="tidewater.example")) == []
        assert list(then.search("berths")) == []
        with pytest.raises(UsageError):
            then.article(NEWS)
    with pytest.raises(UsageError, match="is no time"):
        opened.at("soon")


def test_each_visits_moment_belongs_to_what_it_saw(opened: Archive):
    headlines = [opened.at(f"2026-01-02T{time}Z").article(NEWS).headline for time in ("00:00:00", "23:59:59.999")]
    assert headlines == ["Harbour office opens its books"] * 2
    assert opened.at("2026-01-01T23:59:59.999Z").article(NEWS).number == 1


def plan(connection: sqlite3.Connection, sql: str) -> str:
    return "; ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))


@pytest.mark.parametrize("analysed", [False, True])
def test_plain_sql_as_of_a_time_uses_an_index(archive: Archive, seen: Callable[..., object], analysed: bool):
    for number in range(60):
        url = f"https://tidewater.example/{number}"
        for day in range(1, 4):
            archive.record(seen(f"2026-01-0{day}T00:00:00.000Z", f"Text {number} of {day}.", asked=url, url=url))  # type: ignore[arg-type]
    if analysed:
        archive.connection.execute("ANALYZE")
    one, every = plan(archive.connection, ONE), plan(archive.connection, ALL)
    assert "SEARCH versions USING COVERING INDEX versions_by_time (article_id=? AND seen_from<?)" in one
    assert "versions USING COVERING INDEX" in every
    assert "SCAN articles" not in every
