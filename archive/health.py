"""Does a site still give what it used to give? Pure: what its runs brought in, figures and alarms out.

Each measure is compared with the site's own past. Runs are joined until they hold enough values, so that one page
decides nothing; what is usual is the median of those batches, and how far they stray their median absolute deviation
(Hampel 1974, "The influence curve and its role in robust estimation"), or the error of so small a sample where that is
more. An alarm takes an outlier by Iglewicz and Hoaglin (1993, "How to Detect and Handle Outliers": 3.5) that is also
less than half of what is usual, or more than three times as much. A batch that raises an alarm is no part of what is
usual later. Lengths are compared by their logarithms: those of texts are about log-normal.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import expm1, log1p
from statistics import fmean, median

from archive.health_lists import Listed, ListState, judge_lists
from archive.health_rhythm import Silence

FEWEST_RUNS = 3  # before this one: a site with fewer is young, and raises nothing
OUTLIER = 3.5
NORMAL = 1.4826  # a median absolute deviation as a standard deviation, for a normal distribution
MEDIAN_ERROR = 1.2533  # the error of a median, in those of a mean, for a normal distribution
COLLAPSED, EXPLODED = 0.5, 3.0  # of what is usual
LEAST_STRAY = 0.4  # of the logarithm of a length: a site whose texts are all of one length may still print another


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is watched: the mean of noughts and ones, or if it is no ``share`` the median of logarithms.

    ``fewest`` is how many values there must be to judge, and to judge by: everything that turns into something else at
    once is plain with few; three reports of an agency without authors mean nothing.
    """

    name: str
    told: str
    fewest: int = 5
    share: bool = True


