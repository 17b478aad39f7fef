"""When to look at an address again. Pure: times in, time out."""

from datetime import UTC, datetime, timedelta

from archive.records import Outcome
from archive.times import to_text

RECENT = timedelta(days=7)  # what is younger, or changed less long ago, is looked at on each run
SHARE_OF_AGE = 0.1  # an article of 70 days waits 7 days
LONGEST = timedelta(days=90)
# How long what is no article waits. Nothing here is forever: sites mend their errors and open their walls.
WAITS = {
    Outcome.HUB: timedelta(0),
    Outcome.FETCHED: timedelta(0),
    Outcome.NOT_MODIFIED: timedelta(0),
    Outcome.FAILED: timedelta(0),
    Outcome.HTTP_ERROR: timedelta(0),
    Outcome.TRUNCATED: timedelta(0),
    Outcome.WALL: timedelta(days=1),
    Outcome.CHALLENGE: timedelta(days=1),
    Outcome.GONE: timedelta(days=7),
    Outcome.SOFT_404: timedelta(days=7),
    Outcome.DENIED: timedelta(days=1),
    Outcome.REFUSED: timedelta(days=7),
    Outcome.REDIRECT_LOOP: timedelta(days=7),
    Outcome.TOO_LARGE: timedelta(days=7),
    Outcome.THIN: timedelta(days=7),
    Outcome.UNREADABLE: timedelta(days=30),
}


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _article_wait(visited: datetime, stirred: datetime) -> timedelta:
    age = max(visited - stirred, timedelta(0))
    return timedelta(0) if age <= RECENT else min(age * SHARE_OF_AGE, LONGEST)


def due_at(outcome: Outcome, visited_at: str, *, stirred_at: str | None = None, first: bool = False) -> str:
    """When an address that was visited at ``visited_at`` with ``outcome`` is due again.

    ``stirred_at`` is when an article last gave news of itself: its publication, its last edit or, if neither is
    known, when it was first seen. Young and lately changed articles are due at once, which means on the next run;
    the others wait a tenth of their age, at most 90 days. So is every article after its ``first`` visit, however old:
    one look alone says nothing about how it changes.

    >>> due_at(Outcome.ARTICLE, "2026-03-12T00:00:00.000Z", stirred_at="2026-01-01")
    '2026-03-19T00:00:00.000Z'
    """
    visited = _moment(visited_at)
    if outcome is Outcome.ARTICLE and first:
        return to_text(visited)
    if outcome in (Outcome.ARTICLE, Outcome.NOT_MODIFIED) and stirred_at is not None:
        return to_text(visited + _article_wait(visited, _moment(stirred_at)))
    return to_text(visited + WAITS.get(outcome, timedelta(0)))
