"""Workers as processes, against a press that notes who asked what and when."""

import signal
import time
from collections import Counter
from contextlib import closing

import pytest

from archive.store import Archive
from benchmarks.shared.crew import Crew, content_of, repeated
from benchmarks.shared.press import Press
from benchmarks.shared.redis_server import RedisServer
from benchmarks.shared.trials import LEASE, Size, alone, await_visits, compare, crewed, impolite, kills, same
from scraper.shared.worker import shard_of

pytestmark = pytest.mark.usefixtures("redis_there")
DELAY = 0.12
ARTICLES = 24


@pytest.fixture
def press(folder):
    with Press(folder / "press", 3, ARTICLES) as press:
        yield press


def test_several_workers_leave_what_one_crawl_leaves_and_are_polite(folder):
    told = same(folder, Size(hosts=3, articles=36, delay=DELAY), workers=2)
    assert told.faults == [], told.line


def test_killed_workers_lose_nothing_and_repeat_little(folder):
    told = kills(folder, Size(hosts=3, articles=45, delay=DELAY, times=2), workers=2)
    assert told.faults == [], told.line


@pytest.mark.parametrize("journal", [True, False])
def test_redis_is_restarted_midway(folder, press, journal):
    """Without a journal it has forgotten everything, and the workers tell it again."""
    wanted = alone(folder, press)
    options = ("--appendonly", "yes") if journal else ()
    with crewed(folder, press, *options, delay=DELAY) as (crew, redis):
        worker = crew.start("w")
        await_visits(press, 10)
        redis.stop()
        time.sleep(1.0)
        redis.start()
        assert worker.wait(60) == 0
        assert compare(crew, wanted) + impolite(press.asked(), DELAY) == []
        errors = crew.errors()
    assert "does not answer" in errors
    assert "answers again" in errors
    assert ("lost the frontier" in errors) is not journal
    assert repeated(press.asked()) <= 3


def test_the_next_round_asks_only_whether_anything_changed(folder, press):
    """A worker knows it from its own shard; a new one from the merged archive."""
    with crewed(folder, press) as (crew, _):
        crew.run("crawl", "--worker", "first", "--quiet", "--archive", "news.db")
        wanted = content_of(crew.merge())
        for name, words in (("first", ()), ("second", ("--known", "merged.db"))):
            press.forget()
            crew.seed(*words)
            crew.run("crawl", "--worker", name, "--quiet", "--archive", "news.db", *words)
            statuses = Counter(each.status for each in press.asked() if each.path.count("/") > 2)
            assert set(statuses) == {304}, name
            assert sum(statuses.values()) == wanted[1]
        assert content_of(crew.merge()) == wanted
        with closing(Archive.open(crew.folder / "merged.db")) as archive:
            assert archive.connection.execute("SELECT count(*) FROM versions").fetchone() == (wanted[1],)


def test_a_worker_starts_before_redis_and_before_the_seed_and_stays(folder, press):
    redis = RedisServer(folder / "redis")
    crew = Crew(folder / "crew", redis.url, lease=f"{LEASE:g}s")
    crew.write_config(press.bases)
    worker = crew.start("w", "--stay")
    try:
        while "waiting" not in crew.errors():
            assert worker.poll() is None
            time.sleep(0.05)
        redis.start()
        crew.seed()
        end = time.monotonic() + 30
        while not (state := crew.state()[0])["done"] or state["waiting"] or state["hosts_leased"]:
            assert time.monotonic() < end, state
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 143
        assert content_of(shard_of(crew.folder / "news.db", "w"))[1] == ARTICLES
    finally:
        crew.stop()
        redis.stop()


def test_a_full_redis_is_told_and_the_crawl_goes_on_when_there_is_room(folder, press):
    wanted = alone(folder, press)
    with crewed(folder, press, delay=DELAY) as (crew, redis):
        from scraper.shared.link import Link

        link = Link(redis.url)
        link.client.config_set("maxmemory", "1mb")
        worker = crew.start("w")
        while "is full" not in crew.errors():
            assert worker.poll() is None, crew.errors()
            time.sleep(0.05)
        link.client.config_set("maxmemory", "0")
        link.close()
        assert worker.wait(60) == 3
        assert compare(crew, wanted) == []
        assert "was full for a while" in crew.errors()


def test_a_stopped_worker_gives_its_hosts_back_at_once(folder, press):
    wanted = alone(folder, press)
    with crewed(folder, press, delay=DELAY) as (crew, _):
        crew.lease = "10m"
        first = crew.start("first")
        await_visits(press, 8)
        first.send_signal(signal.SIGTERM)
        assert first.wait(20) == 143
        assert [row for row in crew.state() if row["what"] != "frontier"] == []
        assert crew.start("second").wait(60) == 0
        assert compare(crew, wanted) + impolite(press.asked(), DELAY) == []
        assert repeated(press.asked()) == 0


def test_what_a_stopped_process_wakes_to_it_does_not_fetch(folder, press):
    """Its lease has run out while it stood still: others have its hosts."""
    wanted = alone(folder, press)
    with crewed(folder, press, delay=DELAY) as (crew, _):
        crew.lease = "1s"
        sleeper = crew.start("sleeper")
        await_visits(press, 8)
        sleeper.send_signal(signal.SIGSTOP)
        other = crew.start("other")
        await_visits(press, 14)
        sleeper.send_signal(signal.SIGCONT)
        crew.finish([sleeper, other], 60)
        assert compare(crew, wanted) + impolite(press.asked(), DELAY) == []


def test_workers_without_names_find_their_own(folder, press):
    with crewed(folder, press, delay=DELAY) as (crew, _):
        for _ in range(2):
            crew.run("crawl", "--archive", "news.db", "--quiet")
        (shard,) = crew.folder.glob("news.*.db")
        assert shard.name.endswith("-1.db")
        assert content_of(shard)[1] == ARTICLES


def test_a_limit_holds_over_all_workers(folder, press):
    with crewed(folder, press, delay=DELAY, limit=4) as (crew, _):
        crowd = [crew.start("a"), crew.start("b")]
        crew.finish(crowd, 60)
        assert [worker.returncode for worker in crowd] == [0, 0], crew.errors()
        counted = Counter(each.host for each in press.asked() if each.path.count("/") > 2)
        assert set(counted.values()) == {4}
        assert crew.state()[0]["waiting"] == 0, crew.state()
