"""Printed bylines: the elements that a page marks as naming its author, and the lines that read like a byline."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, takewhile
from operator import itemgetter

from lxml.etree import _Element as Element

from archive.records import BlockKind, RemovalKind
from scraper.reading.far_bylines import far_bylines
from scraper.reading.lexicon import role_of
from scraper.reading.names import clean_names
from scraper.reading.outline import Cut, Outline
from scraper.reading.printed_names import DATED, is_byline, printed_names
from scraper.reading.surroundings import element_text

# Elements that hold a name; anything larger is reached through them.
TAGS = "h1 h2 a span div p li address cite b strong em small byline h3 h4 h5 dd td".split()
NAMED = re.compile(
    r"author|by-?line|autor(?:en|a|es|e)?(?![a-z])|auteur|redakteur|verfasser|(?:written|wrote|posted)[-_]?by|"
    r"item-?poster|(?<![a-z])reporter|journalist(?![a-z])|periodista|columnist",
    re.IGNORECASE,
)
STEM = re.compile("aut|by|redakt|verfass|poster|report|journal|period|column")  # what no name in NAMED lacks
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
PROSE = 240  # characters of a passage that is asked for an author
OVER = 14  # elements over a mark that are asked whether they are someone else's
ABOVE, BELOW = 6, 15  # passages over and under the headline among which the story's byline is looked for first
DEEP = 24  # elements in a passage or a cut that are asked whether they name an author
HIGH = 3  # elements around a passage that may be named for it
ELSEWHERE = frozenset({RemovalKind.COMMENT, RemovalKind.RELATED, RemovalKind.NAVIGATION, RemovalKind.PROMO})
UNSIGNED = frozenset({BlockKind.HEADING, BlockKind.CAPTION})
FRAMES = frozenset(
    {"tag-nav", "tag-aside", "tag-menu", "role-navigation", "name-navigation", "name-related", "name-comment"}
)
YEAR = re.compile(r"\b20\d\d\b")
CLOSE = 6  # passages below the headline in which a part of the frame may tell of the article
HANDLED = re.compile(r"([^\W\d_][\w.'’-]+(?: [^\W\d_][\w.'’-]*){1,3}),?\s*\(?@\w+\)?")  # a name with its handle
DIGIT = re.compile(r"\d")
NAMING_ATTRIBUTES = frozenset({"class", "id", "data-testid"})
CERTAIN, NAMING, LINKING = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Mark:
    """An element that says it names an author: how surely, and how many passages below the headline.

    ``within`` is a part of the page's frame, by its tag, that tells of the article: nothing around it counts.
    """

    element: Element
    strength: int
    at: int
    within: Element | None = None


@lru_cache(maxsize=20_000)
def _names_author(names: str) -> bool:
    low = names.lower()
    if not STEM.search(low) or "categor" in low or not NAMED.search(names):
        return False
    return any(NAMED.search(name) and not OTHER.search(name) for name in names.split()[:12] if len(name) < 60)


def _strength(element: Element) -> int:
    """How surely an element names an author, 0 when it does not say so."""
    tag, attributes = element.tag, element.items()
    if ("itemprop", "author") in attributes or ("rel", "author") in attributes:
        return CERTAIN
    for name, value in attributes:
        if name in NAMING_ATTRIBUTES and value and _names_author(value):
            return NAMING
    if tag == "a" and (link := element.get("href")) and PROFILE.search(link):
        return LINKING
    return CERTAIN if tag == "byline" else NAMING if tag == "address" else 0


def _is_elsewhere(element: Element, within: Element | None = None) -> bool:
    """Whether an element belongs to a comment, another story's card, or the page's frame; ``within`` tells of this."""
    footer = False
    for step, _ in zip(element.iterancestors(), range(OVER), strict=False):
        if step is within or step.tag in ("article", "main"):
            return False
        if step.tag in ("aside", "nav"):
            return True
        names = f"{step.get('class') or ''} {step.get('id') or ''}"
        role = role_of(names) if len(names) > 1 else None
        if role in ELSEWHERE:
            return True
        footer = footer or (step.tag == "footer" and role is not RemovalKind.BYLINE)
    return footer


def _tells_of_article(cut: Cut, here: int) -> bool:
    """Whether a part that is the frame's by its tag is the line below the headline that names day and author."""
    return (
        cut.rule in ("tag-aside", "tag-nav")
        and 0 < cut.at - here <= CLOSE
        and len(cut.text) < PROSE
        and YEAR.search(cut.text) is not None
    )


