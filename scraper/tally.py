"""What a run counts while it goes."""

import time
from collections import Counter
from dataclasses import dataclass, field

from archive.records import Outcome, Visit


def is_failure(visit: Visit) -> bool:
    """Whether the server, or the way to it, is to blame for what a visit did not bring."""
    status = visit.capture.status or 0
    return visit.outcome in (Outcome.FAILED, Outcome.TRUNCATED) or status >= 500 or status == 429


@dataclass(slots=True)
class Tally:
    """Counts of visits by outcome. ``failures`` keeps, by site, the reason of the newest visit that failed.

    ``failed`` counts, by site, the visits that brought no answer or one that blames the server (5xx, 429, cut short).
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    visited: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    unrendered: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    started: float = field(default_factory=time.monotonic)

    def count(self, site: str, visit: Visit) -> None:
        """Count one visit of ``site``."""
        self.outcomes[visit.outcome] += 1
        self.visited[site] += 1
        self.bytes += len(visit.body or b"")
        self.unrendered[site] += visit.outcome is Outcome.NEEDS_RENDERING
        answered = visit.capture.status is not None and visit.capture.status < 400
        self.answered[site] += answered
        self.failed[site] += is_failure(visit)
        blamed = not answered and (visit.capture.found_via == "seed" or site not in self.failures)
        if blamed or is_failure(visit):
            self.failures[site] = visit.capture.detail or f"{visit.outcome} ({visit.capture.status})"

    @property
    def visits(self) -> int:
        """All visits so far."""
        return self.outcomes.total()

    @property
    def rate(self) -> float:
        """Visits a second since the start."""
        return self.visits / max(time.monotonic() - self.started, 0.001)

    def line(self) -> str:
        """The counts in one line, for a log."""
        failed = self.outcomes[Outcome.FAILED] + self.outcomes[Outcome.HTTP_ERROR] + self.outcomes[Outcome.TRUNCATED]
        return (
            f"{self.visits} fetched, {self.outcomes[Outcome.ARTICLE]} articles, "
            f"{self.outcomes[Outcome.NOT_MODIFIED]} not modified, {self.outcomes[Outcome.GONE]} gone, "
            f"{failed} failed, {self.bytes / 1e6:.1f} MB, {self.rate:.1f}/s"
        )
