"""Crawls that are cut off, asked to stop, or meet another: nothing is lost and the next one goes on."""

import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest

from archive.errors import ArchiveBusy
from archive.store import Archive
from scraper.crawl import Plan, crawl
from scraper.sites import site_for
from tests.crawl.newsroom import article, hub

COUNT = 24
NAMES = [f"/2026/01/{n + 1:02}/what-happened-on-day-{n}" for n in range(COUNT)]
STATE = "SELECT url, versions, gone_at FROM articles ORDER BY url"
FRONTIER = "SELECT url, kind, state, outcome FROM frontier ORDER BY url"


class Gate:
    """Pages that answer at once until ``after`` have been asked for; then they wait until the gate is opened."""

    def __init__(self, newsroom, after):
        self.newsroom, self.after = newsroom, after
        self.asked = 0
        self.reached, self.open = threading.Event(), threading.Event()
        self.lock = threading.Lock()
        newsroom.pages = {"/": hub(*NAMES)} | {name: self.page(n) for n, name in enumerate(NAMES)}

    def page(self, number):
        body = article(number)

        def behave(handler):
            with self.lock:
                self.asked += 1
                late = self.asked > self.after
            if late:
                self.reached.set()
                self.open.wait(20)
            with suppress(OSError):
                handler.send_response(200)
                handler.send_header("Content-Type", "text/html")
                handler.send_header("Content-Length", str(len(body)))
                handler.end_headers()
                handler.wfile.write(body)

        return behave


