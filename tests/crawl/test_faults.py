"""What a site or the net does wrong: an outcome, and five good articles beside it."""

import gzip
import zlib
from contextlib import suppress

import pytest

from scraper.sites import parse_config
from tests.crawl.newsroom import Answer, article, hub

GOOD = {f"/2026/01/0{n}/a-good-story-beside-the-fault": article(n) for n in range(1, 6)}
BAD = "/2026/01/09/a-story-that-is-not-well"
OUTCOME = "SELECT outcome, detail FROM captures WHERE url LIKE '%not-well' ORDER BY fetched_at DESC LIMIT 1"


@pytest.fixture
def outcome_of(newsroom, run, rows):
    def go(answer, path=BAD):
        newsroom.pages = GOOD | {"/": hub(path, *GOOD), path: answer}
        assert run().new == 5
        return rows(OUTCOME)[0]

    return go


def raw(*pieces: bytes):
    def behave(handler):
        with suppress(OSError):
            handler.wfile.write(b"".join(pieces))
            handler.wfile.flush()
        handler.close_connection = True

    return behave


def test_private_address_by_redirect(outcome_of):
    target = Answer(b"", 302, {"Location": "http://169.254.169.254/latest/meta-data"})
    assert outcome_of(target) == ("refused", "private address: 169.254.169.254")


def test_odd_spelling_of_loopback_by_redirect(outcome_of):
    outcome, detail = outcome_of(Answer(b"", 302, {"Location": "http://2130706433/"}))
    assert outcome == "refused"
    assert "private address" in detail


def test_redirect_off_the_site(outcome_of, newsroom):
    target = Answer(b"", 302, {"Location": f"http://127.0.0.1:9{BAD}"})
    assert outcome_of(target)[0] == "refused"


def test_name_that_resolves_to_loopback_is_not_connected_to(newsroom, run, rows):
    from urllib.parse import urlsplit

    sitemap = f"http://localhost:{urlsplit(newsroom.base).port}/secret.xml"
    newsroom.pages = GOOD | {
        "/": hub(*GOOD),
        "/robots.txt": f"Sitemap: {sitemap}".encode(),
        "/secret.xml": b"<urlset/>",
    }
    assert run().new == 5
    assert newsroom.asked["/secret.xml"] == 0
    assert rows("SELECT outcome FROM captures WHERE url = ?", sitemap) == [("failed",)]


def test_redirect_loop(outcome_of):
    assert outcome_of(Answer(b"", 302, {"Location": BAD}))[0] == "redirect_loop"


def test_body_larger_than_the_bound(outcome_of, monkeypatch):
    monkeypatch.setattr("scraper.settings.MAX_BODY", 50_000)
    assert outcome_of(Answer(article(1) + b" " * 60_000)) == ("too_large", "larger than the bound")


def test_decompression_bomb(outcome_of, monkeypatch):
    monkeypatch.setattr("scraper.settings.MAX_BODY", 50_000)
    bomb = gzip.compress(b"<p>" + b"x" * 1_000_000)
    assert outcome_of(Answer(bomb, headers={"Content-Encoding": "gzip"}))[0] == "too_large"


def test_truncated_gzip(outcome_of):
    cut = gzip.compress(article(1))[:-40]
    assert outcome_of(Answer(cut, headers={"Content-Encoding": "gzip"}))[0] == "truncated"


def test_corrupt_gzip(outcome_of):
    whole = bytearray(gzip.compress(article(1)))
    whole[-6] ^= 0xFF
    assert outcome_of(Answer(bytes(whole), headers={"Content-Encoding": "gzip"}))[0] == "truncated"


def test_unknown_encoding(outcome_of):
    outcome, detail = outcome_of(Answer(b"\x8b\x02\x80", headers={"Content-Encoding": "snappy"}))
    assert (outcome, "snappy" in detail) == ("truncated", True)


def test_body_shorter_than_announced(outcome_of):
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999\r\nConnection: close\r\n\r\n"
    assert outcome_of(raw(answer, article(1)))[0] == "truncated"


def test_connection_dropped(outcome_of):
    assert outcome_of(raw(b""))[0] == "failed"


def test_server_error_is_retried_and_told(outcome_of, newsroom):
    assert outcome_of(Answer(b"oops", 500)) == ("http_error", "status 500")
    assert newsroom.asked[BAD] == 3


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"\x89PNG\r\n\x1a\n" * 40, "image/png"), (b"%PDF-1.7 " * 40, "application/pdf"), (b"", "text/html")],
)
def test_what_is_no_page_is_no_article(outcome_of, body, kind, rows):
    outcome_of(Answer(body, content_type=kind))
    assert rows("SELECT outcome FROM observations WHERE url LIKE '%not-well'") == [("unreadable",)]


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate"])
def test_honest_encodings_are_read(newsroom, run, rows, encoding):
    packed = {"gzip": gzip.compress(article(3)), "deflate": zlib.compress(article(3))}
    raw_deflate = zlib.compressobj(wbits=-15)
    packed["raw deflate"] = raw_deflate.compress(article(3)) + raw_deflate.flush()
    headers = {"Content-Encoding": encoding.rpartition(" ")[2]}
    newsroom.pages = {"/": hub(BAD), BAD: Answer(packed[encoding], headers=headers)}
    assert run().new == 1


