"""A site's own rules: what its selectors find and strip, and whom its credentials are shown to."""

import json
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.errors import UsageError
from archive.store import Archive
from pipelines.site_rules import Rules
from scraper import rules_check
from scraper.cli import main
from scraper.crawl import Plan, crawl
from scraper.credentials import credentials_of
from scraper.observe import own_rules
from scraper.reading import parse
from scraper.rebuild.rebuilding import rebuild
from scraper.site_reading import read_by_rules
from scraper.sites import Site, parse_config, rules_of, site_for
from tests.crawl.conftest import Crawl
from tests.crawl.newsroom import Answer, Newsroom, article, hub

Rows = Callable[..., list[tuple[Any, ...]]]
PAGE = b"""<html lang="en"><head><title>Ferry returns | The Ledger</title></head><body>
<div class="wrap">
<h1>The Ledger</h1><h2 class="story-title">Ferry returns to the harbour</h2>

<span class="by">By Ann Lee and Bo Ray</span>
<span class="day" datetime="2026-01-13T10:00:00Z">last Tuesday</span><div class="copy">
<p>The ferry came back to the harbour on Tuesday after eleven weeks in the dry dock, its keeper said.</p>
<aside class="box"><p>Members of our reading circle pay less.</p></aside>
<p>It will sail every hour until the end of the season, and every half hour on market days, he added.</p>
<p>The engine had been taken apart twice, because a bearing that the yard ordered in spring was too wide.
In the end a smith in the upper town turned a new one on his own lathe, for a season ticket and a good meal.
The crew had used the time to paint the saloon, mend the benches and learn the names of the new lights.</p>
</div>
<div class="next"><p>The council meets on Thursday to talk about the lamps of the quay.</p></div>
</div></body></html>"""
URL = "https://ledger.example/town/ferry"


def read(**rules: Any) -> Any:
    return read_by_rules(parse(PAGE, URL), Rules(**rules), "2026-02-01T00:00:00.000Z")


def test_selectors_of_fields_outrank_what_the_reader_finds():
    fields = {
        "headline": "h2.story-title",
        "authors": "//span[@class='by']/text()",
        "published_at": ".day",
        "text": "div.copy",
    }
    found = read(fields=tuple(sorted(fields.items())))
    assert found.headline == "Ferry returns to the harbour"
    assert found.authors == ("Ann Lee", "Bo Ray")
    assert found.published_at == "2026-01-13T10:00:00Z"
    assert "council meets" not in found.text
    assert any("council meets" in removal.text for removal in found.removals)
    assert ("headline", "site:fields h2.story-title") in [(each.field, each.source) for each in found.evidence]


def test_what_a_strip_selector_matches_becomes_a_removal_with_its_place():
    page = parse(PAGE, URL)
    found = read_by_rules(page, Rules(strip=("aside.box",)))
    assert "reading circle" not in found.text
    (cut,) = [removal for removal in found.removals if removal.rule == "site:strip aside.box"]
    assert cut.text.startswith("Members of our")
    before = next(block for block in found.blocks if block.text.startswith("The ferry came"))
    assert cut.position == before.position + 1
    assert cut.path.endswith("div.copy/aside.box")
    assert page.root is not None
    assert page.root.findall(".//aside"), "the page itself stays as it is: links are looked for in it"


def test_a_selector_that_matches_nothing_changes_nothing():
    assert read(fields=(("headline", "h5"),), strip=("nav.none", "//x[foo()]")) == read()


def test_dated_rules_hold_for_pages_of_their_time():
    text = """[[site]]
url = "https://ledger.example/"
strip = ["aside.box"]
fields = { headline = "h2" }
[[site.dated]]
until = 2025-06-01
strip = ["div.ad"]
fields = { authors = ".by" }
[[site.dated]]
until = 2020-01-01
strip_lines = ["^Advertorial"]
"""
    rules = parse_config(text).sites[0].rules
    assert rules.at("2025-06-01T00:00:00.000Z") == rules.current
    assert rules.at("2025-05-31T23:59:59.000Z").strip == ("div.ad",)
    assert rules.at("2025-05-31").fields == (("authors", ".by"), ("headline", "h2"))
    assert rules.at("2019-05-31").strip_lines == ("^Advertorial",)
    assert rules.at("2019-05-31").strip == ("aside.box",)


