"""What a run tells those who watch: progress, logs, pings and metrics, also when it fails, and never a secret."""

import io
import json
import logging
import re
import signal
import stat
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ConfigError
from archive.records import Capture, ChangeKind, Outcome, Stored, Visit
from archive.store import Archive
from scraper import logs
from scraper.cli import main
from scraper.metrics import Ended, prometheus
from scraper.pings import Pings
from scraper.progress import LiveTable, PlainLines
from scraper.sites import parse_config
from scraper.tally import Tally
from tests.crawl.newsroom import Answer, Newsroom, article, hub

NAMES = [f"/2026/01/0{n}/a-story-for-those-who-watch" for n in range(1, 4)]
SECRET = "5c1b6a9e-hush"


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def crawl(newsroom, path, tmp_path):
    """``newsmorgue crawl`` of three stories."""
    newsroom.pages = {"/": hub(*NAMES)} | {name: article(n) for n, name in enumerate(NAMES)}

    def go(*options, config="", url=None):
        file = tmp_path / "newsmorgue.toml"
        file.write_text(f'{config}\n[[site]]\nurl = "{url or newsroom.base + "/"}"\n')
        words = ["crawl", "--archive", str(path), "--config", str(file), *options]
        done = CliRunner().invoke(main, words)
        return Done(done.exit_code, done.stdout, done.stderr)

    before = signal.getsignal(signal.SIGTERM)
    yield go
    signal.signal(signal.SIGTERM, before)
    logs.set_run(None)
    logs.start_logging(level="error")


@pytest.fixture
def watchdog():
    """A server that takes pings: ``said`` holds the body of the newest at each path."""
    with Newsroom() as room:
        room.said, room.order = {}, []

        def take(handler):
            length = int(handler.headers.get("Content-Length") or 0)
            path = handler.path.partition("?")[0]
            room.said[path] = handler.rfile.read(length).decode()
            room.order.append(path)
            handler.send_response(200)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        room.RequestHandlerClass = type("Pinged", (room.RequestHandlerClass,), {"do_POST": take})
        yield room


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_every_event_of_a_json_log_has_its_fields(crawl, newsroom):
    newsroom.pages[NAMES[0]] = Answer(b"broken", 500)
    done = crawl("--log-format", "json", "--log-level", "debug", "--json")
    events = [each for each in lines(done.stderr) if not each["event"].startswith(("scrapy", "filelock", "asyncio"))]
    assert {"run_started", "visit", "change", "failure", "run_ended"} <= {each["event"] for each in events}
    for each in events:
        assert list(each)[:7] == ["time", "level", "event", "run", "site", "url", "message"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", each["time"])
    run = json.loads(done.stdout)["run_id"]
    assert {each["run"] for each in events} == {run}
    failure = next(each for each in events if each["event"] == "failure")
    assert (failure["url"], failure["status"], failure["level"]) == (newsroom.base + NAMES[0], 500, "info")
    assert {each["site"] for each in events if each["event"] == "change"} == {newsroom.base.partition("://")[2]}
    assert events[-1]["counts"]["new"] == 2


def test_an_error_is_an_event_too_where_the_log_is_json(crawl, path):
    with Archive.open(path, write=True, create=True):
        done = crawl("--log-format", "json")
    assert done.returncode == 4
    (ended,) = [each for each in lines(done.stderr) if each["event"] == "run_ended"]
    assert (ended["exit_code"], ended["level"]) == (4, "warning")
    assert "is being written by process" in ended["message"]


def test_a_log_file_is_private_and_goes_on_after_rotation(tmp_path):
    file = tmp_path / "n.log"
    logs.start_logging("text", "info", file)
    try:
        logs.event(logging.INFO, "one", "first")
        file.rename(tmp_path / "n.log.1")
        logs.event(logging.INFO, "two", "second")
        logs.event(logging.DEBUG, "three", "third")
    finally:
        logs.start_logging(level="error")
    assert (tmp_path / "n.log.1").read_text().endswith("INFO one: first\n")
    assert file.read_text().count("\n") == 1
    assert stat.S_IMODE((tmp_path / "n.log.1").stat().st_mode) == 0o600


def test_levels_and_a_log_that_cannot_be_written(crawl, tmp_path):
    assert crawl("--log-format", "text", "--log-level", "error").stderr == ""
    assert "INFO run_started: " in crawl("--log-level", "info").stderr
    done = crawl("--log-file", str(tmp_path / "none" / "x.log"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    "told",
    [
        "GET https://user:hush-hush@a.example/x failed",
        "https://a.example/x?page=2&api_key=hush-hush&b=1",
        "https://a.example/?token=hush-hush",
        "headers: {'Authorization': 'Bearer hush-hush'}",
        "Cookie: session=hush-hush; other=1",
        "ping to https://hc.example/hush-hush failed",
    ],
)
def test_secrets_are_in_no_line(told):
    logs.keep_secret("https://hc.example/hush-hush")
    assert "hush-hush" not in logs.without_secrets(told)
    assert "hush-hush" not in logs.JsonLines().format(logging.makeLogRecord({"msg": told, "fields": {"url": told}}))


@given(st.text(), st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text())))
def test_whatever_is_logged_is_one_json_object_on_one_line(message, fields):
    record = logging.makeLogRecord({"msg": "%s", "args": (message,), "fields": fields, "event": "x"})
    line = logs.JsonLines().format(record)
    assert len(line.split("\n")) == 1
    assert json.loads(line)["event"] == "x"


