"""The standfirst: the passage near the headline that sums the story up, kept apart from its text."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.records import BlockKind, Evidence, RemovalKind
from scraper.reading.compare import same
from scraper.reading.head import Head, squeeze
from scraper.reading.jsonld import first
from scraper.reading.lexicon import Hint
from scraper.reading.markup import plain
from scraper.reading.outline import Outline, Passage
from scraper.reading.surroundings import NEAR

Descriptions = list[tuple[str, str]]
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
    """The standfirst, the passages that are it, and where it came from."""

    text: str
    places: tuple[int, ...]
    source: str


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
    """The standfirst: a passage near the headline whose name or likeness to the description says so."""
    passages, nodes = found.passages, found.nodes
    end = found.nodes[top].end
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
        if (nodes[passage.node].tag != "p" or not top <= passage.node < end) and _is_told(passage.text, told):
            return Standfirst(passage.text, (index,), "dom:description")
    return None


def _named(found: Outline, passage: Passage, top: int) -> bool:
    """Whether an element of at most a few passages around ``passage`` is named as a standfirst, and no picture is."""
    index, steps, named = passage.node, 0, -1
    while index >= 0 and index != top and steps < 4:
        node = found.nodes[index]
        if node.tag in PICTURES:
            return False
        if named < 0 and (
            node.hint is Hint.STANDFIRST or node.element.get("itemprop") in ("description", "alternativeHeadline")
        ):
            named = index
        index, steps = node.parent, steps + 1
    return named >= 0 and _length(found, named) < 900


def _length(found: Outline, top: int) -> int:
    """The characters of text in the node ``top``."""
    end = found.nodes[top].end
    return sum(len(passage.text) for passage in found.passages if top <= passage.node < end)


def evidence_of(standfirst: Standfirst | None) -> list[Evidence]:
    """Where the standfirst came from."""
    return [Evidence("standfirst", standfirst.source, standfirst.text)] if standfirst else []
