"""When to look again: the estimate of how often something changes, and what a crawl makes of it."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Outcome
from scraper.discovery.found import Target
from scraper.revisit import NEVER, Looks, due_at, list_due_at, rate_of
from scraper.sites import site_for
from tests.crawl.conftest import Crawl
from tests.crawl.newsroom import Newsroom, article, hub

Rows = Callable[..., list[tuple[Any, ...]]]
VISIT = "2026-03-12T00:00:00.000Z"
OLD = "2025-03-12"


def test_the_rate_is_that_of_the_bias_reduced_estimator():
    assert Looks(10, 3, 10.0).rate == pytest.approx(-math.log(7.5 / 10.5))
    assert Looks(10, 3, 20.0).rate == pytest.approx(-math.log(7.5 / 10.5) / 2)
    assert Looks(10, 0, 10.0).rate == 0.0
    assert NEVER.rate == 0.0
    assert Looks(4, 4, 4.0).rate < 3, "a change at every look is not an endless rate"


@given(st.integers(0, 500), st.integers(0, 500), st.floats(0, 5000))
def test_rates_are_never_below_nothing(count: int, changed: int, days: float):
    assert 0 <= Looks(count, changed, days).rate < math.inf


def test_the_site_speaks_for_an_article_until_it_has_its_own_history():
    busy = Looks(1000, 400, 1000.0)
    assert rate_of(NEVER, busy) == busy.rate
    assert rate_of(Looks(5, 0, 5.0), busy) == pytest.approx(busy.rate / 2)
    assert rate_of(Looks(500, 0, 500.0), busy) < busy.rate / 50


def test_what_changes_often_is_due_sooner():
    quiet = due_at(Outcome.ARTICLE, VISIT, stirred_at=OLD)
    busy = due_at(Outcome.ARTICLE, VISIT, stirred_at=OLD, rate=0.5)
    assert VISIT < busy < quiet
    assert busy == "2026-03-12T04:48:00.000Z"
    assert due_at(Outcome.NOT_MODIFIED, VISIT, stirred_at=OLD, longest=3600) == "2026-03-12T01:00:00.000Z"


def test_an_article_that_is_hidden_is_looked_at_as_if_it_were_not():
    for outcome in (Outcome.WALL, Outcome.SOFT_404, Outcome.GONE, Outcome.CHALLENGE):
        assert due_at(outcome, VISIT, stirred_at="2026-03-10") == VISIT
        assert due_at(outcome, VISIT, stirred_at=OLD) > VISIT
        assert due_at(outcome, VISIT, stirred_at=OLD) <= due_at(outcome, VISIT)


def test_a_wall_that_may_be_passing_is_looked_at_again_and_less_often_each_time():
    assert due_at(Outcome.WALL, VISIT, found_at=VISIT) == VISIT
    assert due_at(Outcome.CHALLENGE, VISIT, found_at="2026-03-11T12:00:00.000Z") == "2026-03-12T12:00:00.000Z"
    assert due_at(Outcome.WALL, VISIT, found_at=OLD) == due_at(Outcome.WALL, VISIT) == "2026-03-13T00:00:00.000Z"
    assert due_at(Outcome.GONE, VISIT, found_at=VISIT) > VISIT


def test_a_list_that_was_quiet_for_minutes_is_looked_at_on_each_run():
    still = [(f"2026-03-12T00:{minute:02}:00.000Z", False) for minute in range(50, 0, -5)]
    assert list_due_at(Target.FEED, still) == still[0][0]


def test_lists_have_their_own_rhythm():
    still = [(f"2026-03-{day:02}T00:00:00.000Z", False) for day in range(12, 1, -1)]
    assert list_due_at(Target.SITEMAP, still) == "2026-03-17T00:00:00.000Z"
    assert list_due_at(Target.FEED, still) == "2026-03-13T00:00:00.000Z"
    assert list_due_at(Target.FEED, [(VISIT, True), *still[1:]]) == VISIT
    assert list_due_at(Target.FEED, still[:2]) == VISIT


def test_once_a_site_is_seen_to_change_its_old_articles_are_looked_at_again(newsroom: Newsroom, run: Crawl, rows: Rows):
    paths = [f"/town/the-{number}-boats-of-the-harbour-{10_000 + number}" for number in range(6)]
    newsroom.pages["/"] = hub(*paths)
    newsroom.pages |= {path: article(number) for number, path in enumerate(paths)}
    run()
    for number in range(4):
        newsroom.pages[paths[number]] = article(number).replace(b"</p>", b" And then it rained.</p>", 1)
    run()
    newsroom.asked.clear()
    newsroom.pages[paths[5]] = article(5).replace(b"</p>", b" And then it snowed.</p>", 1)
    run()
    assert newsroom.asked[paths[5]] == 1
    assert rows("SELECT count(*) FROM versions") == [(11,)]


def test_a_site_may_say_how_long_its_articles_wait_at_most(newsroom: Newsroom, run: Crawl):
    path = "/town/the-boats-of-the-old-harbour-10001"
    newsroom.pages |= {"/": hub(path), path: article(1)}
    site = replace(site_for(newsroom.base + "/"), revisit=0.001)
    for _ in range(3):
        run(sites=(site,))
    newsroom.asked.clear()
    run(sites=(site,))
    assert newsroom.asked[path] == 1
    run()
    newsroom.asked.clear()
    run()
    assert newsroom.asked[path] == 0


def test_a_second_crawl_of_an_unchanged_site_costs_next_to_nothing(newsroom: Newsroom, run: Crawl, rows: Rows):
    paths = [f"/town/the-{number}-boats-of-the-harbour-{10_000 + number}" for number in range(40)]
    newsroom.pages["/"] = hub("/news", more='<link rel="alternate" type="application/rss+xml" href="/feed">')
    newsroom.pages["/news"] = hub(*paths)
    newsroom.pages["/feed"] = b"<rss><channel><title>L</title></channel></rss>"
    newsroom.pages |= {path: article(number) for number, path in enumerate(paths)}
    run()
    first, before = sum(newsroom.asked.values()), dict(newsroom.statuses)
    sent = newsroom.sent
    run()
    asked = sum(newsroom.asked.values()) - first
    confirmed = newsroom.statuses[304] - before.get(304, 0)
    assert asked >= 42
    assert confirmed >= 0.95 * asked
    assert newsroom.sent - sent <= 0.1 * sent
    assert rows("SELECT count(*) FROM versions") == [(40,)]