def test_pings_tell_of_start_and_success(crawl, watchdog):
    done = crawl(config=f'[pings]\nurl = "{watchdog.base}/{SECRET}"')
    assert done.returncode == 0
    assert watchdog.order == [f"/{SECRET}/start", f"/{SECRET}"]
    assert watchdog.said[f"/{SECRET}"].startswith("3 new, 0 changed")
    assert SECRET not in done.stdout + done.stderr


def test_pings_tell_of_failure_and_why(crawl, watchdog, newsroom):
    newsroom.pages = {"/": Answer(b"x", 503)}
    done = crawl(config=f'[pings]\nstart = "{watchdog.base}/go"\nfailure = "{watchdog.base}/no"')
    assert done.returncode == 6
    assert watchdog.order == ["/go", "/no"]
    assert "503" in watchdog.said["/no"]


def test_the_address_may_come_from_the_environment_alone(crawl, watchdog, monkeypatch):
    monkeypatch.setenv("NEWSMORGUE_PING_URL", f"{watchdog.base}/{SECRET}")
    assert crawl().returncode == 0
    assert watchdog.order == [f"/{SECRET}/start", f"/{SECRET}"]


def test_a_mistake_in_the_configuration_is_a_failure_too(crawl, watchdog, monkeypatch):
    monkeypatch.setenv("NEWSMORGUE_PING_URL", f"{watchdog.base}/{SECRET}")
    assert crawl(config="delayed = 3").returncode == 2
    assert watchdog.order == [f"/{SECRET}/fail"]
    assert "delayed" in watchdog.said[f"/{SECRET}/fail"]


def test_a_run_that_finds_another_under_way_pings_nothing(crawl, path, watchdog):
    with Archive.open(path, write=True, create=True):
        assert crawl(config=f'[pings]\nurl = "{watchdog.base}/x"').returncode == 4
    assert watchdog.order == []


def test_a_watchdog_that_hangs_or_is_gone_neither_delays_nor_fails_a_crawl(crawl, watchdog, newsroom):
    held = threading.Event()

    def hang(handler):
        held.wait(30)
        with suppress(OSError):
            handler.send_error(500)

    watchdog.RequestHandlerClass.do_POST = hang
    began = time.monotonic()
    done = crawl("--log-level", "warning", config=f'[pings]\nurl = "{watchdog.base}/{SECRET}"\ntimeout = 1')
    took = time.monotonic() - began
    held.set()
    assert done.returncode == 0
    assert took < 12
    assert "ping_failed" in done.stderr
    assert SECRET not in done.stderr
    gone = Pings.of(url=f"http://127.0.0.1:9/{SECRET}", timeout=1)
    gone.ended(0, "")


