"""Leads with a misleading name: between headline and story stands ``teaser-text``, and it is the story's beginning.

Cards of other articles are named so too, but they have links, headings, pictures with a date; a lead is bare prose.
"""

from collections.abc import Iterator

from archive.records import RemovalKind
from scraper.reading.kinds import PARAGRAPH
from scraper.reading.outline import Outline

MISLEADING = frozenset({RemovalKind.RELATED, RemovalKind.PROMO, RemovalKind.NAVIGATION})
LEAST = 80  # characters of a lead
MOST = 4  # passages in a part that is one
NEAR = 10  # passages below the headline in which a lead stands


def _named_part(found: Outline, at: int) -> int:
    """The outermost node around the node ``at`` that its role comes from."""
    nodes = found.nodes
    while (above := nodes[at].parent) >= 0 and nodes[above].role is nodes[at].role:
        at = above
    return at


def _leads(found: Outline, place: int) -> Iterator[tuple[int, int]]:
    """The nodes that are misnamed leads, each with the node after its last."""
    passages, nodes = found.passages, found.nodes
    for index in range(place + 1, min(place + 1 + NEAR, len(passages))):
        passage = passages[index]
        if passage.kind is not PARAGRAPH or len(passage.text) < LEAST or passage.linked:
            continue
        if passage.role is None:
            return
        if passage.role in MISLEADING:
            at = _named_part(found, passage.node)
            end = nodes[at].end
            inside = [other for other in passages[place + 1 : index + MOST + 1] if at <= other.node < end]
            if len(inside) <= MOST and all(each.kind is PARAGRAPH and not each.linked for each in inside):
                yield at, end


def without_misleading_names(found: Outline, place: int | None) -> Outline:
    """``found``, with the names taken back of bare prose between the headline, at ``place``, and the story."""
    for at, end in list(_leads(found, place)) if place is not None else ():
        for node in found.nodes[at:end]:
            node.role = None
        for passage in found.passages:
            if at <= passage.node < end:
                passage.role = None
    return found
