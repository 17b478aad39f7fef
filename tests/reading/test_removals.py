import pytest

from archive.records import RemovalKind
from scraper.reading import read

URL = "https://harbour.example/ferry"


def kinds_of(article):
    return {removal.kind for removal in article.removals}


def test_what_is_stripped_from_a_newsroom_page_is_in_the_ledger(pages):
    article = read(pages.NEWSROOM, URL)
    by_text = {removal.text: removal for removal in article.removals}
    assert by_text["Home\nTransport"].kind is RemovalKind.NAVIGATION
    assert by_text["Home\nTransport"].path.endswith("header/nav")
    assert any(
        removal.kind is RemovalKind.RELATED and "A bridge too dear" in removal.text for removal in article.removals
    )
    assert any("© 2026" in removal.text for removal in article.removals)
    assert any(removal.kind is RemovalKind.BYLINE for removal in article.removals)


def test_dates_cards_and_consent_after_the_story(pages):
    kinds = [removal.kind for removal in read(pages.DIVS, URL).removals]
    assert {RemovalKind.DATE, RemovalKind.RELATED, RemovalKind.CONSENT} <= set(kinds)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Sign up for our newsletter", RemovalKind.SIGNUP),
        ("Share this article", RemovalKind.SHARE),
        ("Published 13 January 2026", RemovalKind.DATE),
    ],
)
def test_furniture_between_paragraphs(pages, line, kind):
    body = "".join(f"<p>{text}</p><p>{line}</p>" for text in pages.PARAGRAPHS[:2]) + "".join(
        f"<p>{text}</p>" for text in pages.PARAGRAPHS[2:]
    )
    article = read(pages.page(f"<main><h1>{pages.HEADLINE}</h1>{body}</main>"), URL)
    assert line not in article.text
    assert kind in kinds_of(article)


def test_a_story_in_an_element_with_a_misleading_name_is_kept(pages):
    body = "".join(f'<div class="widget sidebar-nav related"><p>{text}</p></div>' for text in pages.PARAGRAPHS)
    article = read(pages.page(f"<h1>{pages.HEADLINE}</h1><main>{body}</main>"), URL)
    assert article.text.split("\n\n") == list(pages.PARAGRAPHS)


def test_captions_are_in_the_markdown_and_not_in_the_text(pages):
    figure = '<figure><img src="/p.jpg" alt="The pier"><figcaption>The pier at dawn.</figcaption></figure>'
    body = f"<article><h1>{pages.HEADLINE}</h1><p>{pages.PARAGRAPHS[0]}</p>{figure}" + "".join(
        f"<p>{x}</p>" for x in pages.PARAGRAPHS[1:]
    )
    article = read(pages.page(body + "</article>"), URL)
    assert "The pier at dawn" not in article.text
    assert "![The pier](https://harbour.example/p.jpg)\n*The pier at dawn.*" in article.markdown


@pytest.mark.parametrize("layout", ["newsroom", "divs", "breaks", "tables", "split", "amp"])
def test_every_visible_word_ends_in_the_story_a_field_or_the_ledger(pages, layout):
    from scraper.reading import parse

    page = parse(pages.LAYOUTS[layout], URL)
    article = read(pages.LAYOUTS[layout], URL)
    kept = " ".join([*(block.text for block in article.blocks), *(removal.text for removal in article.removals)])
    kept += f" {article.headline} {article.standfirst} {article.section}"
    assert page.root is not None
    body = page.root.find("body")
    assert body is not None
    words = {word for text in body.itertext() if text.strip() for word in str(text).split()}
    assert not {word for word in words if word not in kept}


def test_scripts_and_styles_are_no_removals(pages):
    body = (
        f"<script>var a = 'tracked';</script><style>.a{{}}</style><main><h1>{pages.HEADLINE}</h1>{pages.story()}</main>"
    )
    article = read(pages.page(body), URL)
    assert not any("tracked" in removal.text for removal in article.removals)


def test_positions_follow_the_page(pages):
    positions = [removal.position for removal in read(pages.NEWSROOM, URL).removals]
    assert positions == sorted(positions)
