"""What stands around the story and belongs to it: h1 texts, standfirst, bylines and printed dates."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.etree import _Element as Element

from archive.records import BlockKind, Evidence, RemovalKind
from scraper.reading.compare import same
from scraper.reading.head import Head, squeeze
from scraper.reading.jsonld import first
from scraper.reading.lexicon import Hint, role_of
from scraper.reading.markup import plain
from scraper.reading.moments import read_moment
from scraper.reading.outline import Outline, Passage, text_of
from scraper.reading.published import Found

MODIFIED = re.compile(
    r"updat|modif|aktualis|edit|actualiz|aggiorn|mis à jour|bijgewerkt|更新|обновл|güncel", re.IGNORECASE
)
FOREIGN = frozenset(
    {RemovalKind.RELATED, RemovalKind.COMMENT, RemovalKind.PROMO, RemovalKind.ADVERTISEMENT, RemovalKind.LEGAL}
)
DIGIT = re.compile(r"\d")
KICKER = re.compile(
    r"kicker|eyebrow|overline|rubri[ck]|(?:section|category|topic)[-_]?(?:name|label|title|link)", re.IGNORECASE
)
LONGEST_KICKER = 40  # characters
NEAR = 12  # passages before and after the headline in which its standfirst, byline and date stand
BY = re.compile(
    r"^(?:by|von|par|por|di|av|af|door|text|texte|autor|autore|auteur|author|written by|posted by|от|"
    r"автор)\b\s*:?\s*\S",
    re.IGNORECASE,
)


def _element_text(element: Element) -> str:
    return squeeze(text_of(element, " "))


def h1_texts(head: Head) -> list[str]:
    """The texts of the page's ``h1`` elements, those that are not in a header or logo first."""
    ranked = []
    for order, element in enumerate(head.h1[:8]):
        text = _element_text(element)
        if text:
            names = f"{element.get('class') or ''} {element.get('id') or ''}"
            ranked.append(
                (0 if role_of(names) is Hint.HEADLINE or element.get("itemprop") == "headline" else 1, order, text)
            )
    return [text for _, _, text in sorted(ranked)]


def headline_place(passages: Sequence[Passage], headline: str | None) -> int | None:
    """The index of the passage that is the headline."""
    if not headline:
        return None
    key = same(headline)
    places = [
        index
        for index, passage in enumerate(passages)
        if passage.kind is BlockKind.HEADING
        and abs(len(passage.text) - len(headline)) < 12
        and same(passage.text) == key
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


def kicker(found: Outline, place: int | None) -> str | None:
    """The short line over the headline whose name says that it is the section or the like."""
    if place is None:
        return None
    over = (cut for cut in found.cuts if place - 2 <= cut.at <= place and len(cut.text) <= LONGEST_KICKER)
    names = ((cut, f"{cut.element.get('class') or ''} {cut.element.get('id') or ''}") for cut in over)
    return next((cut.text for cut, name in names if KICKER.search(name) and "\n" not in cut.text), None)


Descriptions = list[tuple[str, str]]


def descriptions(head: Head) -> Descriptions:
    """What the page says its article is about: (source, text)."""
    given = [
        (f"meta:{name}", value)
        for name, value in head.metas("og:description", "description", "twitter:description", "dc.description")
    ]
    given += [
        (f"json-ld:{key}", text)
        for key in ("description", "alternativeHeadline", "abstract")
        if (text := first(head.article, key))
    ]
    return [(source, squeeze(plain(text))) for source, text in given]


@dataclass(frozen=True, slots=True)
class Standfirst:
    """The standfirst, the passages that are it, and where it came from."""

    text: str
    places: tuple[int, ...]
    source: str


def _alike(one: str, other: str) -> bool:
    """Whether a passage is a description, or begins with one that was cut; both as ``same`` gives them."""
    return len(one) > 20 and (
        one == other or (len(other) > 30 and one.startswith(other) and len(other) > 0.7 * len(one))
    )


def find_standfirst(found: Outline, given: Descriptions, place: int | None, top: int) -> Standfirst | None:
    """The standfirst: a passage near the headline whose name or likeness to the description says so."""
    passages, nodes = found.passages, found.nodes
    told = [same(text.removesuffix("…").removesuffix("...")) for _, text in given]
    start = (place + 1) if place is not None else 0
    window = range(start, min(start + NEAR, len(passages)))
    for index in window:
        passage = passages[index]
        if (
            not 25 <= len(passage.text) <= 700
            or passage.linked > 0.5 * len(passage.text)
            or passage.role in (RemovalKind.CAPTION, RemovalKind.BYLINE)
        ):
            continue
        if _named(found, passage, top):
            return Standfirst(passage.text, (index,), "dom:standfirst")
        if passage.kind is BlockKind.HEADING and place is not None and index - place <= 2 and len(passage.text) > 50:
            return Standfirst(passage.text, (index,), "dom:heading")
        if (nodes[passage.node].tag != "p" or not _in_body(found, passage, top)) and any(
            _alike(same(passage.text), text) for text in told
        ):
            return Standfirst(passage.text, (index,), "dom:description")
    return None


def _named(found: Outline, passage: Passage, top: int) -> bool:
    """Whether an element of at most a few passages around ``passage`` is named as a standfirst."""
    index, steps = passage.node, 0
    while index >= 0 and index != top and steps < 4:
        node = found.nodes[index]
        if node.hint is Hint.STANDFIRST or node.element.get("itemprop") in ("description", "alternativeHeadline"):
            return _length(found, index) < 900
        index, steps = node.parent, steps + 1
    return False


def _length(found: Outline, top: int) -> int:
    total, members = 0, {top}
    for index in range(top + 1, len(found.nodes)):
        if found.nodes[index].parent in members:
            members.add(index)
        elif found.nodes[index].parent < top:
            break
    for passage in found.passages:
        if passage.node in members:
            total += len(passage.text)
    return total


def _in_body(found: Outline, passage: Passage, top: int) -> bool:
    index = passage.node
    while index >= 0:
        if index == top:
            return True
        index = found.nodes[index].parent
    return False


def printed_bylines(found: Outline, place: int | None) -> Iterator[tuple[str, str]]:
    """``(source, text)`` of what looks like a byline near the headline."""
    start = max((place or 0) - 6, 0)
    stop = (place or 0) + NEAR + 3
    for passage in found.passages[start:stop]:
        if passage.role is RemovalKind.BYLINE and len(passage.text) < 160:
            yield "dom:byline", passage.text
    for passage in found.passages[start:stop]:
        if BY.match(passage.text) and len(passage.text) < 120:
            yield "dom:by", passage.text


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
        raw = element.get("datetime") or element.get("content") or _element_text(element)
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


def evidence_of(standfirst: Standfirst | None) -> list[Evidence]:
    """Where the standfirst came from."""
    return [Evidence("standfirst", standfirst.source, standfirst.text)] if standfirst else []
