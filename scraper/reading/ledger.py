"""The removal ledger: every passage and part that was stripped, grouped by the element that it stood in."""

from collections.abc import Sequence
from dataclasses import replace
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
    ledger: list[tuple[int, int, Removal]] = [(cut.at, 0, _from_cut(cut)) for cut in found.cuts]
    group: tuple[int, Verdict] | None = None
    for at, (passage, verdict) in enumerate(zip(found.passages, verdicts, strict=True)):
        if verdict.kind is None:
            group = None
            continue
        top = tops[passage.node]
        if group == (top, verdict) and verdict.rule == OUTSIDE.rule:
            place, order, removal = ledger[-1]
            ledger[-1] = (place, order, replace(removal, text=f"{removal.text}\n{passage.text}"))
            continue
        element = found.nodes[top if verdict.rule == OUTSIDE.rule else passage.node].element
        ledger.append((at, 1, Removal(verdict.kind, verdict.rule, passage.text, at, path_of(element))))
        group = (top, verdict)
    return tuple(removal for _, _, removal in sorted(ledger, key=itemgetter(0, 1)))
