"""What is known about each passage, as numbers: the input of the model in ``model``, in the order of ``NAMES``."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.records import BlockKind, RemovalKind
from scraper.reading.lexicon import Hint
from scraper.reading.outline import Node, Outline, Passage
from scraper.reading.compare import same
from scraper.reading.story import SENTENCE_END, container, weight_of

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
    "subscribe subscribers subscription newsletter newsletters sign signup follow click download contact share join whatsapp telegram facebook instagram twitter linkedin"
    " youtube podcast podcasts abonnieren abonnement newsletters anmelden abo suscríbete suscripción síguenos abonnez inscrivez iscriviti inscreva aanmelden app trial book"
    " shop buy call login register donate comments comment email subscribe! read lesen lire leer leggi lees leia also aussi también auch anche ook também related more".split()
)
RIGHTS = frozenset(
    "© copyright reserved credit credits photo photos photograph image images source quelle bild foto getty shutterstock reuters afp dpa disclaimer disclosure affiliate commission"
    " originally author written edited editing reporting rights fotocredit pictured illustration courtesy redaktion".split()
)
EDGES = " \t.,:;!?()[]|/\"'“”„’«»-–—"
DIGIT = re.compile(r"\d")
CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω]")
NAMES = (
    *(f"kind_{kind}" for kind in KINDS),
    *(f"role_{role}" for role in ROLES),
    "length", "words", "link_density", "links_to", "ends_sentence", "sentences", "digits", "capitals", "commas", "question", "colon_end",
    "in_top", "in_body_hint", "in_article", "in_main", "in_header", "in_list_container", "depth", "steps_to_top", "own_tag_p", "loose", "level", "bold", "image",
    "parent_share", "parent_count", "parent_prose", "alike_share", "alike_count", "above_share",
    "before_length", "before_links", "before_prose", "after_length", "after_links", "after_prose", "before2_prose", "after2_prose",
    "since_prose", "until_prose", "prose_before", "prose_after", "position", "from_headline", "heading_above", "heading_links",
    "repeated", "in_data_body", "like_description", "calls", "rights", "page_prose", "page_links",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What the page's other readings say: where its headline stands, and its body and description in data."""

    place: int | None = None
    data_body: str = ""
    description: str = ""


@dataclass(slots=True)
class _Surface:
    """Facts of a node that its passages share."""

    body: bool
    article: bool
    main: bool
    header: bool
    listed: bool
    depth: int
    inside: bool
    steps: int
    look: tuple[str, str, str]


def _surfaces(nodes: Sequence[Node], top: int) -> list[_Surface]:
    surfaces: list[_Surface] = []
    for index, node in enumerate(nodes):
        above = surfaces[node.parent] if node.parent >= 0 else None
        inside = index == top or (above is not None and above.inside)
        parent_tag = nodes[node.parent].tag if above else ""
        surfaces.append(
            _Surface(
                body=node.hint is Hint.BODY or (above is not None and above.body),
                article=node.tag == "article" or (above is not None and above.article),
                main=node.tag == "main" or (above is not None and above.main),
                header=node.tag == "header" or (above is not None and above.header),
                listed=node.tag in ("ul", "ol", "dl", "table") or (above is not None and above.listed),
                depth=above.depth + 1 if above else 0,
                inside=inside,
                steps=0 if index == top or not inside or above is None else above.steps + 1,
                look=(parent_tag, node.tag, node.element.get("class") or ""),
            )
        )
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
    """Whether a passage stands outside the story's container with next to no prose ``beside`` it."""
    return not surface.inside and beside < 0.05 * total and (passage.role is not None or len(passage.text) < 80)


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


