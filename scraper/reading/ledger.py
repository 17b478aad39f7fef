"""The removal ledger: every passage and part that was stripped, grouped by the element that it stood in."""

from collections.abc import Sequence
from operator import itemgetter

from lxml.etree import _Element as Element

from archive.records import Removal, RemovalKind
from scraper.reading.outline import Node, Outline
from scraper.reading.story import OUTSIDE, Verdict, line_rule

TELLING = 2  # lines at the head of a piece that may say what it is


def _step(element: Element) -> str:
    names = str(element.get("class") or "").split(None, 1)
    return f"{element.tag}.{names[0]}" if names else str(element.tag)


class _Paths:
    """The tag paths of elements, such as ``body/main/aside.related``: the steps above are worked out once."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes
        self.above: dict[int, str] = {-1: ""}

    def to(self, index: int) -> str:
        """The path of a node without class names."""
        if index not in self.above:
            node = self.nodes[index]
            self.above[index] = f"{self.to(node.parent)}/{node.tag}" if node.parent >= 0 else node.tag
        return self.above[index]

    def of(self, element: Element, parent: int) -> str:
        """The path of ``element``, which stands in the node ``parent``."""
        return f"{self.to(parent)}/{_step(element)}" if parent >= 0 else _step(element)


def told(kind: RemovalKind, text: str) -> RemovalKind:
    """``kind``, or where that says nothing, what the first lines of a stripped piece say it is: a label, a sentence."""
    if kind is not RemovalKind.OTHER:
        return kind
    first = text.split("\n", TELLING + 1)[:TELLING]
    return next((rule.kind for line in first if (rule := line_rule(line))), kind)


class _Tops:
    """For nodes outside the story the outermost element that stands beside it: one removal each."""

    def __init__(self, nodes: Sequence[Node], container: int) -> None:
        self.nodes = nodes
        self.spine = {-1}
        while container >= 0:
            self.spine.add(container)
            container = nodes[container].parent
        self.known: dict[int, int] = {}

    def of(self, index: int) -> int:
        """The outermost node around the node ``index`` that does not hold the story."""
        top = self.known.get(index)
        if top is None:
            top = index
            while (parent := self.nodes[top].parent) not in self.spine:
                top = parent
            self.known[index] = top
        return top


def removals_of(found: Outline, container: int, verdicts: Sequence[Verdict]) -> tuple[Removal, ...]:
    """Everything that was stripped, in page order; what stood outside the story is one removal per element."""
    tops, paths = _Tops(found.nodes, container), _Paths(found.nodes)
    taken: list[tuple[int, Verdict, int, list[str]]] = []
    group: tuple[int, Verdict] | None = None
    for at, (passage, verdict) in enumerate(zip(found.passages, verdicts, strict=True)):
        is_outside = verdict.rule == OUTSIDE.rule
        top = tops.of(passage.node) if is_outside else passage.node
        if is_outside and group == (top, verdict):
            taken[-1][3].append(passage.text)
        elif verdict.kind is not None:
            taken.append((at, verdict, top, [passage.text]))
        group = (top, verdict)
    ledger = [
        (cut.at, 0, Removal(told(cut.kind, cut.text), cut.rule, cut.text, cut.at, paths.of(cut.element, cut.parent)))
        for cut in found.cuts
    ]
    for at, verdict, top, lines in taken:
        assert verdict.kind is not None
        path = paths.of(found.nodes[top].element, found.nodes[top].parent)
        ledger.append((at, 1, Removal(told(verdict.kind, "\n".join(lines)), verdict.rule, "\n".join(lines), at, path)))
    return tuple(removal for _, _, removal in sorted(ledger, key=itemgetter(0, 1)))
