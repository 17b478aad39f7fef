"""Template drift: the same piece of a difference on many articles at once is the template's, no edit. Pure.

A step from one version to the next happened at some moment between the last visit that saw the old one and the first
that saw the new. A piece drifts at a moment that lies within the steps of many articles: of at least ``FEWEST``, and of
a ``SHARE`` of all that were visited both before and after that moment. The rest of the site bears witness: what an
editor does to five stories of a day is seldom on a fifth of what was looked at.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.times import to_text

FEWEST = 5  # articles
SHARE = 0.2
SPREAD = timedelta(days=1)  # for which caches, and one server after another, may still give the old pages


@dataclass(frozen=True, slots=True)
class Step:
    """A version's beginning: seen at ``until``, while at ``since`` the one before was seen for the last time."""

    article_id: str
    since: str
    until: str
    marks: tuple[int, ...]

    @property
    def end(self) -> str:
        """The last moment, exclusive, at which the template may have changed."""
        return to_text(datetime.fromisoformat(self.until) + SPREAD)


@dataclass(frozen=True, slots=True)
class Drift:
    """A piece that drifts, by its mark, at all moments of ``[since, until)``: at most on ``articles`` of ``seen``."""

    mark: int
    since: str
    until: str
    articles: int
    seen: int


class Lives:
    """How many articles were visited both before and after a moment."""

    def __init__(self, lives: Iterable[tuple[str, str]]) -> None:
        """``lives`` are the first and the last time that each article was seen."""
        pairs = list(lives)
        self._first, self._last = sorted(first for first, _ in pairs), sorted(last for _, last in pairs)

    def across(self, moment: str) -> int:
        """The number at that moment."""
        return bisect_right(self._first, moment) - bisect_right(self._last, moment)


def drifting(steps: Iterable[Step], lives: Iterable[tuple[str, str]]) -> list[Drift]:
    """Every piece that drifts, in order of mark and time."""
    by_mark: defaultdict[int, list[Step]] = defaultdict(list)
    for step in steps:
        for mark in step.marks:
            by_mark[mark].append(step)
    common = {mark: found for mark, found in by_mark.items() if len({step.article_id for step in found}) >= FEWEST}
    alive = Lives(lives) if common else Lives(())
    return [drift for mark in sorted(common) for drift in _drifts(mark, common[mark], alive)]


def _drifts(mark: int, steps: Sequence[Step], lives: Lives) -> Iterator[Drift]:
    """The times at which one piece drifts: those next to each other are one."""
    current: Drift | None = None
    for since, until, articles in _counted(steps):
        seen = lives.across(since)
        if articles >= max(FEWEST, SHARE * seen):
            if current is None:
                current = Drift(mark, since, until, articles, seen)
            else:
                most = (articles, seen) if articles > current.articles else (current.articles, current.seen)
                current = Drift(mark, current.since, until, *most)
        elif current is not None:
            yield current
            current = None
    if current is not None:
        yield current


def _counted(steps: Sequence[Step]) -> Iterator[tuple[str, str, int]]:
    """From, to, and on how many articles, between all moments at which that number may change."""
    events = sorted(
        [(step.since, 1, step.article_id) for step in steps] + [(step.end, -1, step.article_id) for step in steps]
    )
    under_way: Counter[str] = Counter()
    for place, (moment, change, article_id) in enumerate(events):
        under_way[article_id] += change
        if not under_way[article_id]:
            del under_way[article_id]
        if place + 1 < len(events) and events[place + 1][0] > moment:
            yield moment, events[place + 1][0], len(under_way)


def marks_that_drift(step: Step, drifts: Iterable[Drift]) -> frozenset[int]:
    """Those of the step's marks that drift at a moment when it may have happened."""
    end = step.end
    return frozenset(
        each.mark for each in drifts if each.mark in step.marks and each.since < end and step.since < each.until
    )
