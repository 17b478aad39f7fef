"""The one traversal of a page: its block-level elements as nodes, its text as passages, in document order.

A passage is a run of text that stands between two block boundaries: a paragraph, a heading, a list item, a line
between two ``<br><br>``, or loose text in a ``<div>``. What is stripped whole, by its tag or its name, becomes one
cut with its text. Nothing is decided here about passages; see ``story``.
"""

from dataclasses import dataclass, field

from lxml.etree import _Element as Element
from lxml.etree import fromstring, iterwalk

from archive.records import BlockKind, RemovalKind
from scraper.reading.elements import (
    ACTS,
    BLOCK,
    BREAK,
    CONTROL,
    IMAGE,
    INLINE,
    MARKED,
    SKIP,
    SPAN,
    is_unseen,
    role_of_element,
)
from scraper.reading.kinds import CAPTION, CODE, HEADING, LIST_ITEM, PARAGRAPH, QUOTE, TABLE
from scraper.reading.lexicon import Hint, role_of
from scraper.reading.tables import is_data_table, table_text
from scraper.reading.texts import is_longer, is_sentence, one_line, prose_in, text_in, text_of

HEADINGS = {f"h{level}": level for level in range(1, 7)}
KINDS = {
    **dict.fromkeys(HEADINGS, HEADING),
    **dict.fromkeys(("li", "dd", "dt"), LIST_ITEM),
    "blockquote": QUOTE,
    "figcaption": CAPTION,
}
LISTS = frozenset({"ul", "ol"})
IN_LIST, IN_BODY, IN_MAIN = 1, 2, 4  # a list or table; an element named as a story's body; main
PLACES = dict.fromkeys(("ul", "ol", "dl", "table"), IN_LIST) | {"main": IN_MAIN}
WHOLE = frozenset({"pre", "table"})
UNCUT = frozenset({"body", "html", "main"})
# A part with more paragraph text than this, in characters, is not cut unseen: its passages carry its role instead,
# since stories do stand in elements with misleading names.
MOST_CUT = 150
# These always only mark their passages.
SOFT = frozenset({RemovalKind.BYLINE, RemovalKind.DATE, RemovalKind.CAPTION})
MOST_PASSAGES = 30_000  # a page of more is no article; the rest is not read
DEEPEST = 120  # levels; of what stands deeper the text is taken as it comes, so that no page exhausts the stack
LITTLE_PROSE = 400  # characters in p elements under which a page does not use them for its story
MOST_PICTURES = 4  # in a row without a word between them
NEAR = 8  # passages below the headline among which a story may begin
LONGEST_CONTROL = 300  # characters; a button with more is one that was never closed

Mark = tuple[int, str, Element | None]


@dataclass(slots=True, eq=False)
class Node:
    """A block-level element: its parent's index (-1 for the first), and what its name says, inherited if soft.

    Then where it stands: how deep, and inside of what (``IN_LIST``, ``IN_BODY`` and ``IN_MAIN``, added up).
    ``end`` is the index after the last node in it: nodes stand in document order.
    """

    element: Element
    parent: int
    tag: str
    role: RemovalKind | None
    hint: Hint | None
    depth: int = 0
    inside: int = 0
    end: int = 0


OUTERMOST = Node(fromstring("<html/>"), -1, "", None, None, -1)


@dataclass(slots=True, eq=False)
class Passage:
    """A run of text: where it stands (``node``), what it is, and how much of it is link text.

    ``pieces`` and ``marks`` keep its inline markup for the Markdown: a mark is (index into pieces, what, element).
    """

    kind: BlockKind
    text: str
    node: int
    linked: int
    level: int = 0
    ordered: bool = False
    role: RemovalKind | None = None
    pieces: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Cut:
    """A part that was stripped whole: before which passage it stood, why, its element, its node's index, its text."""

    at: int
    kind: RemovalKind
    rule: str
    element: Element
    parent: int
    text: str


@dataclass(slots=True)
class Outline:
    """What a traversal found."""

    nodes: list[Node] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)

    @property
    def limit(self) -> str | None:
        """Why these are not all passages of the page, if so."""
        return f"more than {MOST_PASSAGES:,} passages" if len(self.passages) >= MOST_PASSAGES else None