MEASURES = (
    Measure("fresh", "of new addresses are articles", fewest=3),
    Measure("known", "of known articles are still articles", fewest=3),
    Measure("words", "words an article", share=False),
    Measure("headline", "of new readings have a headline"),
    Measure("authors", "of new readings have authors"),
    Measure("published_at", "of new readings have a publication time"),
    Measure("standfirst", "of new readings have a standfirst"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRun:
    """What one run brought of one site.

    ``values`` are those of each measure, one a page; ``lists`` the visits to its feeds and sitemaps, by address;
    ``outcomes`` what the pages came to that are no articles, by measure. ``removed`` is the share of the characters of
    its new readings' pages that was stripped, by kind of removal.
    """

    run_id: str
    at: str
    visits: int = 0
    answered: int = 0
    discovered: int = 0
    new: int = 0
    values: Mapping[str, Sequence[float]] = field(default_factory=dict)
    outcomes: Mapping[str, Counter[str]] = field(default_factory=dict)
    lists: Mapping[str, Listed] = field(default_factory=dict)
    removed: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """A measure now, what is usual, and how far that strays, of a length by its logarithm.

    ``verdict`` is ``well``, ``low``, ``high`` or ``young``. ``readings`` is how many values were judged, of which
    ``latest`` come from the last run.
    """

    verdict: str = "young"
    now: float | None = None
    usual: float | None = None
    stray: float | None = None
    readings: int = 0
    latest: int = 0


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is wrong with a site: which measure, which address if it is about one, and the whole in words.

    ``is_latest`` says that the last run itself showed it, and not only one before.
    """

    site: str
    measure: str
    told: str
    url: str | None = None
    is_latest: bool = True

    def line(self) -> str:
        """``ledger.example: alarm: words: 12 words an article, usually 410 …``."""
        return f"{self.site}: alarm: {self.measure}: {self.told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHealth:
    """A site, as its runs, the oldest first, show it. ``state`` is ``young``, ``well`` or ``alarm``."""

    site: str
    runs: Sequence[SiteRun]
    measures: Mapping[str, Judged] = field(default_factory=dict)
    lists: Sequence[ListState] = ()
    silence: Silence | None = None
    alarms: Sequence[Alarm] = ()

    @property
    def state(self) -> str:
        """In one word."""
        return "young" if len(self.runs) <= FEWEST_RUNS else "alarm" if self.alarms else "well"


def _batches(measure: Measure, runs: Sequence[SiteRun]) -> list[list[float]]:
    """The values of a measure, the oldest first, runs joined so that each batch has enough; the newest are the last."""
    found: list[list[float]] = []
    batch: list[float] = []
    for run in reversed(runs):
        batch = [*run.values.get(measure.name, ()), *batch]
        if len(batch) >= measure.fewest:
            found.append(batch)
            batch = []
    if batch:
        found.append(batch + found.pop() if found else batch)
    found.reverse()
    return found if measure.share else [[log1p(value) for value in batch] for batch in found]


def deviation(values: Sequence[float]) -> float:
    """The median absolute deviation, as a standard deviation."""
    middle = median(values)
    return NORMAL * median(abs(value - middle) for value in values)


def _error(measure: Measure, before: Sequence[float], count: int) -> float:
    """How far a batch of so many values may be off what is usual by chance alone, which is known by so many."""
    chance = (1 / count + 1 / len(before)) ** 0.5
    if measure.share:  # with one success and one failure more than were seen, Laplace's rule: so it is never nought
        likely = (sum(before) + 1) / (len(before) + 2)
        return float(chance * (likely * (1 - likely)) ** 0.5)
    return float(chance * MEDIAN_ERROR * max(deviation(before), LEAST_STRAY))


def _compare(measure: Measure, batch: Sequence[float], before: Sequence[Sequence[float]], latest: int) -> Judged:
    middle, plain = (fmean, float) if measure.share else (median, expm1)
    now, pooled = middle(batch), [value for each in before for value in each]
    if len(batch) < measure.fewest or len(pooled) < measure.fewest:
        return Judged("young", plain(now), None, None, len(batch), latest)
    centres = [middle(each) for each in before]
    usual = median(centres)
    stray = max(deviation(centres), _error(measure, pooled, len(batch)))
    score, share = (now - usual) / stray, plain(now) / plain(usual) if plain(usual) else 1.0
    verdict = "low" if score < -OUTLIER and share < COLLAPSED else "well"
    if not measure.share and score > OUTLIER and share > EXPLODED:
        verdict = "high"
    return Judged(verdict, plain(now), plain(usual), stray, len(batch), latest)


def judge(measure: Measure, runs: Sequence[SiteRun]) -> Judged:
    """The measure in the newest batch of values, against all batches before it that were well.

    What is bad in it must be bad in the newest run of it too: a site that has mended is well at once.
    """
    well: list[list[float]] = []
    judged = Judged()
    for batch in _batches(measure, runs):
        judged = _compare(measure, batch, well, len(runs[-1].values.get(measure.name, ())))
        if judged.verdict in ("well", "young"):
            well.append(batch)
    newest = next((values for run in reversed(runs) if (values := run.values.get(measure.name))), ())
    if judged.verdict in ("low", "high") and judged.usual and newest:
        share = (fmean if measure.share else median)(newest) / judged.usual
        if COLLAPSED <= share <= EXPLODED:
            return replace(judged, verdict="well")
    return judged


def _figure(measure: Measure, value: float) -> str:
    return f"{value:.0%}" if measure.share else f"{value:.0f}"


def _outcomes(measure: Measure, runs: Sequence[SiteRun]) -> str:
    """What the newest pages that are no articles came to: ``: 12 wall, 1 thin``."""
    newest = next((run for run in reversed(runs) if run.values.get(measure.name)), None)
    counts = newest.outcomes.get(measure.name, Counter[str]()) if newest else Counter[str]()
    return (
        "".join((": ", ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common(3)))) if counts else ""
    )


def _alarms(
    site: str,
    runs: Sequence[SiteRun],
    measures: Mapping[str, Judged],
    lists: Sequence[ListState],
    silence: Silence | None,
) -> Iterator[Alarm]:
    if runs[-1].visits and not runs[-1].answered:
        yield Alarm(site, "answers", f"none of {runs[-1].visits} visits was answered")
        return
    for measure in MEASURES:
        judged = measures[measure.name]
        if judged.verdict in ("low", "high") and judged.now is not None and judged.usual is not None:
            told = f"{_figure(measure, judged.now)} {measure.told}, usually {_figure(measure, judged.usual)}"
            told += f" ({judged.readings} pages{_outcomes(measure, runs)})"
            yield Alarm(site, measure.name, told, is_latest=judged.latest > 0)
    for state in lists:
        if state.problem:
            yield Alarm(site, state.kind, f"{state.url} {state.problem}", url=state.url)
    if silence is not None and silence.is_long:
        yield Alarm(site, "silence", silence.told())


def judge_site(site: str, runs: Sequence[SiteRun], silence: Silence | None = None) -> SiteHealth:
    """How a site does after ``runs``, the oldest first; there is at least one. A young site raises no alarm."""
    measures = {measure.name: judge(measure, runs) for measure in MEASURES}
    lists = judge_lists([run.lists for run in runs], FEWEST_RUNS)
    is_young = len(runs) <= FEWEST_RUNS
    alarms = () if is_young else tuple(_alarms(site, runs, measures, lists, silence))
    return SiteHealth(site=site, runs=runs, measures=measures, lists=lists, silence=silence, alarms=alarms)
