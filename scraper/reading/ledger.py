"""The removal ledger: every passage and part that was stripped, grouped by the element that it stood in."""

from collections.abc import Sequence
from operator import itemgetter

from lxml.etree import _Element as Element

from archive.records import Removal
from scraper.reading.outline import Cut, Node, Outline
from scraper.reading.story import OUTSIDE, Verdict


def path_of(element: Element) -> str:
    """The tag path of an element with its first class, such as ``body/main/aside.related``."""
    steps: list[str] = []
    current: Element | None = element
    while current is not None and current.tag != "html" and len(steps) < 40:
        names = (current.get("class") or "").split()
        steps.append(f"{current.tag}.{names[0]}" if names and current is element else str(current.tag))
        current = current.getparent()
    return "/".join(reversed(steps))


def _tops(nodes: Sequence[Node], container: int) -> list[int]:
    """For each node outside the story the outermost element that stands beside it: one removal each."""
    spine = set()
    index = container
    while index >= 0:
        spine.add(index)
        index = nodes[index].parent
    tops = list(range(len(nodes)))
    for index, node in enumerate(nodes):
        if index not in spine and node.parent >= 0 and node.parent not in spine:
            tops[index] = tops[node.parent]
    return tops


def _from_cut(cut: Cut) -> Removal:
    return Removal(cut.kind, cut.rule, cut.text, cut.at, path_of(cut.element))


def removals_of(found: Outline, container: int, verdicts: Sequence[Verdict]) -> tuple[Removal, ...]:
    """Everything that was stripped, in page order; what stood outside the story is one removal per element."""
    tops = _tops(found.nodes, container)
    taken: list[tuple[int, Verdict, Element, list[str]]] = []
    group: tuple[int, Verdict] | None = None
    for at, (passage, verdict) in enumerate(zip(found.passages, verdicts, strict=True)):
        is_outside = verdict.rule == OUTSIDE.rule
        top = tops[passage.node] if is_outside else passage.node
        if is_outside and group == (top, verdict):
            taken[-1][3].append(passage.text)
        elif verdict.kind is not None:
            taken.append((at, verdict, found.nodes[top].element, [passage.text]))
        group = (top, verdict)
    ledger = [(cut.at, 0, _from_cut(cut)) for cut in found.cuts]
    for at, verdict, element, lines in taken:
        assert verdict.kind is not None
        ledger.append((at, 1, Removal(verdict.kind, verdict.rule, "\n".join(lines), at, path_of(element))))
    return tuple(removal for _, _, removal in sorted(ledger, key=itemgetter(0, 1)))
