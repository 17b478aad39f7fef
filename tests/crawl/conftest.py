from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.store import Archive
from scraper.cli import main
from scraper.crawl import Plan, crawl
from scraper.sites import site_for
from scraper.summary import Summary
from tests.crawl.newsroom import Newsroom

Crawl = Callable[..., Summary]


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as room:
        yield room


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture
def run(path: Path, newsroom: Newsroom) -> Crawl:
    """Crawl the newsroom, from its start page or another path of it."""

    def go(start: str = "/", **plan: Any) -> Summary:
        plan.setdefault("sites", (site_for(newsroom.base + start),))
        return crawl(path, Plan(**plan))

    return go


@pytest.fixture
def imports(path: Path) -> Callable[..., Result]:
    """``newsmorgue import`` into the archive."""

    def go(*words: object) -> Result:
        return CliRunner().invoke(main, ["import", *map(str, words), "--archive", str(path)])

    return go


@pytest.fixture
def rows(path: Path) -> Callable[..., list[tuple[Any, ...]]]:
    def query(sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with Archive.open(path) as archive:
            return [tuple(row) for row in archive.connection.execute(sql, values).fetchall()]

    return query
