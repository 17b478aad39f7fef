import pytest

from archive.records import ArticleKind, Outcome
from scraper.reading import outcome_of, parse, read, read_page

URL = "https://harbour.example/x"


def outcome(html):
    page = parse(html, URL)
    return outcome_of(page, read_page(page))


def test_an_article(pages):
    assert outcome(pages.NEWSROOM) is Outcome.ARTICLE


def test_a_section_page_is_a_hub(pages):
    cards = "".join(
        f'<div class="item"><h3><a href="/{n}">Story number {n} about the harbour and the ferry</a></h3></div>'
        for n in range(30)
    )
    page = parse(pages.page(f"<h1>Transport</h1><main>{cards}</main>"), URL)
    article = read_page(page)
    assert article.kind is ArticleKind.HUB
    assert article.reason
    assert article.confidence <= 0.3
    assert outcome_of(page, article) is Outcome.HUB


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>404 – Page not found</h1><p>The page you asked for is not here.</p>", Outcome.SOFT_404),
        ("<h1>Just a moment...</h1><p>Checking your browser before you go on.</p>", Outcome.CHALLENGE),
        ("<h1>Night ferry</h1><p>Subscribe to continue reading this story.</p>", Outcome.WALL),
        ("<h1>Night ferry</h1><p>It runs.</p>", Outcome.THIN),
    ],
)
def test_pages_that_only_look_like_articles(pages, body, expected):
    assert outcome(pages.page(body)) is expected


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"\0" * 100])
def test_what_cannot_be_read(data):
    assert outcome(data) is Outcome.UNREADABLE


def test_live_blogs_and_galleries_by_their_type(pages):
    for kind, expected in (("LiveBlogPosting", ArticleKind.LIVE), ("ImageGallery", ArticleKind.GALLERY)):
        script = f'<script type="application/ld+json">{{"@type": "{kind}", "headline": "Ferry"}}</script>'
        assert read_page(parse(pages.page(f"<main><h1>Ferry</h1>{pages.story()}</main>", script))).kind is expected


def cards(count: int) -> str:
    return "".join(
        f"<article><h2><a href='/town/the-{number}-boats-of-the-harbour'>The {number} boats of the old harbour</a></h2>"
        f"<p>The company that owns them said on Tuesday that {number} boats are to stay where they always were.</p>"
        "</article>"
        for number in range(3, 3 + count)
    )


def test_a_section_of_a_few_cards_is_a_list():
    article = read(f"<html><head><title>Town</title></head><body>{cards(5)}</body></html>", "https://e.example/town/")
    assert article.kind is ArticleKind.HUB
    assert article.reason == "5 of 5 paragraphs under linked headings"


def test_a_story_above_some_cards_is_a_story():
    story = "".join(
        f"<p>Paragraph {number} tells at some length what became of the ferry on its way, and what the crew did.</p>"
        for number in range(6)
    )
    page = f"<html><head><title>Ferry</title></head><body><h1>Ferry</h1>{story}<h3>More</h3>{cards(3)}</body></html>"
    assert read(page, "https://e.example/town/the-ferry-of-old").kind is ArticleKind.ARTICLE
