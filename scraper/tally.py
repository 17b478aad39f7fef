"""What a run counts while it goes."""

import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.records import ChangeKind, Outcome, Stored, Visit


def is_failure(visit: Visit) -> bool:
    """Whether the server, or the way to it, is to blame for what a visit did not bring."""
    status = visit.capture.status or 0
    return visit.outcome in (Outcome.FAILED, Outcome.TRUNCATED) or status >= 500 or status == 429


@dataclass(slots=True)
class Counts:
    """One site so far: addresses found, visits made, articles by what became of them, addresses still to be visited."""

    discovered: int = 0
    fetched: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    waiting: int = 0

    def add(self, visit: Visit, stored: Stored | None) -> None:
        """Count one visit, and what storing it did."""
        self.fetched += 1
        self.failed += is_failure(visit)
        if stored is None or stored.article_id is None:
            return
        if stored.change is ChangeKind.NEW:
            self.new += 1
        elif stored.change is ChangeKind.GONE:
            self.gone += 1
        elif stored.change is not None:
            self.changed += 1
        else:
            self.unchanged += visit.outcome in (Outcome.ARTICLE, Outcome.NOT_MODIFIED)

    def __add__(self, other: "Counts") -> "Counts":
        names = self.__slots__
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})

    def __str__(self) -> str:
        return (
            f"{self.discovered} discovered, {self.fetched} fetched, {self.new} new, {self.changed} changed, "
            f"{self.unchanged} unchanged, {self.gone} gone, {self.failed} failed"
        )


@dataclass(slots=True)
class Tally:
    """Counts of visits by outcome and by site. ``failures`` keeps, by site, the reason of the newest that failed.

    ``failed`` counts, by site, the visits that brought no answer or one that blames the server (5xx, 429, cut short).
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    sites: defaultdict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    answered: Counter[str] = field(default_factory=Counter)
    visited: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    unrendered: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    started: float = field(default_factory=time.monotonic)

    def count(self, site: str, visit: Visit, stored: Stored | None = None) -> None:
        """Count one visit of ``site``, and what storing it did."""
        self.outcomes[visit.outcome] += 1
        self.sites[site].add(visit, stored)
        self.visited[site] += 1
        self.bytes += len(visit.body or b"")
        self.unrendered[site] += visit.outcome is Outcome.NEEDS_RENDERING
        answered = visit.capture.status is not None and visit.capture.status < 400
        self.answered[site] += answered
        self.failed[site] += is_failure(visit)
        blamed = not answered and (visit.capture.found_via == "seed" or site not in self.failures)
        if blamed or is_failure(visit):
            self.failures[site] = visit.capture.detail or f"{visit.outcome} ({visit.capture.status})"

    def know(self, discovered: Mapping[str, int], waiting: Mapping[str, int]) -> None:
        """Note how many addresses have been found, and are still to be visited, by site."""
        for site in {*discovered, *waiting}:
            self.sites[site].discovered = discovered.get(site, 0)
            self.sites[site].waiting = waiting.get(site, 0)

    @property
    def total(self) -> Counts:
        """All sites together."""
        return sum(self.sites.values(), Counts())

    @property
    def visits(self) -> int:
        """All visits so far."""
        return self.outcomes.total()

    @property
    def seconds(self) -> float:
        """Since the start."""
        return max(time.monotonic() - self.started, 0.001)

    @property
    def rate(self) -> float:
        """Visits a second since the start."""
        return self.visits / self.seconds

    def line(self) -> str:
        """The counts in one line, for a log."""
        return f"{self.total}, {self.bytes / 1e6:.1f} MB, {self.rate:.1f}/s"
