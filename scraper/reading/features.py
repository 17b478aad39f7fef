"""What is known about each passage, as numbers: the input of the model in ``model``, in the order of ``NAMES``."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.records import BlockKind, RemovalKind
from scraper.reading.compare import key_of
from scraper.reading.lexicon import Hint
from scraper.reading.outline import Node, Outline, Passage
from scraper.reading.story import SENTENCE_END, weight_of

KINDS = (
    BlockKind.PARAGRAPH,
    BlockKind.HEADING,
    BlockKind.LIST_ITEM,
    BlockKind.QUOTE,
    BlockKind.CAPTION,
    BlockKind.TABLE,
)
ROLES = (
    RemovalKind.NAVIGATION,
    RemovalKind.RELATED,
    RemovalKind.PROMO,
    RemovalKind.SIGNUP,
    RemovalKind.BYLINE,
    RemovalKind.DATE,
    RemovalKind.CAPTION,
    RemovalKind.SHARE,
    RemovalKind.COMMENT,
    RemovalKind.OTHER,
)
# What furniture says, in the languages of the rules: a sign, not a verdict. Words and beginnings of words.
CALLS = frozenset(
    "subscribe subscribers subscription newsletter newsletters sign signup follow click download "
    "contact share join whatsapp telegram facebook instagram twitter linkedin"
    " youtube podcast podcasts abonnieren abonnement anmelden abo suscríbete suscripción "
    "síguenos abonnez inscrivez iscriviti inscreva aanmelden app trial book"
    " shop buy call login register donate comments comment email read lesen lire leer "
    "leggi lees leia also aussi también auch anche ook também related more".split()
)
LISTS = frozenset({"ul", "ol", "dl", "table"})
LOOSE = frozenset({"div", "section", "td", "article", "body"})
KIND_ROWS = {kind: [1.0 if kind is other else 0.0 for other in KINDS] for kind in BlockKind}
ROLE_ROWS = {role: [1.0 if role is other else 0.0 for other in ROLES] for role in (*RemovalKind, None)}
NAMES = (
    *(f"kind_{kind}" for kind in KINDS),
    *(f"role_{role}" for role in ROLES),
    *"length words link_density ends_sentence commas colon_end level calls".split(),
    *"in_top in_body_hint in_article in_main in_list_container depth steps_to_top loose".split(),
    *"parent_share parent_count parent_prose alike_share alike_count above_share".split(),
    *"before_length before_links after_length after_links".split(),
    *"since_prose until_prose prose_before prose_after position from_headline heading_above heading_links".split(),
    *"repeated in_data_body like_description page_prose page_links".split(),
)


@dataclass(frozen=True, slots=True)
class Context:
    """What the page's other readings say: where its headline stands, and its body and description in data."""

    place: int | None = None
    data_body: str = ""
    description: str = ""

    def distance(self, index: int) -> float:
        """Passages since the headline, -20 to 60; -21 when it is nowhere."""
        return -21.0 if self.place is None else float(max(-20, min(index - self.place, 60)))

    def in_body(self, key: str) -> float:
        """Whether the body in the page's data has the passage; a half when there is no such body."""
        if not self.data_body:
            return 0.5
        return 1.0 if key and key[:120] in self.data_body else 0.0

    def in_description(self, key: str) -> float:
        """Whether the page's description begins with, or holds, the passage."""
        return 1.0 if len(key) > 20 and key[:60] in self.description else 0.0


Look = tuple[str, str, str]


Surface = tuple[bool, Look, list[float], float, float]
"""What the passages of a node share.

Whether it stands in the story's container; its look; where it stands (under a body's name, in article, main, a list or
table); its depth; its steps below the container, or -1.
"""

OUTERMOST: Surface = (False, ("", "", ""), [0.0, 0.0, 0.0, 0.0], -1.0, -1.0)
PLACES = frozenset({"article", "main"}) | LISTS


def _place(node: Node, over: list[float]) -> list[float]:
    if node.tag not in PLACES and node.hint is not Hint.BODY:
        return over
    return [
        1.0 if node.hint is Hint.BODY else over[0],
        1.0 if node.tag == "article" else over[1],
        1.0 if node.tag == "main" else over[2],
        1.0 if node.tag in LISTS else over[3],
    ]


def _surfaces(nodes: Sequence[Node], top: int) -> list[Surface]:
    surfaces: list[Surface] = []
    for index, node in enumerate(nodes):
        inside, look, place, depth, steps = surfaces[node.parent] if node.parent >= 0 else OUTERMOST
        names = node.element.get("class") or ""
        steps = 0.0 if index == top else steps + 1.0 if inside else -1.0
        surfaces.append((inside or index == top, (look[1], node.tag, names), _place(node, place), depth + 1.0, steps))
    return surfaces


def _standing(surface: Surface, tag: str) -> list[float]:
    inside, _, place, depth, steps = surface
    return [1.0 if inside else 0.0, *place, depth, steps, 1.0 if tag in LOOSE else 0.0]


