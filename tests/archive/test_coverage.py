"""What is known but missing, and why."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import main
from archive.coverage import coverage
from archive.store import Archive

SITE = "tidewater.example"
URL = f"https://{SITE}/news/harbour-books"


def discover(path: Path, rows: Iterable[tuple[str, str, str, str | None]]) -> None:
    """Enter addresses of the site: path, kind, how found, and what the last visit came to, if there was one."""
    with Archive.open(path, write=True) as archive:
        archive.begin_run("crawl", [SITE])
        for day, (where, kind, via, outcome) in enumerate(rows, 1):
            archive.connection.execute(
                "INSERT INTO frontier (url, site, kind, found_via, found_at, state, outcome, detail) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    f"https://{SITE}{where}", SITE, kind, via, f"2026-01-{day:02}T00:00:00.000Z",
                    "done" if outcome else "pending", outcome, outcome and f"it was a {outcome}",
                ),
            )  # fmt: skip
        archive.end_run({}, 0)


@pytest.fixture
def known(filled: Path) -> Path:
    discover(
        filled,
        [
            ("/news/harbour-books", "article", "feed", "article"),
            *((f"/news/walled-{number}", "article", "feed", "wall") for number in range(5)),
            ("/news/broken", "article", "link", "http_error"),
            ("/news/waiting", "article", "sitemap", None),
            ("/news/list", "article", "section", "hub"),
            ("/", "hub", "seed", "hub"),
            ("/about", "page", "section", "thin"),
        ],
    )
    return filled


def test_counts_reasons_sources_and_the_oldest(known: Path) -> None:
    with Archive.open(known) as archive:
        (record,) = coverage(archive.connection)
        missing = archive.connection.execute("SELECT count(*) FROM missing").fetchone()[0]
    assert [record[name] for name in ("site", "known", "stored", "missing", "share")] == [SITE, 8, 1, missing, 0.125]
    assert [(each["reason"], each["missing"]) for each in record["reasons"]] == [
        ("wall", 5),
        ("http_error", 1),
        ("pending", 1),
    ]
    assert record["sources"] == {
        "feed": {"known": 6, "stored": 1, "missing": 5, "share": 0.1667},
        "link": {"known": 1, "stored": 0, "missing": 1, "share": 0.0},
        "sitemap": {"known": 1, "stored": 0, "missing": 1, "share": 0.0},
    }
    assert record["oldest"]["url"] == f"https://{SITE}/news/walled-0"
    examples = record["reasons"][0]["examples"]
    assert [each["url"].rpartition("/")[2] for each in examples] == ["walled-0", "walled-1", "walled-2"]
    assert examples[0]["detail"] == "it was a wall"


def test_a_site_by_name_or_address_and_one_that_is_not_known(known: Path) -> None:
    with Archive.open(known) as archive:
        assert [record["site"] for record in coverage(archive.connection, SITE)] == [SITE]
        assert list(coverage(archive.connection, "elsewhere.example")) == []


def test_the_command(known: Path) -> None:
    def run(*words: str) -> list[str]:
        done = CliRunner().invoke(main, ["coverage", *words, "--archive", str(known)])
        assert done.exit_code == 0
        return done.stdout.splitlines()

    (line,) = run()
    assert line.split("  ")[:6] == [SITE, "8", "1", "12%", "7", "wall 5, http_error 1, pending 1"]
    assert json.loads(run("--json", URL)[0])["missing"] == 7
    rows = [row.split("  ") for row in run(SITE)]
    assert [row[:2] for row in rows] == [["wall", "5"], ["-", "-"], ["-", "-"], ["http_error", "1"], ["pending", "1"]]
    assert rows[3][3:] == [f"https://{SITE}/news/broken", "it was a http_error"]
    assert run("elsewhere.example") == run("--json", "elsewhere.example") == []


def test_an_archive_that_was_not_crawled(filled: Path) -> None:
    done = CliRunner().invoke(main, ["coverage", "--archive", str(filled)])
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "no site was crawled\n")
    done = CliRunner().invoke(main, ["health", "--archive", str(filled)])
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "no site was crawled\n")
