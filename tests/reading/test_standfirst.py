"""What is split off as the standfirst, and what is the story's first paragraph though it be named a lead."""

import pytest

from scraper.reading import read

LEAD = "The night ferry has been running for a year now, and the harbour board says that it will stay."


def article(pages, lead: str, body: str = "", head: str = ""):
    page = f"<main><h1>{pages.HEADLINE}</h1>{lead}{body or f'<div class=body>{pages.story()}</div>'}</main>"
    return read(pages.page(page, head))


@pytest.mark.parametrize(
    "lead",
    [
        f'<div class="lead"><p>{LEAD}</p></div><p class="byline">By Ada Brook</p>',
        f'<div class="intro"><p>{LEAD}</p></div><figure><img src="/a.jpg"><figcaption>The pier.</figcaption></figure>',
        f'<p class="article-teaser">{LEAD}</p>',
        f'<h2 class="subheadline">{LEAD}</h2>',
        f'<div class="lead"><p>{LEAD[:-1]}</p></div>',
    ],
)
def test_a_lead_that_is_set_apart_is_the_standfirst(pages, lead):
    read_article = article(pages, lead)
    assert read_article.standfirst == LEAD or read_article.standfirst == LEAD[:-1]
    assert LEAD[:-1] not in read_article.text


@pytest.mark.parametrize("name", ["lead", "intro-text", "summary", "entry-summary"])
def test_a_lead_printed_like_the_paragraph_right_below_it_is_the_first_paragraph(pages, name):
    read_article = article(pages, f'<div class="{name}"><p>{LEAD}</p></div>')
    assert read_article.standfirst is None
    assert read_article.text.startswith(LEAD)


def test_the_first_of_sibling_paragraphs_is_the_first_paragraph_whatever_its_name(pages):
    read_article = article(pages, "", f'<div class="body"><p class="lead">{LEAD}</p>{pages.story()}</div>')
    assert read_article.standfirst is None
    assert read_article.text.startswith(LEAD)


def test_a_description_copied_from_the_first_paragraph_makes_it_no_standfirst(pages):
    head = f'<meta property="og:description" content="{LEAD}">'
    read_article = article(pages, "", f"<div><div>{LEAD}</div>{pages.story('div')}</div>", head)
    assert read_article.standfirst is None
    assert read_article.text.startswith(LEAD)


def test_nothing_below_a_paragraph_of_the_story_is_a_standfirst(pages):
    late = f'<div class="summary"><span>{LEAD[:-1]}</span></div>'
    read_article = article(pages, "", f'<div class="body">{pages.story()}{late}{pages.story("blockquote")}</div>')
    assert read_article.standfirst is None


def test_a_long_heading_right_over_its_paragraph_is_no_standfirst(pages):
    heading = "How the ferry came to be, and who has paid for it since then"
    read_article = article(pages, "", f'<div class="body"><h2>{heading}</h2>{pages.story()}</div>')
    assert read_article.standfirst is None


def test_a_table_is_no_standfirst(pages):
    table = (
        "<table><tr><td>Aroma</td><td>Berries and citrus</td></tr><tr><td>Weight</td><td>250 grams</td></tr></table>"
    )
    assert article(pages, f'<div class="description summary">{table}</div>').standfirst is None


@pytest.mark.parametrize(
    "over",
    [
        '<nav><h1>{}</h1></nav><p class="lead">{}</p><p>By Ada Brook</p>',
        "<div class=banner><h1><span>Transport</span> {}</h1></div><h2>{}</h2><p>By Ada Brook</p>",
    ],
)
def test_a_standfirst_is_found_under_a_headline_that_is_no_passage_of_its_own(pages, over):
    head = f'<meta property="og:title" content="{pages.HEADLINE}"><title>{pages.HEADLINE}</title>'
    page = f"<main>{over.format(pages.HEADLINE, LEAD)}<article>{pages.story()}</article></main>"
    assert read(pages.page(page, head)).standfirst == LEAD


def test_a_standfirst_may_have_several_short_paragraphs(pages):
    lead = "<div class=lead><p>{}</p><p>{}</p></div><p>By Ada Brook</p>"
    read_article = article(pages, lead.format(LEAD, "Nurses had asked for it for years and years."))
    assert read_article.standfirst == f"{LEAD} Nurses had asked for it for years and years."
    assert "Nurses had asked" not in read_article.text


def test_a_long_introduction_of_several_paragraphs_is_the_story(pages):
    told = "".join(f"<p>{text}</p>" for text in pages.PARAGRAPHS[:2])
    intro = f'<div class="intro-text">{told}</div><p>By Ada Brook</p>'
    read_article = article(pages, intro, "".join(f"<p>{text}</p>" for text in pages.PARAGRAPHS[2:]))
    assert read_article.standfirst is None
    assert read_article.text.startswith(pages.PARAGRAPHS[0])
