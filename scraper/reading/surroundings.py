"""What stands over the story: the place of its headline, and the kicker above it."""

import re
from collections.abc import Sequence

from lxml.etree import _Element as Element

from archive.records import Evidence
from scraper.reading.compare import alike, same
from scraper.reading.head import squeeze
from scraper.reading.kinds import HEADING, PARAGRAPH
from scraper.reading.outline import Outline, Passage
from scraper.reading.texts import is_sentence, text_of
from scraper.reading.titles import title_key

KICKER = re.compile(
    r"kicker|eyebrow|overline|rubri[ck]|(?:section|category|topic)[-_]?(?:name|label|title|link)", re.IGNORECASE
)
LONGEST_KICKER = 40  # characters
TOP_LEVELS, LIKE, LONG_TOP = 2, 0.35, 30  # levels, likeness and characters of a heading that may be the headline
LEAST_KEY = 12  # characters of a headline that may be known by a part of it
NEAR = 12  # passages before and after the headline in which its standfirst, byline and date stand


def element_text(element: Element) -> str:
    """The text of ``element`` on one line, a space between its parts."""
    return squeeze(text_of(element, " "))


def headline_place(passages: Sequence[Passage], headline: str | None) -> int | None:
    """The index of the passage that is the headline."""
    if not headline:
        return None
    key = same(headline)
    places = [
        index
        for index, passage in enumerate(passages)
        if passage.kind is HEADING and abs(len(passage.text) - len(headline)) < 12 and same(passage.text) == key
    ]
    if places:
        return min(places, key=lambda index: passages[index].level)
    return next(
        (
            index
            for index, passage in enumerate(passages)
            if abs(len(passage.text) - len(headline)) < 12 and same(passage.text) == key
        ),
        None,
    )


def headline_spot(found: Outline, place: int | None, headline: str | None) -> int | None:
    """The index of the last passage that does not stand below the headline, -1 if none does.

    That is ``place``, where it is known. Else the headline stands with a label in one heading, or in a part that was
    cut with the furniture around it, best as its ``h1``; or the page prints it in other words.
    """
    if place is not None or not headline:
        return place
    key = same(headline)
    if len(key) >= LEAST_KEY:
        for index, passage in enumerate(found.passages):
            if passage.kind is HEADING and passage.level <= 2 and _is_part(same(passage.text), key):
                return index
    cuts = [cut for cut in found.cuts if any(_is_near(line, headline, key) for line in cut.text.split("\n"))]
    tops = (cut for cut in cuts if any(same(element_text(top)) == key for top in cut.element.iter("h1")))
    cut = next(tops, cuts[0] if cuts else None)
    return cut.at - 1 if cut else _in_other_words(found.passages, headline)


def _in_other_words(passages: Sequence[Passage], headline: str) -> int | None:
    """The index of the heading over the story that says what ``headline`` says, or else is the page's only ``h1``."""
    key, tops = title_key(headline), []
    for index, passage in enumerate(passages):
        if passage.kind is HEADING and passage.level <= TOP_LEVELS and passage.linked <= 0.5 * len(passage.text):
            if alike(title_key(passage.text), key) >= LIKE:
                return index
            if passage.level == 1 and len(passage.text) >= LONG_TOP:
                tops.append(index)
        elif passage.kind is PARAGRAPH and is_sentence(passage.text) and passage.role is None and not tops:
            break
    return tops[0] if len(tops) == 1 else None


def _is_part(printed: str, key: str) -> bool:
    return key in printed or (len(printed) >= LEAST_KEY and printed in key)


def _is_near(line: str, headline: str, key: str) -> bool:
    return abs(len(line) - len(headline)) < 12 and same(line) == key


def kicker(found: Outline, place: int | None) -> str | None:
    """The short line over the headline whose name says that it is the section or the like."""
    if place is None:
        return None
    over = (cut for cut in found.cuts if place - 2 <= cut.at <= place and len(cut.text) <= LONGEST_KICKER)
    names = ((cut, f"{cut.element.get('class') or ''} {cut.element.get('id') or ''}") for cut in over)
    return next((cut.text for cut, name in names if KICKER.search(name) and "\n" not in cut.text), None)


def printed_section(found: Outline, place: int | None, label: int | None) -> tuple[str | None, list[Evidence]]:
    """The section that a page prints: the passage ``label``, or the kicker over its headline."""
    if label is not None:
        text = found.passages[label].text
        return text, [Evidence("section", "dom:label", text)]
    text = kicker(found, place) or ""
    return (text, [Evidence("section", "dom:kicker", text)]) if text else (None, [])