def _elements_near(found: Outline, place: int | None) -> Iterator[tuple[int, Element, Element | None]]:
    """What stands near the headline, in passages and around them, kept or cut.

    ``(passages from the headline, element, the part of the frame that it is in, if that tells of the article)``.
    """
    here = place or 0
    seen: set[Element] = set()
    spots: list[tuple[int, Element, Element | None]] = [
        (at, found.nodes[found.passages[at].node].element, None)
        for at in _window(found, place)
        if len(found.passages[at].text) <= PROSE  # no byline stands in a paragraph of the story
    ]
    for cut in found.cuts:
        if -ABOVE <= cut.at - here <= BELOW:
            if cut.rule not in FRAMES:
                spots.append((cut.at, cut.element, None))
            elif _tells_of_article(cut, here):
                spots.append((cut.at, cut.element, cut.element))
    for at, element, within in sorted(spots, key=itemgetter(0)):
        for step in (*reversed(list(islice(element.iterancestors(), HIGH))), *islice(element.iter(*TAGS), DEEP)):
            if step not in seen:
                seen.add(step)
                yield at - here, step, within


def _window(found: Outline, place: int | None) -> range:
    """The indices of the passages near the headline."""
    return range(max((place or 0) - ABOVE, 0), min((place or 0) + BELOW, len(found.passages)))


def marks_near(found: Outline, place: int | None) -> list[Mark]:
    """The marks near the headline."""
    return [
        Mark(element, strength, at, within)
        for at, element, within in _elements_near(found, place)
        if (strength := _strength(element))
    ]


def _names_in(mark: Mark) -> tuple[str, ...]:
    text = element_text(mark.element)
    return printed_names(text, marked=True) if 1 < len(text) <= LONGEST else ()


def _by_rank(marks: Sequence[Mark]) -> list[Mark]:
    """Marks by how likely they name the story's author: those below the headline, those above it, mere links."""
    return sorted(marks, key=lambda mark: (mark.strength == LINKING, mark.at < 0, abs(mark.at)))


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


def _is_capital(name: str) -> bool:
    return name[0].isalpha() and not name[0].islower()


def _nearer(found: Outline, place: int | None, end: int) -> tuple[str, ...]:
    """The names after a "by", in a line below the headline and above a mark at ``end``, passages from the headline."""
    here = place or 0
    for passage in found.passages[here + 1 : here + end]:
        if passage.kind not in UNSIGNED and len(passage.text) < LONGEST and is_byline(passage.text):
            names = printed_names(passage.text, marked=False)
            return names if all(map(_is_capital, names)) else ()
    return ()


def names_near(found: Outline, place: int | None) -> tuple[str, ...]:
    """The names in the first byline that is marked near the headline, or that says "by" and stands nearer."""
    marks = marks_near(found, place)
    for mark in _by_rank(marks):
        if _names_in(mark) and not _is_elsewhere(mark.element, mark.within):
            return _nearer(found, place, mark.at) or _around(mark, marks)
    return ()


def names_anywhere(found: Outline) -> tuple[str, ...]:
    """The names that a page marks on blocks and links wherever it does, if they are of one byline alone."""
    blocks = (node.element for node in found.nodes if node.role is RemovalKind.BYLINE)
    links = (mark[2] for passage in found.passages for mark in passage.marks if mark[1] == "a")
    told = ((element, _strength(element)) for element in chain(blocks, links) if element is not None)
    marks = [Mark(element, strength, 0) for element, strength in told if strength >= NAMING]
    named = [(mark, names) for mark in marks if (names := _names_in(mark)) and not _is_elsewhere(mark.element)]
    over = {step for mark, _ in named for step in mark.element.iterancestors()}
    for strength in (CERTAIN, NAMING):
        far = {names for mark, names in named if mark.strength == strength and mark.element not in over}
        if len(far) == 1:
            return far.pop()
    return ()


def byline_texts(found: Outline, place: int | None) -> Iterator[tuple[str, str]]:
    """``(source, text)`` of the lines near the headline that read like a byline, or stand in an element named so."""
    near = [found.passages[at] for at in _window(found, place)]
    for passage in near:
        if passage.kind not in UNSIGNED and len(passage.text) < LONGEST and is_byline(passage.text):
            yield "dom:by", passage.text
    for passage in takewhile(lambda passage: len(passage.text) < LONGEST or passage.kind is BlockKind.HEADING, near):
        if passage.kind is not BlockKind.HEADING and DIGIT.search(passage.text) and DATED.search(passage.text):
            yield "dom:date", passage.text
    for passage in near:
        if len(passage.text) < LONGEST and (signed := HANDLED.fullmatch(passage.text)):
            yield "dom:handle", f"By {signed[1]}"
    for passage in near:
        if passage.role is RemovalKind.BYLINE and len(passage.text) < LONGEST:
            element = found.nodes[passage.node].element
            text = element_text(element) if len(element) else passage.text
            yield "dom:byline", text if len(text) < LONGEST else passage.text


def printed_bylines(found: Outline, place: int | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """``(source, names)`` of what a page prints about its author, the surest first; nothing is done unless asked.

    The first is of the byline that is marked near the headline, empty if there is none.
    """
    yield "dom:author", names_near(found, place)
    for source, text in byline_texts(found, place):
        names = printed_names(text, marked=False)
        if names and all(map(_is_capital, names)):
            yield source, names
    yield "dom:author", names_anywhere(found)
    yield from far_bylines(found, place)
