"""When to look at an address again. Pure: times in, time out.

How often something changes is estimated from the looks at it, which miss what changes twice between two of them. The
estimator is the bias-reduced one of Cho and Garcia-Molina, "Estimating frequency of change" (ACM Transactions on
Internet Technology 3, 2003): of ``n`` looks at an interval ``I``, of which ``X`` found a change, the rate is
``-log((n - X + 0.5) / (n + 0.5)) / I``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.records import Outcome
from archive.times import moment_of, to_text
from scraper.discovery.found import Target

RECENT = timedelta(days=7)  # what is younger, or changed less long ago, is looked at on each run
SHARE_OF_AGE = 0.1  # an article of 70 days waits 7 days
LONGEST = timedelta(days=90)
CHANGES_A_WAIT = 0.1  # changes to be expected between two looks: nine in ten are seen one by one
SHORTEST = timedelta(hours=1)  # what changes so often that it would wait less is looked at on each run
PRIOR_LOOKS = 5  # how many looks at an article weigh as much as what is known of its site
SECOND = 1 / 86_400  # days; what is closer says nothing of a rate
FEWEST_LOOKS = 3  # at a list, before its rhythm is believed
QUIET_SHARE = 0.5  # of the time for which a list did not change
MOST_QUIET = {  # how long a list that does not change waits at most
    Target.HUB: timedelta(days=1),
    Target.FEED: timedelta(days=1),
    Target.SITEMAP: timedelta(days=7),
}
# What may be for the moment: such an address is asked again after as long as it has been known, at most as below.
PASSING = frozenset((Outcome.WALL, Outcome.CHALLENGE, Outcome.SOFT_404))
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


@dataclass(frozen=True, slots=True)
class Looks:
    """How something changes: looks after the first, those that found a change, days from first to last."""

    count: int = 0
    changed: int = 0
    days: float = 0.0

    @property
    def rate(self) -> float:
        """Changes a day."""
        if self.count < 1 or self.days <= 0 or not self.changed:
            return 0.0
        unchanged = max(self.count - self.changed, 0)
        return -math.log((unchanged + 0.5) / (self.count + 0.5)) / (max(self.days, SECOND) / self.count)


NEVER = Looks()


def rate_of(own: Looks, site: Looks) -> float:
    """Changes a day of an article: what its own looks say, and what its site's say as long as they are few."""
    weight = own.count / (own.count + PRIOR_LOOKS)
    return weight * own.rate + (1 - weight) * site.rate


def _article_wait(visited: datetime, stirred: datetime) -> timedelta:
    age = max(visited - stirred, timedelta(0))
    return timedelta(0) if age <= RECENT else min(age * SHARE_OF_AGE, LONGEST)


def due_at(
    outcome: Outcome,
    visited_at: str,
    *,
    stirred_at: str | None = None,
    found_at: str | None = None,
    first: bool = False,
    rate: float = 0.0,
    longest: float | None = None,
) -> str:
    """When an address that was visited at ``visited_at`` with ``outcome`` is due again.

    ``stirred_at`` is when an article last gave news of itself: its publication, its last edit or, if neither is
    known, when it was first seen. Young and lately changed articles are due at once, which means on the next run;
    the others wait a tenth of their age, at most 90 days. So is every article after its ``first`` visit, however old:
    one look alone says nothing about how it changes. One that changes at a ``rate`` (a day) is due when a tenth of a
    change is to be expected, if that is sooner, and no later than ``longest`` seconds. An article that is hidden for
    once, behind a wall or a 404, waits no longer than it would have, for what was edited meanwhile is to be seen. Where
    a wall is all that was seen since the address was ``found_at``, it waits as long as that, twice as long each time.

    >>> due_at(Outcome.ARTICLE, "2026-03-12T00:00:00.000Z", stirred_at="2026-01-01")
    '2026-03-19T00:00:00.000Z'
    """
    visited = moment_of(visited_at)
    if first and outcome is Outcome.ARTICLE:
        return to_text(visited)
    if stirred_at is None:
        wait = WAITS.get(outcome, timedelta(0))
        if found_at is not None and outcome in PASSING:
            wait = min(wait, visited - moment_of(found_at))
        return to_text(visited + wait if wait >= SHORTEST else visited)
    wait = _article_wait(visited, moment_of(stirred_at))
    if rate * LONGEST.days > CHANGES_A_WAIT:
        sooner = timedelta(days=CHANGES_A_WAIT / rate)
        wait = min(wait, sooner if sooner >= SHORTEST else timedelta(0))
    if longest is not None:
        wait = min(wait, timedelta(seconds=longest))
    if outcome not in (Outcome.ARTICLE, Outcome.NOT_MODIFIED):
        wait = min(wait, WAITS.get(outcome, timedelta(0)))
    return to_text(visited + wait)


def list_due_at(target: Target, looks: Sequence[tuple[str, bool]]) -> str:
    """When a list is due again, given its looks, the newest first: when each was, and whether it found a change.

    Lists are looked at on each run. One that did not change for long waits half of that time, at most a day, a sitemap
    a week: what lists the past is rarely worth a request.
    """
    visited = moment_of(looks[0][0])
    still = next((place for place, (_, changed) in enumerate(looks) if changed), len(looks) - 1)
    if still < FEWEST_LOOKS:
        return to_text(visited)
    quiet = visited - moment_of(looks[still][0])
    wait = min(quiet * QUIET_SHARE, MOST_QUIET.get(target, timedelta(0)))
    return to_text(visited + wait if wait >= SHORTEST else visited)
