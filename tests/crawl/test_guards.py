"""Every guard against a site that misbehaves so: an outcome, five good articles beside it, and bounded memory.

All sites are crawled in one run, in a process of its own whose peak memory is read when it has ended.
"""

import gzip
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from scraper.middlewares.decoding import zstd
from tests.crawl.hostile import (
    BAD,
    GOOD,
    MIB,
    OK,
    Computed,
    Crawled,
    Prepare,
    bomb,
    crawl_apart,
    feed_of,
    hang,
    packed,
    pour,
    redirect,
    site_tables,
    spoilt,
    with_bad,
    with_feed,
    with_robots,
    with_sitemap,
)
from tests.crawl.newsroom import Answer, Newsroom, article, hub

PEAK = 300  # MiB
STORY = article(9)
PRIVATE = ("http://169.254.169.254/latest/", "http://10.0.0.1/", "http://[::1]:9/", "http://[::ffff:127.0.0.1]:9/")
SPELT = ("http://2130706433:9/", "http://0x7f.1:9/", "http://0177.0.0.1:9/", "http://127.1:9/", "http://localhost.:9/x")


def calendar(path: str) -> bytes | None:
    """Each day links to the days around it, for ever."""
    if path.startswith("/calendar/"):
        day = int(path.rpartition("/")[2])
        return hub(*(f"/calendar/day/{day + step}" for step in (1, 2, 3, 31, 365)))
    return None


def sessions(path: str) -> bytes | None:
    """Whoever comes without a session is given one, in every link."""
    name, _, query = path.partition("?")
    if query and name in GOOD:
        token = abs(hash(path)) % 10**9
        return article(
            int(name[10]), links="".join(f'<a href="{good}?visit=v{token}{n}">x</a>' for n, good in enumerate(GOOD))
        )
    return None


def deeper(path: str) -> bytes | None:
    """A relative link that leads one folder deeper each time, to a page that is there too."""
    return hub("more/news/", "../all/") if path.startswith("/deep/") else None


def facets(path: str) -> bytes | None:
    """A thousand filters on a list that is always empty."""
    if path.startswith("/find/"):
        ways = "".join(
            f'<li><a href="/find/{path.count("/")}{n}-{n * 7}">Only those of the kind {n}</a></li>' for n in range(40)
        )
        return f"<html><head><title>Search</title></head><body><h1>0 results</h1><ul>{ways}</ul></body></html>".encode()
    return None


def many_links() -> bytes:
    return hub(*(f"http://h{n}.example/" for n in range(200_000)))


