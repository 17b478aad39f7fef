"""What a site asks for is done: Retry-After, Crawl-delay, robots.txt, reservations; and a dead host is left alone."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from scraper.cli import main
from scraper.sites import parse_config
from tests.crawl.hostile import pour
from tests.crawl.newsroom import Answer, Newsroom, article, hub

NAMES = [f"/2026/01/{n + 1:02}/what-happened-on-day-{n}" for n in range(12)]
PENDING = "SELECT count(*), max(detail) FROM frontier WHERE state = 'pending'"
OUTCOMES = "SELECT outcome, count(*) FROM observations WHERE url LIKE '%what-happened%' GROUP BY 1"


def robots(text: str) -> Answer:
    return Answer(text.encode(), content_type="text/plain")


class Watched(Newsroom):
    """Notes when each request came; ``answer`` may take over what is answered to it."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[tuple[float, str]] = []
        self.pages = Watching(self)
        self.answer: Callable[[str, int], Answer | bytes | None] = lambda _path, _number: None

    def gaps(self) -> list[float]:
        return [later - earlier for (earlier, _), (later, _) in pairwise(self.moments)]


class Watching(dict):
    def __init__(self, room: Watched) -> None:
        super().__init__({"/": hub(*NAMES)} | {name: article(n) for n, name in enumerate(NAMES)})
        self.room = room

    def get(self, path, default=None):
        self.room.moments.append((time.monotonic(), path))
        made = self.room.answer(path, len(self.room.moments))
        return super().get(path, default) if made is None else made


@pytest.fixture
def newsroom():
    with Watched() as room:
        yield room


def once(path: str, headers: dict[str, str], status: int = 429):
    """Answer so when ``path`` is asked for the first time; the list gets the moment of it."""
    seen: list[float] = []

    def answer(asked: str, _number: int) -> Answer | None:
        if asked == path and not seen:
            seen.append(time.monotonic())
            return Answer(b"later", status, headers)
        return None

    return seen, answer


@pytest.mark.parametrize("status", [429, 503])
def test_nothing_at_all_is_asked_before_retry_after(newsroom, run, rows, status):
    seen, newsroom.answer = once(NAMES[3], {"Retry-After": "2"}, status)
    newsroom.pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 0.01")  # so that nothing else is on its way
    assert run().new == len(NAMES)
    assert [path for at, path in newsroom.moments if seen[0] < at < seen[0] + 2.0] == []
    assert rows("SELECT count(*) FROM captures WHERE status = ?", status) == [(1,)]


def test_retry_after_may_be_a_date(newsroom, run):
    until: list[datetime] = []
    came: list[datetime] = []

    def answer(path: str, _number: int) -> Answer | None:
        if path == NAMES[0] and not until:
            until.append((datetime.now(UTC) + timedelta(seconds=3)).replace(microsecond=0))
            return Answer(b"later", 503, {"Retry-After": format_datetime(until[0], usegmt=True)})
        came.extend([datetime.now(UTC)] if path == NAMES[0] else [])
        return None

    newsroom.answer = answer
    assert run().new == len(NAMES)
    assert came[0] >= until[0]


def test_a_long_retry_after_leaves_the_host_for_this_run_and_the_next(newsroom, run, rows):
    _, newsroom.answer = once(NAMES[0], {"Retry-After": "4000"}, 503)
    newsroom.pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 0.01")  # one request at a time
    first = run()
    assert first.exit_code == 3
    assert "asked to come back in" in first.sites[0].problem
    waiting, why = rows(PENDING)[0]
    assert waiting >= 1
    assert why.startswith("asked to come back")
    asked = len(newsroom.moments)
    assert run().exit_code == 6
    assert len(newsroom.moments) == asked


def test_a_host_that_only_pushes_back_is_left(newsroom, run, rows, monkeypatch):
    monkeypatch.setattr("scraper.pacing.PUSHED_BACK_AFTER", 3)
    newsroom.answer = lambda path, _: Answer(b"later", 429, {"Retry-After": "0"}) if "what" in path else None
    summary = run()
    assert "keeps asking" in summary.sites[0].problem
    assert sum("what" in path for _, path in newsroom.moments) <= 12


def test_429_without_retry_after_slows_down(newsroom, run, monkeypatch):
    monkeypatch.setattr("scraper.middlewares.manners.FIRST_WAIT", 0.7)
    seen, newsroom.answer = once(NAMES[3], {})
    newsroom.pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 0.01")
    assert run().new == len(NAMES)
    after = [at for at, _ in newsroom.moments if at > seen[0]]
    assert min(after) >= seen[0] + 0.65
    assert min(later - earlier for earlier, later in pairwise(after)) >= 0.45


