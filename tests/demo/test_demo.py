"""The demo, and the newspaper that it is made of."""

import http.client
import json
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from archive.store import Archive
from scraper.cli import main
from scraper.demo.pages import resources
from scraper.demo.paper import SECTIONS, edition, edits, stories, truth
from scraper.demo.server import Press
from scraper.reading import read

BASE = "http://127.0.0.1:1"


def test_enough_stories_of_a_believable_length():
    assert len(edition(1)) >= 30
    assert {story.section for story in stories()} == set(SECTIONS)
    assert all(140 <= len(story.text.split()) <= 500 for story in stories() if story.day == 1)
    assert len({story.slug for story in stories()}) == len(stories())


def test_the_truth_is_counted_from_the_data():
    assert sum(truth().changed.values()) + truth().gone == len(edits())
    assert truth().new == len(edition(2)) - len(edition(1))
    assert truth().unchanged > len(edition(1)) / 2


def test_pages_are_the_same_each_time():
    assert resources(1, BASE) == resources(1, BASE)


def test_one_layout_has_json_ld_and_the_other_has_not():
    pages = {path: page.body for path, page in resources(1, BASE).items()}
    town = next(body for path, body in pages.items() if path.startswith("/town/2"))
    culture = next(body for path, body in pages.items() if path.startswith("/culture/") and path.endswith(".html"))
    assert b"application/ld+json" in town
    assert b"application/ld+json" not in culture
    for body in (town, culture):
        assert body.count(b"cookie-consent") == 1
        assert b'type="email"' in body


@pytest.mark.parametrize("day", [1, 2])
def test_each_story_reads_as_it_was_written(day):
    table = resources(day, BASE)
    for story in edition(day):
        if story.status != 200:
            continue
        article = read(table[story.path].body, BASE + story.path)
        assert article.headline == story.headline
        assert article.authors == (story.author,)
        assert story.text.strip().split("\n\n")[0] in article.text
        assert "cookies" not in article.text
        assert "newsletter" not in article.text


def ask(press, path, **headers):
    connection = http.client.HTTPConnection(urlsplit(press.base).netloc)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_server_honours_validators_and_says_what_is_gone():
    with Press() as press:
        first, body = ask(press, "/")
        assert (first.status, b"Ledger" in body) == (200, True)
        assert ask(press, "/", **{"If-None-Match": first.headers["ETag"]})[0].status == 304
        assert ask(press, "/", **{"If-Modified-Since": first.headers["Last-Modified"]})[0].status == 304
        assert ask(press, "/nowhere")[0].status == 404
        press.turn_to(2)
        gone = {story.path: story.status for story in edition(2) if story.status != 200}
        assert {path: ask(press, path)[0].status for path in gone} == gone


def invoke(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_demo_finds_what_the_newspaper_did(tmp_path):
    folder = tmp_path / "demo"
    done = invoke("demo", "--dir", folder)
    assert done.exit_code == 0, done.output
    expected = truth()
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(expected.changed.items()))
    day_two = (
        f"Day 2: {expected.new} new, {expected.changed.total()} changed ({kinds}), {expected.gone} gone, "
        f"{expected.unchanged} unchanged"
    )
    assert day_two in done.stdout
    with Archive.open(folder / "news.db") as archive:
        kinds_of = {urlsplit(row["url"]).path: row["kind"] for row in archive.changes() if row["kind"] != "new"}
    assert kinds_of == {story.path: edits()[story.slug]["kind"] for story in edition(2) if story.slug in edits()}
    commands = [line.split() for line in done.stdout.splitlines() if line.startswith("  newsmorgue ")]
    assert len(commands) >= 5
    for _, *words in commands:
        where = ["--output", str(tmp_path / "articles")] if "export" in words else []
        assert invoke(*words, *where).exit_code == 0, words


def test_demo_starts_afresh_and_spares_what_is_not_its_own(tmp_path):
    assert invoke("demo", "--dir", tmp_path / "d").exit_code == 0
    again = invoke("demo", "--dir", tmp_path / "d")
    assert again.exit_code == 0
    assert f"Day 1: {len(edition(1))} new" in again.stdout
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "news.db").write_bytes(b"precious")
    refused = invoke("demo", "--dir", tmp_path / "mine")
    assert refused.exit_code == 2
    assert (tmp_path / "mine" / "news.db").read_bytes() == b"precious"


def test_json_of_the_demo_archive_is_json(tmp_path):
    invoke("demo", "--dir", tmp_path / "d")
    listed = invoke("list", "--archive", tmp_path / "d" / "news.db", "--json").stdout.splitlines()
    assert len(listed) == len(stories())
    assert all(json.loads(line)["headline"] for line in listed)