def largest_sitemap() -> bytes:
    entry = b"<url><loc>http://elsewhere.example/x</loc></url>"
    return gzip.compress(b"<urlset>" + entry * (49 * MIB // len(entry)) + b"</urlset>", 1)


def trap(compute, *entrances: str) -> Prepare:
    return lambda _: Computed(GOOD | {"/": hub(*GOOD, *entrances)}, compute)


LOGIN = """<title>Log in</title><h1>Log in to continue</h1><form action='/login'><input name=user>
    <input type=password name=password><button>Log in</button></form>"""
PAYWALL = """<title>The harbour plan</title><article><h1>The harbour plan</h1><p>The council has a plan for the harbour,
    and not everybody likes it.</p><div class=paywall><p>Subscribe to continue reading.</p></div></article>"""
MISSING = """<title>Page not found</title><h1>Page not found</h1><p>Sorry, the page you were looking for does not exist.
    It may have been moved or deleted.</p>"""
CHALLENGE = """<title>Just a moment...</title><h1>Checking your browser before accessing the site</h1>
    <div id=challenge-form></div><p>Enable JavaScript and cookies to continue</p>"""
MAINTENANCE = """<title>Down for maintenance</title><h1>We will be back soon</h1><p>The site is down for scheduled
    maintenance. Please check back later.</p>"""
WALLS: dict[str, tuple[str, set[str]]] = {
    "login wall": (LOGIN, {"wall"}),
    "paywall": (PAYWALL, {"wall", "thin"}),
    "soft 404": (MISSING, {"soft_404"}),
    "bot challenge": (CHALLENGE, {"challenge"}),
    "maintenance": (MAINTENANCE, {"thin"}),
}
REFUSED, FAILED, BROKEN, LARGE = {"refused"}, {"failed"}, {"truncated"}, {"too_large"}
UNFOLLOWED = {"refused", "http_error"}
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
BOMB = bomb(64 * MIB)
ENTITY_BOMB = (
    b'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 9))
    + b"]>"
)
Faults = dict[str, tuple[Prepare, set[str]]]
ELSEWHERE: Faults = {
    **{f"redirect to {url}": (redirect(url), REFUSED) for url in (*PRIVATE, *SPELT[:-1])},
    "redirect to localhost.": (redirect(SPELT[-1]), REFUSED | FAILED),
    "redirect to a file": (redirect("file:///etc/passwd"), UNFOLLOWED),
    "redirect to ftp": (redirect("ftp://127.0.0.1/x"), UNFOLLOWED),
    "redirect to data": (redirect("data:text/html,<h1>x</h1>"), UNFOLLOWED),
    "redirect to itself": (redirect(BAD), {"redirect_loop"}),
    "redirect with a password": (redirect("http://user:hunter2@127.0.0.1/"), REFUSED),
    "sitemaps on private hosts": (with_robots("".join(f"Sitemap: {url}s.xml\n" for url in (*PRIVATE, *SPELT))), set()),
    "links to private hosts": (lambda _: GOOD | {"/": hub(*GOOD, *PRIVATE, *SPELT, "file:///etc/passwd")}, set()),
    "feed of private hosts": (with_feed(feed_of(*PRIVATE, *SPELT, "file:///etc/passwd", "data:text/html,x")), set()),
    "robots.txt that goes round": (with_robots("", robots_txt=Answer(b"", 302, {"Location": "/robots.txt"})), set()),
    "robots.txt on a private host": (with_robots("", robots_txt=Answer(b"", 302, {"Location": PRIVATE[0]})), set()),
}
ANSWERS: Faults = {
    "endless headers": (with_bad(pour(OK, endless=b"X-More: and more and more\r\n" * 400)), LARGE),
    "one endless header": (with_bad(pour(OK, b"X-More: ", endless=b"x" * 65536)), LARGE | FAILED),
    "endless interim answers": (with_bad(pour(endless=b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 400)), LARGE),
    "endless body": (with_bad(pour(OK, b"\r\n", endless=b"<p>more and more</p>" * 3000)), LARGE),
    "announced too large": (with_bad(pour(OK, b"Content-Length: 99999999999\r\n\r\n", endless=b"x" * 65536)), LARGE),
    "hang up at once": (with_bad(pour()), FAILED),
    "no HTTP": (with_bad(pour(b"SSH-2.0-OpenSSH_9.6\r\n" * 3)), FAILED),
    "short body": (with_bad(pour(OK, b"Content-Length: 999999\r\n\r\n", STORY)), BROKEN),
    "cut chunks": (with_bad(pour(OK, b"Transfer-Encoding: chunked\r\n\r\nfff0\r\n", STORY)), BROKEN),
    "maintenance with 503": (with_bad(Answer(STORY, 503)), {"http_error"}),
    "partial content": (with_bad(Answer(STORY, 206)), {"http_error"}),
    **{name: (with_bad(page.encode()), outcomes) for name, (page, outcomes) in WALLS.items()},
    "robots.txt without end": (with_robots("", robots_txt=pour(PLAIN, endless=b"Disallow: /x\n" * 5000)), set()),
}
SLOW: Faults = {
    "slow body": (with_bad(pour(OK, b"\r\n", endless=b"<p>", pause=0.2)), FAILED),
    "slow headers": (with_bad(pour(OK, endless=b"X-More: and more\r\n", pause=0.2)), FAILED),
    "stall before the answer": (with_bad(hang()), FAILED),
    "stall in the body": (with_bad(hang(OK, b"Content-Length: 5000\r\n\r\n", STORY[:1000])), FAILED),
    "reservations that never come": (lambda _: GOOD | {"/": hub(*GOOD), "/.well-known/tdmrep.json": hang()}, set()),
}
PACKED: Faults = {
    "cut gzip": (packed(gzip.compress(STORY)[:-40]), BROKEN),
    "gzip with a wrong checksum": (packed(spoilt(gzip.compress(STORY), -6)), BROKEN),
    "plain text that claims to be gzip": (packed(STORY), BROKEN),
    "gzip that does not say so": (with_bad(gzip.compress(STORY)), {"unreadable"}),
    "unknown encoding": (packed(STORY, "snappy"), BROKEN),
    "encoding that was not asked for": (packed(STORY, "br"), BROKEN),
    "gzip bomb": (packed(BOMB), LARGE),
    "nested gzip bomb": (packed(gzip.compress(BOMB), "gzip, gzip"), LARGE),
    "zstd bomb": (packed(zstd.compress(b"x" * 40 * MIB), "zstd"), LARGE),
    "members without number": (packed(gzip.compress(b"") * 100_000), LARGE),
}
DOCUMENTS: Faults = {
    "200,000 links": (lambda _: GOOD | {"/": hub(*GOOD, "/many"), "/many": Answer(many_links())}, set()),
    "XXE in a sitemap": (with_sitemap(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', b"&a;"), set()),
    "entity bomb in a sitemap": (with_sitemap(ENTITY_BOMB, b"&a8;"), set()),
    "entity bomb in a feed": (with_feed(ENTITY_BOMB + feed_of("&a8;")), set()),
    "entities in another encoding": (with_feed((ENTITY_BOMB + feed_of("&a8;")).decode().encode("utf-16")), set()),
}
LARGE_LISTS: Faults = {
    "millions of tags in a sitemap": (with_sitemap(b"", b"</loc></url>" + b"<a/>" * 2_500_000), set()),
    "largest of all sitemaps": (with_robots("Sitemap: {base}/s.xml.gz", s_xml_gz=Answer(largest_sitemap())), set()),
    "bomb for a sitemap": (with_robots("Sitemap: {base}/s.xml.gz", s_xml_gz=Answer(BOMB)), set()),
}
TRAPS: Faults = {
    "calendar": (trap(calendar, "/calendar/day/1"), set()),
    "session ids": (trap(sessions, *(f"{path}?visit=a{n}" for n, path in enumerate(GOOD))), set()),
    "ever deeper": (trap(deeper, "/deep/"), set()),
    "facets": (trap(facets, "/find/0-0"), set()),
}
MOST_ASKED = 400  # of a trap


@pytest.fixture
def besieged(tmp_path: Path) -> Iterator[Callable[..., tuple[dict[str, Newsroom], sqlite3.Connection, Crawled]]]:
    """Crawl a site for each of some faults, all in one run."""
    with ExitStack() as stack:

        def go(faults: Faults, **bounds: float) -> tuple[dict[str, Newsroom], sqlite3.Connection, Crawled]:
            rooms = {name: stack.enter_context(Newsroom()) for name in faults}
            for name, room in rooms.items():
                room.pages = faults[name][0](room)
            crawled = crawl_apart(tmp_path, site_tables(rooms.values()), **bounds)
            return rooms, stack.enter_context(closing(sqlite3.connect(tmp_path / "news.db"))), crawled

        yield go


def wrong_with(faults: Faults, rooms: dict[str, Newsroom], archive: sqlite3.Connection) -> dict[str, object]:
    """The faults that have not their outcome, or have not five good articles beside them."""
    wrong: dict[str, object] = {}
    for name, (_, expected) in faults.items():
        base = rooms[name].base
        kept = archive.execute("SELECT url FROM articles WHERE site = ?", (base.removeprefix("http://"),)).fetchall()
        if sorted(url.removeprefix(base) for (url,) in kept) != list(GOOD):
            wrong[name] = kept
        seen = archive.execute("SELECT outcome, detail FROM observations WHERE url = ?", (base + BAD,)).fetchall()
        if not {outcome for outcome, _ in seen} <= expected or bool(seen) != bool(expected):
            wrong[name] = seen
    return wrong


@pytest.mark.parametrize(
    ("faults", "patience"),
    [
        (ELSEWHERE, 20.0),
        (ANSWERS, 20.0),
        (SLOW, 3.0),
        (PACKED, 20.0),
        (DOCUMENTS, 20.0),
        *(({name: fault}, 20.0) for name, fault in LARGE_LISTS.items()),
        (TRAPS, 20.0),
    ],
    ids=[*"elsewhere answers slow packed documents".split(), *LARGE_LISTS, "traps"],
)
def test_fault_has_its_outcome_and_the_five_beside_it_are_archived(besieged, faults, patience):
    rooms, archive, crawled = besieged(faults, patience=patience)
    assert wrong_with(faults, rooms, archive) == {}
    assert crawled.peak <= PEAK
    assert crawled.exit_code == 0, crawled.errors
    assert crawled.summary["errors"] == []
    dump = "\n".join(archive.iterdump())
    assert "hunter2" not in dump + crawled.errors
    assert "root:" not in dump
    if faults is TRAPS:
        assert {name: asked for name, room in rooms.items() if (asked := room.asked.total()) > MOST_ASKED} == {}