def test_no_gap_is_shorter_than_the_crawl_delay(newsroom, run):
    newsroom.pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 0.25\n")
    newsroom.pages[NAMES[2]] = Answer(b"", 301, {"Location": NAMES[3]})
    newsroom.pages[NAMES[4]] = Answer(b"oops", 500)  # is tried again, no sooner
    run(limit=8)
    assert len(newsroom.moments) > 8
    assert min(newsroom.gaps()) >= 0.25


def test_a_delay_of_the_users_own_counts_from_the_end_of_an_answer(newsroom, run):
    def slow(_path, _number):
        time.sleep(0.1)

    newsroom.answer = slow
    sites = parse_config(f'delay = 0.2\n[[site]]\nurl = "{newsroom.base}/"\n').sites
    run(sites=sites, limit=5)
    assert min(newsroom.gaps()) >= 0.3


def test_request_rate_is_a_delay_too(newsroom, run):
    newsroom.pages["/robots.txt"] = robots("User-agent: newsmorgue\nRequest-rate: 5/1\n")
    run(limit=4)
    assert min(newsroom.gaps()) >= 0.2


def test_a_host_that_dies_is_left_and_its_addresses_wait(newsroom, run, rows):
    many = [f"/2026/02/01/what-happened-in-hour-{n}" for n in range(60)]
    newsroom.pages |= {"/": hub(*NAMES, *many)} | {name: article(n) for n, name in enumerate(many)}

    def die():
        newsroom.shutdown()
        newsroom.server_close()

    def dies(_path, number):
        if number == 10:
            threading.Thread(target=die).start()
        return pour() if number >= 10 else None

    newsroom.answer = dies
    summary = run()
    assert summary.exit_code == 3
    waiting, why = rows(PENDING)[0]
    assert waiting >= 40
    assert why in ("the host could not be reached", "the host stopped answering")
    assert summary.sites[0].problem == f"{why}; what is left waits for the next run"
    assert rows("SELECT count(*) FROM captures WHERE outcome = 'failed'")[0][0] <= 15


def test_a_robots_that_fails_leaves_what_is_known_waiting(newsroom, run, rows):
    run(limit=3)
    newsroom.pages["/robots.txt"] = Answer(b"", 500)
    assert run(full=True).exit_code == 6
    waiting, why = rows(PENDING)[0]
    assert waiting >= len(NAMES) - 3
    assert "robots.txt answers 500" in why
    del newsroom.pages["/robots.txt"]
    assert run().exit_code == 0
    assert rows("SELECT count(*) FROM articles") == [(len(NAMES),)]


def test_robots_is_kept_for_a_day_and_asked_for_again_with_full(newsroom, run, rows):
    newsroom.pages["/robots.txt"] = robots(f"User-agent: *\nDisallow: {NAMES[0]}$\n")
    run()
    run()
    asked = [path for _, path in newsroom.moments]
    assert asked.count("/robots.txt") == asked.count("/.well-known/tdmrep.json") == 1
    assert NAMES[0] not in asked
    run(full=True)
    assert [path for _, path in newsroom.moments].count("/robots.txt") == 2
    bodies = rows("SELECT body_id IS NOT NULL, outcome FROM captures WHERE url LIKE '%/robots.txt'")
    assert bodies == [(1, "fetched")] * 2


def test_what_robots_denies_is_not_fetched_by_way_of_a_redirect(newsroom, run, rows):
    newsroom.pages |= {
        "/robots.txt": robots("User-agent: *\nDisallow: /2026/01/\nAllow: /2026/01/0\nDisallow: /2026/01/05/\n"),
        NAMES[0]: Answer(b"", 302, {"Location": NAMES[10]}),
        NAMES[1]: Answer(b"", 302, {"Location": NAMES[4]}),
    }
    run()
    asked = {path for _, path in newsroom.moments}
    assert asked & {NAMES[4], *NAMES[9:]} == set()
    assert {*NAMES[:4], *NAMES[5:9]} <= asked
    assert dict(rows(OUTCOMES))["denied"] == 6


@pytest.mark.parametrize(("times", "denied"), [(5, True), (6, False)])
def test_robots_is_followed_through_five_redirects(newsroom, run, rows, times, denied):
    steps = {f"/r{n}": Answer(b"", 302, {"Location": f"/r{n + 1}"}) for n in range(1, times)}
    steps["/robots.txt"] = Answer(b"", 301, {"Location": "/r1"})
    steps[f"/r{times}"] = robots("User-agent: *\nDisallow: /2026/")
    newsroom.pages |= steps
    run()
    assert any("/2026/" in path for _, path in newsroom.moments) is not denied


