"""Waiting as asked, following a site that moves, and telling how it goes."""

import io
import time
from itertools import pairwise

import pytest

from archive.records import Capture, Outcome, Visit
from scraper.progress import LiveTable, PlainLines, Silent, progress_for
from scraper.tally import Tally
from tests.crawl.newsroom import Answer, Newsroom, article, hub
from tests.crawl.test_watching import Terminal


def test_crawl_delay_is_kept_between_any_two_requests(newsroom, run):
    names = [f"/2026/01/0{n}/a-story-worth-waiting-for" for n in range(1, 6)]
    moments = []

    def timed(body):
        def behave(handler):
            moments.append(time.monotonic())
            handler.send_response(200)
            handler.send_header("Content-Type", "text/html")
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        return behave

    newsroom.pages = {name: timed(article(n)) for n, name in enumerate(names)} | {"/": timed(hub(*names))}
    newsroom.pages["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0.3\n", content_type="text/plain")
    assert run().new == 5
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert min(gaps) >= 0.25  # the server's clock starts when a request arrives, a little after it was sent


def test_start_page_that_moves_takes_its_site_along(newsroom, run, rows):
    with Newsroom() as elsewhere:
        names = [f"/2026/01/0{n}/a-story-at-the-new-address" for n in range(1, 4)]
        elsewhere.pages = {name: article(n) for n, name in enumerate(names)} | {"/": hub(*names)}
        newsroom.pages = {"/": Answer(b"", 301, {"Location": elsewhere.base + "/"})}
        assert run().new == 3
        assert {site for (site,) in rows("SELECT DISTINCT site FROM articles")} == {elsewhere.base.partition("://")[2]}


@pytest.fixture
def tally():
    counted = Tally()
    capture = Capture(
        url="https://a.example/x", fetched_at="2026-01-01T00:00:00.000Z", outcome=Outcome.FETCHED, status=200
    )
    counted.count("a.example", Visit(capture=capture, body=b"x" * 2_000_000, outcome=Outcome.ARTICLE))
    return counted


def test_plain_lines_come_now_and_then(tally):
    stream = io.StringIO()
    eager = PlainLines(stream, interval=0)
    eager.show(tally, 7)
    eager.close()
    assert stream.getvalue().startswith(
        "0 discovered, 1 fetched, 0 new, 0 changed, 0 unchanged, 0 gone, 0 failed, 2.0 MB"
    )
    assert stream.getvalue().endswith(", 7 to go\n")
    patient = PlainLines(quiet := io.StringIO())
    patient.show(tally, 7)
    assert quiet.getvalue() == ""


def test_live_bar_shows_counts(tally, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    bar = LiveTable(stream)
    bar.show(tally, 7)
    bar.close()
    assert "a.example" in stream.getvalue() or "discovered" in stream.getvalue()


def test_what_suits_the_stream():
    assert isinstance(progress_for(io.StringIO(), quiet=True), Silent)
    assert isinstance(progress_for(io.StringIO()), PlainLines)
    bar = progress_for(Terminal())
    bar.close()
    assert isinstance(bar, LiveTable)
