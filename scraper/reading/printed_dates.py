"""The dates that are printed in a page, best first."""

import re
from collections.abc import Iterator, Sequence

from lxml.etree import _Element as Element

from archive.records import RemovalKind
from scraper.reading.head import Head
from scraper.reading.lexicon import role_of
from scraper.reading.moments import read_moment
from scraper.reading.outline import Outline, Passage
from scraper.reading.published import Found
from scraper.reading.surroundings import NEAR, element_text

MODIFIED = re.compile(
    r"updat|modif|aktualis|edit|actualiz|aggiorn|mis à jour|bijgewerkt|更新|обновл|güncel", re.IGNORECASE
)
FOREIGN = frozenset(
    {RemovalKind.RELATED, RemovalKind.COMMENT, RemovalKind.PROMO, RemovalKind.ADVERTISEMENT, RemovalKind.LEGAL}
)
DIGIT = re.compile(r"\d")


def _dated(passages: Sequence[Passage], longest: int) -> Iterator[Found]:
    for passage in passages:
        text = passage.text
        if (
            len(text) <= longest
            and passage.role not in FOREIGN
            and passage.linked < 0.5 * len(text)
            and DIGIT.search(text)
            and (moment := read_moment(text))
        ):
            yield moment, "dom:modified" if MODIFIED.search(text[:25]) else "dom:text", text


def printed_dates(found: Outline, head: Head, place: int | None) -> Iterator[Found]:
    """The dates that stand in ``time`` elements, near the headline, and at last anywhere in short lines, best first."""
    doubtful: list[Found] = []
    for element in head.times[:30]:
        raw = element.get("datetime") or element.get("content") or element_text(element)
        if moment := read_moment(raw):
            names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
            dated = moment, "dom:modified" if MODIFIED.search(names) else "dom:time", raw
            if _is_aside(element):
                doubtful += [] if _is_carded(element) else [dated]
            else:
                yield dated
    start = max((place or 0) - 8, 0)
    stop = (place or 0) + NEAR + 5
    yield from _dated(found.passages[start:stop], 160)
    yield from (
        found_at
        for found_at in _dated(
            [p for p in found.passages if p.role is RemovalKind.DATE or p.role is RemovalKind.BYLINE], 160
        )
    )
    yield from _dated(found.passages[stop:], 60)
    for cut in found.cuts:
        if cut.kind in (RemovalKind.DATE, RemovalKind.BYLINE) or cut.rule in ("tag-header", "role-banner"):
            for line in cut.text.split("\n"):
                if len(line) < 80 and DIGIT.search(line) and (moment := read_moment(line)):
                    yield moment, "dom:text", line
    if len(doubtful) == 1:  # several would be those of a list
        yield doubtful[0][0], "dom:text", doubtful[0][2]


def _is_carded(element: Element) -> bool:
    """Whether a link stands so near that the two are a card of another article."""
    near = element.getparent()
    above = near.getparent() if near is not None else None
    return any(place is not None and next(place.iter("a"), None) is not None for place in (near, above))


def _is_aside(element: Element) -> bool:
    current = element.getparent()
    steps = 0
    while current is not None and steps < 12:
        if current.tag in ("aside", "footer", "nav"):
            return True
        role = role_of(f"{current.get('class') or ''} {current.get('id') or ''}")
        if role in (
            RemovalKind.RELATED,
            RemovalKind.COMMENT,
            RemovalKind.NAVIGATION,
            RemovalKind.PROMO,
        ) and current.tag not in ("body", "html"):
            return True
        current, steps = current.getparent(), steps + 1
    return False
