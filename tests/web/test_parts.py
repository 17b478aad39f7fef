"""Small parts: words for times and numbers, charts, pages of changes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.web import charts, wording
from archive.web.query import BadQuery, Query
from archive.web.streams import Wanted, page_of_changes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-01-13", "13 Jan 2026"),
        ("2026-01-13T09:30:00Z", "13 Jan 2026, 09:30"),
        (None, "–"),
        ("soon <b>", "soon &lt;b&gt;"),
        ("2026-13-01", "2026-13-01"),
    ],
)
def test_moments(value: str | None, text: str):
    assert text in wording.moment(value)


def test_numbers_and_words():
    assert wording.count(1234567).replace("\N{NARROW NO-BREAK SPACE}", " ") == "1 234 567"
    assert (wording.plural(1, "word"), wording.plural(2, "word"), wording.count(None)) == ("1 word", "2 words", "–")
    assert wording.size(1_500_000) == "2 MB"
    assert wording.percent(0.934) == "93 %"
    assert wording.language('en" onclick="x') == ""
    assert wording.language("pt-BR") == ' lang="pt-BR"'
    assert wording.web_link("javascript:alert(1)") == ""
    assert wording.marked("a \2<b>\3 c\2d") == "a <mark>&lt;b&gt;</mark> c<mark>d</mark>"


def test_a_chart_has_bars_titles_and_nothing_that_runs():
    chart = charts.bars("Per day", ["1 Jan", "2 Jan"], {"a <b>.example": (3, 0), "b.example": (1, 2)})
    assert chart
    assert "a &lt;b&gt;.example" in chart.svg
    for unwanted in ("<script", "<style", "style=", "http://pygal", "<defs"):
        assert unwanted not in chart.svg
    assert chart.total == 6
    assert charts.bars("Nothing", ["1 Jan"], {"a": (0,)}) is None


def test_many_series_become_six():
    shown = charts.grouped({f"s{number}": (number, 1) for number in range(20)})
    assert len(shown) == charts.MOST_SERIES
    assert shown[-1][0] == "other"
    assert sum(sum(values) for _, values in shown) == sum(range(20)) + 20


@pytest.mark.parametrize(
    ("most", "steps"), [(1, [0, 1]), (3, [0, 1, 2, 3]), (39, [0, 10, 20, 30, 40]), (501, [0, 200, 400, 600])]
)
def test_axes_have_whole_numbers(most: int, steps: list[int]):
    assert charts.whole_steps(most) == steps


def test_small_pages_of_changes_make_up_the_whole(newspaper: Path):
    with closing(sqlite3.connect(newspaper)) as database:
        wanted = {
            (row[0], row[1] or 0, row[2])
            for row in database.execute("SELECT article_id, to_version, kind FROM changes")
        }
        found, page, more = [], 1, True
        while more:
            rows, more = page_of_changes(database, Wanted(), page, 7)
            found += [(row["article_id"], row["to_version"] or 0, row["kind"]) for row in rows]
            page += 1
    assert len(found) == len(set(found))
    assert set(found) == wanted


def test_a_query_is_checked():
    query = Query({}, "page=2&kind=silent,gone&kind=new&x=%00a", "/", "http://localhost", {})
    assert query.number("page", 1) == 2
    assert [str(kind) for kind in query.kinds()] == ["silent", "gone", "new"]
    assert query.text("x") == "a"
    with pytest.raises(BadQuery):
        query.choice("x", ("b", "c"))
