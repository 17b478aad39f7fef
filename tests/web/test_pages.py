"""Every page: that it answers, what it shows, and what it says to nonsense."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from archive.health import Alarm, SiteHealth
from archive.identity import article_id_of
from tests.web import newsroom

Get = Callable[..., httpx.Response]
LIVE = article_id_of(newsroom.LIVE)
RICH = article_id_of(newsroom.RICH)
ARABIC = article_id_of(newsroom.ARABIC)
PAGES = (
    "/",
    "/search",
    "/search?q=lifeboat",
    "/changes",
    "/changes?kind=silent,gone",
    "/runs",
    "/about",
    "/site/gannet-post.example",
    "/author/Mara%20Quist",
    "/section/Trade",
    "/section/Trade?site=gannet-post.example",
    f"/article/{LIVE}",
    f"/article/{LIVE}/1",
    f"/article/{LIVE}/diff",
    f"/article/{LIVE}/diff?from=1&to=6",
    f"/article/{LIVE}/2/raw",
    f"/article/{ARABIC}",
    f"/article/{RICH}",
)
WITH_JSON = tuple(page for page in PAGES if not page.endswith("/raw"))


def with_ending(page: str, ending: str) -> str:
    path, mark, string = page.partition("?")
    return ("/index" if path == "/" else path) + ending + mark + string


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers(get: Get, page: str):
    answer = get(page)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for landmark in ('<main id="main"', '<nav aria-label="Archive"', 'href="#main"', "<footer", '<html lang="en"'):
        assert landmark in answer.text
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("page", WITH_JSON)
def test_every_page_is_there_as_json(get: Get, page: str):
    answer = get(with_ending(page, ".json"))
    assert answer.status_code == 200
    assert "json" in answer.headers["content-type"]
    data = answer.json()
    if "version" in data and str(data["version"]).startswith("https://jsonfeed.org"):
        assert set(data) >= {"title", "home_page_url", "feed_url", "items", "_newsmorgue"}


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("/article/zzz", 404),
        ("/article/0000000000000000", 404),
        (f"/article/{LIVE}/7", 404),
        (f"/article/{LIVE}/0", 404),
        (f"/article/{LIVE}/99999999999", 404),
        (f"/article/{LIVE}/diff?from=9", 404),
        (f"/article/{LIVE}/diff?from=x", 400),
        (f"/article/{LIVE}?at=soon", 400),
        (f"/article/{LIVE}?at=2020-01-01", 404),
        ("/article/https://nowhere.example/x", 404),
        ("/site/nowhere.example", 404),
        ("/author/Nobody%20Here", 404),
        ("/section/Weather", 404),
        ("/nothing", 404),
        ("/nothing/at%20all", 302),
        ("/changes?kind=loud", 400),
        ("/changes?since=tomorrowish", 400),
        ("/changes?page=0", 400),
        ("/changes?page=99999", 404),
        ("/changes?page=9999999999", 400),
        ("/changes?_sort=colour", 400),
        ("/search?q=x&at=0000-99-99", 400),
        ("/search?q=x&sort=upwards", 400),
        ("/search?q=x&_sort=id", 400),
        ("/search?q=x&page=1e3", 400),
        ("/search?q=" + "x" * 2001, 400),
        ("/search?" + "&".join("a=1" for _ in range(300)), 400),
        ("/runs?_sort_desc=nothing", 400),
        ("/runs.xml", 404),
        ("/article/%00", 404),
        ("/site/%FF%FE", 404),
        ("/papers/articles?_sort=nothing", 400),
        ("/papers/articles/none", 404),
        ("/papers/nothing", 404),
        ("/papers?sql=selec", 400),
        ("/papers?sql=delete+from+articles", 400),
        ("/papers/articles?_next=x,y,z", 200),
        ("/papers/articles?_size=many", 400),
        ("/papers/articles?_through=x", 400),
        ("/papers?sql=select+1&_timelimit=x", 400),
        ("/papers/articles?_where=((", 400),
        ("/papers?sql=select+*+from+nothing", 400),
        ("/papers.db", 403),
        ("/timegate/ftp://x.example/", 400),
        ("/timegate/https://nowhere.example/", 404),
        ("/timemap/link/nothing", 400),
        ("/memento/20260113060000/x", 400),
        ("/memento/2026/https://x.example/y", 404),
        ("/framed/00", 404),
        ("/framed/0000000000000000", 404),
        ("//evil.example/", 404),
        ("/article/../../etc/passwd", 404),
        ("/about.atom", 404),
        (f"/article/{LIVE}/1.atom", 404),
        (f"/article/{LIVE}/diff?from=1&from=2", 200),
    ],
)
def test_nonsense_gets_a_page_that_says_so(get: Get, page: str, status: int):
    answer = get(page)
    assert answer.status_code == status
    if status >= 400 and not page.startswith("//"):
        assert "<h1" in answer.text
        assert "Traceback" not in answer.text


def test_what_goes_wrong_is_json_for_those_who_asked_for_json(get: Get):
    answer = get("/site/nowhere.example.json")
    assert (answer.status_code, answer.json()["ok"]) == (404, False)


def test_home_shows_what_is_new_and_what_changed(get: Get):
    text = get("/").text
    assert "Lifeboat tows trawler to safety" in text
    assert "gannet-post.example" in text
    assert text.count("<svg") == 2
    assert "<style" not in text
    data = get("/.json").json()["_newsmorgue"]
    assert data["totals"]["articles"] == sum(site["articles"] for site in data["sites"])


def test_the_latest_version_and_an_earlier_one(get: Get):
    latest, first = get(f"/article/{LIVE}").text, get(f"/article/{LIVE}/1").text
    assert "Lifeboat tows trawler to safety</h1>" in latest
    assert "Lifeboat called out to trawler</h1>" in first
    assert "This is version 1 of 6" in first
    assert "Correction:" in latest
    assert "What was stripped, and why" in latest
    assert "Sign up for the morning letter" in latest
    then = get(f"/article/{LIVE}?at=2026-01-13T12:00Z").text
    assert "Lifeboat tows trawler to Carrow</h1>" in then


def test_an_article_by_its_address_and_the_start_of_its_id(get: Get):
    assert get(f"/article/{newsroom.LIVE}").headers["location"] == f"/article/{LIVE}"
    assert get(f"/article/{quote(newsroom.LIVE, safe='')}?utm_source=x").headers["location"] == f"/article/{LIVE}"
    assert get(f"/article/{LIVE[:8]}").status_code == 200


def test_all_kinds_of_blocks_and_no_picture_from_elsewhere(get: Get):
    text = get(f"/article/{RICH}").text
    for piece in ("<strong>pays</strong>", '<h3 dir="auto">The fees</h3>', "<li", "<blockquote", "<td", "<pre"):
        assert piece in text
    assert '<span class="picture">The quay at low water</span>' in text
    assert "<img" not in text
    assert 'rel="noopener noreferrer nofollow external"' in text


def test_copies_elsewhere_are_named(get: Get):
    text = get(f"/article/{article_id_of(newsroom.COPIED)}").text
    assert "The same story elsewhere" in text


def test_a_difference_shows_words_and_moves(get: Get):
    text = get(f"/article/{LIVE}/diff?from=3&to=4").text
    assert "<del>45</del> <ins>54</ins>" in text
    assert "moved from paragraph 2 to 4" in text
    data = get(f"/article/{LIVE}/diff.json?from=3&to=4").json()
    assert {paragraph["op"] for paragraph in data["paragraphs"]} >= {"moved", "added"}
    headline = get(f"/article/{LIVE}/diff?from=2&to=3").text
    assert "<ins>Carrow</ins>" in headline


def test_changes_are_those_of_the_view(get: Get, newspaper: Path):
    with closing(sqlite3.connect(newspaper)) as database:
        rows = database.execute("SELECT article_id, to_version, kind, changed_at FROM changes").fetchall()
    told = []
    for page in (1, 2, 3):
        answer = get(f"/changes.json?page={page}")
        if answer.status_code == 404:
            break
        told += answer.json()["_newsmorgue"]["changes"]
    assert sorted(
        (row["article_id"], row["to_version"] or 0, row["kind"], row["changed_at"]) for row in told
    ) == sorted((row[0], row[1] or 0, row[2], row[3]) for row in rows)
    times = [row["changed_at"] for row in told]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    "asked",
    [
        "kind=gone",
        "kind=silent&kind=gone",
        "site=gannet-post.example",
        "kind=correction,headline",
        "since=2026-01-14&until=2026-01-16",
    ],
)
def test_filters_of_changes(get: Get, newspaper: Path, asked: str):
    values = {name: value for name, _, value in (pair.partition("=") for pair in asked.split("&"))}
    kinds = [value for pair in asked.split("&") if pair.startswith("kind=") for value in pair[5:].split(",")]
    sql = (
        "SELECT count(*) FROM changes JOIN articles ON articles.id = article_id WHERE (:site IS NULL OR site = :site) "
        "AND (:kinds = '[]' OR changes.kind IN (SELECT value FROM json_each(:kinds))) "
        "AND changed_at >= :since AND changed_at < :until"
    )
    given = {
        "site": values.get("site"),
        "kinds": json.dumps(kinds),
        "since": values.get("since", ""),
        "until": values.get("until", "9"),
    }
    with closing(sqlite3.connect(newspaper)) as database:
        (wanted,) = database.execute(sql, given).fetchone()
    found = get(f"/changes.json?{asked}").json()["_newsmorgue"]["changes"]
    assert len(found) == wanted > 0


def test_search_with_every_filter(get: Get):
    def found(asked: str) -> list[str]:
        return [row["article_id"] for row in get(f"/search.json?{asked}").json()["_newsmorgue"]["found"]]

    assert found("q=trawler")[0] == LIVE
    assert found("q=trawler&site=gannet-post.example&section=Trade") == []
    assert LIVE in found("q=trawler&author=Mara+Quist&language=en&kind=update&since=2026-01-13&until=2026-01-14")
    assert found("q=trawler&kind=new&author=Quist") == []
    assert found("author=Mara+Quist") == [LIVE]
    assert LIVE in found("q=alongside&at=2026-01-13T07:00Z")
    assert found("q=帳簿") == [article_id_of(newsroom.JAPANESE)]
    assert "<mark>" in get("/search?q=trawler").text


def test_an_author_is_found_by_the_whole_name(get: Get):
    names = {row["id"] for row in get("/author/Jon%20Averill.json").json()["_newsmorgue"]["articles"]}
    assert RICH in names
    assert get("/author/Averill").status_code == 404
    assert get(f"/author/{quote('森 海斗')}").status_code == 200


def test_a_site_shows_coverage_and_rhythm(get: Get):
    text = get("/site/gannet-post.example").text
    assert "What the newest" in text
    assert "Articles by hour of publication" in text
    assert ">wall<" in text


def test_a_site_shows_its_alarms(get: Get, monkeypatch: pytest.MonkeyPatch):
    alarm = Alarm("gannet-post.example", "words", "12 words an article, usually <410>")
    judged = SiteHealth(site="gannet-post.example", runs=(), alarms=(alarm,))
    monkeypatch.setattr("archive.web.pages.accounts.health", lambda *_, **__: iter([judged]))
    assert "usually &lt;410&gt;" in get("/site/gannet-post.example").text


def test_directions_and_languages_are_told(get: Get):
    text = get(f"/article/{ARABIC}").text
    assert 'class="article" lang="ar"' in text
    assert '<p dir="auto">' in text


def test_datasettes_own_pages_stand_beside(get: Get):
    for page in (
        "/papers",
        "/papers/articles",
        "/papers/changes",
        "/papers/articles?_facet=site",
        "/papers?sql=select+1",
    ):
        answer = get(page)
        assert answer.status_code == 200
        assert '<nav aria-label="Archive"' in answer.text
    rows = get("/papers/articles.json?_shape=array&_size=5").json()
    assert len(rows) == 5
    assert get("/papers/articles.csv?_size=3").text.count("\n") >= 3


def test_head_has_the_headers_and_no_body(get: Get):
    answer = get("/about", method="HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
