"""``newsmorgue import``: WARC files of several makers, saved pages, text dumps."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from archive.verify import verify
from scraper.cli import main
from tests.crawl.newsroom import article
from tests.crawl.warc_making import SITE, Warc

# warcio's writer, which only makes the test's files, leaves closing its temporary files to the collector
pytestmark = [
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def run(imports: Callable[..., Result]) -> Callable[..., Result]:
    return imports


@pytest.mark.parametrize("gzipped", [True, False])
def test_responses_of_a_warc_become_articles_at_their_times(tmp_path, run, rows, gzipped):
    warc = Warc(gzipped=gzipped).add(f"{SITE}/a", article(1), 3).add(f"{SITE}/b", article(2), 4)
    result = run(warc.save(tmp_path / "crawl.warc.gz"))
    assert result.exit_code == 0, result.stderr
    assert rows("SELECT url, first_seen_at FROM articles ORDER BY url") == [
        (f"{SITE}/a", "2026-01-03T09:00:00.000Z"),
        (f"{SITE}/b", "2026-01-04T09:00:00.000Z"),
    ]
    assert rows("SELECT command, exit_code FROM runs") == [("import", 0)]


def test_every_kind_of_record(tmp_path, run, rows, path):
    page, edited = article(1), article(1).replace(b"</article>", b"<p>One more sentence came later.</p></article>")
    warc = (
        Warc()
        .add("urn:pageinfo", b"{}", 1, "metadata", media="application/json")
        .add(f"{SITE}/a", page, 3)
        .revisit(f"{SITE}/a", page, 4)
        .add(f"{SITE}/a", edited, 5)
        .add(f"{SITE}/a", b"<html><body>Not here", 6, status="404 Not Found")
        .add(f"{SITE}/logo.png", b"\x89PNG", 1, media="image/png")
        .add(f"{SITE}/dump", article(2), 1, "resource", media="text/html", warc_content_type="text/html")
        .add(f"{SITE}/old", b"", 1, status="301 Moved", http=[("Location", "/a")])
    )
    result = run(warc.save(tmp_path / "all.warc.gz"))
    assert result.exit_code == 0, result.stderr
    assert "left as no pages: 1 records" in result.stderr
    assert rows("SELECT number, change, seen_from, seen_to FROM versions WHERE url LIKE '%/a' ORDER BY number") == [
        (1, "new", "2026-01-03T09:00:00.000Z", "2026-01-05T09:00:00.000Z"),
        (2, "silent", "2026-01-05T09:00:00.000Z", "2026-01-06T09:00:00.000Z"),
    ]
    assert rows("SELECT last_confirmed_at FROM versions WHERE url LIKE '%/a' AND number = 1") == [
        ("2026-01-04T09:00:00.000Z",)
    ]
    assert rows("SELECT count(*) FROM articles WHERE url LIKE '%/dump'") == [(1,)]
    assert rows("SELECT final_url FROM captures WHERE url LIKE '%/old'") == [(f"{SITE}/a",)]
    assert list(verify(path, deep=True)) == []


def test_an_older_file_imported_later_takes_its_place_in_the_history(tmp_path, run, rows):
    new = Warc().add(f"{SITE}/a", article(1).replace(b"</h1>", b" again</h1>"), 9).save(tmp_path / "new.warc.gz")
    old = Warc().add(f"{SITE}/a", article(1), 2).save(tmp_path / "old.warc.gz")
    assert run(new).exit_code == run(old).exit_code == 0
    assert rows("SELECT number, change, seen_from FROM versions ORDER BY number") == [
        (1, "new", "2026-01-02T09:00:00.000Z"),
        (2, "headline", "2026-01-09T09:00:00.000Z"),
    ]


def test_the_same_file_twice_adds_nothing(tmp_path, run, rows):
    warc = Warc().add(f"{SITE}/a", article(1)).save(tmp_path / "a.warc.gz")
    run(warc)
    before = rows("SELECT (SELECT count(*) FROM captures), (SELECT count(*) FROM versions)")
    assert run(warc).exit_code == 0
    assert rows("SELECT (SELECT count(*) FROM captures), (SELECT count(*) FROM versions)") == before == [(1, 1)]


@pytest.mark.parametrize("cut", [0.4, 0.9])
def test_a_file_that_breaks_off_is_named_and_what_came_before_is_kept(tmp_path, run, rows, path, cut):
    warc = Warc()
    for number in range(1, 6):
        warc.add(f"{SITE}/{number}", article(number))
    whole = warc.stream.getvalue()
    (tmp_path / "broken.warc.gz").write_bytes(whole[: int(len(whole) * cut)])
    Warc().add(f"{SITE}/sound", article(7)).save(tmp_path / "sound.warc.gz")
    result = run(tmp_path)
    assert result.exit_code == 3
    assert "broken.warc.gz" in result.stderr
    assert "Traceback" not in result.stderr
    assert ("https://tidewater.example/sound",) in rows("SELECT url FROM articles")
    assert rows("SELECT count(*) FROM articles")[0][0] >= 2
    assert list(verify(path, deep=True)) == []


def test_a_record_whose_bytes_are_not_those_of_its_digest_is_left(tmp_path, run, rows):
    warc = Warc(gzipped=False).add(f"{SITE}/a", article(1)).add(f"{SITE}/b", article(2))
    damaged = warc.stream.getvalue().replace(b"<article>", b"<artIcle>", 1)
    (tmp_path / "flip.warc").write_bytes(damaged)
    result = run(tmp_path / "flip.warc")
    assert result.exit_code == 3
    assert "digest" in result.stderr
    assert rows("SELECT url FROM articles") == [(f"{SITE}/b",)]


def test_saved_pages_say_where_they_are_from(tmp_path, run, rows):
    folder = tmp_path / "saved"
    (folder / "deep").mkdir(parents=True)
    linked = article(1).replace(b"<head>", b'<head><link rel="canonical" href="https://tidewater.example/one">')
    (folder / "one.html").write_bytes(linked)
    (folder / "deep" / "two.htm").write_bytes(
        b"<!-- saved from url=(0029)https://tidewater.example/two -->" + article(2)
    )
    (folder / "deep" / "three page.html").write_bytes(article(3))
    (folder / "notes.css").write_bytes(b"p {}")
    os.utime(folder / "one.html", (1_768_000_000, 1_768_000_000))
    result = run(folder, "--url-prefix", "https://tidewater.example/archive/")
    assert result.exit_code == 0, result.stderr
    assert rows("SELECT url FROM articles ORDER BY url") == [
        ("https://tidewater.example/archive/deep/three%20page.html",),
        ("https://tidewater.example/one",),
        ("https://tidewater.example/two",),
    ]
    assert rows("SELECT first_seen_at FROM articles WHERE url LIKE '%/one'") == [("2026-01-09T23:06:40.000Z",)]


def test_a_text_dump_without_any_address_can_be_kept_and_found(tmp_path, run, path):
    folder = tmp_path / "dumps"
    folder.mkdir()
    body = "\n".join(
        f"The {word} of the harbour were counted again on Tuesday, and the number was not what the ledger said."
        for word in ("boats", "crates", "gulls")
    )
    (folder / "count.txt").write_text(f"HARBOUR\nAll were counted, and none agreed\n13 Jan 2026\n\n{body}\n12 Jan 2026")
    assert run(folder).exit_code == 0
    shown = CliRunner().invoke(main, ["show", "file:///dumps/count.txt", "--json", "--archive", str(path)])
    record = json.loads(shown.stdout)
    assert (record["section"], record["published_at"]) == ("HARBOUR", "2026-01-13")
    assert record["text"].count("counted again") == 3


@pytest.mark.parametrize(
    ("name", "content", "exit_code", "told"),
    [
        ("nothing", None, 2, "no such file or folder"),
        ("empty.warc.gz", b"", 6, "no WARC or ARC record"),
        ("noise.warc.gz", b"\x1f\x8b" + b"noise" * 40, 6, "damaged"),
        ("words.warc", b"these are words\r\n" * 9, 6, "damaged"),
        ("folder", "folder", 6, "no .html"),
    ],
)
def test_what_cannot_be_imported_is_told(tmp_path, run, name, content, exit_code, told):
    place = tmp_path / name
    if content == "folder":
        place.mkdir()
    elif content is not None:
        place.write_bytes(content)
    result = run(place)
    assert result.exit_code == exit_code
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_a_stopped_import_keeps_what_it_has_and_goes_on(tmp_path, path, rows):
    warc = Warc()
    for number in range(400):
        warc.add(f"{SITE}/{number}", article(number), 1 + number % 28)
    file = warc.save(tmp_path / "many.warc.gz")
    command = [sys.executable, "-m", "scraper", "import", str(file), "--archive", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as importing:
        while not path.exists() and importing.poll() is None:
            pass
        importing.send_signal(signal.SIGTERM)
        _, told = importing.communicate(timeout=60)
    assert importing.returncode == 143, told
    assert list(verify(path)) == []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert rows("SELECT count(*) FROM articles") == [(400,)]
