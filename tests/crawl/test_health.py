"""Sites that decay while nobody looks, over several runs against a real server: which alarm, and when it ends."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from shutil import copy

import pytest
from click.testing import CliRunner

from scraper.cli import main
from tests.crawl.invented_site import Story, page, stories
from tests.crawl.newsroom import Answer, Newsroom, hub

STORIES = stories(40, seed=9)
HEALTHY = 4  # runs: three make the usual, the fourth is judged
WALL = (
    b"<html><head><title>Sign in</title></head><body><h1>Subscribe to read</h1><p>Please log in or subscribe to go on "
    b"reading this article.</p><form action=/login><input type=password></form></body></html>"
)
Make = Callable[[Story], bytes | Answer]


def feed_of(newsroom: Newsroom, told: Sequence[Story]) -> Answer:
    items = "".join(f"<item><link>{newsroom.base}{story.path}</link></item>" for story in told)
    return Answer(f"<rss><channel>{items}</channel></rss>".encode(), content_type="application/rss+xml")


def signed(story: Story) -> bytes:
    return page(story, byline=f"Mara Quist {story.number}")


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as room:
        yield room


@pytest.fixture(scope="module")
def publish(newsroom) -> Callable[..., None]:
    """Serve the first ``count`` stories, each as ``make`` has it, on a start page and in a feed."""

    def serve(count: int, make: Make = signed) -> None:
        told = STORIES[:count]
        announced = '<link rel="alternate" type="application/rss+xml" href="/feed">'
        newsroom.pages = {story.path: make(story) for story in told}
        newsroom.pages |= {"/": hub(*(story.path for story in told), more=announced), "/feed": feed_of(newsroom, told)}

    return serve


def crawled(path: Path, newsroom: Newsroom, *options: str) -> tuple[int, list[str]]:
    """``newsmorgue crawl``: exit code, and what it said is wrong, less the site's name."""
    done = CliRunner().invoke(main, ["crawl", newsroom.base + "/", "--archive", str(path), *options])
    site = newsroom.base.removeprefix("http://")
    said = [line.removeprefix(f"newsmorgue: {site}: alarm: ") for line in done.stderr.splitlines()]
    return done.exit_code, [line for line in said if not line.endswith(" to go")]


def asked(path: Path) -> tuple[int, dict]:
    """``newsmorgue health --json``: exit code, and the one site."""
    done = CliRunner().invoke(main, ["health", "--json", "--archive", str(path)])
    (line,) = done.stdout.splitlines()
    return done.exit_code, json.loads(line)


@pytest.fixture
def crawl(newsroom, path):
    return lambda *options: crawled(path, newsroom, *options)


@pytest.fixture
def health(path):
    return lambda: asked(path)


@pytest.fixture(scope="module")
def past(newsroom, publish, tmp_path_factory) -> Path:
    """The archive of a site that was crawled a few times, with something new each time."""
    path = tmp_path_factory.mktemp("past") / "news.db"
    for run in range(HEALTHY):
        publish(8 + 2 * run)
        assert crawled(path, newsroom) == (0, [])
        code, site = asked(path)
        assert (code, site["alarms"]) == (0, [])
        assert site["state"] == ("young" if run < HEALTHY - 1 else "well")
    return path


@pytest.fixture
def healthy(past, publish, path) -> None:
    """A copy of it."""
    publish(8 + 2 * (HEALTHY - 1))
    copy(past, path)


def test_a_layout_that_breaks_and_is_mended(healthy, publish, crawl, health):
    publish(18, lambda story: page(story, lambda _, paragraphs: [paragraphs[0][:40]]))
    code, said = crawl("--full")
    assert code == 3
    assert any(line.startswith("known: 0% of known articles are still articles, usually 100%") for line in said)
    assert health()[0] == 3
    publish(20)
    assert crawl("--full") == (0, [])
    assert health()[0] == 0


