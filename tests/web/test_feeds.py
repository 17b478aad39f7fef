"""Feeds validate, and say what the pages say."""

from collections.abc import Callable

import feedparser
import httpx
import pytest

from archive.identity import article_id_of
from tests.web import newsroom

Get = Callable[..., httpx.Response]
LIVE = article_id_of(newsroom.LIVE)
FEEDS = (
    "/index",
    "/changes",
    "/changes?kind=silent",
    "/search?q=lifeboat",
    "/site/gannet-post.example",
    "/author/Mara%20Quist",
    "/section/Trade",
    "/runs",
    f"/article/{LIVE}",
    f"/article/{article_id_of(newsroom.ARABIC)}",
    "/changes?kind=template",
)


def ended(page: str, ending: str) -> str:
    path, mark, string = page.partition("?")
    return path + ending + mark + string


@pytest.mark.parametrize("page", FEEDS)
def test_atom_is_well_formed_and_complete(get: Get, page: str):
    answer = get(ended(page, ".atom"))
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["content-type"]})
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.title
    assert feed.feed.id.startswith("urn:uuid:")
    assert (
        next(link for link in feed.feed.links if link.rel == "self").href == f"http://localhost{ended(page, '.atom')}"
    )
    assert all(
        entry.id and entry.title and entry.updated_parsed and entry.link.startswith("http://localhost/")
        for entry in feed.entries
    )
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    if "template" not in page:
        assert feed.entries


@pytest.mark.parametrize("page", FEEDS)
def test_json_feed_has_what_1_1_asks_for(get: Get, page: str):
    answer = get(ended(page, ".json"))
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    feed = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"].endswith(ended(page, ".json"))
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert isinstance(item["content_text"], str)
        assert item["url"].startswith("http://localhost/")
        assert item["date_modified"].endswith("Z")


def test_both_feeds_have_the_same_entries(get: Get):
    atom, items = feedparser.parse(get("/changes.atom").content), get("/changes.json").json()["items"]
    assert [entry.id for entry in atom.entries] == [item["id"] for item in items]


def test_pages_name_their_feeds(get: Get):
    text = get("/changes?kind=silent").text
    assert 'type="application/atom+xml"' in text
    assert 'href="/changes.atom?kind=silent"' in text
    assert 'href="/changes.json?kind=silent"' in text
