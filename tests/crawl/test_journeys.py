"""From an address to an archive, against sites of every make."""

import gzip

import pytest

from scraper.sites import parse_config
from tests.crawl.newsroom import Answer, article, hub

ARTICLES = "SELECT url FROM articles ORDER BY url"
VERSIONS = "SELECT count(*) FROM versions"


def paths(rows, newsroom):
    return [url.removeprefix(newsroom.base) for (url,) in rows(ARTICLES)]


def urlset(*urls: str) -> bytes:
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()


def test_site_root_leads_to_every_section_and_article(newsroom, run, rows):
    stories = {f"/world/2026/01/{day:02}/a-story-of-that-day": article(day) for day in range(1, 13)}
    newsroom.pages = {"/": hub("/world", "/sport"), "/world": hub(*stories), "/sport": hub()} | stories
    summary = run()
    assert summary.exit_code == 0
    assert paths(rows, newsroom) == sorted(stories)
    assert summary.new == 12


def test_feed_only_site(newsroom, run, rows):
    items = "".join(f"<item><link>{newsroom.base}/x{n}</link><title>t</title></item>" for n in range(4))
    newsroom.pages = {f"/x{n}": article(n) for n in range(4)} | {
        "/": hub(more='<link rel="alternate" type="application/rss+xml" href="/feed">'),
        "/feed": Answer(f"<rss><channel>{items}</channel></rss>".encode(), content_type="application/rss+xml"),
    }
    run()
    assert paths(rows, newsroom) == [f"/x{n}" for n in range(4)]
    assert rows("SELECT DISTINCT found_via, found_in FROM frontier WHERE url LIKE '%/x_'") == [
        ("feed", newsroom.base + "/feed")
    ]


def test_sitemap_only_site_nested_and_gzipped(newsroom, run, rows):
    inner = gzip.compress(urlset(*(f"{newsroom.base}/{n}" for n in ("one", "two", "three"))))
    index = f"<sitemapindex><sitemap><loc>{newsroom.base}/inner.xml.gz</loc></sitemap></sitemapindex>".encode()
    newsroom.pages = {f"/{name}": article(n) for n, name in enumerate(("one", "two", "three"))} | {
        "/": hub(),
        "/robots.txt": Answer(f"Sitemap: {newsroom.base}/index.xml".encode(), content_type="text/plain"),
        "/index.xml": Answer(index, content_type="application/xml"),
        "/inner.xml.gz": Answer(inner, content_type="application/gzip"),
    }
    run()
    assert paths(rows, newsroom) == ["/one", "/three", "/two"]


def test_section_pages_are_turned_to_the_last(newsroom, run, rows):
    for page in range(1, 6):
        names = [f"/{page}{n}345-story" for n in range(3)]
        newsroom.pages |= {name: article(page * 3 + n) for n, name in enumerate(names)}
        more = f'<link rel="next" href="/news?page={page + 1}">' if page < 5 else ""
        newsroom.pages["/news" if page == 1 else f"/news?page={page}"] = hub(*names, more=more)
    newsroom.pages["/"] = hub("/news")
    run()
    assert len(paths(rows, newsroom)) == 15


def test_flat_addresses_that_say_nothing_are_read_to_find_out(newsroom, run, rows):
    flat = {f"/{name}": article(n) for n, name in enumerate(("quake", "harbour", "mayor-resigns", "x7"))}
    newsroom.pages = flat | {"/": hub(*flat)}
    run()
    assert paths(rows, newsroom) == sorted(flat)


def test_query_ids(newsroom, run, rows):
    newsroom.pages = {f"/show?id={n}": article(n) for n in (11, 12)} | {"/": hub("/show?id=11", "/show?id=12")}
    run()
    assert paths(rows, newsroom) == ["/show?id=11", "/show?id=12"]


def test_given_an_article_the_site_is_found(newsroom, run, rows):
    first, second = "/2026/01/02/the-first-of-two-stories", "/2026/01/03/the-second-of-two-stories"
    newsroom.pages = {first: article(1, links=f'<a href="{second}">next</a>'), second: article(2)}
    run(first)
    assert paths(rows, newsroom) == [first, second]


def test_second_crawl_adds_nothing_and_asks_conditionally(newsroom, run, rows):
    names = [f"/2026/01/{day:02}/what-happened-on-that-day" for day in range(1, 8)]
    newsroom.pages = {name: article(n) for n, name in enumerate(names)} | {"/": hub(*names)}
    run()
    before = rows(VERSIONS)
    newsroom.statuses.clear()
    second = run(full=True)
    assert rows(VERSIONS) == before
    assert (second.new, second.changed.total(), second.unchanged) == (0, 0, 7)
    assert newsroom.statuses[304] >= len(names)
    assert rows("SELECT count(*) FROM captures WHERE outcome = 'not_modified' AND url LIKE '%that-day'") == [(7,)]