def test_texts_and_fields_that_collapse_are_named_one_by_one(healthy, publish, crawl, health):
    def broken(story: Story) -> bytes:
        return page(story, lambda _, paragraphs: [max(paragraphs, key=len)[:260]])

    publish(20, broken)
    code, said = crawl("--full")
    assert code == 3
    assert {line.partition(":")[0] for line in said} == {"words", "authors"}
    measures = health()[1]["measures"]
    assert measures["words"]["verdict"] == "low"
    assert measures["words"]["now"] < measures["words"]["usual"] / 2
    assert measures["headline"]["verdict"] == "well"
    publish(20)
    assert crawl("--full") == (0, [])


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(b"<rss><channel></channel></rss>", content_type="application/rss+xml"), "has no entries any more"),
        (Answer(b"No such feed", 404), "is gone (404)"),
        (Answer(b"<html><body><p>We have moved.</p></body></html>"), "is no feed any more"),
        (Answer(b"No", 403), "fails: status 403"),
    ],
)
def test_a_feed_that_dies_and_comes_back(healthy, newsroom, publish, crawl, health, answer, told):
    publish(18)
    newsroom.pages["/feed"] = answer
    code, said = crawl()
    assert (code, len(said)) == (3, 1)
    assert said[0].startswith(f"feed: {newsroom.base}/feed {told}")
    (state,) = health()[1]["lists"]
    assert (state["kind"], state["usual"]) == ("feed", 11)
    publish(18)
    assert crawl() == (0, [])
    assert health()[0] == 0


def test_walls_everywhere(healthy, publish, crawl, health):
    publish(18, lambda _: WALL)
    code, said = crawl("--full")
    assert code == 3
    assert any(line.startswith("known: ") and " 14 wall)" in line for line in said)
    assert any(line.startswith("fresh: ") and " wall)" in line for line in said)
    assert [alarm["measure"] for alarm in health()[1]["alarms"]] == ["fresh", "known"]
    publish(18)
    assert crawl("--full") == (0, [])


def test_everything_is_deleted(healthy, newsroom, publish, crawl):
    publish(14, lambda _: Answer(b"gone", 410))
    code, said = crawl("--full")
    assert code == 3
    assert any(line.startswith("known: 0%") and " 14 gone)" in line for line in said)
    assert crawl() == (0, []), "what is gone is told once; the archive knows it now"


def test_a_run_that_finds_nothing_new_is_none_to_be_alarmed_about(healthy, crawl, health):
    assert crawl() == crawl() == (0, [])
    code, site = health()
    assert (code, site["state"], site["numbers"]["new"]["now"]) == (0, "well", 0)


def test_what_was_no_article_before_says_nothing_later(newsroom, publish, crawl, health):
    """Ten addresses that never were articles are looked at on each run; on a quiet day they are all that is."""
    links = "".join(f"<a href=/about/2026/01/01/a-list-of-things-{n}>x</a>" for n in range(10)).encode()
    junk = {f"/about/2026/01/01/a-list-of-things-{n}": hub("/", title="Things") for n in range(10)}
    for run in range(6):
        publish(8 + 2 * min(run, 3))
        newsroom.pages |= junk
        newsroom.pages["/"] = newsroom.pages["/"].replace(b"<ul>", b"<ul>" + links)
        assert crawl() == (0, [])
    assert health()[1]["state"] == "well"


def test_a_young_site_raises_nothing(newsroom, publish, crawl, health):
    publish(10)
    crawl()
    publish(10, lambda _: WALL)
    newsroom.pages["/feed"] = Answer(b"No", 404)
    assert crawl("--full") == (0, [])
    assert health()[1]["state"] == "young"


def test_a_site_that_does_not_answer_says_so_once(healthy, newsroom, path, health):
    newsroom.pages = {"/robots.txt": b"User-agent: *", **dict.fromkeys(("/", "/feed"), Answer(b"down", 500))}
    done = CliRunner().invoke(main, ["crawl", newsroom.base + "/", "--archive", str(path), "--quiet"])
    assert done.exit_code == 6
    assert "alarm" not in done.stderr
    assert [alarm["measure"] for alarm in health()[1]["alarms"]] == ["answers"]


def test_the_table_and_one_site(healthy, newsroom, path):
    site = newsroom.base.removeprefix("http://")
    rows = CliRunner().invoke(main, ["health", "--archive", str(path)]).stdout.split("  ")
    assert rows[:6] == [site, "well", "4", "2", "2", "100%"]
    details = CliRunner().invoke(main, ["health", newsroom.base, "--archive", str(path)]).stdout.splitlines()
    named = [line.split("  ")[0] for line in details]
    assert named[:3] == ["fresh", "known", "words"]
    assert {"new", "discovered", "new_per_visit", f"feed {newsroom.base}/feed"} <= set(named)
    unknown = CliRunner().invoke(main, ["health", "elsewhere.example", "--archive", str(path)])
    assert (unknown.exit_code, unknown.stderr) == (0, "elsewhere.example was never crawled into this archive\n")
