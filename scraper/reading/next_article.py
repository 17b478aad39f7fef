"""Another article that a page goes on with below its own, as pages do that scroll without end."""

from collections.abc import Sequence

from archive.records import BlockKind, RemovalKind
from scraper.reading.outline import Outline
from scraper.reading.story import Verdict

NEXT = Verdict(RemovalKind.RELATED, "next-article")


def _article_of(found: Outline, at: int) -> int:
    """The innermost ``article`` element around the node ``at``, or -1."""
    while at >= 0 and found.nodes[at].tag != "article":
        at = found.nodes[at].parent
    return at


def without_next_articles(found: Outline, verdicts: Sequence[Verdict], place: int | None) -> Sequence[Verdict]:
    """The verdicts, with every later ``article`` taken out that has a headline like the page's own, at ``place``."""
    own = _article_of(found, found.passages[place].node) if place is not None else -1
    if place is None or own < 0 or found.passages[place].level != 1:
        return verdicts
    end = found.end_of(own)
    spans = [
        (other, found.end_of(other))
        for passage in found.passages[place + 1 :]
        if passage.kind is BlockKind.HEADING
        and passage.level == 1
        and passage.node >= end
        and (other := _article_of(found, passage.node)) >= end
    ]
    if not spans:
        return verdicts
    return [
        NEXT if verdict.kind is None and any(start <= passage.node < stop for start, stop in spans) else verdict
        for passage, verdict in zip(found.passages, verdicts, strict=True)
    ]