def test_addresses_of_pings_may_name_environment_variables(monkeypatch):
    monkeypatch.setenv("HUSH", SECRET)
    config = parse_config('[[site]]\nurl = "https://a.example/"\n[pings]\nurl = "https://hc.example/${HUSH}"\n')
    assert config.pings == {"url": f"https://hc.example/{SECRET}"}
    pings = Pings.of(**config.pings)
    assert str(pings.failure).startswith(f"https://hc.example/{SECRET}/fail?rid=")


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('[pings]\nurl = "${NO_SUCH_VARIABLE}"', 2, "NO_SUCH_VARIABLE"),
        ('[pings]\nurl = "hush-hush"', 2, "must be an http or https address"),
        ('[[site]]\nurl = "https://a.example/"\n[pings]\n\nsucces = "x"', 5, "did you mean 'success'"),
        ('[pings]\nurl = "https://a.example/"\n[[site]]\nurls = "x"', 4, "did you mean 'url'"),
        ("pings = 3", 1, "written [pings]"),
    ],
)
def test_mistakes_are_told_with_their_line_and_without_the_secret(text, line, told):
    with pytest.raises(ConfigError) as caught:
        parse_config(text)
    assert caught.value.line == line
    assert told in str(caught.value)
    assert "hush-hush" not in str(caught.value)


METRIC = re.compile(r'newsmorgue_[a-z_]+\{(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)+\} -?[0-9.e+]+')


def read_metrics(text):
    """Name and labels to value; sees that the format is kept: each metric told once, with help and type."""
    found, told = {}, []
    for line in text.splitlines():
        if line.startswith("# HELP "):
            told.append(line.split()[2])
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {told[-1]} gauge"
        else:
            assert METRIC.fullmatch(line), line
            assert line.startswith(told[-1] + "{")
            name, _, value = line.rpartition(" ")
            assert name not in found
            found[name] = float(value)
    assert len(told) == len(set(told))
    assert text.endswith("\n")
    return found


def test_metrics_are_written_whole_and_readable_by_all(crawl, path, tmp_path, newsroom):
    file = tmp_path / "n.prom"
    assert crawl("--metrics", str(file)).returncode == 0
    found = read_metrics(file.read_text())
    site, archive = newsroom.base.partition("://")[2], f'archive="{path}"'
    assert found[f"newsmorgue_run_exit_code{{{archive}}}"] == 0
    assert found[f'newsmorgue_run_articles{{{archive},site="{site}",state="new"}}'] == 3
    assert found[f'newsmorgue_run_visits{{{archive},site="{site}",outcome="article"}}'] == 3
    assert found[f'newsmorgue_site_up{{{archive},site="{site}"}}'] == 1
    assert found[f"newsmorgue_archive_articles{{{archive}}}"] == 3
    assert abs(found[f"newsmorgue_last_success_timestamp_seconds{{{archive}}}"] - time.time()) < 60
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert [each.name for each in tmp_path.glob("*prom*")] == ["n.prom"]


def test_every_metric_and_event_is_documented(crawl, tmp_path, newsroom):
    crawl("--metrics", str(tmp_path / "n.prom"))
    newsroom.pages[NAMES[0]] = article(7)
    crawl("--metrics", str(tmp_path / "n.prom"))
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    names = set(re.findall(r"# TYPE (\S+)", (tmp_path / "n.prom").read_text()))
    assert names == set(re.findall(r"`(newsmorgue_[a-z_]+)`", text))
    source = "".join(each.read_text(encoding="utf-8") for each in Path(logs.__file__).parent.rglob("*.py"))
    events = set(re.findall(r'\bevent\(\s*[\w.]+, "(\w+)"', source)) | {"visit", "change", "failure", "progress"}
    assert events <= set(re.findall(r"`(\w+)`", text))


