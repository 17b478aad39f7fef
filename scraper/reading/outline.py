"""The one traversal of a page: its block-level elements as nodes, its text as passages, in document order.

A passage is a run of text that stands between two block boundaries: a paragraph, a heading, a list item, a line
between two ``<br><br>``, or loose text in a ``<div>``. What is stripped whole, by its tag or its name, becomes one
cut with its text. Nothing is decided here about passages; see ``story``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.etree import _Element as Element

from archive.records import BlockKind, RemovalKind
from scraper.reading.lexicon import Hint, Role, role_of

# Elements by what the traversal does with them; anything unknown without a hyphen is inline.
SKIPPED = frozenset(
    "script style template svg link meta title head source track param base canvas map area col "
    "colgroup datalist math math-ml noframes".split()
)
CONTROLS = frozenset("button select option input textarea label dialog menu".split())
EMBEDS = frozenset("iframe video audio object embed amp-iframe amp-youtube amp-video amp-twitter amp-instagram".split())
IMAGES = frozenset("img amp-img".split())
BLOCKS = frozenset(
    "html body div p section article main header footer aside nav ul ol dl dd dt li h1 h2 h3 h4 h5 "
    "h6 blockquote pre table tr"
    " td th tbody thead tfoot caption figure figcaption form fieldset legend address details summary "
    "center hr noscript dir picture hgroup search".split()
)
MARKED = frozenset("a strong b em i code cite q sub sup".split())
HEADINGS = {f"h{level}": level for level in range(1, 7)}
CUT_TAGS = {
    "nav": RemovalKind.NAVIGATION,
    "footer": RemovalKind.NAVIGATION,
    "form": RemovalKind.SIGNUP,
    "menu": RemovalKind.NAVIGATION,
    "noscript": RemovalKind.OTHER,
}
CUT_ROLES = {
    "navigation": RemovalKind.NAVIGATION,
    "search": RemovalKind.NAVIGATION,
    "banner": RemovalKind.NAVIGATION,
    "contentinfo": RemovalKind.LEGAL,
    "complementary": RemovalKind.RELATED,
    "dialog": RemovalKind.OTHER,
    "alertdialog": RemovalKind.OTHER,
    "menu": RemovalKind.NAVIGATION,
    "menubar": RemovalKind.NAVIGATION,
    "toolbar": RemovalKind.SHARE,
}
# A part with more paragraph text than this, in characters, is not cut unseen: its passages carry its role instead,
# since stories do stand in elements with misleading names.
MOST_CUT = 150
# These always only mark their passages.
SOFT = frozenset({RemovalKind.BYLINE, RemovalKind.DATE, RemovalKind.CAPTION})
MOST_PASSAGES = 30_000  # a page of more is no article; the rest is not read
DEEPEST = 120  # levels; what stands deeper is taken as plain text, so that no page exhausts the stack
LITTLE_PROSE = 400  # characters in p elements under which a page does not use them for its story
SPAN_ROLES = frozenset({RemovalKind.OTHER, RemovalKind.CAPTION})  # hidden, or apart from the text around it
LONGEST_CONTROL = 300  # characters; a button with more is one that was never closed

Mark = tuple[int, str, Element | None]


@dataclass(slots=True, eq=False)
class Node:
    """A block-level element: its parent's index (-1 for the first), and what its name says, inherited if soft."""

    element: Element
    parent: int
    tag: str
    role: RemovalKind | None
    hint: Hint | None


@dataclass(slots=True, eq=False)
class Passage:
    """A run of text: where it stands (``node``), what it is, and how much of it is link text.

    ``key`` is its text as it is compared (set when features are taken). ``pieces`` and ``marks`` keep its inline
    markup for the Markdown: a mark is (index into pieces, what, element).
    """

    kind: BlockKind
    text: str
    node: int
    linked: int
    level: int = 0
    ordered: bool = False
    role: RemovalKind | None = None
    key: str = ""
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


def text_of(element: Element, separator: str = "\n") -> str:
    """The text of ``element`` without scripts, a piece a line."""
    pieces = (" ".join(piece.split()) for piece in _pieces(element))
    return separator.join(piece for piece in pieces if piece)