def test_a_change_a_deletion_and_a_newcomer(newsroom, run, rows):
    names = [f"/2026/01/{day:02}/what-happened-on-that-day" for day in range(1, 5)]
    newsroom.pages = {name: article(n) for n, name in enumerate(names)} | {"/": hub(*names)}
    run()
    newsroom.pages[names[0]] = newsroom.pages[names[0]].replace(
        b"</article>", b"<p>It was later withdrawn.</p></article>"
    )
    newsroom.pages[names[1]] = Answer(b"gone", 410)
    late = "/2026/01/09/a-late-story-arrives-here"
    newsroom.pages |= {late: article(9), "/": hub(late, *names)}
    second = run(full=True)
    assert (second.new, dict(second.changed), second.gone, second.unchanged) == (1, {"silent": 1}, 1, 2)


def test_limit_leaves_the_rest_for_the_next_run(newsroom, run, rows):
    names = [f"/2026/01/{day:02}/what-happened-on-that-day" for day in range(1, 11)]
    newsroom.pages = {name: article(n) for n, name in enumerate(names)} | {"/": hub(*names)}
    first = run(limit=3)
    assert first.new == 3
    assert first.sites[0].waiting == 7
    assert run().new == 7


def test_since_skips_what_a_list_dates_before_it_until_asked_without(newsroom, run, rows):
    entries = "".join(
        f"<item><link>{newsroom.base}/s{year}</link><pubDate>Fri, 02 Jan {year} 10:00:00 GMT</pubDate></item>"
        for year in (2024, 2026)
    )
    newsroom.pages = {"/s2024": article(1), "/s2026": article(2)} | {
        "/": hub(more='<link rel="alternate" type="application/rss+xml" href="/feed">'),
        "/feed": f"<rss><channel>{entries}</channel></rss>".encode(),
    }
    first = run(since="2025-06-01T00:00:00.000Z")
    assert paths(rows, newsroom) == ["/s2026"]
    assert first.sites[0].skipped == 1
    run()
    assert paths(rows, newsroom) == ["/s2024", "/s2026"]


def test_empty_site_says_so(newsroom, run):
    newsroom.pages = {"/": hub()}
    summary = run()
    assert summary.exit_code == 3
    assert summary.sites[0].problem == "no article was found"


def test_one_site_of_two_failing_is_degraded_and_the_other_is_kept(newsroom, run, rows):
    newsroom.pages = {"/": hub("/2026/01/01/one-story-to-be-kept"), "/2026/01/01/one-story-to-be-kept": article(1)}
    config = parse_config(f'[[site]]\nurl="{newsroom.base}/"\n[[site]]\nurl="http://127.0.0.1:9/"\n')
    summary = run(sites=config.sites)
    assert summary.exit_code == 3
    assert [site.problem for site in summary.sites] == [None, "connection refused"]
    assert len(rows(ARTICLES)) == 1


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('allow = ["/sport/"]', ["/sport/11111-a"]),
        ('deny = ["/sport/"]', ["/world/22222-b"]),
        ('article = "22222"', ["/sport/11111-a", "/world/22222-b"]),
    ],
)
def test_site_rules(newsroom, run, rows, line, expected):
    newsroom.pages = {"/sport/11111-a": article(1), "/world/22222-b": article(2)}
    newsroom.pages["/"] = hub(*newsroom.pages)
    run(sites=parse_config(f'[[site]]\nurl="{newsroom.base}/"\n{line}\n').sites)
    assert paths(rows, newsroom) == expected


def test_every_discovered_address_ends_in_an_outcome(newsroom, run, rows):
    newsroom.pages = {
        "/": hub("/2026/01/01/the-only-story-there-is", "/2026/01/02/a-dead-link-to-nowhere", "/about", "/x.jpg"),
        "/2026/01/01/the-only-story-there-is": article(1),
    }
    run()
    assert dict(rows("SELECT replace(url, ?, ''), outcome FROM frontier WHERE found_via <> 'seed'", newsroom.base)) == {
        "/2026/01/01/the-only-story-there-is": "article",
        "/2026/01/02/a-dead-link-to-nowhere": "gone",
    }
    assert rows("SELECT count(*) FROM frontier WHERE state = 'pending'") == [(0,)]
