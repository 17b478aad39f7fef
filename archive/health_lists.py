"""Do a site's feeds and sitemaps still give anything? Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

NO_ANSWER = frozenset({"failed", "truncated"})


@dataclass(frozen=True, slots=True)
class Listed:
    """One visit to a feed or sitemap: how many ``entries`` it gave, ``None`` if what came was no such list."""

    kind: str
    outcome: str
    status: int | None = None
    entries: int | None = None
    detail: str | None = None

    @property
    def gave(self) -> bool:
        """Whether it gave entries, or said that it gives what it gave before."""
        return self.outcome == "not_modified" or bool(self.entries)


@dataclass(frozen=True, slots=True)
class ListState:
    """A feed or sitemap: entries at the last visit and usually, and what is wrong, if anything is."""

    url: str
    kind: str
    entries: int | None
    usual: float | None
    problem: str | None = None


def _problem(visits: Sequence[Listed], fewest: int) -> str | None:
    """What is wrong with a list that was visited so, the last visit last."""
    last, gave = visits[-1], [visit for visit in visits if visit.gave]
    if last.gave or len(gave) < fewest:
        return None
    if last.entries == 0:
        return None if _may_be_empty(visits) else "has no entries any more"
    if last.outcome in NO_ANSWER or last.outcome == "http_error":
        return f"fails: {last.detail or last.status or last.outcome}"
    if last.outcome == "gone":
        return f"is gone ({last.status})" if last.status else "is gone"
    return f"is no {last.kind} any more" if last.outcome not in ("denied", "refused") else f"is {last.outcome}"


def _may_be_empty(visits: Sequence[Listed]) -> bool:
    """Whether a sitemap drops what is old, as those of news do, and so may be empty when there is no news."""
    counts = [visit.entries for visit in visits[:-1] if visit.entries is not None]
    return visits[-1].kind == "sitemap" and any(after < before for before, after in pairwise(counts))


def judge_lists(visits_by_run: Sequence[Mapping[str, Listed]], fewest: int) -> tuple[ListState, ...]:
    """The state of each list that the last run visited; one that gave in fewer than ``fewest`` runs has no problem."""
    states = []
    for url, last in sorted(visits_by_run[-1].items()):
        visits = [visit for each in visits_by_run if (visit := each.get(url))]
        counts = [visit.entries for visit in visits[:-1] if visit.entries]
        known = next((visit.entries for visit in reversed(visits) if visit.entries is not None), None)
        entries = known if last.outcome == "not_modified" else last.entries
        states.append(ListState(url, last.kind, entries, median(counts) if counts else None, _problem(visits, fewest)))
    return tuple(states)