def _pieces(element: Element) -> Iterator[str]:
    if next(element.iter(*SKIPPED), None) is None:
        yield from map(str, element.itertext())
        return
    skipped: set[Element] = set()
    for part in element.iter():
        if part.tag in SKIPPED:
            skipped.update(part.iter())
        if part not in skipped and part.text:
            yield part.text
        if part is not element and part.tail and (part not in skipped or part.getparent() not in skipped):
            yield part.tail


class _Traversal:
    """Walks a tree once; ``outline`` is what it found."""

    def __init__(self, root: Element) -> None:
        self.outline = Outline()
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
        if self.in_link:
            self.linked += len("".join(self.buffer[self.link_start :]).strip())
            self.link_start = 0
        text = " ".join("".join(self.buffer).split())
        ordered = kind is BlockKind.LIST_ITEM and bool(self.lists) and self.lists[-1] == "ol"
        if text and len(self.outline.passages) < MOST_PASSAGES:
            role = self.outline.nodes[node].role
            self.outline.passages.append(
                Passage(kind, text, node, self.linked, level, ordered, role, pieces=self.buffer, marks=self.marks)
            )
        self.buffer, self.marks, self.linked = [], [], 0

    def inline(self, element: Element, node: int, kind: BlockKind, level: int) -> None:
        """Collect the text of an inline element."""
        tag = element.tag
        if tag == "br":
            self.line_break(node, kind, level)
            return
        marked = tag in MARKED
        start = len(self.buffer)
        if marked:
            self.marks.append((start, tag, element))
        elif tag == "span" and (names := element.get("class")) and (role := role_of(names)) in SPAN_ROLES:
            if role is RemovalKind.OTHER:
                self.cut(element, node, role, f"name-{role}")
                return
            self.flush(node, kind, level)
            self.block(element, tag, node, kind, level)
            return
        outermost = tag == "a" and not self.in_link
        if outermost:
            self.in_link, self.link_start = True, start
        if element.text:
            self.buffer.append(element.text)
        if len(element):
            self.children(element, node, kind, level)
        if marked:
            self.marks.append((len(self.buffer), "/" + tag, element))
        if outermost:
            self.in_link = False
            self.linked += len("".join(self.buffer[self.link_start :]).strip())

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
            self.buffer.append(text_of(element, " "))
            return
        self.depth += 1
        for child in element:
            tag = child.tag
            if tag in BLOCKS or "-" in tag:
                if self.buffer:
                    self.flush(node, kind, level)
                self.block(child, tag, node, kind, level)
            elif tag in IMAGES:
                self.marks.append((len(self.buffer), "img", child))
                self.buffer.append(" ")
            elif tag in CONTROLS and sum(map(len, child.itertext())) < LONGEST_CONTROL:
                self.cut(child, node, RemovalKind.OTHER, "control")
            elif tag in EMBEDS:
                pass
            elif tag not in SKIPPED:
                self.inline(child, node, kind, level)
            tail = child.tail
            if tail and (self.buffer or not tail.isspace()):
                self.buffer.append(tail)
        self.depth -= 1

    def cut(self, element: Element, parent: int, kind: RemovalKind, rule: str) -> None:
        """Strip ``element`` whole."""
        if text := text_of(element):
            self.outline.cuts.append(Cut(len(self.outline.passages), kind, rule, element, parent, text))

    def holds_prose(self, element: Element) -> bool:
        """Whether ``element`` has paragraphs, or other text in such an amount that it may be story."""
        if prose_in(element, MOST_CUT):
            return True
        if self.has_paragraphs is None:
            self.has_paragraphs = prose_in(self.root, LITTLE_PROSE)
        return not self.has_paragraphs and sum(map(len, _pieces(element))) > 10 * MOST_CUT

    def role(self, element: Element, tag: str) -> tuple[Role | None, str]:  # noqa: PLR0911 - a rule a return
        """What an element is by its tag, ARIA role, attributes and names; and the rule that said so."""
        if tag in CUT_TAGS:
            return CUT_TAGS[tag], f"tag-{tag}"
        attributes: dict[Any, Any] = dict(element.items())
        if not attributes:
            return (RemovalKind.RELATED, "tag-aside") if tag == "aside" else (None, "")
        get = attributes.get
        if "hidden" in attributes or get("aria-hidden") == "true":
            return RemovalKind.OTHER, "hidden"
        style = get("style")
        if style and "display" in style and "none" in style.replace(" ", "").partition("display:")[2][:4]:
            return RemovalKind.OTHER, "hidden"
        if (aria := get("role")) in CUT_ROLES:
            return CUT_ROLES[aria], f"role-{aria}"
        if get("itemprop") == "articleBody":
            return Hint.BODY, "itemprop"
        names = f"{get('class', '')} {get('id', '')}"
        role = role_of(names) if len(names) > 1 else None
        if role is None and tag == "aside":
            return RemovalKind.RELATED, "tag-aside"
        return role, f"name-{role}"

    def block(self, element: Element, tag: str, parent: int, kind: BlockKind, level: int) -> None:
        """Visit a block-level element."""
        role, rule = self.role(element, tag)
        if (
            isinstance(role, RemovalKind)
            and role not in SOFT
            and tag not in ("body", "html", "main")
            and not self.holds_prose(element)
        ):
            self.cut(element, parent, role, rule)
            return
        above = self.outline.nodes[parent] if parent >= 0 else None
        hint = role if isinstance(role, Hint) else None
        soft = role if isinstance(role, RemovalKind) else above.role if above else None
        node = len(self.outline.nodes)
        self.outline.nodes.append(Node(element, parent, tag, soft, hint))
        self.enter(element, tag, node, kind, level)

    def enter(self, element: Element, tag: str, node: int, kind: BlockKind, level: int) -> None:
        """Collect what stands in a block-level element, as the kind that its tag says."""
        nested = tag in ("ul", "ol")
        if tag in HEADINGS:
            kind, level = BlockKind.HEADING, HEADINGS[tag]
        elif tag in ("li", "dd", "dt"):
            kind, level = BlockKind.LIST_ITEM, max(len(self.lists), 1)
        elif tag == "blockquote":
            kind = BlockKind.QUOTE
        elif tag == "figcaption":
            kind = BlockKind.CAPTION
        elif tag == "pre":
            self.code(element, node)
            return
        elif tag == "table" and is_data_table(element):
            self.table(element, node)
            return
        if nested:
            self.lists.append(tag)
        if element.text and not element.text.isspace():
            self.buffer.append(element.text)
        if len(element):
            self.children(element, node, kind, level)
        if self.buffer:
            self.flush(node, kind, level)
        if nested:
            self.lists.pop()

    def code(self, element: Element, node: int) -> None:
        """A ``<pre>``: its lines as they are."""
        text = "".join(map(str, element.itertext())).strip("\n").rstrip()
        if text.strip():
            self.outline.passages.append(Passage(BlockKind.CODE, text, node, 0, role=self.outline.nodes[node].role))

    def table(self, element: Element, node: int) -> None:
        """A table of data: a row a line, its cells apart by `` | ``."""
        rows = [
            [" ".join("".join(map(str, cell.itertext())).split()) for cell in row.iter("td", "th")]
            for row in element.iter("tr")
        ]
        text = "\n".join(" | ".join(row) for row in rows if any(row))
        linked = sum(len("".join(map(str, a.itertext()))) for a in element.iter("a"))
        if text:
            self.outline.passages.append(
                Passage(BlockKind.TABLE, text, node, linked, role=self.outline.nodes[node].role)
            )


def prose_in(element: Element, enough: int) -> bool:
    """Whether the ``p`` elements in ``element`` have more than ``enough`` characters."""
    total = 0
    for p in element.iter("p"):
        total += len(p.text or "")
        for child in p:
            total += len(child.text or "") + len(child.tail or "")
        if total > enough:
            return True
    return False


def is_data_table(element: Element) -> bool:
    """Whether a table holds data; a table for layout has one column, another table, or paragraphs in its cells."""
    rows = list(element.iter("tr"))
    if len(rows) < 2 or next(element.iterdescendants("table", "h1", "h2", "article", "form"), None) is not None:
        return False
    cells = [len([cell for cell in row if cell.tag in ("td", "th")]) for row in rows]
    if max(cells) < 2 or sum(count > 1 for count in cells) * 2 < len(rows):
        return False
    return max((sum(map(len, cell.itertext())) for cell in element.iter("td")), default=0) < 600


def outline(root: Element) -> Outline:
    """Traverse ``root`` once."""
    traversal = _Traversal(root)
    body = root.find("body")
    start = body if body is not None else root
    if start.tag == "frameset":
        return traversal.outline
    traversal.block(start, "body", -1, BlockKind.PARAGRAPH, 0)
    return traversal.outline
