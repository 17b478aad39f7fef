import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Outcome
from scraper.discovery.shapes import Shape, is_pagination, page_number, shape_of
from scraper.revisit import due_at

HOST = "https://ledger.example"


@pytest.mark.parametrize(
    "path",
    [
        "/2026/01/13/bridge-stays",
        "/world/2026/jan/13/bridge-stays",
        "/20260113/bridge-stays.html",
        "/politics/council-votes-to-keep-bridge",
        "/council-votes-to-keep-the-bridge/",
        "/news/article-10483921/index.html",
        "/a/1234567",
        "/story/3000000218734/bridge",
        "/artikel/98123.html",
        "/show?id=5123",
        "/?p=48213",
        "/index.php?article=77",
        "/news/articles/c4g7k2m9x1zo",
        "/ciudad/el-puente-viejo-se-queda-en-su-sitio.html",
        "/ニュース/古い橋を残すことを決定",
        "/authors/jo-smith/the-story-of-an-old-bridge",
    ],
)
def test_articles(path):
    assert shape_of(HOST + path) is Shape.ARTICLE


@pytest.mark.parametrize("path", ["/", "", "/world", "/world/europe/", "/index.html", "/sport/", "/local-news"])
def test_sections(path):
    assert shape_of(HOST + path) is Shape.SECTION


@pytest.mark.parametrize("path", ["/tag/bridges", "/author/jo-smith", "/topics", "/news?page=3", "/news/page/2/"])
def test_listings(path):
    assert shape_of(HOST + path) is Shape.LISTING


@pytest.mark.parametrize(
    "path", ["/a.jpg", "/feed.xml", "/login", "/privacy-policy", "/search?q=x", "/wp-admin/x", "/a-b?share=social"]
)
def test_no_pages(path):
    assert shape_of(HOST + path) is Shape.NO_PAGE


@pytest.mark.parametrize("path", ["/mayor-resigns-today", "/x7", "/2026/01"])
def test_addresses_that_say_nothing(path):
    assert shape_of(HOST + path) is Shape.UNKNOWN


@given(st.text(max_size=80))
def test_no_address_breaks_it(text):
    shape_of(text)
    shape_of(f"{HOST}/{text}")


def test_page_numbers():
    assert (page_number(HOST + "/a?page=12"), page_number(HOST + "/a/page/3/"), page_number(HOST + "/a")) == (12, 3, 1)
    assert is_pagination(HOST + "/a?x=1&p=2")
    assert not is_pagination(HOST + "/a?phone=2")


VISIT = "2026-03-12T00:00:00.000Z"


def test_every_article_gets_a_second_look_however_old():
    assert due_at(Outcome.ARTICLE, VISIT, stirred_at="1990-01-01", first=True) == VISIT
    assert due_at(Outcome.THIN, VISIT, first=True) > VISIT


def test_young_articles_are_due_at_once_and_old_ones_ever_more_rarely():
    assert due_at(Outcome.ARTICLE, VISIT, stirred_at="2026-03-10") == VISIT
    month = due_at(Outcome.ARTICLE, VISIT, stirred_at="2026-02-12")
    year = due_at(Outcome.NOT_MODIFIED, VISIT, stirred_at="2025-03-12")
    assert VISIT < month < year
    assert due_at(Outcome.ARTICLE, VISIT, stirred_at="1990-01-01") == "2026-06-10T00:00:00.000Z"


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_due_again_some_day(outcome):
    assert VISIT <= due_at(outcome, VISIT) < "2026-05-01"


def test_times_without_an_offset_and_in_the_future_are_taken():
    assert due_at(Outcome.ARTICLE, VISIT, stirred_at="2026-03-11T10:00:00") == VISIT
    assert due_at(Outcome.ARTICLE, VISIT, stirred_at="2030-01-01") == VISIT
