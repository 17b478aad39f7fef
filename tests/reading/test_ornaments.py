"""Text that a page shows twice, to nobody, or of other pages: pull quotes, what screen readers tell, link lists."""

import pytest

from scraper.reading import read
from tests.reading.invented import HEADLINE, PARAGRAPHS, page, story


@pytest.mark.parametrize("quote", ["<blockquote>{}</blockquote>", "<blockquote class=pull><p>“{}”</p></blockquote>"])
def test_a_quote_that_repeats_the_story_is_an_ornament(quote: str):
    pulled = "Nobody should have to spend a night on a bench because a timetable was written in another century"
    paragraphs = [f"<p>{text}</p>" for text in PARAGRAPHS]
    html = page(f"<article><h1>{HEADLINE}</h1>{''.join(paragraphs[:2])}{quote.format(pulled)}{''.join(paragraphs[2:])}")
    article = read(html)
    assert article.text.split("\n\n") == list(PARAGRAPHS)
    assert len([removal for removal in article.removals if pulled in removal.text]) == 1


def test_a_quote_that_stands_nowhere_else_is_the_story():
    own = "We will sail when the wind allows it, and not a minute sooner"
    article = read(
        page(f"<article><h1>{HEADLINE}</h1>{story()}<blockquote>{own}</blockquote><p>{PARAGRAPHS[0]} So be it.</p>")
    )
    assert own in article.text


@pytest.mark.parametrize(
    "unseen",
    [
        "<span>(opens in new window)</span>",
        '<span class="x9">, opens new tab</span>',
        "<span>(öffnet im neuen Fenster)</span>",
        '<span style="clip:rect(0 0 0 0);height:1px;overflow:hidden;position:absolute">external</span>',
        '<span style="display: none">we do not want spam</span>',
    ],
)
def test_what_only_screen_readers_tell_is_not_the_text(unseen: str):
    text = (
        f"<p>The <a href=/report>report{unseen}</a> of the harbour board says that the trial went well in every month."
    )
    article = read(page(f"<article><h1>{HEADLINE}</h1>{text}{story()}"))
    assert "The report of the harbour board says" in article.text


TITLES = ("The old bridge closes for a year of repairs", "Harbour board elects a new chair in a close vote")


@pytest.mark.parametrize("label", ["", "Transport: "])
def test_a_list_of_links_to_other_articles_is_not_the_story(label: str):
    items = "".join(f"<li>{label}<a href=/{n}>{title}</a></li>" for n, title in enumerate(TITLES))
    paragraphs = [f"<p>{text}</p>" for text in PARAGRAPHS]
    article = read(
        page(f"<article><h1>{HEADLINE}</h1>{''.join(paragraphs[:2])}<ul>{items}</ul>{''.join(paragraphs[2:])}")
    )
    assert article.text.split("\n\n") == list(PARAGRAPHS)
    assert all(any(title in removal.text for removal in article.removals) for title in TITLES)


@pytest.mark.parametrize(
    ("item", "other"),
    [
        (
            "The <a href=/1>report of the harbour board</a> says that nine crossings out of ten left on time",
            "The <a href=/2>timetable</a> of the summer will be decided on in March, once the accounts are out",
        ),
        ("Nurses and cleaners who work late will get home", "The waiting room will be closed at night"),
    ],
)
def test_a_list_that_says_something_is_the_story(item: str, other: str):
    items = f"<p>It comes to this:</p><ul><li>{item}</li><li>{other}</li></ul>"
    article = read(page(f"<article><h1>{HEADLINE}</h1>{story()}{items}{story()}"))
    assert item[-30:] in article.text
