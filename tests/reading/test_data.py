import pytest

from scraper.reading.jsonld import article_of, flatten, load, strings, types_of
from scraper.reading.markup import paragraphs, plain


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "A"}',
        '<!-- {"@type": "NewsArticle", "headline": "A"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "A"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "A",}',
        '[{"@type": ["Thing", "http://schema.org/NewsArticle"], "headline": "A"}]',
        '{"@graph": [{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "A"}}]}',
        '{"@type": "WebSite"} {"@type": "NewsArticle", "headline": "A"};',
        '{"@type": "NewsArticle", "headline": "A", "description": "line\nbreak\ttab"}',
    ],
)
def test_the_article_is_found_in_what_sites_write(script):
    assert strings(article_of(flatten(load(script)), "").get("headline")) == ["A"]


@pytest.mark.parametrize("script", ["", "null", "{", "[" * 100_000, '{"a": ' * 5_000, '"text"', "not json", "\ud800"])
def test_what_is_broken_gives_nothing(script):
    assert article_of(flatten(load(script)), "") == {}


def test_a_number_of_five_thousand_digits_spoils_nothing():
    things = flatten(load('{"@type": "Article", "headline": "A", "n": ' + "9" * 5_000 + "}"))
    assert article_of(things, "")["headline"] == "A"


def test_the_article_of_the_page_is_preferred_to_a_card():
    card = '{"@type": "NewsArticle", "headline": "Card", "datePublished": "2026-01-01", "author": "X", "url": "/card"}'
    own = '{"@type": "NewsArticle", "headline": "Own", "url": "https://e.example/own"}'
    assert article_of(flatten(load(f"[{card}, {own}]")), "/own")["headline"] == "Own"


def test_lone_surrogates_do_not_get_out():
    assert strings(load('["a\\ud800b"]')[0]) == ["a?b"]


def test_types_without_vocabulary():
    assert types_of({"@type": ["schema:NewsArticle", "https://schema.org/Report", 3]}) == {"newsarticle", "report"}


def test_bodies_with_markup_become_paragraphs():
    assert paragraphs("<p>One &amp; two</p><p>Three<script>x()</script></p>") == ["One & two", "Three"]
    assert paragraphs("One\n\nTwo &eacute;") == ["One", "Two é"]
    assert plain("A &amp;amp; B <b>C</b>").split() == ["A", "&", "B", "C"]
