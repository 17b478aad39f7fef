"""What is known about each passage, as numbers: the input of the model in ``model``, in the order of ``NAMES``."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.records import BlockKind, RemovalKind
from scraper.reading.compare import key_of
from scraper.reading.kinds import CAPTION, CODE, HEADING, LIST_ITEM, PARAGRAPH, QUOTE, TABLE
from scraper.reading.outline import IN_BODY, IN_LIST, IN_MAIN, Outline, Passage
from scraper.reading.story import weight_of

# Kinds and roles as numbers: the trees split between neighbours, so what is story alike stands together.
KIND_CODES = {kind: float(code) for code, kind in enumerate(BlockKind)} | {
    PARAGRAPH: 0.0,
    QUOTE: 1.0,
    CODE: 2.0,
    HEADING: 3.0,
    LIST_ITEM: 4.0,
    TABLE: 5.0,
    CAPTION: 6.0,
}
ROLE_ORDER = (
    None,
    RemovalKind.LEGAL,
    RemovalKind.DATE,
    RemovalKind.BYLINE,
    RemovalKind.PROMO,
    RemovalKind.RELATED,
    RemovalKind.OTHER,
    RemovalKind.ADVERTISEMENT,
    RemovalKind.SIGNUP,
    RemovalKind.NAVIGATION,
    RemovalKind.SHARE,
    RemovalKind.CAPTION,
    RemovalKind.COMMENT,
    RemovalKind.CONSENT,
    RemovalKind.REPEAT,
)
ROLE_CODES = {role: float(code) for code, role in enumerate(ROLE_ORDER)}
LOOSE = frozenset({"div", "section", "td", "article", "body"})
EMPHASIS = frozenset({"strong", "b", "em", "i"})
SENTENCE_ENDS = frozenset(".!?…。！？؟।։")
CLOSING = "'\"”’»)]」』 "
LEAST_PROSE = 80  # letters of a paragraph of prose
FAR = 20  # passages to where none is
NOWHERE = -999  # how far a headline is that stands nowhere
NAMES = (
    *"kind role length words link_density ends_sentence emphasised level".split(),
    *"in_list steps_to_top loose depth body_hint in_main".split(),
    *"parent_share parent_count alike_share alike_count above_share".split(),
    *"before_length before_links after_length after_links since_prose until_prose".split(),
    *"prose_before prose_after position from_headline heading_above heading_links".split(),
    *"repeated in_data_body page_prose page_links role_share sentences".split(),
)
# Those that are integers or truth values; the others are always fractions.
WHOLE = frozenset(NAMES) - frozenset(
    "kind role link_density parent_share alike_share above_share before_links after_links prose_before prose_after "
    "position heading_links in_data_body page_prose page_links role_share".split()
)

Row = list[float]  # integers and truth values among them, which compare as numbers


@dataclass(frozen=True, slots=True)
class Context:
    """What the page's other readings say: where its headline stands, and its body in data, as ``same`` gives it."""

    place: int | None = None
    data_body: str = ""

    def in_body(self, text: str) -> float:
        """Whether the body in the page's data has a passage; a half when there is no such body."""
        if not self.data_body:
            return 0.5
        return 1.0 if (key := key_of(text)) and key[:120] in self.data_body else 0.0


def is_prose(passage: Passage, length: int) -> bool:
    """Whether a passage of ``length`` characters reads like a paragraph of a story."""
    kind = passage.kind
    return (
        (kind is PARAGRAPH or kind is QUOTE)
        and (length >= LEAST_PROSE or (3 * length >= LEAST_PROSE and weight_of(passage.text) >= LEAST_PROSE))
        and passage.linked < 0.4 * length
    )


def is_emphasised(passage: Passage) -> bool:
    """Whether the whole of a passage is bold or italic."""
    marks = passage.marks
    if len(marks) < 2 or marks[0][1] not in EMPHASIS or marks[-1][1] != "/" + marks[0][1]:
        return False
    pieces = passage.pieces
    return not "".join(pieces[: marks[0][0]]).strip() and not "".join(pieces[marks[-1][0] :]).strip()


def _runs(prose: Sequence[bool]) -> tuple[list[int], list[int]]:
    """For each passage how many stand between it and the prose before, and after."""
    since, until = [], []
    run = FAR
    for good in prose:
        run += 1
        since.append(run)
        if good:
            run = 0
    run = FAR
    for good in reversed(prose):
        run += 1
        until.append(run)
        if good:
            run = 0
    until.reverse()
    return since, until


