"""Parsers of what sites offer: nothing here touches the network."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from scraper.discovery.documents import document_kind
from scraper.discovery.feeds import parse_feed
from scraper.discovery.links import announced_feeds, page_links, pages_of
from scraper.discovery.printed_times import parse_time
from scraper.discovery.robots import parse_robots
from scraper.discovery.safe_xml import gunzip, parse_xml
from scraper.discovery.sitemaps import parse_sitemap

BASE = "https://ledger.example/"
NEWS_SITEMAP = b"""<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://ledger.example/a </loc><n:news><n:publication_date>2026-01-13T09:30:00+01:00</n:publication_date>
<n:title>Bridge &amp; tunnel</n:title></n:news></url>
<url><loc>/b</loc><lastmod>2026-01-12</lastmod></url><url><loc>ftp://x/y</loc></url></urlset>"""


def test_news_sitemap_keeps_title_and_time():
    first, second = parse_sitemap(NEWS_SITEMAP, BASE + "s.xml").pages
    assert (first.url, first.headline, first.published_at) == (
        BASE + "a",
        "Bridge & tunnel",
        "2026-01-13T08:30:00.000Z",
    )
    assert (second.url, second.modified_at) == (BASE + "b", "2026-01-12")


def test_sitemap_index_gzipped():
    index = b"<sitemapindex><sitemap><loc>https://ledger.example/1.xml</loc></sitemap></sitemapindex>"
    assert [each.url for each in parse_sitemap(gzip.compress(index), BASE).sitemaps] == [BASE + "1.xml"]


def test_plain_list_of_addresses():
    assert (
        len(parse_sitemap(b"\xef\xbb\xbfhttps://ledger.example/a\nhttps://ledger.example/b\nnonsense", BASE).pages) == 2
    )


RSS = b"""<rss version="2.0"><channel><title>L</title><item><title>One</title><link>/one</link>
<pubDate>Tue, 13 Jan 2026 10:30:00 +0100</pubDate></item>
<item><title>Two</title><guid isPermaLink="true">https://ledger.example/two</guid></item>
<item><title>Three</title><guid isPermaLink="false">41</guid></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>One</title>
<link rel="self" href="/self"/><link href="/one"/><published>2026-01-13T09:30:00Z</published>
<updated>2026-01-14T00:00:00Z</updated></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="https://ledger.example/one"><title>One</title>
<dc:date>2026-01-13T09:30:00Z</dc:date></item></rdf:RDF>"""
JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "/one", "title": "One",
"date_published": "2026-01-13T09:30:00Z"}, {"id": 7}, "x"]}"""


@pytest.mark.parametrize("feed", [RSS, ATOM, RDF, JSON], ids=["rss", "atom", "rdf", "json"])
def test_feeds_of_each_kind(feed):
    first = parse_feed(feed, BASE + "feed")[0]
    assert (first.url, first.headline, first.published_at) == (BASE + "one", "One", "2026-01-13T09:30:00.000Z")


def test_rss_takes_a_permanent_guid_and_leaves_what_has_no_address():
    assert [entry.url for entry in parse_feed(RSS, BASE)] == [BASE + "one", BASE + "two"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (RSS, "feed"),
        (ATOM, "feed"),
        (RDF, "feed"),
        (JSON, "feed"),
        (NEWS_SITEMAP, "sitemap"),
        (gzip.compress(NEWS_SITEMAP), "sitemap"),
        (b"<!doctype html><html>", "page"),
        (b'{"a": 1}', "page"),
        (b"", "page"),
    ],
)
def test_documents_are_known_by_their_bytes(body, kind):
    assert document_kind(body, BASE + "x", "text/html") == kind


def test_robots_names_sitemaps_and_delay():
    robots = parse_robots(
        b"User-agent: *\nCrawl-delay: 2\nDisallow: /private\nSitemap: /s.xml\nSitemap: ftp://x\n", BASE
    )
    assert robots.sitemaps == (BASE + "s.xml",)
    assert robots.delay("newsmorgue/1") == 2.0
    assert not robots.allows(BASE + "private/x", "newsmorgue/1")
    assert robots.allows(BASE + "public", "newsmorgue/1")


def test_entities_are_refused():
    assert parse_xml(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>') is None


def test_gunzip_is_bounded_and_strict():
    packed = gzip.compress(b"x" * 1000)
    assert gunzip(packed, 1000) == b"x" * 1000
    assert gunzip(packed, 999) is None
    assert gunzip(packed[:-3]) is None
    assert gunzip(packed + packed) == b"x" * 2000


PAGE = html.fromstring("""<html><head><link rel="alternate" type="application/rss+xml" href="/feed">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
<link rel="alternate" hreflang="de" type="text/html" href="/de"></head><body>
<a href="/a#top">A</a><a href="/a">again</a><a href="mailto:x@y">m</a><a href="javascript:void(0)">j</a>
<a href="//other.example/b">B</a><a href="/news?page=3">3</a><a href="/news?page=2">Older stories</a>
<a href="http://[bad">broken</a></body></html>""")


def test_links_are_absolute_and_each_once():
    links = page_links(PAGE, BASE)
    assert links == [BASE + "a", "https://other.example/b", BASE + "news?page=3", BASE + "news?page=2"]


def test_feeds_of_comments_are_left_out():
    assert announced_feeds(PAGE, BASE) == [BASE + "feed"]


def test_further_pages_of_the_same_list():
    pages = pages_of(PAGE, BASE, BASE + "news")
    assert pages.others == {BASE + "news?page=3", BASE + "news?page=2"}
    assert pages.next == BASE + "news?page=2"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2026-01-13", "2026-01-13"),
        ("2026-01-13T09:30", "2026-01-13T09:30:00"),
        ("Tue, 13 Jan 2026 09:30:00 GMT", "2026-01-13T09:30:00.000Z"),
        ("", None),
        (None, None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+23:00", None),
    ],
)
def test_printed_times(printed, expected):
    assert parse_time(printed) == expected


@given(st.binary(max_size=400))
def test_no_bytes_break_a_parser(body):
    parse_feed(body, BASE)
    parse_sitemap(body, BASE)
    parse_robots(body, BASE)
    document_kind(body, BASE, None)


@given(st.text(max_size=60))
def test_no_text_breaks_the_clock(text):
    parse_time(text)
