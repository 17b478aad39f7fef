"""``import archive``: cheap, typed, and every list a table where pandas is installed."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import archive
from archive import rows

URL = "https://tidewater.example/news/harbour-books"


@pytest.fixture
def news(filled: Path) -> Iterator[archive.Archive]:
    with archive.open(filled) as opened:
        yield opened


def test_importing_it_loads_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import archive; "
        "print(sorted(name for name in set(sys.modules) - before if name.startswith(('archive', 'sqlite', 'click'))))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "['archive']\n"


def test_reading_loads_neither_the_crawler_nor_pandas(filled: Path) -> None:
    code = (
        "import sys, archive\nwith archive.open(sys.argv[1]) as news:\n    list(news.articles()), news.stats()\n"
        "print(sorted({'scrapy', 'lxml', 'sqlite_utils', 'pandas', 'rich', 'click'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code, filled], text=True) == "[]\n"


def test_it_has_what_it_names_and_nothing_else() -> None:
    assert all(getattr(archive, name) is not None for name in archive.__all__)
    assert set(archive.HOMES) == set(archive.__all__) - {"open"}
    with pytest.raises(AttributeError, match="no attribute 'manager'"):
        archive.manager  # noqa: B018


def test_an_error_can_be_caught_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(archive.NewsmorgueError, match="there is no archive"):
        archive.open(str(tmp_path / "absent.db"))


def test_an_article_is_named_by_address_or_id(news: archive.Archive) -> None:
    article_id = news.article("tidewater.example/news/harbour-books")["id"]
    for name in (URL, article_id, article_id[:8], "http://www.tidewater.example/news/harbour-books/"):
        assert [version.number for version in news.versions(name)] == [1, 2, 3, 4, 5]
        assert news.version(name, number=3).text.endswith("Three of 15 berths have stood empty since March.")
        assert [row["outcome"] for row in news.captures(name)][3:5] == ["wall", "gone"]


def test_rows_have_the_columns_that_their_types_say(news: archive.Archive) -> None:
    version = news.version(URL)
    answers: list[tuple[type[Any], Mapping[str, Any]]] = [
        (rows.ArticleRow, news.article(URL)),
        (rows.ArticleRow, next(news.articles())),
        (rows.ArticleRow, next(news.at("2026-01-03").articles())),
        (rows.ChangeRow, next(news.changes())),
        (rows.FoundRow, next(news.search("berths"))),
        (rows.CaptureRow, news.captures(URL)[0]),
        (rows.RemovalRow, news.removals(version.id)[0]),
        (rows.RunRow, next(news.runs())),
        (rows.SiteRow, next(news.sites())),
    ]
    for kind, row in answers:
        assert set(row) == kind.__required_keys__
    assert set(next(news.articles(full=True))) == set(rows.ArticleRow.__annotations__)
    lines = {name for _, name, *_ in news.connection.execute("PRAGMA table_info(site_lines)")}
    assert lines == set(rows.SiteLineRow.__annotations__)


def test_every_list_is_a_table(news: archive.Archive) -> None:
    articles = news.articles(full=True).to_pandas()
    assert sorted(articles["authors"]) == [[], ["Mara Quist", "Ole Brandt"]]
    assert str(articles["first_seen_at"].dtype).endswith("UTC]")
    assert sorted(articles["published_at"]) == ["2026-01-01", "2026-01-02T08:30:00Z"]
    versions = news.versions(URL).to_pandas()
    assert list(versions["number"]) == [1, 2, 3, 4, 5]
    assert versions["seen_to"].isna().sum() == 1
    for table in (news.captures(URL), news.changes(), news.search("berths"), news.runs(), news.sites()):
        assert len(table.to_pandas())


def test_a_table_of_nothing_has_its_columns(news: archive.Archive) -> None:
    none = news.changes(kind="template").to_pandas()
    assert set(none.columns) == set(rows.ChangeRow.__annotations__)
    assert str(none["changed_at"].dtype).startswith("datetime64")
    assert "fetched_at" in news.captures("f" * 16).to_pandas().columns


def test_without_pandas_it_says_so(news: archive.Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(archive.NewsmorgueError, match="pip install pandas"):
        news.runs().to_pandas()


def test_a_page_comes_back_as_it_was(news: archive.Archive) -> None:
    assert news.page(news.version(URL, number=1)).startswith(b"<html><h1>Harbour opens its books</h1>")