class _Traversal:
    """Walks a tree once; ``outline`` is what it found."""

    def __init__(self, root: Element) -> None:
        self.outline = Outline()
        self.nodes, self.passages = self.outline.nodes, self.outline.passages
        self.buffer: list[str] = []
        self.marks: list[Mark] = []
        self.linked = 0
        self.breaks = 0
        self.root = root
        self.has_paragraphs: bool | None = None
        self.lists: list[str] = []
        self.in_link = False
        self.link_start = 0
        self.depth = 0

    # -- text

    def flush(self, node: int, kind: BlockKind, level: int = 0) -> None:
        """End the passage that is being collected, within a link perhaps."""
        self.breaks = 0
        buffer = self.buffer
        if self.in_link:
            self.linked += len("".join(buffer[self.link_start :]).strip())
            self.link_start = 0
        text = one_line("".join(buffer))
        if text and len(self.passages) < MOST_PASSAGES:
            ordered = kind is LIST_ITEM and bool(self.lists) and self.lists[-1] == "ol"
            role = self.nodes[node].role
            self.passages.append(Passage(kind, text, node, self.linked, level, ordered, role, buffer, self.marks))
            self.marks = []
        elif self.marks:  # images that stand alone go with the text after them
            self.marks = [(0, what, element) for _, what, element in self.marks if what == "img"][:MOST_PICTURES]
        self.buffer, self.linked = [], 0

    def inline(self, element: Element, node: int, kind: BlockKind, level: int) -> None:
        """Collect the text of an inline element."""
        if text := element.text:
            self.buffer.append(text)
        if len(element):
            self.children(element, node, kind, level)

    def marked(self, element: Element, tag: str, node: int, kind: BlockKind, level: int) -> None:
        """Collect the text of an inline element that Markdown has a sign for; count what is link text."""
        start = len(self.buffer)
        self.marks.append((start, tag, element))
        outermost = tag == "a" and not self.in_link
        if outermost:
            self.in_link, self.link_start = True, start
        if text := element.text:
            self.buffer.append(text)
        if len(element):
            self.children(element, node, kind, level)
        self.marks.append((len(self.buffer), "/" + tag, element))
        if outermost:
            self.in_link = False
            self.linked += len("".join(self.buffer[self.link_start :]).strip())

    def span(self, element: Element, node: int, kind: BlockKind, level: int) -> None:
        """Collect the text of a span, unless its name says that it is hidden or apart from the text around it."""
        role = role_of(names) if (names := element.get("class")) else None
        if role is RemovalKind.OTHER or is_unseen(element):
            self.cut(element, node, RemovalKind.OTHER, "name-other" if role is RemovalKind.OTHER else "hidden")
        elif role is RemovalKind.CAPTION:
            self.flush(node, kind, level)
            self.block(element, "span", node, kind, level)
        else:
            self.inline(element, node, kind, level)

    def line_break(self, node: int, kind: BlockKind, level: int) -> None:
        """Two breaks with nothing between them end a paragraph; one is a space."""
        if self.breaks and not "".join(self.buffer[self.breaks :]).strip():
            self.flush(node, kind, level)
            return
        self.buffer.append("\n")
        self.breaks = len(self.buffer)

    # -- structure

    def children(self, element: Element, node: int, kind: BlockKind, level: int) -> None:
        """Visit the children of ``element``, inline or not."""
        if self.depth > DEEPEST:
            self.flat(element, node, kind, level)
            return
        self.depth += 1
        for child in element:
            tag = child.tag
            act = ACTS[tag]
            if act == BLOCK:
                if self.buffer:
                    self.flush(node, kind, level)
                self.block(child, tag, node, kind, level)
            elif act == MARKED:
                self.marked(child, tag, node, kind, level)
            elif act == SPAN:
                self.span(child, node, kind, level)
            elif act == INLINE:
                self.inline(child, node, kind, level)
            elif act == BREAK:
                self.line_break(node, kind, level)
            elif act == IMAGE:
                self.marks.append((len(self.buffer), "img", child))
                self.buffer.append(" ")
            elif act == CONTROL:
                self.control(child, node, kind, level)
            tail = child.tail
            if tail and (self.buffer or not tail.isspace()):
                self.buffer.append(tail)
        self.depth -= 1

    def flat(self, element: Element, node: int, kind: BlockKind, level: int) -> None:
        """Collect what stands deeper than the traversal goes, without recursion: a passage a block, no more told."""
        walk = iterwalk(element, events=("start", "end"))
        for event, part in walk:
            if part is element:
                continue
            act = ACTS[part.tag]
            if event == "start" and act == SKIP:
                walk.skip_subtree()
            elif act in (BLOCK, BREAK) and self.buffer:
                self.flush(node, kind, level)
            text = part.tail if event == "end" else part.text if act != SKIP else None
            if text:
                self.buffer.append(text)

    def control(self, element: Element, node: int, kind: BlockKind, level: int) -> None:
        """Strip a button or the like; one with much text was never closed, and is none."""
        if is_longer(element.itertext(), LONGEST_CONTROL):
            self.inline(element, node, kind, level)
        else:
            self.cut(element, node, RemovalKind.OTHER, "control")

    def cut(self, element: Element, parent: int, kind: RemovalKind, rule: str) -> None:
        """Strip ``element`` whole."""
        if text := text_of(element):
            self.outline.cuts.append(Cut(len(self.passages), kind, rule, element, parent, text))

    def holds_prose(self, element: Element) -> bool:
        """Whether ``element`` has paragraphs, or other text in such an amount that it may be story."""
        if prose_in(element, MOST_CUT):
            return True
        if self.has_paragraphs is None:
            self.has_paragraphs = prose_in(self.root, LITTLE_PROSE)
        return not self.has_paragraphs and text_in(element, 10 * MOST_CUT)

    def may_lead(self, text: str | None) -> bool:
        """Whether ``text``, in an element whose name speaks against it, may begin the story: under a headline."""
        if not is_sentence(text):
            return False
        for passage in reversed(self.passages[-NEAR:]):
            if passage.kind is HEADING:
                return passage.level == 1
            if passage.kind is PARAGRAPH and is_sentence(passage.text):
                return False
        return False

    def block(self, element: Element, tag: str, parent: int, kind: BlockKind, level: int) -> None:
        """Visit a block-level element: strip it whole, or collect what stands in it as the kind that its tag says."""
        text, is_leaf = element.text, not len(element)
        has_text = text is not None and not text.isspace()
        if is_leaf and not has_text:
            return
        role, rule = role_of_element(element, tag)
        above = self.nodes[parent] if parent >= 0 else OUTERMOST
        soft, hint = above.role, None
        if role is not None:
            if isinstance(role, Hint):
                hint = role
            elif role in SOFT or tag in UNCUT or self.may_lead(text) or self.holds_prose(element):
                soft = role
            else:
                self.cut(element, parent, role, rule)
                return
        node = len(self.nodes)
        inside = above.inside | PLACES.get(tag, 0) | (IN_BODY if hint and hint is Hint.BODY else 0)
        self.nodes.append(Node(element, parent, tag, soft, hint, above.depth + 1, inside, node + 1))
        if tag in KINDS:
            kind = KINDS[tag]
            level = HEADINGS.get(tag) or (max(len(self.lists), 1) if kind is LIST_ITEM else level)
        elif tag in WHOLE and self.whole(element, tag, node):
            return
        if text is not None and has_text:
            self.buffer.append(text)
        if is_leaf:
            self.flush(node, kind, level)
            return
        if tag in LISTS:
            self.lists.append(tag)
        self.children(element, node, kind, level)
        if self.buffer:
            self.flush(node, kind, level)
        if tag in LISTS:
            self.lists.pop()
        self.nodes[node].end = len(self.nodes)

    def whole(self, element: Element, tag: str, node: int) -> bool:
        """Collect a ``<pre>`` with its lines as they are, or a table if it holds data, as one passage."""
        if tag == "pre":
            kind, text, linked = CODE, "".join(map(str, element.itertext())).strip("\n").rstrip(), 0
        elif is_data_table(element):
            linked = sum(len("".join(map(str, a.itertext()))) for a in element.iter("a"))
            kind, text = TABLE, table_text(element)
        else:
            return False
        if text.strip() and len(self.passages) < MOST_PASSAGES:
            self.passages.append(Passage(kind, text, node, linked, role=self.nodes[node].role))
        return True


def outline(root: Element) -> Outline:
    """Traverse ``root`` once."""
    traversal = _Traversal(root)
    start = root if (body := root.find("body")) is None else body
    if start.tag != "frameset":
        traversal.block(start, "body", -1, PARAGRAPH, 0)
    if not traversal.nodes:  # nothing in it, or frames
        traversal.nodes.append(Node(start, -1, "body", None, None, 0, 0, 1))
    return traversal.outline
