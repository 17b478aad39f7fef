"""Judging a site by its own past: what is an alarm, and what is only a quiet day."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.health import FEWEST_RUNS, SiteHealth, SiteRun, judge_site
from archive.health_lists import Listed, judge_lists
from archive.health_rhythm import Silence, silence_of

FEED = "https://tidewater.example/feed"


def day_run(day: int, **values: list[float]) -> SiteRun:
    visits = sum(map(len, values.values()))
    return SiteRun(run_id=str(day), at=f"2026-01-{day:02}T06:00:00.000Z", visits=visits, answered=visits, values=values)


def usual_runs(count: int, seed: int = 1, pages: int = 6) -> list[SiteRun]:
    """Runs of a site that does well, with what pages vary by anyway."""
    chance = Random(seed)

    def share(likely: float) -> list[float]:
        return [float(chance.random() < likely) for _ in range(pages)]

    return [
        day_run(
            day,
            fresh=share(0.97),
            known=[1.0] * 30,
            words=[chance.lognormvariate(6, 0.5) for _ in range(pages)],
            headline=[1.0] * pages,
            authors=share(0.8),
            published_at=[1.0] * pages,
            standfirst=share(0.5),
        )
        for day in range(1, count + 1)
    ]


def alarmed(health: SiteHealth) -> list[str]:
    return [alarm.measure for alarm in health.alarms]


@pytest.mark.parametrize("pages", [1, 2, 4, 12])
def test_a_site_that_does_well_raises_next_to_nothing(pages: int) -> None:
    """What pages vary by anyway, by chance, is taken for an alarm in less than one run of a hundred."""
    raised = 0
    for seed in range(20):
        runs = usual_runs(24, seed, pages)
        for count in range(1, 25):
            health = judge_site("tidewater.example", runs[:count])
            raised += len(health.alarms)
            assert (health.state == "young") == (count <= FEWEST_RUNS)
    assert raised < 20 * 24 / 100


@given(st.integers(0, 10_000), st.integers(FEWEST_RUNS, 20), st.sampled_from(["known", "headline", "published_at"]))
def test_what_collapses_is_named(seed: int, count: int, measure: str) -> None:
    runs = usual_runs(count, seed)
    last = day_run(count + 1, **{measure: [0.0] * 6})
    assert measure in alarmed(judge_site("tidewater.example", [*runs, last]))  # another may be due to chance


def test_texts_that_collapse_or_explode() -> None:
    runs = usual_runs(8)
    for words in (20.0, 9_000.0):
        (alarm,) = judge_site("tidewater.example", [*runs, day_run(9, words=[words] * 6)]).alarms
        assert alarm.line().startswith(f"tidewater.example: alarm: words: {words:.0f} words an article, usually 3")
    assert alarmed(judge_site("tidewater.example", [*runs, day_run(9, words=[250.0, 180, 800, 320, 260, 300])])) == []


def test_a_young_site_raises_nothing() -> None:
    runs = [*usual_runs(FEWEST_RUNS - 1), day_run(9, fresh=[0.0] * 9, words=[1.0] * 9)]
    health = judge_site("tidewater.example", runs)
    assert (health.state, alarmed(health)) == ("young", [])


def test_a_few_pages_without_authors_are_no_alarm_and_an_alarm_lasts_until_it_is_mended() -> None:
    runs = usual_runs(6, seed=2)
    assert alarmed(judge_site("tidewater.example", [*runs, day_run(7, authors=[0.0] * 3)])) == []
    broken = [day_run(day, authors=[0.0] * 6) for day in range(7, 27)]
    assert alarmed(judge_site("tidewater.example", [*runs, *broken])) == ["authors"], "it never becomes what is usual"
    quiet = day_run(27, known=[1.0] * 9)
    health = judge_site("tidewater.example", [*runs, *broken, quiet])
    assert [(alarm.measure, alarm.is_latest) for alarm in health.alarms] == [("authors", False)]
    assert alarmed(judge_site("tidewater.example", [*runs, *broken, quiet, day_run(28, authors=[1.0] * 2)])) == []


def test_runs_with_one_page_each_are_judged_together() -> None:
    chance = Random(3)
    runs = [day_run(day, headline=[1.0], words=[chance.lognormvariate(6, 0.4)]) for day in range(1, 16)]
    lost = [day_run(day, headline=[0.0]) for day in range(16, 21)]
    assert [len(judge_site("s.example", [*runs, *lost[:count]]).alarms) for count in range(6)] == [0, 0, 0, 1, 1, 1]


def test_what_the_pages_came_to_is_told() -> None:
    wall = SiteRun(run_id="9", at="2026-01-09", visits=4, answered=4, values={"known": [0.0] * 4},
                   outcomes={"known": Counter(wall=3, thin=1)})  # fmt: skip
    (alarm,) = judge_site("tidewater.example", [*usual_runs(5), wall]).alarms
    assert alarm.told == "0% of known articles are still articles, usually 100% (4 pages: 3 wall, 1 thin)"


def listed(*entries: int | None, kind: str = "feed") -> list[dict[str, Listed]]:
    return [{FEED: Listed(kind, "not_modified" if count is None else "fetched", 200, count)} for count in entries]


@pytest.mark.parametrize(
    ("visits", "problem"),
    [
        (listed(12, None, 12, 12), None),
        (listed(12, None, 12, 0), "has no entries any more"),
        (listed(0, 0, 0, 0), None),
        (listed(12, 12, 0), None),  # young
        (listed(40, 38, 41, 0, kind="sitemap"), None),  # of news: it drops what is old
        (listed(40, 40, 41, 0, kind="sitemap"), "has no entries any more"),
        ([*listed(9, 9, 9), {FEED: Listed("feed", "failed", None, None, "timed out")}], "fails: timed out"),
        ([*listed(9, 9, 9), {FEED: Listed("feed", "gone", 404)}], "is gone (404)"),
        ([*listed(9, 9, 9), {FEED: Listed("feed", "fetched", 200)}], "is no feed any more"),
        ([*listed(9, 9, 9), {FEED: Listed("feed", "denied")}], "is denied"),
    ],
)
def test_feeds_and_sitemaps(visits: list[dict[str, Listed]], problem: str | None) -> None:
    (state,) = judge_lists(visits, FEWEST_RUNS)
    assert state.problem == problem


def test_a_list_that_is_not_visited_any_more_is_not_judged() -> None:
    assert judge_lists([*listed(9, 9, 9), {}], FEWEST_RUNS) == ()


def moments(*days: float) -> list[str]:
    begin = datetime.fromisoformat("2026-01-05T06:00:00+00:00")  # a Monday
    return [(begin + timedelta(days=day)).isoformat() for day in days]


WORKDAYS = [week * 7 + day for week in range(4) for day in range(5)]


@pytest.mark.parametrize(
    ("arrivals", "looks", "is_long"),
    [
        (WORKDAYS, range(28), False),  # a weekend
        (WORKDAYS, range(32), False),  # and a holiday after it
        (WORKDAYS, range(34), True),
        (WORKDAYS, [*range(25), 40], False),  # the crawl was off: one look is no silence
        ([hour / 24 for hour in range(200)], [hour / 24 for hour in range(290)], False),
        ([hour / 24 for hour in range(200)], [hour / 24 for hour in range(300)], True),
        (range(0, 210, 30), range(230), False),  # a monthly
        (range(0, 210, 30), range(245), True),
    ],
)
def test_silence_is_judged_by_the_sites_own_rhythm(arrivals: list[float], looks: list[float], is_long: bool) -> None:
    silence = silence_of(moments(*arrivals), moments(*looks))
    assert silence is not None
    assert silence.is_long is is_long


def test_a_silence_is_an_alarm_in_words_and_none_without_a_rhythm() -> None:
    assert silence_of(moments(1, 2, 3), moments(1, 2, 3, 99)) is None
    assert silence_of(moments(*range(9)), []) is None
    silence = Silence("2026-01-30T06:00:00+00:00", timedelta(days=7), timedelta(days=3), 7)
    (alarm,) = judge_site("tidewater.example", usual_runs(6), silence).alarms
    assert alarm.told == "nothing new since 2026-01-30, for 7 days; usually it is 3 days at most"
