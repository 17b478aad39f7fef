"""WARC exports as warcio reads them, and as newsmorgue imports them again."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.errors import ArchiveDamaged
from archive.export import write
from archive.export.warc import http_head, record, sha1, target_of
from archive.records import Capture, Outcome, Visit
from archive.store import Archive
from scraper.observe import observe
from scraper.replay.import_run import import_pages
from tests.crawl.newsroom import article
from tests.crawl.warc_making import SITE

Said = dict[str, Any]
FACTS = (
    "SELECT id, url, fetched_at, outcome, status, final_url, redirects, body_id, content_type, etag, last_modified, "
    "headers, found_via, found_in, detail FROM captures ORDER BY id"
)


def at(day: int) -> str:
    return f"2026-01-{day:02}T09:00:00.{day:03}Z"


def capture(day: int, url: str = f"{SITE}/1", outcome: Outcome = Outcome.FETCHED, **fields: Any) -> Capture:
    values = {"status": 200, "content_type": "text/html; charset=utf-8", "found_via": "link"} | fields
    return Capture(url=url, fetched_at=at(day), outcome=outcome, **values)


PAGE, LATER = article(1), article(1).replace(b"</article>", b"<p>Corrected: the office has two keys.</article>")
VISITS: tuple[tuple[Capture, bytes | None], ...] = (
    (capture(1, etag='"a"', headers={"content-encoding": "br", "server": "Grünkohl", "x-län": "å"}), PAGE),
    (capture(2, headers={"server": "神戸"}), PAGE),
    (capture(3, outcome=Outcome.NOT_MODIFIED, status=304, content_type=None), None),
    (capture(4, headers={"transfer-encoding": "chunked", "content-length": "7"}), LATER),
    (capture(5, outcome=Outcome.GONE, status=404), None),
    (capture(6, outcome=Outcome.FAILED, status=None, content_type=None, detail="DNS lookup\nfailed"), None),
    (capture(7, f"{SITE}/old", final_url=f"{SITE}/1?a=b c", redirects=(f"{SITE}/older",)), LATER),
    (capture(8, f"{SITE}/moved", status=301, final_url=f"{SITE}/1", content_type=None), None),
    (capture(9, f"{SITE}/näme<x>", status=203), article(2)),
    (capture(10, "file:///saved/3.html", status=None), article(3)),
    (capture(11, "file:///saved/3.html", status=None), article(3)),
)  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of ``VISITS``."""
    path = tmp_path_factory.mktemp("kept") / "news.db"
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("crawl", [SITE])
        for visit, body in VISITS:
            archive.record(observe(visit, body).visit if body else Visit(capture=visit, outcome=visit.outcome))
        archive.end_run({}, 0)
    return path


def export(path: Path, output: Path, **options: str) -> int:
    with Archive.open(path) as archive:
        return write("warc", archive, output, **options)


def read(path: Path) -> list[tuple[Said, Any, bytes]]:
    """Header fields, HTTP head and payload of each record, by warcio, which checks the digests."""
    with path.open("rb") as file:
        return [
            (dict(each.rec_headers.headers), each.http_headers, each.content_stream().read())
            for each in ArchiveIterator(file, check_digests="raise")
        ]


def facts(path: Path) -> list[tuple[Any, ...]]:
    with Archive.open(path) as archive:
        return archive.connection.execute(FACTS).fetchall()


