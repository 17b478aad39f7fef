"""Printed bylines: the elements that a page marks as naming its author, and the lines that read like a byline."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile

from lxml.etree import _Element as Element

from archive.records import BlockKind, RemovalKind
from scraper.reading.lexicon import role_of
from scraper.reading.names import clean_names
from scraper.reading.outline import Outline
from scraper.reading.printed_names import BYLINE, DATED, printed_names
from scraper.reading.surroundings import NEAR, element_text
from scraper.reading.titles import title_key

# Elements that hold a name; anything larger is reached through them.
TAGS = "h1 h2 a span div p li address cite b strong em small byline h3 h4 h5 dd td".split()
NAMED = re.compile(
    r"author|by-?line|autor(?:en|a|es|e)?(?![a-z])|auteur|redakteur|verfasser|(?:written|wrote|posted)[-_]?by|"
    r"item-?poster|(?<![a-z])reporter|journalist(?![a-z])|periodista|columnist",
    re.IGNORECASE,
)
OTHER = re.compile(
    r"comment|avatar|im(?:age|g)(?![a-z])|photo|pic(?:ture)?(?![a-z])|social|follow|count|relat|desc(?:ription)?(?![a-z])|"
    r"shar(?:e|ing)|twitter|recent|authori[sz]|authority|more|role|job|position|(?<![a-z])bio(?![a-z]*name)|"
    r"biography|archive|label|icon|tooltip|popular|(?<![a-z])co-?author",
    re.IGNORECASE,
)
PROFILE = re.compile(
    r"/(?:authors?|autor(?:en|es|a)?|auteurs?|by|reporters?|journalist(?:e|en|s)?|periodistas?|contributors?|writers?|"
    r"staff|people|profiles?|newsteam|redaktion|columnists?|members?)/[^/?#]|[?&]author=",
    re.IGNORECASE,
)
LONGEST = 120  # characters of an element or line that is a byline
OVER = 14  # elements over a mark that are asked whether they are someone else's
BESIDE = 120  # scanned elements after the headline within which a mark is the story's own
ELSEWHERE = frozenset({RemovalKind.COMMENT, RemovalKind.RELATED, RemovalKind.NAVIGATION, RemovalKind.PROMO})
UNSIGNED = frozenset({BlockKind.HEADING, BlockKind.CAPTION})
CERTAIN, NAMING, LINKING = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Mark:
    """An element that says it names an author: how surely, and its place among the scanned elements."""

    element: Element
    strength: int
    at: int


@lru_cache(maxsize=20_000)
def _names_author(names: str) -> bool:
    return any(NAMED.search(name) and not OTHER.search(name) for name in names.split()[:12] if len(name) < 60)


def _strength(element: Element) -> int:
    """How surely an element names an author, 0 when it does not say so."""
    get = element.get
    if get("itemprop") == "author" or get("rel") == "author":
        return CERTAIN
    for attribute in ("class", "id", "data-testid"):
        if (names := get(attribute)) and _names_author(names):
            return NAMING
    if element.tag == "a" and (link := get("href")) and PROFILE.search(link):
        return LINKING
    return CERTAIN if element.tag == "byline" else NAMING if element.tag == "address" else 0


def _is_elsewhere(element: Element) -> bool:
    """Whether an element belongs to a comment, another story's card, or the page's frame."""
    footer = False
    for step, _ in zip(element.iterancestors(), range(OVER), strict=False):
        if step.tag in ("article", "main"):
            return False
        if step.tag in ("aside", "nav"):
            return True
        names = f"{step.get('class') or ''} {step.get('id') or ''}"
        role = role_of(names) if len(names) > 1 else None
        if role in ELSEWHERE:
            return True
        footer = footer or (step.tag == "footer" and role is not RemovalKind.BYLINE)
    return footer


def marks_of(root: Element, headline: str | None) -> tuple[list[Mark], int]:
    """The marks of a page from top to bottom, and where its headline stands among the scanned elements."""
    key = title_key(headline or "")
    marks, place = [], -1
    for at, element in enumerate(root.iter(*TAGS)):
        if element.tag in ("h1", "h2"):
            if place < 0 and key and title_key("".join(map(str, element.itertext()))) == key:
                place = at
        elif strength := _strength(element):
            marks.append(Mark(element, strength, at))
    return marks, max(place, 0)


def _names_in(mark: Mark) -> tuple[str, ...]:
    text = element_text(mark.element)
    return printed_names(text, marked=True) if 1 < len(text) <= LONGEST else ()


def _near(marks: Sequence[Mark], place: int) -> Iterator[Mark]:
    """The marks around the headline by how likely they name the story's author: below it, above it, mere links."""
    below = [mark for mark in marks if place <= mark.at <= place + BESIDE]
    yield from (mark for mark in below if mark.strength >= NAMING)
    yield from (mark for mark in reversed(marks) if place - BESIDE / 4 <= mark.at < place and mark.strength >= NAMING)
    yield from (mark for mark in below if mark.strength == LINKING)


