"""The standfirst: the passage near the headline that sums the story up, kept apart from its text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.etree import _Element as Element

from archive.records import Evidence, RemovalKind
from scraper.reading.compare import same
from scraper.reading.head import Head, squeeze
from scraper.reading.jsonld import first
from scraper.reading.kinds import HEADING, PARAGRAPH, TABLE
from scraper.reading.lexicon import Hint
from scraper.reading.markup import plain
from scraper.reading.outline import Outline, Passage
from scraper.reading.surroundings import NEAR

Descriptions = list[tuple[str, str]]
PROSE = 60  # characters of a paragraph
MOST_PARAGRAPHS = 300  # characters of a standfirst of several paragraphs
LONGEST = 900  # of an element that is named as one
ENDS = re.compile(r"[.!?:…。！？؟।]['\"”’“«»)\]]*$")
PICTURES = frozenset({"figure", "picture", "figcaption"})


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
    """The standfirst, the passages that are it, and where it came from.

    ``is_story`` tells that it is the story's first paragraph, though named a lead, and belongs to the text.
    """

    text: str
    places: tuple[int, ...]
    source: str
    is_story: bool = False


def _alike(one: str, other: str) -> bool:
    """Whether a passage is a description, or begins with one that was cut; both as ``same`` gives them."""
    return len(one) > 20 and (
        one == other or (len(other) > 30 and one.startswith(other) and len(other) > 0.7 * len(one))
    )


def _is_told(text: str, told: Sequence[str]) -> bool:
    """Whether a passage is one of the descriptions."""
    key = same(text) if told else ""
    return any(_alike(key, description) for description in told)


def find_standfirst(found: Outline, given: Descriptions, place: int | None, top: int) -> Standfirst | None:
    """The standfirst: a passage near the headline whose name or likeness to the description says so.

    The story's first paragraph may be named a lead too, or the description be a copy of it; it is marked so.
    """
    passages = found.passages
    told = [same(text.removesuffix("…").removesuffix("...")) for _, text in given]
    start = (place + 1) if place is not None else 0
    for index in range(start, min(start + NEAR, len(passages))):
        passage = passages[index]
        if not _may_be(passage):
            continue
        if source := _source(found, index, place, top, told):
            return _whole(found, index, source, _named(found, passage, top))
        if _is_prose(found, index) and top <= passage.node < found.nodes[top].end:
            return None
    return None


def _whole(found: Outline, index: int, source: str, named: int) -> Standfirst:
    """The standfirst that begins with the passage ``index``: with what else stands in the node ``named``, if short."""
    places = [index]
    while (last := places[-1] + 1) < len(found.passages) and _is_more(found, last, named):
        places.append(last)
    text = " ".join(found.passages[place].text for place in places)
    is_story = _opens_story(found, places[-1]) or (len(places) > 1 and len(text) > MOST_PARAGRAPHS)
    return Standfirst(text, tuple(places), source, is_story)


def _is_more(found: Outline, index: int, named: int) -> bool:
    passage = found.passages[index]
    if not 0 <= named <= passage.node < found.nodes[named].end or passage.kind is not PARAGRAPH:
        return False
    return _may_be(passage) and _is_printed_like_next(found, index - 1) and not _is_cut_after(found, index - 1)


def _may_be(passage: Passage) -> bool:
    return (
        25 <= len(passage.text) <= 700
        and passage.linked <= 0.5 * len(passage.text)
        and passage.kind is not TABLE
        and passage.role not in (RemovalKind.CAPTION, RemovalKind.BYLINE)
    )


def _source(found: Outline, index: int, place: int | None, top: int, told: Sequence[str]) -> str | None:
    """What says that a passage is the standfirst."""
    passage, end = found.passages[index], found.nodes[top].end
    if _named(found, passage, top) >= 0:
        return "dom:standfirst"
    if (found.nodes[passage.node].tag != "p" or not top <= passage.node < end) and _is_told(passage.text, told):
        return "dom:description"
    if passage.kind is HEADING and place is not None and index - place <= 2 and len(passage.text) > 50:
        # One right over its paragraph is the heading of the story's first part.
        is_first_part = _is_prose(found, index + 1) and _are_siblings(found, index)
        return None if is_first_part else "dom:heading"
    return None


def _is_prose(found: Outline, index: int) -> bool:
    """Whether a passage reads like a paragraph of a story."""
    if index >= len(found.passages):
        return False
    passage = found.passages[index]
    return (
        passage.kind is PARAGRAPH
        and len(passage.text) >= PROSE
        and passage.role is None
        and passage.linked < 0.3 * len(passage.text)
        and ENDS.search(passage.text[-4:]) is not None
    )


def _elements(found: Outline, index: int) -> tuple[Element, Element]:
    """The elements of a passage and of the next one."""
    one, other = found.passages[index : index + 2]
    return found.nodes[one.node].element, found.nodes[other.node].element


def _are_siblings(found: Outline, index: int) -> bool:
    """Whether a passage and the next one have one parent, and nothing stands between them."""
    one, other = _elements(found, index)
    return one.getparent() is other.getparent() and not _is_cut_after(found, index)


def _is_printed_like_next(found: Outline, index: int) -> bool:
    one, other = _elements(found, index)
    return (one.tag, one.get("class")) == (other.tag, other.get("class"))


def _is_cut_after(found: Outline, index: int) -> bool:
    return any(cut.at == index + 1 for cut in found.cuts)


def _opens_story(found: Outline, index: int) -> bool:
    """Whether a passage is the story's first paragraph: right over the next one, and its sibling or printed like it."""
    passage = found.passages[index]
    if passage.kind is HEADING or not ENDS.search(passage.text[-4:]) or not _is_prose(found, index + 1):
        return False
    one, other = _elements(found, index)
    is_alike = one.getparent() is other.getparent() or _is_printed_like_next(found, index)
    return is_alike and not _is_cut_after(found, index)


def _named(found: Outline, passage: Passage, top: int) -> int:
    """The node of at most a few passages around ``passage`` that is named as a standfirst, else -1."""
    index, steps, named = passage.node, 0, -1
    while index >= 0 and index != top and steps < 4:
        node = found.nodes[index]
        if node.tag in PICTURES:
            return -1
        if named < 0 and (
            node.hint is Hint.STANDFIRST or node.element.get("itemprop") in ("description", "alternativeHeadline")
        ):
            named = index
        index, steps = node.parent, steps + 1
    return named if named >= 0 and _length(found, named) < LONGEST else -1


def _length(found: Outline, top: int) -> int:
    """The characters of text in the node ``top``."""
    end = found.nodes[top].end
    return sum(len(passage.text) for passage in found.passages if top <= passage.node < end)


def evidence_of(standfirst: Standfirst | None) -> list[Evidence]:
    """Where the standfirst came from."""
    return [Evidence("standfirst", standfirst.source, standfirst.text)] if standfirst else []
