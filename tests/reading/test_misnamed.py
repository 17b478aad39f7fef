"""A story's first paragraph in an element that is named like a card of another article."""

import pytest

from archive.records import RemovalKind
from scraper.reading import parse, read
from scraper.reading.misnamed import without_misleading_names
from scraper.reading.outline import outline
from tests.reading.invented import HEADLINE, PARAGRAPHS, page

LEAD = PARAGRAPHS[0]
REST = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:])
CARD = '<h3><a href="/other">A bridge too dear</a></h3>'


def newspaper(lead: str) -> bytes:
    return page(f"<main><article><h1>{HEADLINE}</h1>{lead}<div class=text>{REST}</div></article></main>")


@pytest.mark.parametrize("name", ["teaser-text", "promo", "related-teaser", "navigation"])
@pytest.mark.parametrize("lead", [LEAD, f"<div><p>{LEAD}</p></div>"], ids=["loose", "paragraph"])
def test_bare_prose_between_headline_and_story_is_the_story(name: str, lead: str):
    article = read(newspaper(f'<div><div class="{name}">{lead}</div></div>'))
    assert article.text.split("\n\n") == list(PARAGRAPHS)


@pytest.mark.parametrize("card", [f'<a href="/other">{LEAD}</a>', f"{CARD}<a href=/other>{LEAD}</a>"])
def test_a_card_in_that_place_is_none(card: str):
    article = read(newspaper(f'<div class="teaser">{card}</div>'))
    assert article.text.split("\n\n") == list(PARAGRAPHS[1:])


@pytest.mark.parametrize("inner", [f"{CARD}<p>{LEAD}</p>", f"<p>{LEAD}</p>{CARD}"])
def test_a_part_with_a_linked_heading_keeps_its_name(inner: str):
    root = parse(newspaper(f'<div class="teaser">{inner}</div>')).root
    assert root is not None
    found = without_misleading_names(outline(root), 0)
    assert {passage.text for passage in found.passages if passage.role} == {"A bridge too dear", LEAD}


def test_a_teaser_below_the_story_stays_one():
    article = read(page(f'<main><h1>{HEADLINE}</h1>{REST}<div class="teaser">{LEAD}</div></main>'))
    assert LEAD not in article.text
    assert [removal.text for removal in article.removals if removal.kind is RemovalKind.RELATED] == [LEAD]
