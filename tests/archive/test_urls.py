import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.urls import CANONICAL, _canonical, canonical_url, is_tracking, is_web_url, site_of, url_key


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.com:443/a/../b?utm_source=x&b=2&a=1#top", "https://example.com/b?a=1&b=2"),
        ("http://example.com", "http://example.com/"),
        ("http://user:secret@example.com:8080/a", "http://example.com:8080/a"),
        ("https://example.com/ä?q=é", "https://example.com/%C3%A4?q=%C3%A9"),
        ("https://example.com/?fbclid=1&page=2&wt_mc=x", "https://example.com/?page=2"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("https://example.com./x", "https://example.com/x"),
        ("http://host:port/x", "http://host:port/x"),
    ],
)
def test_the_form_that_is_stored(url: str, canonical: str):
    assert canonical_url(url) == canonical


def test_one_article_has_one_key():
    variants = [
        "http://www.example.com/news/ferry/",
        "https://example.com/news/ferry",
        "https://EXAMPLE.com:443/news/ferry?utm_campaign=mail#comments",
        "http://example.com/news/ferry/index.html",
    ]
    assert {url_key(url) for url in variants} == {"example.com/news/ferry"}


def test_different_articles_have_different_keys():
    urls = ["https://example.com/a", "https://example.com/A", "https://example.com/a?id=1", "https://example.com:81/a"]
    assert len({url_key(url) for url in urls}) == len(urls)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.example.com/a", "example.com"),
        ("http://127.0.0.1:8000/a", "127.0.0.1:8000"),
        ("https://News.Example.com", "news.example.com"),
        ("http://example.com:80/", "example.com"),
        ("not a url", ""),
        ("http://[broken", ""),
    ],
)
def test_the_site_of_an_address(url: str, site: str):
    assert site_of(url) == site


def test_what_is_a_web_address():
    assert is_web_url("HTTP://example.com")
    assert not any(map(is_web_url, ["ftp://example.com/", "file:///etc/passwd", "/a", "https://", "http://[x", ""]))


def test_tracking_parameters_say_nothing_about_the_article():
    assert all(map(is_tracking, ["utm_source", "UTM_Medium", "fbclid", "gclid", "mc_eid", "pk_campaign"]))
    assert not any(map(is_tracking, ["id", "p", "page", "article", "q", "story_id"]))


@given(st.text(max_size=80))
def test_any_text_has_a_stable_form(text: str):
    once = canonical_url(f"https://example.com/{text}")
    assert canonical_url(once) == once
    assert url_key(once) == url_key(canonical_url(once))
    site_of(text)
    is_web_url(text)


@given(st.from_regex(CANONICAL, fullmatch=True))
def test_an_address_that_looks_like_its_stored_form_is_in_it(url: str):
    assert _canonical(url) == url
