"""What keeps visitors safe: names, methods, policies, escaping; and that nothing typed into a box breaks anything."""

import logging
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from datasette.app import Datasette
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import ForeignFile
from archive.identity import article_id_of
from archive.store import Archive
from archive.web import policies
from archive.web.guard import is_served, with_policies
from archive.web.names import STATIC
from archive.web.serving import database_name, make_datasette
from archive.web.story import to_html
from tests.web import hostile, newsroom
from tests.web.conftest import Visitor
from tests.web.test_pages import PAGES

Get = Callable[..., httpx.Response]
LIVE = article_id_of(newsroom.LIVE)
DATASETTES = (
    "/papers",
    "/papers/articles",
    "/papers/versions?_facet=site",
    "/papers?sql=select+1",
    "/-/versions",
    "/-/settings.json",
    "/papers/articles.json",
    "/papers/articles.csv",
    "/-/static/app.css",
    "/favicon.ico",
    "/-/allow-debug",
    "/-/messages",
    "/-/patterns",
    f"/papers/articles/{LIVE}",
)
OTHERS = (
    "/nothing",
    "/changes?page=x",
    "/robots.txt",
    "/index.atom",
    f"/timegate/{newsroom.LIVE}",
    f"/memento/20260113060000/{newsroom.LIVE}",
    "//x",
    "/-/static-plugins/archive.web/style.css",
    "/nothing/",
)


@pytest.mark.parametrize("page", [*PAGES, *DATASETTES, *OTHERS])
def test_every_answer_has_its_policy(get: Get, page: str):
    headers = get(page).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe-eval'" not in policy
    assert not [part for part in policy.split("; ") if part.startswith("script-src") and "unsafe-inline" in part]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers
    assert "x-frame-options" in headers


@pytest.mark.parametrize("page", PAGES)
def test_own_pages_have_the_strict_one_and_nothing_inline(get: Get, page: str):
    answer = get(page)
    assert answer.headers["content-security-policy"] == policies.OWN
    assert "unsafe" not in policies.OWN
    for inline in (" style=", "<style", " onclick=", " onload=", "<script>", "javascript:"):
        assert inline not in answer.text


def test_datasettes_scripts_are_known_by_their_hashes(get: Get):
    policy = policies.datasettes()
    assert policy.count("'sha256-") >= 4
    for script in policies.INLINE.findall(get("/papers/articles").text):
        assert policies.hash_of(script) in policy


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8010", 200),
        ("127.0.0.1:8010", 200),
        ("[::1]:8010", 200),
        ("127.8.9.1", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("10.0.0.1", 421),
        ("", 400),
        ("a b", 400),
        ("localhost:x", 400),
        ("localhost/x", 400),
        ("<script>", 400),
        ("evil.example@localhost", 400),
    ],
)
def test_hosts(get: Get, host: str, status: int):
    assert get("/about", headers={"Host": host}).status_code == status


def test_other_names_are_served_when_named():
    assert is_served("papers.lan:80", {"papers.lan"})
    assert not is_served("192.168.1.5", {"papers.lan"})
    assert is_served("192.168.1.5", {"0.0.0.0"})
    assert not is_served("evil.example", {"0.0.0.0"})


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("page", ["/", "/papers", "/-/messages", "/-/logout"])
def test_nothing_can_be_written(get: Get, page: str, method: str):
    answer = get(page, method=method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_headers_that_open_the_server_to_others_are_taken_out():
    names = {name for name, _ in with_policies([(b"Access-Control-Allow-Origin", b"*"), (b"x-a", b"b")])}
    assert b"Access-Control-Allow-Origin" not in names
    assert b"x-a" in names


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(st.characters(codec="utf-8"), max_size=40), at=st.sampled_from(["", "2026-01-14"]))
def test_nothing_that_is_typed_breaks_search(get: Get, typed: str, at: str):
    assert get(f"/search?q={quote(typed)}&at={at}").status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "'",
        "AND",
        "OR OR",
        "NOT",
        "(((",
        ")))",
        "a NEAR/2 b",
        "headline:",
        "^a",
        "a*b*",
        "*",
        "-a",
        "{a b}: c",
        "a + b",
        "col : x",
        "'; DROP TABLE articles; --",
        '" OR 1=1 --',
        "%' OR '1'='1",
        "\x00",
        "a\x02b\x03c",
        "NEAR(a b, 5)",
        "text : ( a",
        "🙂",
        "﷽",
        "a" * 500,
    ],
)
def test_syntax_in_the_search_box(get: Get, typed: str):
    assert get(f"/search?q={quote(typed)}").status_code == 200
    assert get(f"/search.json?author={quote(typed)}&section={quote(typed)}").status_code == 200
    assert get(f"/papers/versions?_search={quote(typed)}").status_code in (200, 400)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    visitor = Visitor(hostile.build(tmp_path_factory.mktemp("hostile") / "hostile.db", hostile.strings()[:120]))
    yield visitor
    visitor.close()


