"""What stands right before and after a story on pages that name it: kicker, author's note; and pages of links."""

import pytest

from archive.records import ArticleKind, Outcome, RemovalKind
from scraper.reading import outcome_of, parse, read, read_page

STORY = "".join(
    f"<p>The {word} was opened on Tuesday, and the mayor of the town said that it had taken them eleven years to "
    "find the money, the stone and the people who could lay it, one after another.</p>"
    for word in ("bridge", "quay", "market hall")
)


def page(before: str = "", after: str = "", title: str = "The bridge is open") -> bytes:
    head = f'<html><head><meta name="author" content="Beatrix Lowe"></head><body><div>{before}<h1>{title}</h1>'
    return f"{head}{STORY}{after}</div></body></html>".encode()


@pytest.mark.parametrize(
    "note",
    [
        "Beatrix Lowe writes about the arts for The Penmarrow Ledger.",
        "Beatrix Lowe is the paper's arts editor. She joined in 2011 from a weekly in the hills.",
        "By Beatrix Lowe, arts editor, covers theatre for this paper.",
        "Beatrix Lowe schreibt seit 2011 über Theater.",
    ],
)
def test_a_note_on_the_author_is_not_the_story(note: str):
    article = read(page(after=f"<p>{note}</p>"))
    assert note not in article.text
    assert article.text.count("eleven years") == 3
    assert any(removal.kind is RemovalKind.BYLINE and removal.text == note for removal in article.removals)


def test_a_story_about_its_author_keeps_what_is_said_of_her_elsewhere():
    first = "<p>Beatrix Lowe is a name that this town will remember, and not only because she says so herself here.</p>"
    article = read(page().replace(b"</h1>", b"</h1>" + first.encode()))
    assert "a name that this town will remember" in article.text


def test_the_kicker_over_the_headline_is_the_section():
    article = read(page(before='<div class="kicker"><a href="/culture/">Culture</a></div>'))
    assert article.section == "Culture"
    assert [found.source for found in article.evidence if found.field == "section"] == ["dom:kicker"]


@pytest.mark.parametrize("number", [3, 5, 30])
def test_a_page_of_teasers_is_a_hub(number: int):
    teaser = '<div class="teaser"><h3><a href="/{0}">The ferry of the year {0} is late again</a></h3></div>'
    parsed = parse(f"<html><body><h1>Town</h1>{''.join(map(teaser.format, range(number)))}</body></html>".encode())
    article = read_page(parsed)
    assert article.kind is ArticleKind.HUB
    assert outcome_of(parsed, article) is Outcome.HUB


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        ("We use cookies to improve your visit.", "consent"),
        ("You might also like", "related"),
        ("Hello there", "other"),
    ],
)
def test_a_stripped_piece_without_a_telling_name_is_what_its_first_line_says(first: str, kind: str):
    article = read(page(before=f'<div role="dialog">{first}<p>And more of it.</p></div>'))
    assert [str(removal.kind) for removal in article.removals if first in removal.text] == [kind]


def test_no_date_after_the_visit_is_believed():
    dated = page().replace(b"<head>", b'<head><meta property="article:published_time" content="2031-05-01T10:00:00Z">')
    assert read_page(parse(dated), latest="2026-01-13T00:00:00.000Z").published_at is None
    assert read_page(parse(dated), latest="2032-01-13T00:00:00.000Z").published_at == "2031-05-01T10:00:00Z"


def test_a_caption_in_a_span_is_a_caption_and_a_hidden_span_is_accounted_for():
    caption = '<span class="caption">Folio slept on travel in winter.</span>'
    picture = f'<div class="picture"><img src="/cat.jpg">{caption}</div>'
    article = read(page(after=f'{picture}<p>And so <span class="sr-only">opens in a new window</span> it went on.</p>'))
    assert "Folio slept" not in article.text
    assert "opens in a new window" not in article.text
    assert {"Folio slept on travel in winter.", "opens in a new window"} <= {
        removal.text for removal in article.removals
    } | {block.text for block in article.blocks if block.kind == "caption"}


@pytest.mark.parametrize(("times", "published_at"), [(1, "2026-01-01"), (3, None)])
def test_the_only_time_of_a_page_is_its_date_wherever_it_stands(times: int, published_at: str | None):
    aside = "".join(f'<time datetime="2026-01-{day:02}">then</time>' for day in range(1, times + 1))
    assert read(page(after=f"<aside>{aside}</aside>")).published_at == published_at