def features_of(found: Outline, context: Context, top: int | None = None) -> list[list[float] | None]:
    """A row of numbers for each passage; ``None`` for one that is far from all prose and so cannot be story."""
    passages, nodes = found.passages, found.nodes
    top = container(found) if top is None else top
    surfaces = _surfaces(nodes, top)
    prose = [is_prose(passage) for passage in passages]
    since, until = _runs(prose)
    total = sum(len(p.text) for p, good in zip(passages, prose, strict=True) if good) or 1
    all_text = sum(len(p.text) for p in passages) or 1
    all_links = sum(p.linked for p in passages)
    parent_sum: dict[int, int] = {}
    parent_count: dict[int, int] = {}
    alike_sum: dict[tuple[str, str, str], int] = {}
    alike_count: dict[tuple[str, str, str], int] = {}
    above_sum: dict[int, int] = {}
    for passage, good in zip(passages, prose, strict=True):
        node = nodes[passage.node]
        parent, look = node.parent, surfaces[passage.node].look
        above = nodes[parent].parent if parent >= 0 else -1
        size = len(passage.text) if good else 0
        parent_sum[parent] = parent_sum.get(parent, 0) + size
        parent_count[parent] = parent_count.get(parent, 0) + 1
        above_sum[above] = above_sum.get(above, 0) + size
        alike_sum[look] = alike_sum.get(look, 0) + size
        alike_count[look] = alike_count.get(look, 0) + 1
    rows: list[list[float] | None] = []
    seen: dict[str, int] = {}
    read = 0
    heading_at, heading_links = -99, 0.0
    count = len(passages)
    lengths = [math.log1p(len(p.text)) for p in passages]
    densities = [p.linked / (len(p.text) or 1) for p in passages]
    for index, passage in enumerate(passages):
        text = passage.text
        node = nodes[passage.node]
        surface = surfaces[passage.node]
        size = len(text)
        if is_far(passage, surface, parent_sum[node.parent], total) and not prose[index]:
            rows.append(None)
            if passage.kind is BlockKind.HEADING:
                heading_at, heading_links = index, densities[index]
            continue
        key = passage.key = same(text)
        repeated = seen.get(key, 0)
        seen[key] = repeated + 1
        parent = node.parent
        above = nodes[parent].parent if parent >= 0 else -1
        bold = sum(1 for _, what, _ in passage.marks if what in ("strong", "b"))
        opening = text[:160]
        words = {word.strip(EDGES) for word in opening.lower().split()}
        row = [1.0 if passage.kind is kind else 0.0 for kind in KINDS]
        row += [1.0 if passage.role is role else 0.0 for role in ROLES]
        row += [
            lengths[index],
            float(text.count(" ") + 1),
            densities[index],
            float(sum(1 for _, what, _ in passage.marks if what == "a")),
            1.0 if SENTENCE_END.search(text[-4:]) else 0.0,
            float(len(SENTENCE_END.findall(text))) if size < 4000 else 30.0,
            len(DIGIT.findall(opening)) / (len(opening) or 1),
            len(CAPITAL.findall(opening)) / (len(opening) or 1),
            float(min(text.count(","), 20)),
            1.0 if "?" in text else 0.0,
            1.0 if text.endswith(":") else 0.0,
            float(surface.inside),
            float(surface.body),
            float(surface.article),
            float(surface.main),
            float(surface.header),
            float(surface.listed),
            float(surface.depth),
            float(surface.steps) if surface.inside else -1.0,
            1.0 if node.tag == "p" else 0.0,
            1.0 if node.tag in ("div", "section", "td", "article", "body") else 0.0,
            float(passage.level),
            float(bold),
            1.0 if any(what == "img" for _, what, _ in passage.marks) else 0.0,
            parent_sum[parent] / total,
            float(min(parent_count[parent], 60)),
            parent_sum[parent] / (parent_count[parent] or 1),
            alike_sum[surface.look] / total,
            float(min(alike_count[surface.look], 60)),
            above_sum[above] / total,
            lengths[index - 1] if index else 0.0,
            densities[index - 1] if index else 0.0,
            float(prose[index - 1]) if index else 0.0,
            lengths[index + 1] if index + 1 < count else 0.0,
            densities[index + 1] if index + 1 < count else 0.0,
            float(prose[index + 1]) if index + 1 < count else 0.0,
            float(prose[index - 2]) if index > 1 else 0.0,
            float(prose[index + 2]) if index + 2 < count else 0.0,
            float(since[index]),
            float(until[index]),
            read / total,
            (total - read - (size if prose[index] else 0)) / total,
            index / count,
            float(max(-20, min(index - context.place, 60))) if context.place is not None else -21.0,
            float(min(index - heading_at, 20)),
            heading_links,
            float(repeated),
            (1.0 if key and key[:120] in context.data_body else 0.0) if context.data_body else 0.5,
            1.0 if len(key) > 20 and key[:60] in context.description else 0.0,
            float(len(words & CALLS)),
            float(len(words & RIGHTS)),
            math.log1p(total),
            all_links / all_text,
        ]
        rows.append(row)
        if prose[index]:
            read += size
        if passage.kind is BlockKind.HEADING:
            heading_at, heading_links = index, densities[index]
    return rows