def test_a_limit_on_pages_ends_the_run_in_order_and_the_next_goes_on(newsroom, run, rows):
    sites = parse_config(f'max_pages = 6\n[[site]]\nurl = "{newsroom.base}/"\n').sites
    summary = run(sites=sites)
    assert len(newsroom.moments) == 6
    assert (summary.exit_code, summary.new) == (0, 3)
    assert rows(PENDING) == [(9, "6 requests in one run are enough")]
    run(sites=sites)
    run()
    assert rows("SELECT count(*) FROM articles") == [(12,)]


RESERVED = [
    (Answer(article(1), headers={"X-Robots-Tag": "noarchive"}), "noarchive"),
    (article(1).replace(b"<head>", b"<head><meta name=robots content='index, NOARCHIVE'>"), "noarchive"),
    (Answer(article(1), headers={"TDM-Reservation": "1"}), "tdm-reservation"),
    (article(1).replace(b"<head>", b"<head><meta name=tdm-reservation content=1>"), "tdm-reservation"),
]


@pytest.mark.parametrize(("answer", "word"), RESERVED)
@pytest.mark.parametrize("policy", ["record", "obey"])
def test_what_a_page_reserves_is_recorded_or_obeyed(newsroom, run, rows, answer, word, policy):
    newsroom.pages = {"/": hub(NAMES[1]), NAMES[1]: answer}
    key = "noarchive" if word == "noarchive" else "tdm"
    sites = parse_config(f'{key} = "{policy}"\n[[site]]\nurl = "{newsroom.base}/"\n').sites
    assert run(sites=sites).new == (policy == "record")
    seen = rows("SELECT outcome, detail, body_id IS NULL FROM captures WHERE url LIKE '%what-happened%'")
    assert seen == [("refused" if policy == "obey" else "fetched", word, policy == "obey")]


def test_reservations_of_a_whole_site_are_read_and_a_page_may_say_otherwise(newsroom, run, rows):
    rules = [{"location": "/2026/01/0*", "tdm-reservation": 1}, {"location": "/", "tdm-reservation": 0}]
    newsroom.pages |= {
        "/.well-known/tdmrep.json": Answer(json.dumps(rules).encode(), content_type="application/json"),
        NAMES[0]: Answer(article(0), headers={"TDM-Reservation": "0"}),
    }
    sites = parse_config(f'tdm = "obey"\n[[site]]\nurl = "{newsroom.base}/"\n').sites
    assert run(sites=sites).new == 4
    assert dict(rows(OUTCOMES)) == {"article": 4, "refused": 8}


def test_every_request_says_the_same_of_who_asks(newsroom, run):
    newsroom.pages["/robots.txt"] = robots(f"Sitemap: {newsroom.base}/s.xml")
    newsroom.pages[NAMES[0]] = Answer(b"", 302, {"Location": NAMES[1]})
    sites = parse_config(f'contact = "mailto:desk@ledger.example"\n[[site]]\nurl = "{newsroom.base}/"\n').sites
    run(sites=sites)
    agents = {headers["User-Agent"] for headers in newsroom.seen_headers.values()}
    assert len(agents) == 1
    assert "(+mailto:desk@ledger.example)" in agents.pop()


def test_a_signal_does_not_wait_for_a_long_crawl_delay(newsroom, path, rows):
    newsroom.pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 50\n")
    command = [sys.executable, "-m", "scraper", "crawl", newsroom.base + "/", "--archive", str(path), "--quiet"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    while "/robots.txt" not in newsroom.asked:
        time.sleep(0.02)
    time.sleep(0.5)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert time.monotonic() - began < 5
    assert process.returncode == 143


def test_files_are_for_their_user_alone(newsroom, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSMORGUE_ARCHIVE", "news.db")
    for words in ("crawl --limit 1 " + newsroom.base, "export --format jsonl --output out.jsonl", "backup copy.db"):
        with pytest.raises(SystemExit) as ended:
            main(words.split())
        assert ended.value.code == 0
    made = {each.name: each.stat().st_mode & 0o077 for each in tmp_path.iterdir()}
    assert {"news.db", "out.jsonl", "copy.db"} <= set(made)
    assert set(made.values()) == {0}


def test_an_address_with_a_password_is_turned_away_and_not_repeated(path, capfd):
    with pytest.raises(SystemExit) as ended:
        main(["crawl", "http://me:hunter2@127.0.0.1:9/", "--archive", str(path)])
    assert ended.value.code == 2
    told = capfd.readouterr()
    assert "hunter2" not in told.out + told.err
    assert not path.exists()
