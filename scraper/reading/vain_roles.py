"""Names that say nothing: an element that holds most of a page's prose is not what it is called.

``off-canvas-wrap`` and ``has-sidebar`` stand on wrappers of whole pages; the story inside is no navigation for that.
"""

from itertools import accumulate

from scraper.reading.kinds import PARAGRAPH
from scraper.reading.outline import Outline

LEAST_PROSE = 80  # characters of a paragraph that counts
MOST = 0.5  # of the page's prose, beyond which a name is vain


def without_vain_roles(found: Outline) -> Outline:
    """``found``, its roles taken back where the element that they come from holds most of the prose."""
    nodes = found.nodes
    named = [
        at
        for at, node in enumerate(nodes)
        if node.role is not None and (node.parent < 0 or nodes[node.parent].role is not node.role)
    ]
    if not named:
        return found
    prose = [0] * len(nodes)
    for passage in found.passages:
        size = len(passage.text)
        if passage.kind is PARAGRAPH and size >= LEAST_PROSE and passage.linked < 0.4 * size:
            prose[passage.node] += size
    before = [0, *accumulate(prose)]  # the prose of all nodes before an index
    for at in named:
        if before[nodes[at].end] - before[at] > MOST * before[-1]:
            _take_back(found, at, nodes[at].end)
    return found


def _take_back(found: Outline, at: int, end: int) -> None:
    """Give what inherited the role of the node ``at`` the role of its parent; ``end`` is after its last node."""
    nodes = found.nodes
    vain, above = nodes[at].role, nodes[nodes[at].parent].role if nodes[at].parent >= 0 else None
    for node in nodes[at:end]:
        if node.role is vain:
            node.role = above
    for passage in found.passages:
        if at <= passage.node < end and passage.role is vain:
            passage.role = above
