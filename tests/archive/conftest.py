"""Invented pages, visits to them, and archives that hold them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.records import (
    Article,
    ArticleKind,
    Block,
    BlockKind,
    Capture,
    Link,
    Outcome,
    Removal,
    RemovalKind,
    Visit,
)
from archive.store import Archive

HARBOUR = "The harbour office opened its books on Monday.\n\nThree of 14 berths have stood empty since March."
URL = "https://tidewater.example/news/harbour-books"

VisitMaker = Callable[..., Visit]


def at(day: int, hour: int = 0) -> str:
    """A time in January 2026, as the archive writes times."""
    return f"2026-01-{day:02}T{hour:02}:00:00.000Z"


def make_article(
    text: str = HARBOUR, *, url: str | None = URL, headline: str | None = "Harbour opens its books", **fields: object
) -> Article:
    """An article whose paragraphs are those of ``text``."""
    values: dict[str, object] = {
        "url": url,
        "headline": headline,
        "kind": ArticleKind.ARTICLE,
        "confidence": 0.9,
        "blocks": tuple(Block(BlockKind.PARAGRAPH, part) for part in text.split("\n\n")),
        "removals": (Removal(RemovalKind.DATE, "printed-date", "12 January 2026", 1, "body/main/p"),),
        "links": (Link("https://tidewater.example/berths", "berths"),),
    }
    return Article(**(values | fields))  # type: ignore[arg-type]


def make_visit(
    when: str = at(1), text: str = HARBOUR, *, asked: str = URL, body: bytes | None = None, **fields: object
) -> Visit:
    """A visit at ``when`` that read the article ``make_article(text, **fields)``."""
    article = make_article(text, **fields)
    page = body if body is not None else f"<html><h1>{article.headline}</h1>{text}</html>".encode(errors="replace")
    capture = Capture(
        url=asked, fetched_at=when, outcome=Outcome.FETCHED, status=200, etag='"a1"', content_type="text/html"
    )
    return Visit(capture=capture, body=page, article=article, outcome=Outcome.ARTICLE)


def make_other(
    when: str, outcome: Outcome, *, asked: str = URL, status: int | None = None, body: bytes | None = None
) -> Visit:
    """A visit at ``when`` that read no article."""
    said = outcome if outcome in (Outcome.NOT_MODIFIED, Outcome.GONE, Outcome.FAILED) else Outcome.FETCHED
    return Visit(capture=Capture(url=asked, fetched_at=when, outcome=said, status=status), body=body, outcome=outcome)


@pytest.fixture
def story() -> Callable[..., Article]:
    return make_article


@pytest.fixture
def seen() -> VisitMaker:
    return make_visit


@pytest.fixture
def other() -> VisitMaker:
    return make_other


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    """An archive with an open run."""
    with Archive.open(path, write=True, create=True) as opened:
        opened.begin_run("test")
        yield opened


@pytest.fixture
def filled(path: Path) -> Path:
    """The path of an archive with two articles, five versions of one of them, and a wall."""
    with Archive.open(path, write=True, create=True) as opened:
        opened.begin_run("crawl", ["tidewater.example"])
        for visit in (
            make_visit(at(1), published_at="2026-01-01"),
            make_visit(at(2), published_at="2026-01-01", headline="Harbour office opens its books"),
            make_visit(at(3), HARBOUR.replace("14", "15"), published_at="2026-01-01"),
            make_other(at(4), Outcome.WALL, body=b"<html>Please sign in</html>"),
            make_other(at(5), Outcome.GONE, status=404),
            make_visit(at(6), HARBOUR.replace("14", "15"), published_at="2026-01-01"),
            make_visit(at(7), HARBOUR, published_at="2026-01-01"),
            make_visit(
                at(2),
                "Ferries run hourly again.\n\nThe pier was closed for a week.",
                asked="https://inland.example/ferries",
                url="https://inland.example/ferries",
                headline="Ferries are back",
                authors=("Mara Quist", "Ole Brandt"),
                published_at="2026-01-02T08:30:00Z",
            ),
        ):
            opened.record(visit)
        opened.end_run({"articles": 2}, 0)
    return path


@pytest.fixture
def discovered(filled: Path) -> Path:
    """The same with the crawl's list of addresses: the article that was named, and one that is still missing."""
    with Archive.open(filled, write=True) as opened:
        opened.begin_run("crawl", ["tidewater.example"])
        for url, outcome in ((URL, "article"), ("https://tidewater.example/news/walled", "wall")):
            opened.connection.execute(
                "INSERT INTO frontier (url, site, kind, found_via, found_at, state, outcome, priority) "
                "VALUES (?, 'tidewater.example', 'article', 'seed', ?, 'done', ?, 100)",
                (url, at(1), outcome),
            )
        opened.end_run({}, 0)
    return filled