@pytest.fixture
def start(newsroom, path):
    """Start a crawl in a process of its own; with a gate, come back once it is reached."""
    started = []

    def go(gate=None):
        command = [sys.executable, "-m", "scraper", "crawl", newsroom.base + "/", "--archive", str(path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        while gate is not None and not gate.reached.wait(0.1):
            assert process.poll() is None, process.communicate()
        return process

    yield go
    for process in started:
        process.kill()
        process.communicate()


def finish(newsroom, path):
    return crawl(path, Plan(sites=(site_for(newsroom.base + "/"),)))


@pytest.fixture
def expected(newsroom, tmp_path):
    """What a crawl that nobody disturbs leaves."""
    gate = Gate(newsroom, after=10**9)
    finish(newsroom, tmp_path / "whole.db")
    assert gate.asked == COUNT
    with Archive.open(tmp_path / "whole.db") as archive:
        return [[tuple(row) for row in archive.connection.execute(sql)] for sql in (STATE, FRONTIER)]


@pytest.mark.parametrize("after", [1, 9, 20])
def test_after_kill_the_next_run_gives_the_same_final_state(newsroom, path, rows, expected, start, after):
    gate = Gate(newsroom, after)
    process = start(gate)
    process.kill()
    process.communicate()
    gate.open.set()
    gate.after = 10**9
    summary = finish(newsroom, path)
    assert summary.exit_code == 0
    assert [rows(STATE), rows(FRONTIER)] == expected


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_finishes_what_is_in_flight_and_leaves_the_rest(newsroom, path, rows, expected, start, number, code):
    gate = Gate(newsroom, 5)
    process = start(gate)
    process.send_signal(number)
    gate.open.set()
    _, errors = process.communicate(timeout=20)
    assert process.returncode == code
    assert "run again to go on" in errors
    assert "Traceback" not in errors
    assert 0 < len(rows(STATE)) <= COUNT
    assert rows("SELECT exit_code FROM runs") == [(code,)]
    gate.after = 10**9
    finish(newsroom, path)
    assert [rows(STATE), rows(FRONTIER)] == expected


def test_a_second_signal_stops_at_once_and_loses_nothing(newsroom, path, rows, expected, start):
    gate = Gate(newsroom, 5)
    process = start(gate)
    process.send_signal(signal.SIGTERM)
    threading.Timer(0.3, process.send_signal, [signal.SIGTERM]).start()
    process.communicate(timeout=20)
    assert process.returncode == 143
    gate.open.set()
    gate.after = 10**9
    finish(newsroom, path)
    assert [rows(STATE), rows(FRONTIER)] == expected


def test_a_second_run_is_turned_away(newsroom, path, start):
    gate = Gate(newsroom, 0)
    process = start(gate)
    with pytest.raises(ArchiveBusy):
        finish(newsroom, path)
    other = start()
    _, errors = other.communicate(timeout=30)
    assert other.returncode == 4
    assert errors.count("\n") == 1
    gate.open.set()
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_max_time_ends_the_run_and_the_next_goes_on(newsroom, path, rows):
    gate = Gate(newsroom, 3)
    threading.Timer(1.2, gate.open.set).start()
    first = crawl(path, Plan(sites=(site_for(newsroom.base + "/"),), max_seconds=0.5))
    assert (first.exit_code, first.stopped) == (0, "--max-time")
    assert first.new < COUNT
    finish(newsroom, path)
    assert len(rows(STATE)) == COUNT


def drip(handler):
    """An answer that never ends: a byte now and then."""
    with suppress(OSError):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not handler.server.closing.wait(0.2):
            handler.wfile.write(b" ")
            handler.wfile.flush()


SLOW = ("hangs", "drips", "delays", "slow names")


@pytest.fixture
def slow(newsroom, path, tmp_path):
    """A crawl of a paper that is slow in one of many ways, in a process of its own, and what tells that it is so."""
    newsroom.closing = threading.Event()
    started = []

    def go(how, *options):
        gate = Gate(newsroom, 2 if how == "hangs" else 10**9)
        reached = gate.reached
        newsroom.asked.clear()
        if how == "drips":
            newsroom.pages |= {name: lambda handler: (reached.set(), drip(handler)) for name in NAMES[3:]}
        config = tmp_path / "newsmorgue.toml"
        delay = "delay = 20" if how == "delays" else "delay = 0"
        others = '[[site]]\nurl = "http://slow.example/"\n' if how == "slow names" else ""
        config.write_text(f'[[site]]\nurl = "{newsroom.base}/"\n{delay}\n{others}')
        program = f"import scraper.cli, socket, time\nfind = socket.getaddrinfo\n{SLOW_NAMES}\nscraper.cli.main()"
        command = [sys.executable, "-c", program, "crawl", "--config", str(config), "--archive", str(path), *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        done = {
            "hangs": reached.is_set,
            "drips": reached.is_set,
            "delays": lambda: newsroom.asked["/robots.txt"],
            "slow names": lambda: gate.asked >= COUNT,
        }[how]
        while not done() and process.poll() is None:
            time.sleep(0.05)
        assert process.poll() is None or "--max-time" in options, process.communicate()
        return process

    yield go
    newsroom.closing.set()
    for process in started:
        process.kill()
        process.communicate()


def test_a_signal_before_the_crawl_begins_ends_with_the_same_code(newsroom, path):
    program = (
        "import os, signal\nimport scraper.cli, scraper.sites\n"
        "scraper.sites.choose_sites = lambda *_: os.kill(os.getpid(), signal.SIGTERM)\nscraper.cli.main()"
    )
    command = [sys.executable, "-c", program, "crawl", newsroom.base + "/", "--archive", str(path)]
    assert subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 143


SLOW_NAMES = (
    "socket.getaddrinfo = lambda host, *rest, **more: time.sleep(60) if 'slow.example' in str(host) "
    "else find(host, *rest, **more)"
)


@pytest.mark.parametrize("how", SLOW)
def test_a_signal_ends_the_run_within_ten_seconds_however_slow_the_net_is(newsroom, path, rows, expected, slow, how):
    process = slow(how)
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - asked < 10
    assert process.returncode == 143
    assert "run again to go on" in errors
    assert "Traceback" not in errors
    assert "never retrieved" not in errors
    assert "destroyed" not in errors
    assert rows("SELECT exit_code FROM runs") == [(143,)]
    assert rows("SELECT count(*) FROM captures WHERE outcome = 'failed'") == [(0,)]
    newsroom.closing.set()
    Gate(newsroom, after=10**9)
    assert finish(newsroom, path).exit_code == 0
    assert rows(STATE) == expected[0]


def test_max_time_ends_a_run_of_a_slow_site(newsroom, path, rows, expected, slow):
    began = time.monotonic()
    process = slow("hangs", "--max-time", "1s")
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - began < 20  # with what a busy machine takes to begin
    assert process.returncode == 0
    assert "--max-time" in errors
    Gate(newsroom, after=10**9)
    finish(newsroom, path)
    assert rows(STATE) == expected[0]