def test_metrics_of_a_failure_keep_when_it_last_went_well(crawl, path, tmp_path, newsroom):
    file, archive = tmp_path / "n.prom", f'archive="{path}"'
    assert crawl(config='metrics = "n.prom"').returncode == 0
    newsroom.pages = {"/": Answer(b"x", 503)}
    assert crawl(config='metrics = "n.prom"').returncode == 6
    found = read_metrics(file.read_text())
    assert found[f"newsmorgue_run_exit_code{{{archive}}}"] == 6
    assert f"newsmorgue_last_success_timestamp_seconds{{{archive}}}" in found
    assert 0 in [value for name, value in found.items() if name.startswith("newsmorgue_site_up")]
    with Archive.open(path, write=True):
        assert crawl("--metrics", str(file)).returncode == 4
    found = read_metrics(file.read_text())
    assert found[f"newsmorgue_run_exit_code{{{archive}}}"] == 4
    assert found[f"newsmorgue_archive_articles{{{archive}}}"] == 3
    assert crawl("--metrics", str(file), config="delayed = 3").returncode == 2
    assert read_metrics(file.read_text())[f"newsmorgue_run_exit_code{{{archive}}}"] == 2


def test_metrics_that_cannot_be_written_are_a_mistake_of_the_user(crawl, tmp_path):
    done = crawl("--metrics", str(tmp_path / "none" / "x.prom"))
    assert done.returncode == 2
    assert "to write the metrics into" in done.stderr


def test_labels_are_escaped(tmp_path):
    run = Ended(archive=tmp_path / 'a "b" \\ c\nd.db', exit_code=1, started=1e9, ended=1e9 + 1)
    assert len(read_metrics(prometheus(run))) == 4


@pytest.fixture
def tally():
    counted = Tally()

    def visit(site, outcome, change, status=200):
        capture = Capture(
            url=f"https://{site}/x", fetched_at="2026-01-01T00:00:00.000Z", outcome=Outcome.FETCHED, status=status
        )
        stored = Stored("c", outcome, "a", 1, change)
        counted.count(site, Visit(capture=capture, body=b"x" * 1_000_000, outcome=outcome), stored)

    visit("a.example", Outcome.ARTICLE, ChangeKind.NEW)
    visit("a.example", Outcome.ARTICLE, ChangeKind.SILENT)
    visit("a.example", Outcome.NOT_MODIFIED, None, 304)
    visit("b.example", Outcome.GONE, ChangeKind.GONE, 404)
    visit("b.example", Outcome.HTTP_ERROR, None, 500)
    counted.know({"a.example": 9, "b.example": 1}, {"a.example": 6, "b.example": 0})
    return counted


def test_plain_lines_tell_all_and_each_site_that_moved(tally):
    stream = io.StringIO()
    shown = PlainLines(stream, interval=0)
    shown.show(tally, 6)
    first, a, b = stream.getvalue().splitlines()
    assert first.startswith("10 discovered, 5 fetched, 1 new, 1 changed, 1 unchanged, 1 gone, 1 failed, 5.0 MB, ")
    assert first.endswith("/s, 6 to go")
    assert a.startswith("  a.example: 9 discovered, 3 fetched, 1 new, 1 changed, 1 unchanged, 0 gone, 0 failed, ")
    assert b.endswith("/s, 0 to go")
    shown.show(tally, 6)
    assert len(stream.getvalue().splitlines()) == 4


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_a_table_of_the_sites(tally, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    table = LiveTable(stream)
    table.show(tally, 6)
    table.close()
    shown = stream.getvalue()
    assert all(word in shown for word in ("discovered", "unchanged", "a.example", "b.example", "all", "rate"))
    assert re.search(r"a\.example\s+9\s+3\s+1\s+1\s+1\s+0\s+0\s+6\s+", shown)


def test_a_run_tells_what_it_finds_as_it_goes(newsroom, path):
    from scraper.crawl import Plan
    from scraper.crawl import crawl as run
    from scraper.sites import site_for

    class Kept:
        def show(self, tally, waiting):
            self.tally, self.waiting = tally, waiting

        def close(self):
            pass

    kept = Kept()
    slow = threading.Event()

    def late(handler):
        slow.wait(1.2)
        body = article(1)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    newsroom.pages = {"/": hub(*NAMES)} | dict.fromkeys(NAMES, late)
    run(path, Plan(sites=(site_for(newsroom.base + "/"),)), kept)
    (counts,) = kept.tally.sites.values()
    assert (counts.discovered, counts.new) == (3, 3)
