"""``newsmorgue import`` of WARC files at addresses, by fsspec."""

from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec
import pytest
from click.testing import Result

from archive.store import Archive
from pipelines.site_rules import Rules, SiteRules
from scraper.rebuild.rebuilding import rebuild
from scraper.replay.import_run import import_pages
from scraper.replay.remote_files import without_secret
from tests.crawl.newsroom import article
from tests.crawl.warc_making import SITE, Warc

pytestmark = [
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def run(imports: Callable[..., Result]) -> Callable[..., Result]:
    return imports


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    system = fsspec.filesystem("memory")
    yield system
    system.rm("/", recursive=True)


def warc(*numbers: int) -> bytes:
    made = Warc()
    for number in numbers:
        made.add(f"{SITE}/{number}", article(number))
    return made.stream.getvalue()


@pytest.mark.parametrize(
    ("address", "urls"),
    [
        ("memory://lake/2026/a.warc.gz", ["/1", "/2"]),
        ("memory://lake/*/*.warc.gz", ["/1", "/2", "/3"]),
        ("memory://lake/", ["/1", "/2", "/3"]),
    ],
)
def test_files_patterns_and_folders(run, rows, memory, address, urls):
    memory.pipe("/lake/2026/a.warc.gz", warc(1, 2))
    memory.pipe("/lake/2027/b.warc.gz", warc(3))
    memory.pipe("/lake/2027/notes.txt", b"nothing")
    result = run(address)
    assert result.exit_code == 0, result.output
    assert [url for (url,) in rows("SELECT replace(url, ?, '') FROM articles ORDER BY url", SITE)] == urls


def test_a_local_address_is_the_file(run, rows, tmp_path):
    (tmp_path / "a.warc.gz").write_bytes(warc(1))
    assert run(f"file://{tmp_path}/a.warc.gz").exit_code == 0
    assert rows("SELECT count(*) FROM articles") == [(1,)]
    assert rows("SELECT found_in FROM captures") == [("a.warc.gz",)]


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("memory://nothing/here.warc.gz", "no such file"),
        ("nosuch://bucket/a.warc.gz", "nosuch"),
        ("nosuch://me:secret@bucket/a.warc.gz", "nosuch://bucket/a.warc.gz"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(run, memory, address, line):
    result = run(address)
    assert (result.exit_code, line in result.stderr, len(result.stderr.splitlines())) == (2, True, 1), result.output
    assert "secret" not in result.output


def test_names_and_passwords_are_not_kept():
    assert without_secret("sftp://me:secret@host/a.warc.gz") == "sftp://host/a.warc.gz"
    assert without_secret("s3://bucket/a@b.warc.gz") == "s3://bucket/a@b.warc.gz"


def test_a_sites_own_rules_hold_for_what_is_imported(tmp_path: Path):
    """A rebuild with the same rules then changes nothing."""
    (tmp_path / "a.warc.gz").write_bytes(warc(1, 2))
    rules = {"tidewater.example": SiteRules(Rules(fields=(("section", "h1"),)))}
    import_pages(tmp_path / "news.db", [tmp_path / "a.warc.gz"], rules=rules)
    with Archive.open(tmp_path / "news.db") as archive:
        assert all(row["section"] == row["headline"] for row in archive.articles(full=True))
    assert rebuild(tmp_path / "news.db", jobs=1, rules=rules).changed == 0


def test_texts_made_from_pages_are_imported_after_them(tmp_path: Path, run, rows):
    text = {"WARC-Refers-To": "<urn:uuid:00000000-0000-4000-8000-000000000001>"}
    dump = Warc().add(f"{SITE}/1", b"Some text", kind="conversion", media="text/plain", warc=text)
    dump.save(tmp_path / "a.warc.wet.gz")
    (tmp_path / "b.warc.gz").write_bytes(warc(1))
    assert run(tmp_path / "a.warc.wet.gz", tmp_path / "b.warc.gz").exit_code == 0
    assert rows("SELECT count(*) FROM captures") == [(1,)]
