"""What is known about each passage, as numbers: the input of the model in ``model``, in the order of ``NAMES``."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.records import BlockKind, RemovalKind
from scraper.reading.compare import key_of
from scraper.reading.outline import IN_BODY, IN_LIST, IN_MAIN, Node, Outline, Passage
from scraper.reading.story import weight_of

# Kinds and roles as numbers: the trees split between neighbours, so what is story alike stands together.
KIND_CODES = {kind: float(code) for code, kind in enumerate(BlockKind)} | {
    BlockKind.PARAGRAPH: 0.0,
    BlockKind.QUOTE: 1.0,
    BlockKind.CODE: 2.0,
    BlockKind.HEADING: 3.0,
    BlockKind.LIST_ITEM: 4.0,
    BlockKind.TABLE: 5.0,
    BlockKind.CAPTION: 6.0,
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
FAR = 20  # passages, or twenty and more
MANY = 60  # siblings, or sixty and more
NAMES = (
    *"kind role length words link_density ends_sentence emphasised level".split(),
    *"in_list steps_to_top loose depth body_hint in_main".split(),
    *"parent_share parent_count alike_share alike_count above_share".split(),
    *"before_length before_links after_length after_links since_prose until_prose".split(),
    *"prose_before prose_after position from_headline heading_above heading_links".split(),
    *"repeated in_data_body page_prose page_links role_share sentences".split(),
)

Row = list[float]


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


def is_prose(passage: Passage) -> bool:
    """Whether a passage reads like a paragraph of a story."""
    kind = passage.kind
    return (
        (kind is BlockKind.PARAGRAPH or kind is BlockKind.QUOTE)
        and weight_of(passage.text) >= LEAST_PROSE
        and passage.linked < 0.4 * len(passage.text)
    )


def is_emphasised(passage: Passage) -> bool:
    """Whether the whole of a passage is bold or italic."""
    marks = passage.marks
    if len(marks) < 2 or marks[0][1] not in EMPHASIS or marks[-1][1] != "/" + marks[0][1]:
        return False
    pieces = passage.pieces
    return not "".join(pieces[: marks[0][0]]).strip() and not "".join(pieces[marks[-1][0] :]).strip()


def _runs(prose: Sequence[bool]) -> tuple[list[float], list[float]]:
    """For each passage how many stand between it and the prose before, and after; 20 at most."""
    since, until = [], []
    run = FAR
    for good in prose:
        run = min(run + 1, FAR)
        since.append(float(run))
        if good:
            run = 0
    run = FAR
    for good in reversed(prose):
        run = min(run + 1, FAR)
        until.append(float(run))
        if good:
            run = 0
    until.reverse()
    return since, until


@dataclass(slots=True)
class _Tally:
    """How much prose, and how many passages, share something."""

    prose: int = 0
    count: int = 0


@dataclass(slots=True)
class _Tallies:
    """Tallies by parent, by the parent's parent, and by look: tag, class names and the parent's tag."""

    parents: dict[int, _Tally] = field(default_factory=dict)
    above: dict[int, int] = field(default_factory=dict)
    looks: dict[tuple[str, str, str], _Tally] = field(default_factory=dict)
    look_of: dict[int, _Tally] = field(default_factory=dict)
    roles: dict[RemovalKind | None, int] = field(default_factory=dict)

    def count(self, nodes: Sequence[Node], at: int, size: int) -> None:
        """Add a passage of the node ``at`` with ``size`` characters of prose."""
        node = nodes[at]
        parent = node.parent
        outer = nodes[parent] if parent >= 0 else None
        tally = self.parents.get(parent)
        if tally is None:
            tally = self.parents[parent] = _Tally()
        tally.prose += size
        tally.count += 1
        if node.role is not None:
            self.roles[node.role] = self.roles.get(node.role, 0) + size
        if outer is not None:
            self.above[outer.parent] = self.above.get(outer.parent, 0) + size
        look = self.look_of.get(at)
        if look is None:
            key = (outer.tag if outer is not None else "", node.tag, node.element.get("class") or "")
            look = self.look_of[at] = self.looks.setdefault(key, _Tally())
        look.prose += size
        look.count += 1


def features_of(found: Outline, context: Context, top: int) -> list[Row | None]:  # one pass: this is the hot loop
    """A row of numbers for each passage; ``None`` for one that is far from all prose and so cannot be story."""
    passages, nodes = found.passages, found.nodes
    end, base = found.end_of(top), nodes[top].depth
    prose = [is_prose(passage) for passage in passages]
    lengths = [len(passage.text) for passage in passages]
    densities = [passage.linked / (length or 1) for passage, length in zip(passages, lengths, strict=True)]
    tallies = _Tallies()
    total = 0
    for passage, good, length in zip(passages, prose, lengths, strict=True):
        tallies.count(nodes, passage.node, length if good else 0)
        total += length if good else 0
    page_prose, total, count = float(total), total or 1, len(passages)
    page_links = sum(passage.linked for passage in passages) / (sum(lengths) or 1)
    since, until = _runs(prose)
    rows: list[Row | None] = []
    seen: dict[str, int] = {}
    read, heading_at, heading_links = 0, -99, 0.0
    for index, passage in enumerate(passages):
        at, length, density, own = passage.node, lengths[index], densities[index], prose[index]
        node, parent = nodes[at], tallies.parents[nodes[at].parent]
        inside = top <= at < end
        if not own and not inside and (parent.prose < 0.05 * total or density > 0.5):
            rows.append(None)
        else:
            text = passage.text
            look = tallies.look_of[at]
            after = index + 1 < count
            repeats = seen.get(text, 0)
            seen[text] = repeats + 1
            row = [
                KIND_CODES[passage.kind],
                ROLE_CODES[passage.role],
                float(length),
                text.count(" ") + 1.0,
                density,
                1.0 if text.rstrip(CLOSING)[-1:] in SENTENCE_ENDS else 0.0,
                1.0 if passage.marks and is_emphasised(passage) else 0.0,
                float(passage.level),
                float(node.inside & IN_LIST),
                float(node.depth - base) if inside else -1.0,
                1.0 if node.tag in LOOSE else 0.0,
                float(node.depth),
                1.0 if node.inside & IN_BODY else 0.0,
                1.0 if node.inside & IN_MAIN else 0.0,
                parent.prose / total,
                float(min(parent.count, MANY)),
                look.prose / total,
                float(min(look.count, MANY)),
                tallies.above.get(nodes[node.parent].parent if node.parent >= 0 else -1, 0) / total,
                float(lengths[index - 1]) if index else 0.0,
                densities[index - 1] if index else 0.0,
                float(lengths[index + 1]) if after else 0.0,
                densities[index + 1] if after else 0.0,
                since[index],
                until[index],
                read / total,
                (page_prose - read - (length if own else 0)) / total,
                index / count,
                -21.0 if context.place is None else float(max(-FAR, min(index - context.place, MANY))),
                float(min(index - heading_at, FAR)),
                heading_links,
                float(repeats),
                context.in_body(text),
                page_prose,
                page_links,
                tallies.roles.get(passage.role, 0) / total,
                float(text.count(". ")),
            ]
            rows.append(row)
        read += length if own else 0
        if passage.kind is BlockKind.HEADING:
            heading_at, heading_links = index, density
    return rows
