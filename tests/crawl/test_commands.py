"""The commands that crawl, as a user meets them."""

import json

import pytest
from click.testing import CliRunner

from scraper.cli import main
from scraper.commands.crawl import parse_duration
from scraper.sites import load_config
from tests.crawl.newsroom import Answer, article, hub

STORY = "/2026/01/01/one-story-to-be-kept"


@pytest.fixture
def cli(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSMORGUE_ARCHIVE", raising=False)

    def go(*words):
        return CliRunner().invoke(main, [str(word) for word in words])

    return go


def test_crawl_of_a_bare_address(cli, newsroom, tmp_path):
    newsroom.pages = {"/": hub(STORY), STORY: article(1)}
    done = cli("crawl", newsroom.base + "/")
    assert done.exit_code == 0
    assert "1 new, 0 changed, 0 gone, 0 unchanged" in done.stdout
    assert (tmp_path / "news.db").exists()
    assert cli("list", "--json").stdout.count(STORY) == 1


def test_json_summary(cli, newsroom):
    newsroom.pages = {"/": hub(STORY), STORY: article(1)}
    summary = json.loads(cli("crawl", newsroom.base + "/", "--json").stdout)
    assert (summary["new"], summary["exit_code"], summary["sites"][0]["new"]) == (1, 0, 1)


def test_quiet_says_nothing(cli, newsroom):
    newsroom.pages = {"/": hub(STORY), STORY: article(1)}
    done = cli("crawl", newsroom.base + "/", "--quiet")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("address", "words"),
    [("http://no-such-host.invalid/", "unknown host"), ("http://127.0.0.1:9/", "connection refused")],
)
def test_nothing_fetched(cli, address, words):
    done = cli("crawl", address)
    assert done.exit_code == 6
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("crawl",), "no site given"),
        (("crawl", "nope"), "'nope' is no site"),
        (("crawl", "https://a.example", "--max-time", "soon"), "no length of time"),
        (("crawl", "https://a.example", "--since", "soonish"), "no time"),
        (("crawl", "--config", "missing.toml"), "missing.toml"),
    ],
)
def test_wrong_usage(cli, words, message):
    done = cli(*words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.output


def test_config_mistake_names_the_line(cli, tmp_path):
    (tmp_path / "newsmorgue.toml").write_text('[[site]]\nurl = "https://a.example"\nfeed = []\n')
    done = cli("crawl")
    assert done.exit_code == 2
    assert "newsmorgue.toml:3: unknown key 'feed'; did you mean 'feeds'?" in done.stderr


def test_foreign_archive_is_left_alone(cli, newsroom, tmp_path):
    (tmp_path / "news.db").write_bytes(b"not a database at all")
    assert cli("crawl", newsroom.base + "/").exit_code == 2
    assert (tmp_path / "news.db").read_bytes() == b"not a database at all"


@pytest.fixture
def rich_site(newsroom):
    newsroom.pages = {
        "/": hub("/world", "/sport", STORY, more='<link rel=alternate type="application/rss+xml" href="/feed">'),
        "/robots.txt": Answer(f"Sitemap: {newsroom.base}/s.xml".encode(), content_type="text/plain"),
        STORY: article(1),
    }
    return newsroom


def test_init_writes_what_it_finds_and_crawl_takes_it(cli, rich_site, tmp_path):
    done = cli("init", rich_site.base + "/")
    assert done.exit_code == 0
    site = load_config(tmp_path / "newsmorgue.toml").sites[0]
    assert site.url == rich_site.base + "/"
    assert site.feeds == (rich_site.base + "/feed",)
    assert site.sitemaps == (rich_site.base + "/s.xml",)
    assert rich_site.base + "/world" in (tmp_path / "newsmorgue.toml").read_text()
    assert cli("crawl").exit_code == 0


def test_init_does_not_overwrite_without_force(cli, rich_site, tmp_path):
    (tmp_path / "newsmorgue.toml").write_text("# mine\n")
    refused = cli("init", rich_site.base + "/")
    assert (refused.exit_code, "--force" in refused.stderr) == (2, True)
    assert (tmp_path / "newsmorgue.toml").read_text() == "# mine\n"
    assert cli("init", rich_site.base + "/", "--force").exit_code == 0
    assert "[[site]]" in (tmp_path / "newsmorgue.toml").read_text()


def test_init_of_what_cannot_be_reached(cli, tmp_path):
    done = cli("init", "http://127.0.0.1:9/")
    assert done.exit_code == 6
    assert not (tmp_path / "newsmorgue.toml").exists()


def test_extract_of_an_address(cli, newsroom):
    newsroom.pages = {STORY: article(1)}
    done = cli("extract", newsroom.base + STORY, "--format", "json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["url"] == newsroom.base + STORY


def test_every_command_has_help_with_an_example(cli):
    for name in ("demo", "init", "crawl", "extract", "import"):
        shown = cli(name, "--help")
        assert shown.exit_code == 0
        assert "Example: newsmorgue " + name in " ".join(shown.stdout.split())


def test_version(cli):
    assert "version" in cli("--version").stdout


def test_durations():
    assert [parse_duration(words) for words in ("90", "90s", "30m", "2h", "1d")] == [90, 90, 1800, 7200, 86_400]
