"""One article under all its addresses, and after it has moved."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.digests import digest_of_readings
from archive.identity import same_story
from archive.store import Archive
from archive.verify import verify
from scraper.rebuild.rebuilding import rebuild
from tests.crawl.conftest import Crawl
from tests.crawl.newsroom import Answer, Newsroom, article, hub

Rows = Callable[..., list[tuple[Any, ...]]]
OLD, NEW = "/town/the-boats-of-the-harbour-10001", "/sport/boats-race-in-the-old-harbour-10001"


def assert_rebuilt_the_same(path: Path) -> None:
    with Archive.open(path) as archive:
        before = digest_of_readings(archive.connection)
    rebuild(path, jobs=1)
    with Archive.open(path) as archive:
        assert digest_of_readings(archive.connection) == before
    assert not list(verify(path, deep=True))


def test_every_variant_of_an_address_is_one_article(newsroom: Newsroom, run: Crawl, rows: Rows):
    canonical = (
        f'<link rel="canonical" href="{newsroom.base}{OLD}"><link rel="amphtml" href="{newsroom.base}{OLD}/amp">'
    )
    page = article(1).replace(b"<head>", b"<head>" + canonical.encode())
    variants = (OLD, f"{OLD}/", f"{OLD}?utm_source=x", f"{OLD}?print=1", f"{OLD}/amp", f"{OLD}/index.html")
    newsroom.pages |= dict.fromkeys(variants, page)
    newsroom.pages["/go/10001-boats-of-the-harbour"] = Answer(b"", 301, {"Location": OLD})
    newsroom.pages["/"] = hub(*variants, "/go/10001-boats-of-the-harbour")
    assert run().new == 1
    assert rows("SELECT url, versions FROM articles") == [(newsroom.base + OLD, 1)]


@pytest.mark.parametrize("old", ["redirects", "is gone", "stays"])
def test_a_story_that_moves_is_the_same_article(old: str, newsroom: Newsroom, run: Crawl, rows: Rows, path: Path):
    newsroom.pages |= {"/": hub(OLD), OLD: article(1)}
    run()
    newsroom.pages |= {"/": hub(NEW), NEW: article(1)}
    if old != "stays":
        newsroom.pages[OLD] = Answer(b"", 301, {"Location": NEW}) if old == "redirects" else Answer(b"gone", 404)
    run(full=True)
    assert rows("SELECT count(*), max(gone_at) FROM articles") == [(1, None)]
    assert rows("SELECT count(DISTINCT fingerprint) FROM versions") == [(1,)]
    run(full=True)
    assert rows("SELECT count(*), max(gone_at) FROM articles") == [(1, None)]
    assert_rebuilt_the_same(path)


def test_a_story_that_was_first_met_where_it_moved_to_is_the_same_article(
    newsroom: Newsroom, run: Crawl, rows: Rows, path: Path
):
    old, new, other = (
        "/town/the-boats-of-the-harbour",
        "/sport/boats-race-in-the-old-harbour",
        "/town/a-ferry-that-sank-at-sea",
    )
    newsroom.pages |= {"/": hub(old, other), old: article(1), other: article(2)}
    run()
    newsroom.pages |= {"/": hub(new, other), new: article(1)}  # the list leads to it before the old address does
    run()
    newsroom.pages[old] = Answer(b"", 301, {"Location": new})
    newsroom.pages[other] = Answer(b"", 301, {"Location": new})  # deleted, and led to another story
    run(full=True)
    assert rows("SELECT count(*) FROM articles") == [(2,)]
    assert rows("SELECT count(DISTINCT article_id) FROM urls WHERE url LIKE '%boats%'") == [(1,)]
    assert rows("SELECT versions FROM articles") == [(1,), (1,)]
    assert rows("SELECT count(*) FROM versions WHERE url LIKE ?", f"%{other}") == [(1,)]
    run(full=True)
    assert_rebuilt_the_same(path)


def test_stories_with_a_number_in_common_are_not_one(newsroom: Newsroom, run: Crawl, rows: Rows):
    newsroom.pages |= {"/": hub(OLD, NEW), OLD: article(1), NEW: article(2)}
    assert run().new == 2


TEXT = "A text that is long enough to be told from all others of its kind. " * 5


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("/town/boats-10001", "10001"),
        ("/town/10001/boats", "10001"),
        ("/boats-10001.html", "10001"),
        ("/2026/01/13/boats", None),
        ("/20260113/boats", None),
        ("/a/b/10001/c/d", None),
        ("/boats", None),
    ],
)
def test_the_number_of_a_story(url: str, number: str | None):
    told = same_story("ledger.example", "https://ledger.example" + url, TEXT)
    assert (told and told.split("/")[1]) == number
    assert same_story("ledger.example", "https://ledger.example" + url, "Short.") is None