def is_prose(passage: Passage) -> bool:
    """Whether a passage reads like a paragraph of a story."""
    length = weight_of(passage.text)
    return (
        length >= 80
        and passage.linked < 0.4 * len(passage.text)
        and passage.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE)
    )


def is_far(passage: Passage, beside: int, total: int, *, inside: bool) -> bool:
    """Whether a passage stands outside the container, as a link or with next to no prose ``beside`` it."""
    return not inside and (beside < 0.05 * total or passage.linked > 0.5 * len(passage.text))


def _runs(prose: Sequence[bool]) -> tuple[list[int], list[int]]:
    """For each passage how many stand between it and the prose before, and after; 20 at most."""
    count = len(prose)
    since, until = [20] * count, [20] * count
    last = -99
    for index in range(count):
        since[index] = min(index - last, 20)
        if prose[index]:
            last = index
    last = count + 99
    for index in range(count - 1, -1, -1):
        until[index] = min(last - index, 20)
        if prose[index]:
            last = index
    return since, until


@dataclass(slots=True)
class _Tallies:
    """How much prose, and how many passages, share a parent, a grandparent, or a look."""

    beside: dict[int, int]
    siblings: dict[int, int]
    under: dict[int, int]
    alike: dict[Look, int]
    lookalikes: dict[Look, int]

    @classmethod
    def of(cls, found: Outline, surfaces: Sequence[Surface], prose: Sequence[bool]) -> "_Tallies":
        """Count the passages of ``found``."""
        tallies = cls({}, {}, {}, {}, {})
        for passage, good in zip(found.passages, prose, strict=True):
            parent = found.nodes[passage.node].parent
            above = found.nodes[parent].parent if parent >= 0 else -1
            look = surfaces[passage.node][1]
            size = len(passage.text) if good else 0
            tallies.beside[parent] = tallies.beside.get(parent, 0) + size
            tallies.siblings[parent] = tallies.siblings.get(parent, 0) + 1
            tallies.under[above] = tallies.under.get(above, 0) + size
            tallies.alike[look] = tallies.alike.get(look, 0) + size
            tallies.lookalikes[look] = tallies.lookalikes.get(look, 0) + 1
        return tallies

    def row(self, parent: int, above: int, look: Look, total: int) -> list[float]:
        """The numbers of a passage; shares are of the page's ``total`` prose."""
        siblings = self.siblings[parent]
        return [
            self.beside[parent] / total,
            float(min(siblings, 60)),
            self.beside[parent] / siblings,
            self.alike[look] / total,
            float(min(self.lookalikes[look], 60)),
            self.under[above] / total,
        ]


def _own(passage: Passage, density: float) -> list[float]:
    """What a passage itself shows: kind, role, length, links, punctuation, words of furniture."""
    text = passage.text
    return [
        *KIND_ROWS[passage.kind],
        *ROLE_ROWS[passage.role],
        math.log1p(len(text)),
        float(text.count(" ") + 1),
        density,
        1.0 if SENTENCE_END.search(text[-4:]) else 0.0,
        float(min(text.count(","), 20)),
        1.0 if text.endswith(":") else 0.0,
        float(passage.level),
        float(len(CALLS.intersection(text[:120].lower().split()))),
    ]


def features_of(found: Outline, context: Context, top: int) -> Iterator[list[float] | None]:
    """A row of numbers for each passage; ``None`` for one that is far from all prose and so cannot be story."""
    passages, nodes = found.passages, found.nodes
    surfaces = _surfaces(nodes, top)
    prose = [is_prose(passage) for passage in passages]
    tallies = _Tallies.of(found, surfaces, prose)
    since, until = _runs(prose)
    total = sum(len(passage.text) for passage, good in zip(passages, prose, strict=True) if good) or 1
    page = [math.log1p(total), sum(p.linked for p in passages) / (sum(len(p.text) for p in passages) or 1)]
    densities = [0.0, *(p.linked / (len(p.text) or 1) for p in passages), 0.0]
    lengths = [0.0, *(math.log1p(len(p.text)) for p in passages), 0.0]
    seen: dict[str, int] = {}
    read, heading_at, heading_links = 0, -99, 0.0
    for index, passage in enumerate(passages):
        node, surface, size = nodes[passage.node], surfaces[passage.node], len(passage.text)
        if not prose[index] and is_far(passage, tallies.beside[node.parent], total, inside=surface[0]):
            yield None
        else:
            key = passage.key = key_of(passage.text)
            yield (
                _own(passage, densities[index + 1])
                + _standing(surface, node.tag)
                + tallies.row(node.parent, nodes[node.parent].parent if node.parent >= 0 else -1, surface[1], total)
                + [lengths[index], densities[index], lengths[index + 2], densities[index + 2]]
                + [float(since[index]), float(until[index]), read / total, (total - read - size * prose[index]) / total]
                + [index / len(passages), context.distance(index), float(min(index - heading_at, 20)), heading_links]
                + [float(seen.get(key, 0)), context.in_body(key), context.in_description(key), *page]
            )
            seen[key] = seen.get(key, 0) + 1
        read += size * prose[index]
        if passage.kind is BlockKind.HEADING:
            heading_at, heading_links = index, densities[index + 1]