def _around(mark: Mark, marks: Sequence[Mark]) -> tuple[str, ...]:
    """The names in a mark: those of the innermost marks in it if it has any, and of its likes beside it."""
    inside = set(mark.element.iterdescendants())
    within = [other for other in marks if other.element in inside]
    over = {step for other in within for step in other.element.iterancestors()}
    if inner := [name for other in within if other.element not in over for name in _names_in(other)]:
        return clean_names(inner)
    up = mark.element.getparent()
    places = {up, up.getparent() if up is not None else None} - {None}
    beside = [
        name
        for other in marks
        if (other.element.tag, other.element.get("class")) == (mark.element.tag, mark.element.get("class"))
        and not places.isdisjoint(islice(other.element.iterancestors(), 2))
        for name in _names_in(other)
    ]
    return clean_names([*_names_in(mark), *beside])


def marked_names(root: Element, headline: str | None) -> tuple[str, ...]:
    """The names in the first marked byline near the headline; or in those elsewhere, if they all name one person."""
    marks, place = marks_of(root, headline)
    for mark in _near(marks, place):
        if _names_in(mark) and not _is_elsewhere(mark.element):
            return _around(mark, marks)
    named = [(mark, names) for mark in marks if (names := _names_in(mark)) and not _is_elsewhere(mark.element)]
    over = {step for mark, _ in named for step in mark.element.iterancestors()}
    for strength in (CERTAIN, NAMING):
        far = {names for mark, names in named if mark.strength == strength and mark.element not in over}
        if len(far) == 1:
            return far.pop()
    return ()


def byline_texts(found: Outline, place: int | None) -> Iterator[tuple[str, str]]:
    """``(source, text)`` of the lines near the headline that read like a byline, or stand in an element named so."""
    start = max((place or 0) - 6, 0)
    near = found.passages[start : (place or 0) + NEAR + 3]
    for passage in near:
        if passage.kind not in UNSIGNED and len(passage.text) < LONGEST and BYLINE.search(passage.text):
            yield "dom:by", passage.text
    for passage in takewhile(lambda passage: len(passage.text) < LONGEST or passage.kind is BlockKind.HEADING, near):
        if passage.kind is not BlockKind.HEADING and DATED.search(passage.text):
            yield "dom:date", passage.text
    for passage in near:
        if passage.role is RemovalKind.BYLINE and len(passage.text) < LONGEST:
            element = found.nodes[passage.node].element
            text = element_text(element) if len(element) else passage.text
            yield "dom:byline", text if len(text) < LONGEST else passage.text


def printed_marks(root: Element, headline: str | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """``(source, names)`` of the byline that a page marks. Nothing is done before it is asked."""
    if names := marked_names(root, headline):
        yield "dom:author", names


def printed_lines(found: Outline, place: int | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """``(source, names)`` of the lines near the headline that read like a byline."""
    for source, text in byline_texts(found, place):
        names = printed_names(text, marked=False)
        if names and all(name[0].isalpha() and not name[0].islower() for name in names):
            yield source, names