OWN_TAGS = (
    "html head meta link title script body a header div p span nav ul ol li form label input button main h1 h2 h3 h4 "
    "h5 h6 section article aside figure figcaption svg g rect text path details summary table caption thead tbody tr "
    "th td dl dt dd time footer strong b code br hr mark ins del select option fieldset legend datalist blockquote pre "
    "em s circle line"
).split()


class Found(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.scripts: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag == "script":
            self.scripts.append(dict(attrs).get("src"))


def test_hostile_text_stays_text(attacked: Visitor):
    ids = [item["article_id"] for item in attacked("/changes.json?kind=new").json()["_newsmorgue"]["changes"]]
    pages = ["/", "/changes", "/search?q=paragraph", "/runs", *(f"/article/{each}" for each in ids[:25])]
    for page in pages:
        found = Found()
        found.feed(attacked(page).text)
        assert found.tags <= {*OWN_TAGS}, page
        assert not [name for name, _ in found.attributes if name.startswith("on") or name in ("style", "srcdoc")]
        links = {(value or "").split(":")[0] for name, value in found.attributes if name in ("href", "src", "action")}
        assert not links & {"javascript", "data", "vbscript"}
        assert found.scripts == [f"{STATIC}/newsmorgue.js"]


@pytest.mark.parametrize(
    ("markdown", "unwanted"),
    [
        ("[x](javascript:alert(1))", "href"),
        ("<script>alert(1)</script>", "<script"),
        ("![x](https://x.example/x.png)", "<img"),
        ('<img src=x onerror="alert(1)">', "<img"),
        ("[x](data:text/html,x)", "href"),
        ("<a href='javascript:x'>y</a>", "<a"),
        ("[x](vbscript:x)", "href"),
        ("<svg/onload=alert(1)>", "<svg"),
        ("| a |\n|---|\n| <b onclick=x>c</b> |", "<b"),
        ('[x](<https://x.example/" onclick="alert(1)>)', ' onclick="alert'),
        ("```html\n</code><script>\n```", "<script"),
    ],
)
def test_markdown_is_sanitised(markdown: str, unwanted: str):
    assert unwanted not in to_html(markdown)


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path):
    (tmp_path / "x.db").write_bytes(b"hello")
    with pytest.raises(ForeignFile):
        make_datasette(tmp_path / "x.db")


def test_no_page_takes_the_address_of_another():
    assert database_name(Path("news.db")) == "news"
    assert database_name(Path("search.db")) == "search-archive"
    assert database_name(Path("_internal.db")) == "_internal-archive"


def test_another_datasette_is_left_as_it_is(get: Get):
    other = Datasette(memory=True)
    assert get.loop.run_until_complete(other.client.get("/")).headers.get("content-security-policy") is None
    other.executor.shutdown()


def test_the_archive_is_read_beside_a_writer(tmp_path: Path):
    path = newsroom.build(tmp_path / "busy.db")
    visitor = Visitor(path)
    before = visitor("/.json").json()["_newsmorgue"]["totals"]["articles"]
    with Archive.open(path, write=True) as archive:
        archive.begin_run("crawl")
        archive.record(
            newsroom.visit(newsroom.FIRST, newsroom.article_for("https://new.example/a", "Fresh from the press"))
        )
        archive.commit()
        assert visitor("/.json").json()["_newsmorgue"]["totals"]["articles"] == before + 1
        archive.end_run({}, 0)
    visitor.close()


def test_an_error_of_ours_is_told_without_its_inside(
    get: Get, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object) -> None:
        raise KeyError("the inside")

    monkeypatch.setattr("archive.web.pages.accounts.newest_runs", broken)
    with caplog.at_level(logging.ERROR):
        answer = get("/runs")
    assert (answer.status_code, "the inside" in answer.text) == (500, False)
    assert "no answer to /runs" in caplog.text


def test_a_page_that_takes_too_long_is_given_up(get: Get, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("archive.web.routes.MILLISECONDS", 0)
    answer = get("/changes")
    assert answer.status_code == 503
    assert "too long" in answer.text
