# ruff: noqa: E501 - markup reads best unbroken
"""What reading promises of any input: it never raises, gives the same twice, and takes bounded time."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.records import Article
from scraper.reading import outcome_of, parse, read, read_page

TAGS = st.sampled_from(
    "div p a b br table tr td ul li h1 h2 nav aside figure figcaption span script style time article pre form x-y".split()
)
ATTRIBUTES = st.sampled_from(
    [
        "",
        ' class="related"',
        ' class="article-body"',
        ' href="//[x"',
        " hidden",
        ' style="display:none"',
        ' datetime="2026-13-45"',
        " a='\"'",
    ]
)
WORDS = st.sampled_from(
    ["A word.", "13 Jan 2026", "By Ada", "é\u0301", "\ud800", "\0", "&amp;", "<", "文。", "x" * 200 + ".", " "]
)
MARKUP = st.lists(
    st.one_of(st.builds("<{}{}>".format, TAGS, ATTRIBUTES), st.builds("</{}>".format, TAGS), WORDS), max_size=60
).map("".join)


def check(page):
    article = read(page, "https://e.example/a")
    assert isinstance(article, Article)
    assert article == read(page, "https://e.example/a")
    for text in (
        article.text,
        article.markdown,
        article.headline or "",
        *article.authors,
        *(r.text for r in article.removals),
    ):
        text.encode("utf-8")  # nothing that a file cannot hold
    assert 0 <= article.confidence <= 1
    outcome_of(parse(page, "https://e.example/a"), article)


@given(st.binary(max_size=600))
def test_any_bytes(data):
    check(data)


@given(MARKUP)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_markup(markup):
    check(markup)
    check(markup.encode("utf-8", "surrogatepass"))


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_and_content_type(text, content_type):
    assert isinstance(read(text, content_type=content_type), Article)
    assert isinstance(read(text.encode("utf-16", "surrogatepass"), content_type=content_type), Article)


@pytest.mark.parametrize("layout", ["newsroom", "divs", "breaks", "tables"])
def test_every_prefix_of_a_page(pages, layout):
    data = pages.LAYOUTS[layout]
    for cut in range(0, len(data), 97):
        assert isinstance(read(data[:cut]), Article)


def test_reading_leaves_the_tree_as_it_was(pages):
    page = parse(pages.NEWSROOM, "https://e.example/a")
    assert read_page(page) == read_page(page)
