"""Headings: the one that prints the headline in other words, and those that the story has inside."""

import pytest

from archive.records import BlockKind
from scraper.reading import read
from scraper.reading.lexicon import Hint, RemovalKind, role_of
from tests.reading.invented import HEADLINE, PARAGRAPHS, page

URL = "https://harbour.example/2026/ferry"
TOLD = f'<meta property="og:title" content="{HEADLINE}"><script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{HEADLINE}"}}</script>'  # noqa: E501


@pytest.mark.parametrize(
    "printed",
    [
        "<h1>The night ferry will stay for all of the winter</h1>",
        "<h1>Harbour board says yes: boats to sail after six from next week on</h1>",
        "<h1>Harbour : Night ferry stays for the winter</h1>",
        "<hgroup><h2>Night ferry to stay for the winter</h2></hgroup>",
    ],
)
def test_the_headline_in_other_words_is_neither_story_nor_standfirst(printed: str):
    lead = '<p class="dek">The trial went well, and passengers had asked for it for years on end</p>'
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    article = read(page(f"<main>{printed}{lead}<div class=body>{body}</div></main>", TOLD), URL)
    assert article.text.split("\n\n") == list(PARAGRAPHS)
    assert article.standfirst is None or article.standfirst.startswith("The trial went well")


def test_an_h1_within_the_story_stays():
    body = f"<h2>{HEADLINE}</h2><p>{PARAGRAPHS[0]}</p><h1>What comes next at the pier</h1><p>{PARAGRAPHS[1]}</p>"
    assert "What comes next at the pier" in read(page(f"<article>{body}</article>", TOLD), URL).text


@pytest.mark.parametrize(
    "between",
    [
        "",
        "<figure><img src=/a.jpg><figcaption>The pier at night, by our reader.</figcaption></figure>",
        '<div class="number">4</div>',
    ],
)
def test_a_heading_among_pictures_is_the_storys(between: str):
    paragraphs = [f"<p>{text}</p>" for text in (*PARAGRAPHS, *(f"{text} So it was." for text in PARAGRAPHS))]
    heads = f"{between}<h3>Boats and buses</h3>{between}"
    article = read(page(f"<article><h1>{HEADLINE}</h1>{''.join(paragraphs[:4])}{heads}{''.join(paragraphs[4:])}"), URL)
    (block,) = (block for block in article.blocks if block.text == "Boats and buses")
    assert block.kind is BlockKind.HEADING


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("widget__related_listItem", RemovalKind.RELATED),
        ("widget-date", None),
        ("widget_author", None),
        ("ContentHead_lead____SsS", Hint.STANDFIRST),
        ("Article_standfirst__x8Kd2", Hint.STANDFIRST),
        ("block__title", None),
        ("fact-box", RemovalKind.RELATED),
        ("info-box", RemovalKind.RELATED),
        ("faktaboks", RemovalKind.RELATED),
        ("harbour-factbox", RemovalKind.RELATED),
        ("connatix__container__1J5aH", RemovalKind.ADVERTISEMENT),
        ("vjs-wrapper", RemovalKind.OTHER),
        ("jw-player", RemovalKind.OTHER),
    ],
)
def test_what_names_say(name: str, role: RemovalKind | Hint | None):
    assert role_of(name) is role