def test_warcio_reads_every_record_and_every_digest_is_right(kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "news.warc.gz"
    assert export(kept, out) == len(VISITS)
    found = read(out)
    assert [said["WARC-Type"] for said, _, _ in found] == [
        *("warcinfo", "response", "revisit", "revisit", "response", "response", "metadata", "revisit", "response"),
        *("response", "resource", "revisit"),
    ]
    assert len({said["WARC-Record-ID"] for said, _, _ in found}) == len(found)
    for (said, http, payload), (visit, body) in zip(found[1:], VISITS, strict=True):
        assert said["WARC-Date"] == visit.fetched_at
        assert said["WARC-Target-URI"] == target_of(visit)
        assert payload == (body if body and said["WARC-Type"] in ("response", "resource") else payload)
        if http is not None:
            assert http.get_statuscode() == str(visit.status)
            assert http.get_header("content-encoding") is None
        if body:
            assert said["WARC-Payload-Digest"] == sha1(body)
    first, again, unchanged = found[1][0], found[2][0], found[3][0]
    assert again["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert (again["WARC-Refers-To"], again["WARC-Refers-To-Date"]) == (first["WARC-Record-ID"], first["WARC-Date"])
    assert unchanged["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert (unchanged["WARC-Payload-Digest"], unchanged["Content-Length"]) == (sha1(PAGE), "0")
    assert found[4][1].get_header("content-length") == str(len(LATER))
    assert found[8][1].get_header("location") == f"{SITE}/1"
    assert unchanged["WARC-Refers-To"] == first["WARC-Record-ID"]  # not the revisit between them


def test_each_record_is_a_gzip_member_unless_the_name_says_otherwise(kept: Path, tmp_path: Path) -> None:
    export(kept, tmp_path / "a.warc.gz")
    export(kept, tmp_path / "a.warc")
    assert (tmp_path / "a.warc.gz").read_bytes().count(b"\x1f\x8b\x08") >= len(VISITS) + 1
    assert (tmp_path / "a.warc").read_bytes().startswith(b"WARC/1.1\r\n")
    packed, plain = read(tmp_path / "a.warc.gz"), read(tmp_path / "a.warc")
    assert [payload for *_, payload in packed[1:]] == [payload for *_, payload in plain[1:]]


def test_imported_again_it_is_the_same_captures_and_exported_the_same_records(kept: Path, tmp_path: Path) -> None:
    export(kept, tmp_path / "one.warc.gz")
    summary, faulty, no_pages = import_pages(tmp_path / "two.db", [tmp_path / "one.warc.gz"])
    assert (summary.exit_code, faulty, no_pages) == (0, (), 0)
    assert facts(tmp_path / "two.db") == facts(kept)
    export(tmp_path / "two.db", tmp_path / "two.warc.gz")
    one, two = read(tmp_path / "one.warc.gz"), read(tmp_path / "two.warc.gz")
    assert [(said, payload) for said, _, payload in two[1:]] == [(said, payload) for said, _, payload in one[1:]]
    assert import_pages(kept, [tmp_path / "two.warc.gz"])[0].new == 0
    assert len(facts(kept)) == len(VISITS)


def test_a_part_is_whole_in_itself(kept: Path, tmp_path: Path) -> None:
    """What begins or ends within the archive, or is of one site, never refers to a record that is not in it."""
    parts = ({"since": at(2)}, {"at": at(2)}, {"site": "tidewater.example"}, {"since": at(7)})
    for number, options in enumerate(parts):
        out = tmp_path / f"{number}.warc"
        export(kept, out, **options)
        found = [said for said, _, _ in read(out)]
        ids = {said["WARC-Record-ID"] for said in found}
        assert {said["WARC-Refers-To"] for said in found if "WARC-Refers-To" in said} <= ids
        _, faulty, _ = import_pages(tmp_path / f"{number}.db", [out])
        assert faulty == ()
        assert facts(tmp_path / f"{number}.db") == [
            row
            for row in facts(kept)
            if options.get("since", "") <= row[2] <= options.get("at", "9") and SITE * ("site" in options) in row[1]
        ]


def test_a_damaged_page_is_no_export(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(self: Archive, body_id: str) -> bytes:
        raise ArchiveDamaged(f"body {body_id}")

    monkeypatch.setattr(Archive, "body", damaged)
    with pytest.raises(ArchiveDamaged):
        export(kept, tmp_path / "a.warc.gz")
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=50)
@given(headers=st.dictionaries(st.text(max_size=9), st.text(max_size=20), max_size=4), url=st.text(max_size=30))
def test_no_header_or_address_breaks_a_record(
    tmp_path_factory: pytest.TempPathFactory, headers: dict[str, str], url: str
) -> None:
    visit = capture(1, f"https://a.example/{url}", headers=headers)
    fields = {"WARC-Type": "response", "WARC-Target-URI": target_of(visit), "WARC-Date": visit.fetched_at}
    fields |= {"WARC-Record-ID": "<urn:uuid:0>", "Content-Type": "application/http;msgtype=response", "X": url}
    out = tmp_path_factory.getbasetemp() / "headers.warc"
    block = http_head(visit, PAGE) + PAGE
    out.write_bytes(record(fields | {"WARC-Payload-Digest": sha1(PAGE)}, block) * 2)
    found = read(out)
    assert [payload for *_, payload in found] == [PAGE, PAGE]
    assert found[0][0]["WARC-Block-Digest"] == sha1(block)


def test_own_notes_are_json_of_the_capture(kept: Path, tmp_path: Path, rows: Callable[..., Any]) -> None:
    export(kept, tmp_path / "a.warc")
    said = json.loads(read(tmp_path / "a.warc")[7][0]["WARC-JSON-Metadata"])
    assert said["newsmorgue"]["redirects"] == [f"{SITE}/older"]
    assert hashlib.sha256(LATER).hexdigest() not in str(said)
