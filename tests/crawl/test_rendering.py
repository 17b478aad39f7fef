"""A site whose texts only scripts bring, rendered in the system's Chromium; and what a page may not do there."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace

import pytest

from archive.compact import compact
from archive.export.selection import Selection
from archive.export.warc import write
from archive.records import Capture, Outcome
from archive.store import Archive
from archive.verify import verify
from scraper import settings
from scraper.crawl import Plan, crawl
from scraper.merge import merge
from scraper.middlewares import rendering
from scraper.observe import observe
from scraper.prospect import prospect, to_toml
from scraper.rebuild.rebuilding import rebuild
from scraper.rendering import browser as browser_module
from scraper.rendering.errands import headers_of_browser
from scraper.replay.import_run import import_pages
from scraper.sites import parse_config, site_for
from tests.crawl.newsroom import PROSE, Answer, Newsroom, article, hub
from tests.crawl.scripted import COUNT, PATHS, SHELL, as_json, scripted, told
from tests.needs import browser  # noqa: F401 - a fixture

CAPTURED = "SELECT id, url, body_id, rendered_id FROM captures ORDER BY id"
TEXTS = "SELECT url, text, fingerprint FROM versions ORDER BY url, number"


@pytest.fixture
def visit(path, newsroom):
    """Crawl the newsroom with a browser."""

    def go(**plan):
        site = replace(site_for(newsroom.base + "/"), render=True)
        return crawl(path, Plan(sites=(site,), **plan))

    return go


def test_without_a_browser_a_shell_is_missing_and_says_why(newsroom, path, rows, run):
    scripted(newsroom)
    summary = run()
    assert summary.exit_code == 3
    assert "need rendering" in str(summary.sites[0].problem)
    assert rows("SELECT url, reason, detail FROM missing") == [
        (newsroom.base + "/", "needs_rendering", "needs rendering: without a browser the page has no text")
    ]


def test_stories_of_a_feed_that_are_shells_are_all_missing(newsroom, rows, run):
    scripted(newsroom)
    items = "".join(f"<item><title>x</title><link>{newsroom.base}{path}</link></item>" for path in PATHS)
    newsroom.pages["/feed.xml"] = Answer(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    run(sites=(replace(site_for(newsroom.base + "/"), feeds=(newsroom.base + "/feed.xml",)),))
    missing = rows("SELECT url FROM missing WHERE reason = 'needs_rendering' AND detail LIKE 'needs rendering%'")
    assert {url.removeprefix(newsroom.base) for (url,) in missing} == {"/", *PATHS}


def test_init_notices_that_a_site_needs_rendering(newsroom):
    scripted(newsroom)
    text = to_toml([prospect(newsroom.base + "/")])
    assert parse_config(text).sites[0].render
    newsroom.pages["/"] = hub(*PATHS)
    assert not parse_config(to_toml([prospect(newsroom.base + "/")])).sites[0].render


def test_a_site_to_be_rendered_where_no_browser_is_says_what_to_install(newsroom, visit, rows, monkeypatch):
    scripted(newsroom)
    monkeypatch.setattr(browser_module, "NAMES", ("no-such-browser",))
    monkeypatch.delenv(browser_module.VARIABLE, raising=False)
    summary = visit()
    assert summary.exit_code == 3
    assert "apt install chromium" in str(summary.sites[0].problem)
    assert rows("SELECT reason FROM missing") == [("needs_rendering",)]


def test_the_browser_is_named_by_the_file_or_the_environment_or_found(monkeypatch, tmp_path):
    named = tmp_path / "browser"
    named.write_text("#!/bin/sh\n")
    named.chmod(0o755)
    assert parse_config(f'browser = "{named}"\n[[site]]\nurl = "https://a.example/"\nrender = true').browser == str(
        named
    )
    assert browser_module.find_browser(str(named)) == str(named)
    monkeypatch.setenv(browser_module.VARIABLE, str(named))
    assert browser_module.find_browser() == str(named)
    monkeypatch.setenv(browser_module.VARIABLE, str(tmp_path / "none"))
    assert str(tmp_path / "none") in str(browser_module.browser_problem())


@pytest.mark.usefixtures("browser")
def test_a_site_that_scripts_fill_is_archived_and_its_raw_pages_are_kept(newsroom, path, rows, visit, tmp_path):
    scripted(newsroom)
    summary = visit()
    assert (summary.exit_code, summary.new) == (0, COUNT)
    assert newsroom.asked["/app.js"] == 1
    assert newsroom.asked["/logo.png"] == newsroom.asked["/app.css"] == 0
    assert newsroom.seen_headers["/api" + PATHS[0]]["User-Agent"].startswith("newsmorgue/")
    stories = rows("SELECT url, text FROM latest ORDER BY url")
    assert [text for _, text in stories] == ["\n\n".join(told(n)["paragraphs"]) for n in range(COUNT)]
    assert rows("SELECT * FROM missing") == []
    shell = newsroom.pages["/"]
    with Archive.open(path) as archive:
        bodies = archive.connection.execute("SELECT body_id, rendered_id FROM captures WHERE url LIKE '%/2026/%'")
        for body_id, rendered_id in bodies.fetchall():
            assert archive.body(body_id) == shell
            assert b"<article><h1>" in archive.body(rendered_id)
    raw = [sys.executable, "-m", "scraper", "show", newsroom.base + PATHS[0], "--raw", "--archive", str(path)]
    assert subprocess.run(raw, capture_output=True, check=True, timeout=60).stdout == shell
    before = rows(TEXTS)
    again = [tuple(row) for row in rows(CAPTURED)]
    with Archive.open(path) as archive:
        assert write(archive, Selection(), str(tmp_path / "all.warc.gz")) == len(again)
    imported = tmp_path / "imported.db"
    import_pages(imported, [tmp_path / "all.warc.gz"])
    with Archive.open(imported) as archive:
        assert [tuple(row) for row in archive.connection.execute(CAPTURED)] == again
        assert [tuple(row) for row in archive.connection.execute(TEXTS)] == before
    with Archive.open(path, write=True) as archive:
        compact(archive)
    merge(tmp_path / "merged.db", [path])
    for each in (path, tmp_path / "merged.db"):
        rebuild(each, jobs=1)
        assert list(verify(each, deep=True)) == []
        with Archive.open(each) as archive:
            assert [tuple(row) for row in archive.connection.execute(TEXTS)] == before


@pytest.mark.usefixtures("browser")
def test_a_second_look_sees_what_scripts_bring_although_the_page_itself_is_the_same(newsroom, rows, visit):
    scripted(newsroom)
    visit()
    newsroom.pages["/api" + PATHS[1]] = as_json(told(1) | {"headline": "Quite another headline for the story"})
    summary = visit()
    assert (summary.new, dict(summary.changed), summary.unchanged) == (0, {"headline": 1}, COUNT - 1)
    assert newsroom.statuses[304] == 0
    assert "If-None-Match" not in newsroom.seen_headers[PATHS[1]]


def test_a_page_that_a_browser_left_empty_needs_none_any_more():
    seen = Capture(url="https://a.example/x", fetched_at="2026-01-01T00:00:00.000Z", outcome=Outcome.FETCHED)
    shell = SHELL.replace("{head}", "").encode()
    assert observe(seen, shell).visit.outcome is Outcome.NEEDS_RENDERING
    assert observe(seen, shell, shell).visit.outcome is Outcome.THIN
    assert observe(seen, shell, article(1)).visit.outcome is Outcome.ARTICLE


def test_what_is_rendered_is_read_as_utf_8_whatever_the_page_was():
    seen = Capture(
        url="https://a.example/x",
        fetched_at="2026-01-01T00:00:00.000Z",
        outcome=Outcome.FETCHED,
        content_type="text/html; charset=iso-8859-1",
    )
    page = article(1).replace(b"<p>", "<p>Größe – ‘so’. ".encode(), 1)
    story = observe(seen, b"<html><body><div id=app></div>", page).visit.article
    assert story is not None
    assert story.text.startswith("Größe – ‘so’.")


SPY = """
<script type=module>
const away = '{away}';
const tries = [
  () => fetch(away + '/fetch', {{mode: 'no-cors'}}),
  () => navigator.sendBeacon(away + '/beacon', 'x'),
  () => new WebSocket(away.replace('http', 'ws') + '/socket'),
  () => new EventSource(away + '/events'),
  () => window.open(away + '/window'),
  () => new Worker(URL.createObjectURL(new Blob(["fetch('" + away + "/worker', {{mode: 'no-cors'}})"]))),
  () => document.body.append(Object.assign(document.createElement('iframe'), {{src: away + '/frame'}})),
  () => document.body.append(Object.assign(document.createElement('img'), {{src: away + '/image'}})),
  () => document.body.append(Object.assign(document.createElement('script'), {{src: away + '/script'}})),
  () => document.body.append(Object.assign(document.createElement('video'), {{src: away + '/film', preload: 'auto'}})),
  () => fetch('/post-elsewhere', {{method: 'POST', body: 'x'}}).then(() => fetch(away + '/post', {{method: 'POST'}})),
  () => {{ const pc = new RTCPeerConnection({{iceServers: [{{urls: 'stun:' + new URL(away).host}}]}});
           pc.createDataChannel('x'); pc.createOffer().then(o => pc.setLocalDescription(o)); }},
];
for (const each of tries) try {{ await each(); }} catch (_) {{}}
location.href = away + '/navigation';
</script>
<link rel=prefetch href="{away}/prefetch"><link rel=preconnect href="{away}"><link rel=stylesheet href="{away}/style">
"""


@pytest.mark.usefixtures("browser")
def test_a_page_reaches_nothing_that_the_crawl_may_not(newsroom, rows, visit):
    """Neither a private address that nobody named, nor what robots.txt denies, nor anything past the crawl."""
    with Newsroom() as other:
        connections = []
        accept = other.get_request
        other.get_request = lambda: connections.append(taken := accept()) or taken  # type: ignore[method-assign]
        away = other.base.replace("127.0.0.1", "localhost")
        scripted(newsroom, SPY.format(away=away))
        newsroom.pages["/robots.txt"] = Answer(
            f"User-agent: *\nDisallow: /api{PATHS[0]}\nDisallow: /post-".encode(), content_type="text/plain"
        )
        summary = visit()
        assert summary.new == COUNT - 1
        assert not connections
        assert not other.asked
        assert newsroom.asked["/api" + PATHS[0]] == newsroom.asked["/post-elsewhere"] == 0
    assert rows("SELECT outcome FROM frontier WHERE url LIKE ?", "%" + PATHS[0]) == [("thin",)]


@pytest.mark.usefixtures("browser")
def test_what_hangs_or_kills_the_browser_is_an_outcome_and_the_others_are_archived(
    newsroom, path, rows, tmp_path, monkeypatch
):
    monkeypatch.setattr(rendering, "SECONDS", 15)  # room for the other pages on a busy machine
    monkeypatch.setattr(rendering, "QUIET_SECONDS", 2)
    monkeypatch.setattr(settings, "MAX_BODY", 2_000_000)
    pid, wrapper = tmp_path / "pid", tmp_path / "chromium"
    wrapper.write_text(f'#!/bin/sh\necho $$ > {pid}\nexec {shutil.which("chromium")} "$@"\n')
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    scripted(newsroom)
    story = PROSE[0].text.strip().replace("\n\n", "<p>")
    faults = {
        "/2026/02/01/spins-for-ever": f"<article><h1>One</h1><p>{story}</article><script>for (;;) {{}}</script>",
        "/2026/02/02/kills-the-browser": "<div id=root></div><script src=/deadly.js></script>",
        "/2026/02/03/never-rests": f"<article><h1>Three is a headline</h1><p>{story}</article>"
        "<script>setInterval(() => fetch('/api/'), 100)</script>",
        "/2026/02/04/throws": f"<article><h1>Four is a headline</h1><p>{story}</article><script>throw 1</script>",
        "/2026/02/05/fills-memory": "<div id=root></div><script>root.append('x'.repeat(3e6))</script>",
    }

    def deadly(handler):
        with suppress(ProcessLookupError):
            os.kill(int(pid.read_text()), signal.SIGKILL)
        handler.send_error(500)

    newsroom.pages |= {name: f"<!doctype html><title>x</title><body>{page}".encode() for name, page in faults.items()}
    healthy = [f"/2026/03/0{n}/a-story-that-needs-no-scripts" for n in range(1, 6)]
    newsroom.pages |= {each: article(n) for n, each in enumerate(healthy)}
    newsroom.pages["/deadly.js"] = deadly
    newsroom.pages["/api/"] = as_json({"paths": [*list(faults)[:3], *healthy, *list(faults)[3:]]})
    site = replace(site_for(newsroom.base + "/"), render=True)
    summary = crawl(path, Plan(sites=(site,), browser=str(wrapper)))
    outcomes = dict(rows("SELECT substr(url, -12), outcome FROM frontier WHERE url LIKE '%/2026/02/%'"))
    assert outcomes == {
        "ins-for-ever": "failed",
        "-the-browser": "failed",
        "/never-rests": "article",
        "02/04/throws": "article",
        "fills-memory": "too_large",
    }
    details = rows("SELECT detail FROM captures WHERE outcome = 'failed' ORDER BY url")
    assert details[0] == ("rendering took more than 15 seconds",)
    assert len(details) == 2
    assert details[1][0].startswith("rendering failed: ")
    assert not summary.errors
    archived = {url for (url,) in rows("SELECT url FROM articles")}
    assert archived >= {newsroom.base + each for each in healthy}


@pytest.mark.usefixtures("browser")
def test_pages_of_other_sites_of_the_run_are_not_rendered(newsroom, path, rows):
    scripted(newsroom)
    newsroom.pages["/api/"] = as_json({"paths": PATHS[:1]})
    with Newsroom() as plain:
        plain.pages = {"/": hub("/2026/01/01/a-plain-story-of-one")} | {"/2026/01/01/a-plain-story-of-one": article(3)}
        plain_site = site_for(plain.base.replace("127.0.0.1", "localhost") + "/")
        rendered = replace(site_for(newsroom.base + "/"), render=True)
        crawl(path, Plan(sites=(rendered, plain_site)))
    kept = dict(rows("SELECT site, count(rendered_id) FROM captures WHERE body_id IS NOT NULL GROUP BY site"))
    assert kept == {rendered.key: 2, plain_site.key: 0}


def test_a_browsers_headers_are_sent_on_without_its_cookies_conditions_and_name():
    sent = {"cookie": "a=b", "if-none-match": "x", "sec-ch-ua": "y", "user-agent": "Mozilla", "x-api-key": "k"}
    assert headers_of_browser(sent, "newsmorgue/1") == {"x-api-key": "k", "User-Agent": "newsmorgue/1"}