def test_other_rules_are_other_readings(newsroom: Newsroom, run: Crawl, rows: Rows, path: Path):
    newsroom.pages["/"] = hub("/town/the-ferry-returns-to-harbour-10001")
    newsroom.pages["/town/the-ferry-returns-to-harbour-10001"] = PAGE
    site = replace(site_for(newsroom.base + "/"), strip=("div.next",))
    assert run().new == 1
    assert "council meets" in rows("SELECT text FROM latest")[0][0]
    rebuild(path, jobs=1, rules=rules_of([site]))
    assert "council meets" not in rows("SELECT text FROM latest")[0][0]
    assert rows("SELECT versions FROM articles") == [(1,)]
    assert rows("SELECT DISTINCT reader FROM versions")[0][0].endswith(own_rules(rules_of([site]))[site.key])
    rebuild(path, jobs=1, rules=rules_of([replace(site, strip=())]))
    assert "council meets" in rows("SELECT text FROM latest")[0][0]


# Credentials

SECRETS = {"LEDGER_SESSION": "s3cr3t-session", "LEDGER_TOKEN": "s3cr3t-token", "LEDGER_WORD": "s3cr3t-word"}


def member(base: str) -> Site:
    text = f"""[[site]]
url = "{base}/"
cookies = {{ session = "$LEDGER_SESSION" }}
headers = {{ Authorization = "$LEDGER_TOKEN", Accept-Language = "en" }}
login = {{ url = "{base}/enter", fields = {{ user = "jo", password = "${{LEDGER_WORD}}" }} }}
"""
    return parse_config(text).sites[0]


def test_credentials_go_to_the_site_alone_and_are_kept_nowhere(
    newsroom: Newsroom, path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    sent: list[bytes] = []

    def enter(handler: BaseHTTPRequestHandler) -> None:
        sent.append(handler.rfile.read(int(handler.headers["Content-Length"])))
        handler.send_response(200)
        handler.send_header("Set-Cookie", "ticket=s3cr3t-ticket; Path=/; HttpOnly")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with Newsroom() as stranger:
        stranger.pages["/elsewhere"] = article(3)
        leads_off = Answer(b"", 302, {"Location": f"{stranger.base}/elsewhere"})
        newsroom.pages |= {"/": hub("/town/a-story-of-the-harbour-10001", "/town/one-that-leads-to-others-10002")}
        newsroom.pages |= {"/town/a-story-of-the-harbour-10001": article(1), "/enter": enter}
        newsroom.pages["/town/one-that-leads-to-others-10002"] = leads_off
        site = replace(member(newsroom.base), hosts=(stranger.base.removeprefix("http://"),))
        crawl(path, Plan(sites=(site,)))
        assert stranger.asked["/elsewhere"] == 1
        shown = str(stranger.seen_headers)
    headers = newsroom.seen_headers["/town/a-story-of-the-harbour-10001"]
    assert headers["Authorization"] == "s3cr3t-token"
    assert headers["Cookie"] == "session=s3cr3t-session; ticket=s3cr3t-ticket"
    assert sent == [b"user=jo&password=s3cr3t-word"]
    assert "s3cr3t" not in shown
    for file in path.parent.iterdir():
        assert b"s3cr3t" not in file.read_bytes()
    with Archive.open(path) as archive:
        assert not [line for line in archive.connection.iterdump() if "s3cr3t" in line]


def test_what_the_environment_does_not_hold_is_told_before_the_crawl(newsroom: Newsroom, path: Path):
    with pytest.raises(UsageError, match=r"the environment has no \$LEDGER_TOKEN"):
        credentials_of(member(newsroom.base), {})
    assert "s3cr3t" not in repr(credentials_of(member(newsroom.base), SECRETS))
    with pytest.raises(UsageError):
        crawl(path, Plan(sites=(member(newsroom.base),)))
    assert not path.exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('fields = { headlin = "h1" }', ":3: fields 'headlin' is no field; did you mean 'headline'?"),
        ('\n[site.fields]\nheadline = "h1"\nauthors = "h1[["', ":6: fields 'h1[[' is no CSS selector and no XPath"),
        ('strip = [\n"a",\n"//x["]', ":5: strip '//x[' is no CSS selector"),
        ("strip = 5", ":3: strip must be a list of selectors"),
        ('cookies = { a = "x" }', ":3: cookies of 'a' must name a variable of the environment"),
        ('cookies = { "a b" = "$X" }', ":3: cookies 'a b' is no name of a cookie"),
        ('headers = { Authorization = "Bearer x" }', ":3: headers of 'Authorization' must name a variable"),
        ('headers = { Host = "x" }', ":3: headers 'Host' is no header that can be set"),
        ('login = { url = "/x" }', ":3: login '/x' is no http or https address"),
        ('login = { url = "https://ledger.example/x" }', ":3: login needs fields"),
        ('login = { uri = "x" }', ":3: login 'uri' is no key of a login; did you mean 'url'?"),
        ("[[site.dated]]\nuntill = 1", ":4: dated 'untill' is no key of dated rules; did you mean 'until'?"),
        ('[[site.dated]]\nuntil = "soon"', ":4: dated 'soon' is no day"),
        ('[[site.dated]]\nstrip = ["a"]', ":3: dated needs until"),
        ("[[site.dated]]\nuntil = 2025-06-01\nstrip = 5", ":3: dated strip must be a list"),
        ("[site.dated]\nuntil = 2025-06-01", ":3: dated is written [[site.dated]]"),
        ('revisit = "often"', ":3: revisit 'often' is no length of time"),
        ('more = ["/api"]', ":3: more '/api' is no http or https address"),
        ("render = 1", ":3: render must be true or false"),
    ],
)
def test_mistakes_in_rules_are_told_with_their_line(line: str, message: str):
    with pytest.raises(UsageError) as caught:
        parse_config(f'[[site]]\nurl = "https://ledger.example/"\n{line}')
    assert f"newsmorgue.toml{message}" in str(caught.value)


