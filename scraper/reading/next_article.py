"""Another article that a page goes on with below its own, as pages do that scroll without end."""

from collections.abc import Collection, Sequence

from archive.records import RemovalKind
from scraper.reading.kinds import HEADING
from scraper.reading.outline import Outline
from scraper.reading.story import Verdict

NEXT = Verdict(RemovalKind.RELATED, "next-article")


def _article_of(found: Outline, at: int) -> int:
    """The innermost ``article`` element around the node ``at``, or -1."""
    while at >= 0 and found.nodes[at].tag != "article":
        at = found.nodes[at].parent
    return at


def _inside(found: Outline, tops: Collection[int]) -> bytearray:
    """For each node whether it is one of ``tops`` or stands in one."""
    flags = bytearray(len(found.nodes))
    done = 0
    for top in sorted(tops):
        if top >= done:
            done = found.nodes[top].end
            flags[top:done] = b"\1" * (done - top)
    return flags


def without_next_articles(found: Outline, verdicts: Sequence[Verdict], place: int | None) -> Sequence[Verdict]:
    """The verdicts, with every later ``article`` taken out that has a headline like the page's own, at ``place``."""
    own = _article_of(found, found.passages[place].node) if place is not None else -1
    if place is None or own < 0 or found.passages[place].level != 1:
        return verdicts
    end = found.nodes[own].end
    others = {
        other
        for passage in found.passages[place + 1 :]
        if passage.kind is HEADING
        and passage.level == 1
        and passage.node >= end
        and (other := _article_of(found, passage.node)) >= end
    }
    if not others:
        return verdicts
    inside = _inside(found, others)
    return [
        NEXT if verdict.kind is None and inside[passage.node] else verdict
        for passage, verdict in zip(found.passages, verdicts, strict=True)
    ]
