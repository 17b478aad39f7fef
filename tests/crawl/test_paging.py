"""Lists that go on: further pages of sections, lists in JSON, and the way back in time, on a real server."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from scraper.discovery.dated import dated_list
from scraper.discovery.json_lists import addresses_in, next_in
from scraper.discovery.links import pages_of
from scraper.sites import site_for
from tests.crawl.conftest import Crawl
from tests.crawl.newsroom import Answer, Newsroom, article, hub

Rows = Callable[..., list[tuple[Any, ...]]]
PAGES = 6


def story(number: int) -> str:
    return f"/town/the-{number}-boats-of-the-harbour-{10_000 + number}"


def listing(*paths: str, link: str) -> bytes:
    return hub(*paths).replace(b"</body>", link.encode() + b"</body>")


def fill(newsroom: Newsroom, count: int = 2 * PAGES) -> list[str]:
    paths = [story(number) for number in range(count)]
    newsroom.pages |= {path: article(number) for number, path in enumerate(paths)}
    return paths


FORMS: dict[str, tuple[Callable[[int], str], Callable[[str], str]]] = {
    "query": (lambda page: f"/news?page={page}", lambda url: f'<a href="{url}">{url[-1]}</a>'),
    "path": (lambda page: f"/news/page/{page}/", lambda url: f'<a href="{url}">older</a>'),
    "bare number": (lambda page: f"/news/{page}", lambda url: f'<a href="{url}">Next</a>'),
    "rel=next to a cursor": (lambda page: f"/news?before=x{page}z", lambda url: f'<a rel="next" href="{url}">&gt;</a>'),
    "next in the head": (lambda page: f"/news?c=k{page}k", lambda url: f'<link rel="next" href="{url}">'),
    "words and a cursor": (lambda page: f"/news?after=q{page}q", lambda url: f'<a href="{url}">Ältere Beiträge »</a>'),
    "file name": (lambda page: f"/news/index-page{page}.html", lambda url: f'<a rel="next" href="{url}">2</a>'),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_page_of_a_section_is_turned(form: str, newsroom: Newsroom, run: Crawl):
    address, link = FORMS[form]
    paths = fill(newsroom)
    newsroom.pages["/"] = hub("/news")
    for page in range(1, PAGES + 1):
        further = link(address(page + 1)) if page < PAGES else ""
        here = "/news" if page == 1 else address(page)
        newsroom.pages[here] = listing(*paths[2 * page - 2 : 2 * page], link=further)
    assert run().new == len(paths)


def test_a_further_page_is_only_visited_again_when_the_one_before_shows_something_new(newsroom: Newsroom, run: Crawl):
    paths = fill(newsroom)
    newsroom.pages["/"] = hub("/news")
    for page in range(1, PAGES + 1):
        here = "/news" if page == 1 else f"/news?page={page}"
        newsroom.pages[here] = listing(
            *paths[2 * page - 2 : 2 * page], link=f'<a href="/news?page={page + 1}">Next</a>'
        )
    newsroom.pages.pop(f"/news?page={PAGES + 1}", None)
    run()
    newsroom.asked.clear()
    run()
    assert not newsroom.asked["/news?page=2"]
    newsroom.pages["/town/two-new-boats-in-the-harbour-20001"] = article(30)
    newsroom.pages["/news"] = listing(
        "/town/two-new-boats-in-the-harbour-20001", paths[0], link='<a href="/news?page=2">Next</a>'
    )
    assert run().new == 1
    assert newsroom.asked["/news?page=2"] == 1
    assert not newsroom.asked["/news?page=3"]


def test_endless_pages_that_bring_nothing_new_end(newsroom: Newsroom, run: Crawl):
    paths = fill(newsroom, 2)
    newsroom.pages["/"] = hub("/news")
    newsroom.pages["/news"] = listing(*paths, link='<a rel=next href="/news?page=2">Next</a>')
    for page in range(2, 60):
        newsroom.pages[f"/news?page={page}"] = listing(*paths, link=f'<a rel=next href="/news?page={page + 1}">N</a>')
    assert run().new == 2
    assert not newsroom.asked["/news?page=15"]


def test_lists_in_json_that_the_site_names_are_read_until_nothing_is_new(newsroom: Newsroom, run: Crawl):
    paths = fill(newsroom)
    newsroom.pages["/"] = hub()
    for page in range(1, PAGES + 2):
        items = [{"title": "A", "permalink": path} for path in paths[2 * page - 2 : 2 * page]]
        body = json.dumps({"data": {"items": items, "image": "/x.jpg"}}).encode()
        newsroom.pages[f"/api/more?page={page}"] = Answer(body, content_type="application/json")
    site = replace(site_for(newsroom.base + "/"), more=(newsroom.base + "/api/more?page={page}",))
    assert run(sites=(site,)).new == len(paths)


def test_a_list_in_json_names_its_next():
    body = b'{"stories": "<ul><li><a href=\\"/a/b-c\\">A</a></ul>", "next": "/more?cursor=2", "thumb": "/a.png"}'
    assert addresses_in(body, "https://e.example/x") == ["https://e.example/a/b-c"]
    assert next_in(body, "https://e.example/x") == "https://e.example/more?cursor=2"
    assert addresses_in(b"[[[", "https://e.example/") == []


def test_a_backfill_follows_the_lists_of_past_months_whether_they_are_named_or_not(newsroom: Newsroom, run: Crawl):
    months = ("2026/03", "2026/02", "2025/12", "2025/11")  # nothing in January
    for place, month in enumerate(months):
        path = f"/{month}/14/the-boats-of-the-harbour-{place}"
        newsroom.pages[path] = article(place)
        newsroom.pages[f"/{month}/"] = hub(path)
    newsroom.pages["/"] = hub("/2026/03/")
    assert run(since="2025-12-01").new == 3
    assert not newsroom.asked["/2025/11/"]


def test_a_backfill_follows_sitemaps_of_past_months(newsroom: Newsroom, run: Crawl):
    def sitemap(*paths: str) -> Answer:
        urls = "".join(f"<url><loc>{newsroom.base}{path}</loc></url>" for path in paths)
        return Answer(f"<urlset>{urls}</urlset>".encode(), content_type="application/xml")

    for month in ("2026-03", "2026-02", "2026-01"):
        path = f"/town/the-boats-of-the-harbour-{month.replace('-', '')}"
        newsroom.pages[path] = article(int(month[-1]))
        newsroom.pages[f"/sitemap-{month}.xml"] = sitemap(path)
    newsroom.pages["/"] = hub()
    newsroom.pages["/robots.txt"] = Answer(
        f"Sitemap: {newsroom.base}/sitemap-2026-03.xml".encode(), content_type="text/plain"
    )
    assert run(since="2026-02-10").new == 2
    assert not newsroom.asked["/sitemap-2026-01.xml"]


def test_what_its_address_dates_before_a_backfill_is_left(newsroom: Newsroom, run: Crawl):
    newsroom.pages["/"] = hub("/2020/01/13/boats-of-the-old-harbour", "/2026/01/13/boats-of-the-new-harbour")
    newsroom.pages["/2020/01/13/boats-of-the-old-harbour"] = article(1)
    newsroom.pages["/2026/01/13/boats-of-the-new-harbour"] = article(2)
    assert run(since="2026-01-01").new == 1
    assert run().new == 1


@pytest.mark.parametrize(
    ("path", "last", "before"),
    [
        ("/2026/01/", "2026-01-31", "/2025/12/"),
        ("/2026/1/3", "2026-01-03", "/2026/1/2"),
        ("/archive/2026-03-01.html", "2026-03-01", "/archive/2026-02-28.html"),
        ("/sitemap-2026-01.xml", "2026-01-31", "/sitemap-2025-12.xml"),
        ("/sitemap_202601.xml.gz", "2026-01-31", "/sitemap_202512.xml.gz"),
        ("/sitemap.xml?yyyy=2026&mm=01&dd=02", "2026-01-02", "/sitemap.xml?yyyy=2026&mm=01&dd=01"),
        ("/archive?date=2026-01-13", "2026-01-13", "/archive?date=2026-01-12"),
        ("/news/2026/", "2026-12-31", "/news/2025/"),
    ],
)
def test_lists_of_a_period(path: str, last: str, before: str):
    found = dated_list("https://e.example" + path)
    assert found is not None
    assert str(found.last) == last
    assert next(found.earlier(1)).url == "https://e.example" + before


@pytest.mark.parametrize("path", ["/2026/01/13/bridge-stays", "/a/202699", "/", "/posts/123456", "/2026/13/x?y=1"])
def test_what_is_no_list_of_a_period(path: str):
    assert dated_list("https://e.example" + path) is None


def test_pages_of_other_lists_are_not_the_next():
    page = html.fromstring('<body><a href="/sport?page=2">2</a><a href="/news?page=3">3</a></body>')
    assert pages_of(page, "https://e.example/", "https://e.example/").next is None


def test_what_sitemaps_and_feeds_tell_is_kept_and_used_where_the_page_says_nothing(
    newsroom: Newsroom, run: Crawl, rows: Rows
):
    newsroom.pages["/"] = hub(more='<link rel="alternate" type="application/rss+xml" href="/feed">')
    newsroom.pages["/feed"] = Answer(
        b'<rss><channel><link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="https://hub.example/"/></channel></rss>',
        content_type="application/xml",
    )
    newsroom.pages["/town/a"] = article(1).replace(b"<time datetime='2026-01-02'></time>", b"")
    newsroom.pages["/town/b"] = article(2)
    newsroom.pages["/robots.txt"] = Answer(f"Sitemap: {newsroom.base}/s.xml".encode(), content_type="text/plain")
    newsroom.pages["/s.xml"] = Answer(
        f"""<urlset xmlns:n="n" xmlns:i="i" xmlns:x="x"><url><loc>{newsroom.base}/town/a</loc><n:news><n:publication>
        <n:name>P</n:name><n:language>en</n:language></n:publication><n:publication_date>2026-01-05</n:publication_date>
        <n:title>A</n:title></n:news><i:image><i:loc>/p.jpg</i:loc></i:image>
        <x:link rel="alternate" hreflang="de" href="/town/b"/></url></urlset>""".encode(),
        content_type="application/xml",
    )
    assert run().new == 2
    assert rows("SELECT published_at, image_url FROM articles WHERE url LIKE '%/town/a'") == [
        ("2026-01-05", newsroom.base + "/p.jpg")
    ]
    (evidence,) = rows("SELECT evidence FROM versions WHERE url LIKE '%/town/a'")[0]
    assert '["published_at","sitemap","2026-01-05"]' in evidence
    assert rows("SELECT told FROM frontier WHERE kind = 'feed'") == [('{"hubs": ["https://hub.example/"]}',)]