@dataclass(slots=True)
class _Tallies:
    """How much prose, in characters, and how many passages share something.

    Lists of nodes are by index, and their last place is for none. ``sizes`` and ``looks`` are by passage: of a look,
    which is a tag, class names and the parent's tag, the characters of prose and the passages.
    """

    sizes: list[int]
    parent_prose: list[int]
    parent_count: list[int]
    above_prose: list[int]
    looks: list[list[int]]
    roles: dict[RemovalKind | None, int]

    @classmethod
    def of(cls, found: Outline, prose: Sequence[bool], lengths: Sequence[int]) -> "_Tallies":
        """Count the passages of ``found``."""
        nodes, count = found.nodes, len(found.nodes) + 1
        sizes = [length if good else 0 for good, length in zip(prose, lengths, strict=True)]
        parent_prose, parent_count, above_prose = [0] * count, [0] * count, [0] * count
        known: dict[tuple[str, str, str], list[int]] = {}
        looks: list[list[int]] = []
        roles: dict[RemovalKind | None, int] = {}
        for passage, size in zip(found.passages, sizes, strict=True):
            node = nodes[passage.node]
            parent = node.parent
            parent_prose[parent] += size
            parent_count[parent] += 1
            outer = nodes[parent] if parent >= 0 else None
            if outer is not None:
                above_prose[outer.parent] += size
            if node.role is not None:
                roles[node.role] = roles.get(node.role, 0) + size
            key = (outer.tag if outer is not None else "", node.tag, node.element.get("class") or "")
            look = known.get(key)
            if look is None:
                look = known[key] = [0, 0]
            looks.append(look)
            look[0] += size
            look[1] += 1
        return cls(sizes, parent_prose, parent_count, above_prose, looks, roles)


def features_of(found: Outline, context: Context, top: int) -> list[Row | None]:  # one pass: this is the hot loop
    """A row of numbers for each passage; ``None`` for one that is far from all prose and so cannot be story."""
    passages, nodes = found.passages, found.nodes
    end, base = found.nodes[top].end, nodes[top].depth
    lengths = [len(passage.text) for passage in passages]
    prose = [is_prose(passage, length) for passage, length in zip(passages, lengths, strict=True)]
    densities = [passage.linked / (length or 1) for passage, length in zip(passages, lengths, strict=True)]
    tallies = _Tallies.of(found, prose, lengths)
    sizes, parent_prose, parent_count = tallies.sizes, tallies.parent_prose, tallies.parent_count
    above_prose, looks, roles = tallies.above_prose, tallies.looks, tallies.roles
    page_prose, count = float(sum(sizes)), len(passages)
    total = page_prose or 1.0
    page_links = sum(passage.linked for passage in passages) / (sum(lengths) or 1)
    since, until = _runs(prose)
    lengths_around, densities_around = [0, *lengths, 0], [0.0, *densities, 0.0]
    seen: dict[str, int] = {}
    has_body, place = bool(context.data_body), context.place
    rows: list[Row | None] = []
    read, heading_at, heading_links = 0, -99, 0.0
    for index, passage in enumerate(passages):
        at, length, density = passage.node, lengths[index], densities[index]
        node = nodes[at]
        parent = node.parent
        inside = top <= at < end
        if not inside and not prose[index] and (parent_prose[parent] < 0.05 * total or density > 0.5):
            rows.append(None)
        else:
            text, look, holds = passage.text, looks[index], node.inside
            repeats = seen.get(text, 0)
            seen[text] = repeats + 1
            role = passage.role
            row = [
                KIND_CODES[passage.kind],
                ROLE_CODES[role],
                length,
                text.count(" ") + 1,
                density,
                text.rstrip(CLOSING)[-1:] in SENTENCE_ENDS,
                bool(passage.marks) and is_emphasised(passage),
                passage.level,
                holds & IN_LIST,
                node.depth - base if inside else -1,
                node.tag in LOOSE,
                node.depth,
                holds & IN_BODY,
                holds & IN_MAIN,
                parent_prose[parent] / total,
                parent_count[parent],
                look[0] / total,
                look[1],
                above_prose[nodes[parent].parent if parent >= 0 else -1] / total,
                lengths_around[index],
                densities_around[index],
                lengths_around[index + 2],
                densities_around[index + 2],
                since[index],
                until[index],
                read / total,
                (page_prose - read - sizes[index]) / total,
                index / count,
                NOWHERE if place is None else index - place,
                index - heading_at,
                heading_links,
                repeats,
                context.in_body(text) if has_body else 0.5,
                page_prose,
                page_links,
                roles[role] / total if role is not None and role in roles else 0.0,
                text.count(". "),
            ]
            rows.append(row)
        read += sizes[index]
        if passage.kind is HEADING:
            heading_at, heading_links = index, density
    return rows