# sites --check


def test_check_shows_what_rules_would_change_and_which_match_nothing(
    newsroom: Newsroom, run: Crawl, path: Path, tmp_path: Path
):
    newsroom.pages["/"] = hub("/town/the-ferry-returns-to-harbour-10001")
    newsroom.pages["/town/the-ferry-returns-to-harbour-10001"] = PAGE
    run()
    config = tmp_path / "newsmorgue.toml"

    def check(rules: str, *options: str) -> Any:
        config.write_text(f'[[site]]\nname = "ledger"\nurl = "{newsroom.base}/"\n{rules}\n')
        given = ["sites", "--archive", str(path), "--config", str(config), *options]
        return CliRunner().invoke(main, given)

    good = check('strip = ["div.next"]\nfields = { headline = "h2" }\nallow = ["/town/"]', "--check")
    assert good.exit_code == 0, good.output
    assert "headline: The Ledger -> Ferry returns to the harbour" in good.output or "headline:" not in good.output
    assert "  - The council meets on Thursday" in good.output
    assert "     1  strip: div.next" in good.output
    idle = check('strip = ["div.next", "div.nothing"]\ndeny = ["/video/"]', "--check", "ledger", "--json")
    assert idle.exit_code == 3
    told = [json.loads(line) for line in idle.stdout.splitlines()]
    assert told[-1]["idle"] == ["deny: /video/", "strip: div.nothing"]
    assert "The council meets on Thursday to talk about the lamps of the quay." in told[0]["stripped"]
    live = check('strip = ["div.next"]', "--check", "--live")
    assert live.exit_code == 0, live.output
    assert "1 of 1 pages would read otherwise" in live.output
    assert check("", "--check", "courier").exit_code == 2
    assert check("strip = [5]", "--check").exit_code == 2
    assert "127.0.0.1" in check("").output
    with Archive.open(path) as archive:
        assert "council meets" in archive.connection.execute("SELECT text FROM latest").fetchone()[0]


def test_check_tries_dated_rules_on_pages_of_their_time(newsroom: Newsroom, run: Crawl, path: Path):
    newsroom.pages["/"] = hub("/town/the-ferry-returns-to-harbour-10001")
    newsroom.pages["/town/the-ferry-returns-to-harbour-10001"] = PAGE
    run()
    site = replace(
        site_for(newsroom.base + "/"), strip=("div.next",), dated=(Rules(strip=("div.old",), until="2020-01-01"),)
    )
    with Archive.open(path) as archive:
        found = rules_check.check(archive, site)
    assert found.untried == ["no page from before 2020-01-01"]
    assert found.idle == []
    assert found.matches == {"strip: div.next": 1}
