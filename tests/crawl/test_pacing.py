"""When a host may be asked next, by a clock that only moves when it is told to."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Outcome
from archive.store import Archive
from scraper.discovery.found import Found, Target
from scraper.discovery.reservations import parse_reservations
from scraper.discovery.robots import parse_robots
from scraper.discovery.traps import MOST_BARREN, MOST_BARREN_BELOW, Traps, Twins, is_winding
from scraper.frontier import SiteQueue
from scraper.frontier_table import FrontierTable
from scraper.middlewares.refusals import NotNow
from scraper.pacing import DEAD_AFTER, LONGEST_DELAY, LONGEST_WAIT, SILENT_AFTER, Host, Hosts
from scraper.retry_after import LONGEST, retry_after

URL = "https://ledger.example/a"
NOW = datetime(2026, 1, 13, 12, tzinfo=UTC)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def hosts(clock):
    return Hosts(clock)


def add(hosts: Hosts, *, delay: float = 1.0, width: int = 2) -> Host:
    return hosts.add(URL, delay=delay, width=width, adapts=True, most=100)


def turn(hosts: Hosts, host: Host, url: str = URL) -> None:
    asyncio.run(asyncio.wait_for(hosts.turn(host, url), 0.05))


def test_a_delay_lies_between_two_starts_and_one_at_a_time_between_end_and_start(hosts, clock):
    host = add(hosts)
    turn(hosts, host)
    assert host.wait(clock.now) == 1.0
    clock.now += 0.4
    hosts.back(host)
    assert host.wait(clock.now) == pytest.approx(0.6)
    host.ask_for(2.0)
    assert host.wait(clock.now) == pytest.approx(2.0)
    host.ask_for(0.5)
    assert host.floor == 2.0
    host.ask_for(10_000.0)
    assert host.floor == LONGEST_DELAY


def test_no_more_than_its_width_is_under_way(hosts, clock):
    host = add(hosts, delay=0.0)
    turn(hosts, host)
    turn(hosts, host)
    assert host.wait(clock.now) == float("inf")
    hosts.back(host)
    assert host.wait(clock.now) <= 0


def test_a_slow_host_is_asked_less_often_but_never_below_its_floor(hosts):
    host = add(hosts)
    host.adapt(6.0, 200)
    assert host.pace == 6.0
    host.adapt(0.1, 500)  # an error is answered fast
    assert host.pace == 6.0
    for _ in range(20):
        host.adapt(0.01, 200)
    assert host.pace == 1.0
    host.adapt(500.0, 200)
    assert host.pace == 15.0


def test_what_asks_to_wait_holds_the_whole_host_and_too_long_a_wait_leaves_it(hosts, clock):
    host = add(hosts, delay=0.0, width=8)
    assert hosts.held_back(host, URL, 20.0)
    assert host.wait(clock.now) == 20.0
    assert host.width == 1
    assert not hosts.held_back(host, URL, LONGEST_WAIT + 1)
    with pytest.raises(NotNow, match="asked to come back"):
        turn(hosts, host)
    with pytest.raises(NotNow):
        turn(hosts, host, "http://ledger.example/b")  # the other origin of the same host


def test_an_address_waits_while_the_same_without_its_query_is_under_way(hosts, tmp_path):
    story, other = "https://ledger.example/2026/01/13/ferry", "https://ledger.example/2026/01/13/bus"
    with Archive.open(tmp_path / "news.db", write=True, create=True) as archive:
        archive.begin_run("crawl", [])
        table = FrontierTable(archive.connection)
        found = [Found(url=url, target=Target.ARTICLE, via="link") for url in (story, f"{story}?visit=1", other)]
        table.discover("ledger.example", found)
        queue = SiteQueue(table, "ledger.example", None, 8, hosts)
        assert [entry.url for entry in (queue.take(), queue.take()) if entry] == [story, other]
        assert queue.take() is None
        assert queue.waits()
        queue.settle(story, Outcome.ARTICLE)
        assert (queue.take() or found[0]).url == f"{story}?visit=1"


@pytest.mark.parametrize(("connected", "most"), [(False, DEAD_AFTER), (True, SILENT_AFTER)])
def test_only_failures_of_different_addresses_in_a_row_count(hosts, connected, most):
    host = add(hosts)
    for number in range(3 * most):
        hosts.failed(host, f"{URL}{number % (most - 1)}", "dead", connected=connected)
    assert not hosts.left
    hosts.answered(host, 0.1, 200)
    for number in range(most):
        assert not hosts.left
        hosts.failed(host, f"{URL}{number}", "dead", connected=connected)
    assert hosts.left == {"https://ledger.example": "dead"} == hosts.trouble()


def test_what_waits_is_told_when_the_run_ends(hosts):
    async def wait_and_close() -> None:
        host = add(hosts, delay=50.0)
        await hosts.turn(host, URL)
        waiting = asyncio.create_task(hosts.turn(host, URL))
        await asyncio.sleep(0)
        assert hosts.is_waiting("https://www.ledger.example/b")
        hosts.close("signal 15")
        await waiting

    with pytest.raises(NotNow, match="signal 15"):
        asyncio.run(wait_and_close())


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        *(("0", 0), ("120", 120), (" 7 ", 7), ("9" * 400, LONGEST), ("", None), (None, None), ("soon", None)),
        *(("-5", None), ("1.5", None), ("\u0663", None)),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 91),
        (format_datetime(NOW - timedelta(days=900), usegmt=True), 0),
        (format_datetime(NOW + timedelta(days=900), usegmt=True), LONGEST),
    ],
)
def test_retry_after_in_both_its_forms(header, seconds):
    assert retry_after(header, NOW) == seconds


@given(st.text())
def test_no_retry_after_breaks_it(header):
    seconds = retry_after(header, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST


ROBOTS = """\
User-agent: news
Allow: /

