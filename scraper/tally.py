"""What a run counts while it goes."""

import time
from collections import Counter
from dataclasses import dataclass, field

from archive.records import Outcome, Visit


@dataclass(slots=True)
class Tally:
    """Counts of visits by outcome. ``failures`` keeps, by site, the reason of the newest visit without an answer."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    bytes: int = 0
    started: float = field(default_factory=time.monotonic)

    def count(self, site: str, visit: Visit) -> None:
        """Count one visit of ``site``."""
        self.outcomes[visit.outcome] += 1
        self.bytes += len(visit.body or b"")
        if visit.capture.status is not None and visit.capture.status < 400:
            self.answered[site] += 1
        elif visit.capture.found_via == "seed" or site not in self.failures:
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
