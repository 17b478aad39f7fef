"""``rebuild --dask`` and ``import --dask`` on a real cluster: what they leave is what one process leaves."""

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from distributed import Client
from distributed.comm.core import CommClosedError

from archive.digests import digests
from archive.store import Archive
from archive.verify import verify
from scraper.cli import main
from scraper.cluster import Cluster, cluster
from scraper.rebuild import on_cluster as rereading
from scraper.replay import source
from scraper.replay.import_run import sources_of
from tests.crawl.newsroom import article
from tests.crawl.test_rebuild import made
from tests.crawl.warc_making import SITE, Warc

pytestmark = [
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),  # warcio's writer, which makes the files
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
CAPTURES = (
    "SELECT id, url, fetched_at, outcome, body_id, rendered_id, final_url, headers, found_in FROM captures ORDER BY id"
)


@pytest.fixture(scope="module")
def two() -> Iterator[Cluster]:
    with cluster("local", 2) as found:
        yield found


def address(found: Cluster) -> str:
    return str(found.client.scheduler.address)


def morgue(*words: object) -> Result:
    return CliRunner().invoke(main, [*map(str, words)])


def state(path: Path) -> tuple[dict[str, str], list[tuple[object, ...]]]:
    """The readings and the facts, whatever runs brought them."""
    with Archive.open(path) as archive:
        return digests(archive.connection), archive.connection.execute(CAPTURES).fetchall()


def places(path: Path) -> dict[str, str]:
    with Archive.open(path) as archive:
        return digests(archive.connection, numbers=True)


def files(folder: Path, count: int = 6, pages: int = 12) -> list[Path]:
    """WARC files: a line that recurs on the site, a revisit of the file before, a later state, a picture."""
    folder.mkdir()
    found = []
    for number in range(count):
        warc = Warc()
        for page in range(pages):
            at, name = number * pages + page, f"{SITE}/{number}/{page}"
            promo = b"<p>Our harbour letter comes each Friday, with all that the week has washed ashore.</p></article>"
            body = article(at).replace(b"</article>", promo)
            warc.add(name, body, 1 + page % 3)
            if page == 3:
                warc.add(name, body.replace(b"</h1>", b" again</h1>"), 9)
            if page == 5 and number:
                before = article(at - pages).replace(b"</article>", promo)
                warc.revisit(f"{SITE}/{number - 1}/{page}", before, 12)
        warc.add(f"{SITE}/logo.png", b"\x89PNG", 1, media="image/png")
        found.append(warc.save(folder / f"part-{number}.warc.gz"))
    return found


def plainly(folder: Path, *paths: object) -> Path:
    done = morgue("import", *paths, "--archive", folder / "plain.db", "--quiet")
    assert done.exit_code in (0, 3), done.output
    return folder / "plain.db"