User-agent: NewsMorgue
Crawl-delay: 2
Disallow: /a
Allow: /a/b
Disallow: /a/b/c*$

User-agent: *
Disallow: /
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_longest_match_of_the_group_with_our_own_name_counts(end):
    said = parse_robots(ROBOTS.replace("\n", end).encode(), "https://e.com/robots.txt")
    allowed = {path: said.allows(f"https://e.com{path}", "newsmorgue/1.0 (news archive)") for path in ("/", "/a/x")}
    assert allowed == {"/": True, "/a/x": False}
    assert said.allows("https://e.com/a/b/x", "newsmorgue")
    assert not said.allows("https://e.com/a/b/cd", "newsmorgue")
    assert said.delay("newsmorgue/1.0") == 2.0
    assert not said.allows("https://e.com/x", "otherbot/2.0")


def test_of_a_long_robots_whole_lines_within_500_kib_are_read():
    long = b"User-agent: *\nDisallow: /first\n" + b"#" * 511_960 + b"\nDisallow: /cut-in-two\nDisallow: /behind\n"
    said = parse_robots(long, "https://e.com/robots.txt")
    paths = ("/first", "/cut", "/cut-in-two", "/behind")
    assert [said.allows(f"https://e.com{path}", "newsmorgue") for path in paths] == [False, True, True, True]


@given(st.binary(max_size=300))
def test_no_robots_and_no_reservations_break_it(body):
    said = parse_robots(body, "https://e.com/robots.txt")
    said.allows("https://e.com/a", "newsmorgue")
    said.delay("newsmorgue")
    parse_reservations(body).reserved("https://e.com/a")


def test_a_form_that_brings_nothing_new_for_long_is_a_trap():
    traps = Traps()
    days = [f"https://e.com/calendar/2026/{n}" for n in range(MOST_BARREN)]
    for day in days[1:]:
        traps.note(day, fruitful=False)
    assert traps.verdict(days[0]) is None
    traps.note(days[0], fruitful=False)
    assert "/calendar/#/#" in (traps.verdict("https://e.com/calendar/1999/9") or "")
    assert traps.verdict("https://e.com/news/1999/9") is None
    traps.note(days[0], fruitful=True)
    assert traps.verdict(days[0]) is None


def test_so_is_a_folder_whose_pages_all_look_different():
    traps = Traps()
    for number in range(MOST_BARREN_BELOW):
        traps.note(f"https://e.com/odd/{'a' * (number % 50)}x{chr(97 + number % 26)}/{number:x}q", fruitful=False)
    assert "below e.com/odd/" in (traps.verdict("https://e.com/odd/new") or "")


def test_the_same_story_under_another_query_has_a_first_address():
    twins = Twins()
    assert twins.first_of("https://e.com/a?v=1", "story") is None
    assert twins.first_of("https://e.com/a?v=1", "story") is None
    assert twins.first_of("https://e.com/a?v=2", "story") == "https://e.com/a?v=1"
    assert twins.first_of("https://e.com/b?v=2", "story") is None
    assert twins.first_of("https://e.com/a?v=3", "another story") is None


@pytest.mark.parametrize("path", ["/a/b/a/b/a/b/a/b", "/" + "x" * 2001, "/n" * 21])
def test_addresses_that_wind_are_not_followed(path):
    assert is_winding(f"https://e.com{path}")
    assert not is_winding("https://e.com/2026/01/13/a-story-about-01/01")
