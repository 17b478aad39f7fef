"""The headings that may be the headline: every ``h1``, and what is printed as a heading before the story begins."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.etree import _Element as Element

from scraper.reading.head import Head, squeeze
from scraper.reading.jsonld import strings
from scraper.reading.kinds import HEADING
from scraper.reading.lexicon import Hint, role_of
from scraper.reading.outline import Outline, Passage
from scraper.reading.surroundings import element_text

CRUMB = re.compile(r"crumb|seo", re.IGNORECASE)
ABOVE = 4  # elements over a heading whose names tell a breadcrumb
MOST = 8  # headings of a sort that are looked at
SHORT = 12  # characters; a title of fewer is no proof that the heading that holds it is the headline
PROSE = 140  # characters of a passage with which a story has begun
LONGEST = 400
LEVELS = {"h1": 1, "h2": 2, "h3": 3}
EMPHASIS = frozenset("a em strong b i mark sup sub wbr br".split())


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its text, ``level`` 1 to 6, and how it stands on the page.

    ``named`` is a heading whose class, id or itemprop says headline; ``crumb`` one that is the last step of a
    breadcrumb; ``cut`` one that the outline left out with the furniture around it; ``home`` one that is nothing but a
    link to the front page. ``part`` is true for the text of a heading without the label that its markup sets before it,
    and ``order`` counts headings from the top of the page.
    """

    text: str
    level: int
    named: bool = False
    crumb: bool = False
    cut: bool = False
    home: bool = False
    part: bool = False
    order: int = 0


def _names(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _is_crumb(element: Element) -> bool:
    step: Element | None = element
    for _ in range(ABOVE):
        if step is None or step.tag in ("article", "main", "body"):
            return False
        if step.tag == "nav" or any(CRUMB.search(str(part)) for pair in step.attrib.items() for part in pair):
            return True
        step = step.getparent()
    return False


def _is_home(element: Element) -> bool:
    """Whether a heading is a logo: all of its text is one link to the root of a site."""
    link = next(element.iter("a"), None) if len(element) else None
    up = element.getparent()
    if link is None and up is not None and up.tag == "a":
        link = up
    if link is None:
        return False
    path = re.sub(r"^(?:https?:)?//(?:web\.archive\.org/web/\d+\w*/(?:https?://)?)?[^/]*", "", link.get("href") or "x")
    return path.strip("/") in ("", "index.html", "index.php") or "home" in (link.get("rel") or "").split()


def parts_of(element: Element) -> Iterator[str]:
    """The text of a heading without a label before it, where its markup sets one apart."""
    while len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip():
        element = element[0]
    if not len(element) or (element.text or "").strip() or element[0].tag in EMPHASIS:
        return
    pieces = []
    for child in element:
        pieces += [element_text(child) if isinstance(child.tag, str) else "", squeeze(child.tail)]
    pieces = [piece for piece in pieces if any(map(str.isalnum, piece))]
    if len(pieces) > 1:
        yield " ".join(pieces[1:])
        if len(pieces) > 2:
            yield max(pieces, key=len)
        else:
            yield pieces[0]


def _of_element(element: Element, level: int, order: int, *, cut: bool) -> Iterator[Heading]:
    text = element_text(element)
    if not 1 < len(text) <= LONGEST:
        return
    named = role_of(_names(element)) is Hint.HEADLINE or element.get("itemprop") == "headline"
    crumb, home = _is_crumb(element), _is_home(element)
    yield Heading(text, level, named, crumb, cut, home, order=order)
    if len(element):
        joined = squeeze("".join(map(str, element.itertext())))
        if joined != text:
            yield Heading(joined, level, named, crumb, cut, home, order=order)
        for part in parts_of(element):
            yield Heading(part, level, named, crumb, cut, home, part=True, order=order)


def _heading_of(passage: Passage, found: Outline) -> Element:
    """The heading element that a passage stands in."""
    element = found.nodes[passage.node].element
    while element.tag not in LEVELS and (up := element.getparent()) is not None:
        element = up
    return element


def _lower(found: Outline, printed: Sequence[tuple[int, Passage]], told: Sequence[str]) -> Iterator[Element]:
    """Lower headings: those before the page's prose begins, and those that hold what the data has for title."""
    prose = next(
        (index for index, p in enumerate(found.passages) if len(p.text) > PROSE and p.linked < 0.4 * len(p.text)),
        len(found.passages),
    )
    last = None
    for index, passage in printed:
        text = passage.text
        if (index < prose and passage.linked < 0.5 * len(text)) or any(title in text for title in told):
            element = _heading_of(passage, found)
            if element is not last and element.tag != "h1":
                last = element
                yield element


def headings_of(head: Head, found: Outline) -> Sequence[Heading]:
    """The headings of a page, those of the first level first."""
    titles = [
        *strings(head.article.get("headline"))[:1],
        *(text for _, text in head.metas("og:title", "twitter:title")),
    ]
    told = {text for text in titles if len(text) > SHORT}
    printed = [
        (index, passage)
        for index, passage in enumerate(found.passages)
        if passage.kind is HEADING and passage.level <= 3
    ]
    kept = {_heading_of(passage, found) for _, passage in printed if passage.level == 1}
    headings: list[Heading] = []
    for order, element in enumerate(head.h1[:MOST]):
        headings += _of_element(element, 1, order, cut=element not in kept)
    for order, element in enumerate(islice(_lower(found, printed, tuple(told)), MOST)):
        headings += _of_element(element, LEVELS.get(str(element.tag), 3), order, cut=False)
    return headings