def test_robots_denies_a_path(newsroom, run, rows):
    newsroom.pages = GOOD | {
        "/": hub(BAD, *GOOD),
        BAD: article(7),
        "/robots.txt": b"User-agent: *\nDisallow: /2026/01/09/",
    }
    assert run().new == 5
    assert newsroom.asked[BAD] == 0
    assert rows(OUTCOME) == [("denied", "robots.txt says no")]


def test_robots_that_fails_keeps_us_away(newsroom, run):
    newsroom.pages = GOOD | {"/": hub(*GOOD), "/robots.txt": Answer(b"", 503)}
    summary = run()
    assert summary.exit_code == 6
    assert "503" in (summary.sites[0].problem or "")
    assert not any(newsroom.asked[path] for path in GOOD)


def test_robots_is_asked_once_and_kept(newsroom, run, rows):
    newsroom.pages = GOOD | {"/": hub(*GOOD), "/robots.txt": Answer(b"User-agent: *\n", content_type="text/plain")}
    run()
    assert newsroom.asked["/robots.txt"] == 1
    assert rows("SELECT count(*) FROM captures WHERE url LIKE '%/robots.txt' AND body_id IS NOT NULL") == [(1,)]


def test_crawl_says_who_it_is(newsroom, run):
    newsroom.pages = GOOD | {"/": hub(*GOOD)}
    config = parse_config(f'contact = "mailto:desk@ledger.example"\n[[site]]\nurl = "{newsroom.base}/"\n')
    run(sites=config.sites)
    agents = {headers["User-Agent"] for headers in newsroom.seen_headers.values()}
    assert len(agents) == 1
    assert agents.pop().endswith("(+mailto:desk@ledger.example)")


def test_noarchive_is_obeyed_only_if_the_entry_says_so(newsroom, run, rows):
    newsroom.pages = GOOD | {"/": hub(BAD, *GOOD), BAD: Answer(article(7), headers={"X-Robots-Tag": "noarchive"})}
    config = parse_config(f'noarchive = "obey"\n[[site]]\nurl = "{newsroom.base}/"\n')
    assert run(sites=config.sites).new == 5
    assert rows(OUTCOME) == [("refused", "noarchive")]
    assert run(full=True).new == 1


def test_entity_bomb_in_a_sitemap_is_left_alone(newsroom, run):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
    newsroom.pages = GOOD | {"/": hub(*GOOD), "/robots.txt": f"Sitemap: {newsroom.base}/s.xml".encode(), "/s.xml": bomb}
    assert run().new == 5


def test_feed_cannot_lead_to_files_or_foreign_hosts(newsroom, run, rows):
    items = "".join(f"<item><link>{url}</link></item>" for url in ("file:///etc/passwd", "http://elsewhere.example/a"))
    newsroom.pages = GOOD | {
        "/": hub(*GOOD, more='<link rel="alternate" type="application/rss+xml" href="/feed">'),
        "/feed": f"<rss><channel>{items}</channel></rss>".encode(),
    }
    assert run().new == 5
    assert rows("SELECT count(*) FROM frontier WHERE url LIKE 'file%' OR url LIKE '%elsewhere%'") == [(0,)]


def test_endless_pagination_ends(newsroom, run):
    class Endless(dict):
        def get(self, path, default=None):
            if path.startswith("/news?page="):
                page = int(path.partition("=")[2])
                return hub(more=f'<link rel="next" href="/news?page={page + 1}">')
            return super().get(path, default)

    newsroom.pages = Endless(
        GOOD | {"/": hub("/news", *GOOD), "/news": hub(more='<link rel=next href="/news?page=2">')}
    )
    assert run().new == 5
    assert sum(path.startswith("/news?") for path in newsroom.asked) <= 12


def test_a_site_that_mostly_fails_is_told(newsroom, run):
    bad = {f"/2026/02/0{n}/a-story-that-the-server-loses": Answer(b"oops", 503) for n in range(1, 5)}
    newsroom.pages = GOOD | bad | {"/": hub(*GOOD, *bad)}
    summary = run()
    assert (summary.new, summary.exit_code) == (5, 3)
    assert "4 of 10 visits failed" in summary.sites[0].problem


def test_one_failure_among_many_is_no_alarm(newsroom, run):
    newsroom.pages = GOOD | {"/": hub(BAD, *GOOD), BAD: Answer(b"oops", 503)}
    assert run().exit_code == 0
