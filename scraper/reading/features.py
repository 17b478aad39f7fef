"""What is known about each passage, as numbers: the input of the model in ``model``, in the order of ``NAMES``."""

import math
import re
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
RIGHTS = frozenset(
    "© copyright reserved credit credits photo photos photograph image images source quelle bild "
    "foto getty shutterstock reuters afp dpa disclaimer disclosure affiliate commission"
    " originally author written edited editing reporting rights fotocredit pictured illustration "
    "courtesy redaktion".split()
)
LISTS = frozenset({"ul", "ol", "dl", "table"})
LOOSE = frozenset({"div", "section", "td", "article", "body"})
WORD = re.compile(r"[^\W\d_]+|©")
KIND_ROWS = {kind: [1.0 if kind is other else 0.0 for other in KINDS] for kind in BlockKind}
ROLE_ROWS = {role: [1.0 if role is other else 0.0 for other in ROLES] for role in (*RemovalKind, None)}
NAMES = (
    *(f"kind_{kind}" for kind in KINDS),
    *(f"role_{role}" for role in ROLES),
    *"length words link_density links_to ends_sentence sentences".split(),
    *"commas question colon_end level bold calls rights".split(),
    *"in_top in_body_hint in_article in_main in_header in_list_container depth steps_to_top own_tag_p loose".split(),
    *"parent_share parent_count parent_prose alike_share alike_count above_share".split(),
    *"before_length before_links before_prose after_length after_links after_prose before2_prose after2_prose".split(),
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


@dataclass(slots=True, eq=False)
class _Surface:
    """What the passages of a node share: whether it stands in the story's container, its look, where it stands.

    ``standing`` is, in the order of ``NAMES``: in the container, under a body's name, in article, main, header, a
    list or table; depth; steps below the container; whether its own tag is p; whether it is a loose block.
    """

    inside: bool
    look: Look
    standing: list[float]


def _surface(node: Node, above: _Surface, parent_tag: str, *, is_top: bool) -> _Surface:
    inside = is_top or above.inside
    tag, over = node.tag, above.standing
    return _Surface(
        inside,
        (parent_tag, tag, node.element.get("class") or ""),
        [
            1.0 if inside else 0.0,
            1.0 if node.hint is Hint.BODY else over[1],
            1.0 if tag == "article" else over[2],
            1.0 if tag == "main" else over[3],
            1.0 if tag == "header" else over[4],
            1.0 if tag in LISTS else over[5],
            over[6] + 1.0,
            0.0 if is_top else over[7] + 1.0 if inside else -1.0,
            1.0 if tag == "p" else 0.0,
            1.0 if tag in LOOSE else 0.0,
        ],
    )


OUTERMOST = _Surface(False, ("", "", ""), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, -1.0, 0.0, 0.0])


def _surfaces(nodes: Sequence[Node], top: int) -> list[_Surface]:
    surfaces: list[_Surface] = []
    for index, node in enumerate(nodes):
        above = surfaces[node.parent] if node.parent >= 0 else OUTERMOST
        surfaces.append(_surface(node, above, above.look[1], is_top=index == top))
    return surfaces


def is_prose(passage: Passage) -> bool:
    """Whether a passage reads like a paragraph of a story."""
    length = weight_of(passage.text)
    return (
        length >= 80
        and passage.linked < 0.4 * len(passage.text)
        and passage.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE)
    )


def is_far(passage: Passage, surface: _Surface, beside: int, total: int) -> bool:
    """Whether a passage stands outside the container, as a link or with next to no prose ``beside`` it."""
    return not surface.inside and (beside < 0.05 * total or passage.linked > 0.5 * len(passage.text))


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
    def of(cls, found: Outline, surfaces: Sequence[_Surface], prose: Sequence[bool]) -> "_Tallies":
        """Count the passages of ``found``."""
        tallies = cls({}, {}, {}, {}, {})
        for passage, good in zip(found.passages, prose, strict=True):
            parent = found.nodes[passage.node].parent
            above = found.nodes[parent].parent if parent >= 0 else -1
            look = surfaces[passage.node].look
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
    words = WORD.findall(text[:120].lower())
    marks = [what for _, what, _ in passage.marks]
    return [
        *KIND_ROWS[passage.kind],
        *ROLE_ROWS[passage.role],
        math.log1p(len(text)),
        float(text.count(" ") + 1),
        density,
        float(marks.count("a")),
        1.0 if SENTENCE_END.search(text[-4:]) else 0.0,
        float(text.count(". ") + text.count("。")),
        float(min(text.count(","), 20)),
        1.0 if "?" in text else 0.0,
        1.0 if text.endswith(":") else 0.0,
        float(passage.level),
        float(marks.count("strong") + marks.count("b")),
        float(len(CALLS.intersection(words))),
        float(len(RIGHTS.intersection(words))),
    ]


def _neighbours(index: int, lengths: Sequence[float], densities: Sequence[float], prose: Sequence[bool]) -> list[float]:
    """What stands before and after; the four sequences have two empty passages at either end."""
    at = index + 2
    return [
        lengths[at - 1],
        densities[at - 1],
        float(prose[at - 1]),
        lengths[at + 1],
        densities[at + 1],
        float(prose[at + 1]),
        float(prose[at - 2]),
        float(prose[at + 2]),
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
    densities = [0.0, 0.0, *(p.linked / (len(p.text) or 1) for p in passages), 0.0, 0.0]
    lengths = [0.0, 0.0, *(math.log1p(len(p.text)) for p in passages), 0.0, 0.0]
    padded = [False, False, *prose, False, False]
    seen: dict[str, int] = {}
    read, heading_at, heading_links = 0, -99, 0.0
    for index, passage in enumerate(passages):
        node, surface, size = nodes[passage.node], surfaces[passage.node], len(passage.text)
        if not prose[index] and is_far(passage, surface, tallies.beside[node.parent], total):
            yield None
        else:
            key = passage.key = key_of(passage.text)
            yield (
                _own(passage, densities[index + 2])
                + surface.standing
                + tallies.row(node.parent, nodes[node.parent].parent if node.parent >= 0 else -1, surface.look, total)
                + _neighbours(index, lengths, densities, padded)
                + [float(since[index]), float(until[index]), read / total, (total - read - size * prose[index]) / total]
                + [index / len(passages), context.distance(index), float(min(index - heading_at, 20)), heading_links]
                + [float(seen.get(key, 0)), context.in_body(key), context.in_description(key), *page]
            )
            seen[key] = seen.get(key, 0) + 1
        read += size * prose[index]
        if passage.kind is BlockKind.HEADING:
            heading_at, heading_links = index, densities[index + 2]