def test_rebuilt_on_a_cluster_are_the_same_bytes(tmp_path: Path, two: Cluster):
    path = made(tmp_path / "news.db")
    before = places(path)
    with sqlite3.connect(path) as tampered:
        tampered.execute("UPDATE versions SET headline = 'Nonsense'")
        tampered.execute("UPDATE site_lines SET in_force = 0")
    tampered.close()
    done = morgue("rebuild", "--dask", address(two), "--archive", path, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["changed"] > 0
    assert places(path) == before
    assert list(verify(path, deep=True)) == []
    loaded = two.client.run(eval, "list(__import__('sys').modules)").values()
    assert len(list(loaded)) == 2
    assert not any({"scrapy", "twisted"} & set(each) for each in loaded)


def test_workers_that_do_not_have_the_archive_are_sent_the_pages(
    tmp_path: Path, two: Cluster, monkeypatch: pytest.MonkeyPatch
):
    path = made(tmp_path / "news.db")
    before = places(path)
    sent = []
    whole = rereading.ClusterWorkers.submit

    def submit(self: rereading.ClusterWorkers, captures: list[str]) -> object:
        sent.append(self.sends)
        return whole(self, captures)

    monkeypatch.setattr(rereading, "this_machine", lambda: "another machine")
    monkeypatch.setattr(rereading.ClusterWorkers, "submit", submit)
    assert morgue("rebuild", "--dask", address(two), "--archive", path).exit_code == 0
    assert (sent[0], sent[-1]) == (False, True)
    assert places(path) == before


def test_a_worker_with_another_reader_is_told(tmp_path: Path, two: Cluster, monkeypatch: pytest.MonkeyPatch):
    path = made(tmp_path / "news.db")
    monkeypatch.setattr("scraper.rebuild.rebuilding.read_by", lambda: "2+new")
    done = morgue("rebuild", "--dask", address(two), "--archive", path)
    assert done.exit_code == 2
    assert "the Dask worker has reader 1+" in done.stderr


def test_a_worker_killed_midway_changes_nothing(tmp_path: Path, two: Cluster, monkeypatch: pytest.MonkeyPatch):
    path = made(tmp_path / "news.db")
    before = places(path)
    monkeypatch.setattr("scraper.rebuild.reading_again.BATCH", 4)
    killed = []
    whole = Cluster.result

    def result(self: Cluster, *arguments: object) -> object:
        found = whole(self, *arguments)
        if not killed:
            killed.append(next(iter(self.client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)
        return found

    monkeypatch.setattr(Cluster, "result", result)
    done = morgue("rebuild", "--dask", address(two), "--archive", path)
    assert (done.exit_code, len(killed)) == (0, 1), (done.output, done.exception)
    assert places(path) == before


def test_imported_on_a_cluster_is_the_same_archive(tmp_path: Path, two: Cluster):
    warcs = files(tmp_path / "warcs")
    path = tmp_path / "news.db"
    done = morgue("import", "--dask", address(two), "--archive", path, "--parquet", tmp_path / "lake", *warcs)
    assert done.exit_code == 0, done.output
    assert state(path) == state(plainly(tmp_path, *warcs))
    assert list(verify(path, deep=True)) == []
    with Archive.open(path) as archive:
        assert archive.connection.execute("SELECT count(*) FROM site_lines WHERE in_force").fetchone()[0] > 0
        articles = archive.stats()["articles"]
    import duckdb

    with duckdb.connect() as lake:
        assert lake.execute(f"SELECT count(*) FROM '{tmp_path}/lake/*.parquet'").fetchone() == (articles,)


@pytest.mark.parametrize("packing", ["members", "whole", "plain"])
def test_parts_of_a_file_are_the_whole_file(tmp_path: Path, packing: str):
    (warc,) = files(tmp_path / "warcs", 1, 8)
    if packing != "members":
        data = gzip.decompress(warc.read_bytes())
        warc.write_bytes(gzip.compress(data) if packing == "whole" else data)
    (file,) = sources_of(warc)
    found, start, parts = [], None, 0
    while True:
        part = file.part(start, source.Bound(found=3))
        try:
            while True:
                found.append(next(part))
        except StopIteration as end:
            start, parts = end.value, parts + 1
        if start is None:
            break
    assert found == list(file)
    assert parts >= 3


def test_one_truncated_file_is_named_and_the_rest_is_in(tmp_path: Path, two: Cluster):
    warcs = files(tmp_path / "warcs")
    whole = warcs[2].read_bytes()
    warcs[2].write_bytes(whole[: len(whole) // 2])
    path = tmp_path / "news.db"
    done = morgue("import", "--dask", address(two), "--archive", path, tmp_path / "warcs")
    assert done.exit_code == 3, done.output
    assert "part-2.warc.gz at byte" in done.stderr
    assert "breaks off" in done.stderr
    assert state(path) == state(plainly(tmp_path, *warcs))


def test_a_file_that_no_worker_can_open_is_named(tmp_path: Path, two: Cluster):
    warcs = files(tmp_path / "warcs", 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "scraper.replay.import_run.sources_of",
            lambda path, *_: _gone(path) if str(path).endswith("-1.warc.gz") else sources_of(Path(path)),
        )
        done = morgue("import", "--dask", address(two), "--archive", tmp_path / "news.db", *warcs)
    assert done.exit_code == 3, done.output
    assert "part-1.warc.gz: No such file or directory (on a Dask worker)" in done.stderr
    with Archive.open(tmp_path / "news.db") as archive:
        assert archive.stats()["articles"] == 12


def _gone(path: str) -> list[source.Source]:
    found = sources_of(Path(path))
    Path(path).unlink()
    return found


@pytest.mark.parametrize("command", ["rebuild", "import"])
def test_a_scheduler_that_is_lost_is_no_fault_of_a_file(
    tmp_path: Path, two: Cluster, monkeypatch: pytest.MonkeyPatch, command: str
):
    def gather(*_: object) -> None:
        raise CommClosedError("reset by peer")

    path = made(tmp_path / "news.db")
    before = places(path)
    monkeypatch.setattr(Client, "gather", gather)
    words = files(tmp_path / "warcs", 1) if command == "import" else []
    done = morgue(command, "--dask", address(two), "--archive", path, *words)
    assert (done.exit_code, "the Dask scheduler is gone" in done.stderr) == (1, True), done.output
    assert "warc.gz" not in done.stderr
    assert places(path) == before


def test_saved_pages_and_addresses(tmp_path: Path, two: Cluster, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("scraper.replay.saved_pages.PART", 5)
    (tmp_path / "saved").mkdir()
    for number in range(12):
        (tmp_path / "saved" / f"{number}.html").write_bytes(article(number))
    files(tmp_path / "warcs", 2)
    path, where = tmp_path / "news.db", f"file://{tmp_path}/warcs/*.warc.gz"
    done = morgue("import", "--dask", address(two), "--archive", path, tmp_path / "saved", where)
    assert done.exit_code == 0, done.output
    assert state(path) == state(plainly(tmp_path, tmp_path / "saved", tmp_path / "warcs"))


def test_a_local_cluster_comes_and_goes_with_the_command(tmp_path: Path):
    path = made(tmp_path / "news.db")
    before = places(path)
    command = [sys.executable, "-c", "from scraper.cli import main; main()", "rebuild", "--jobs", "1", "--archive"]
    done = subprocess.run([*command, str(path), "--dask"], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert places(path) == before


def test_what_is_no_cluster(tmp_path: Path):
    path = made(tmp_path / "news.db")
    for words, code, line in (
        (["rebuild", "--dask", "warc.gz"], 2, "no address of a scheduler"),
        (["rebuild", "--dask", "mail://queue.example"], 2, "mail"),
        (["rebuild", "--dask", "tcp://127.0.0.1:9"], 6, "the Dask scheduler tcp://127.0.0.1:9 does not answer"),
    ):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("scraper.cluster.CONNECT", 0.5)
            done = morgue(*words, "--archive", path)
        assert (done.exit_code, line in done.stderr) == (code, True), done.output
