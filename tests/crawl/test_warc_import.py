"""WARC files as the tools of the field write them, and as faults leave them."""

import gzip
import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import Outcome
from archive.verify import verify
from scraper.replay.digests import normal
from scraper.replay.warc_files import holds_records, warc_files
from tests.crawl.newsroom import article
from tests.crawl.warc_making import SITE, Warc, chunked, digest, http, members, raw

pytestmark = [
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
URLS = "SELECT replace(url, ?, '') FROM articles ORDER BY url"


@pytest.fixture
def run(imports: Callable[..., Result]) -> Callable[..., Result]:
    return imports


@pytest.fixture
def taken(tmp_path, run, rows):
    """Import these bytes as a file; gives the result and the addresses of the articles."""

    def go(content: bytes, name: str = "made.warc") -> tuple[Result, list[str]]:
        (tmp_path / name).write_bytes(content)
        result = run(tmp_path / name)
        assert "Traceback" not in result.output
        return result, [url for (url,) in rows(URLS, SITE)]

    return go


def pages(*numbers: int) -> list[bytes]:
    return [raw("response", f"{SITE}/{number}", http(article(number))) for number in numbers]


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("plain.warc", b"".join),
        ("members.warc.gz", members),
        ("whole.warc.gz", lambda records: gzip.compress(b"".join(records))),
        ("pairs.warc.gz", lambda records: members([b"".join(records[:2]), b"".join(records[2:])])),
        ("padded.warc.gz", lambda records: members(records) + b"\0" * 512),
        ("open.warc.gz.open", members),
        ("nameless", members),
    ],
)
def test_every_way_of_packing(taken, name, pack):
    result, urls = taken(pack(pages(1, 2, 3)), name)
    assert (result.exit_code, result.stderr.strip()) == (0, "")
    assert urls == ["/1", "/2", "/3"]


@pytest.mark.parametrize("version", ["0.18", "1.0", "1.1"])
@pytest.mark.parametrize(
    "date", ["2026-02-01T09:00:00Z", "2026-02-01T09:00:00.123456Z", "2026-02-01T09:00:00.123456789Z"]
)
def test_versions_and_dates(taken, rows, version, date):
    result, urls = taken(raw("response", f"{SITE}/1", http(article(1)), version=version, WARC_Date=date))
    assert (result.exit_code, urls) == (0, ["/1"])
    assert rows("SELECT substr(fetched_at, 1, 19) FROM captures") == [("2026-02-01T09:00:00",)]


@pytest.mark.parametrize(
    "line", ["HTTP/1.0 200 OK", "HTTP/1.1 200", "HTTP/2 200", "HTTP/2.0 200 ", "HTTP/3 200 OK", "http/1.1 200 ok"]
)
def test_status_lines(taken, rows, line):
    result, urls = taken(raw("response", f"{SITE}/1", http(article(1), line=line)))
    assert (result.exit_code, urls) == (0, ["/1"])
    assert rows("SELECT status FROM captures") == [(200,)]


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("br", brotli.compress),
        ("zstd", zstd.compress),
        ("gzip", bytes),  # stored unpacked, with the headers of the packed
        ("br", bytes),
        ("deflate", bytes),
        ("zstd", bytes),
        ("deflate, gzip", lambda body: gzip.compress(zlib.compress(body))),
    ],
)
@pytest.mark.parametrize("transfer", [bytes, chunked])
@pytest.mark.parametrize("said_of", ["wire", "joined", "plain"])
def test_bodies_in_every_wrapping(taken, rows, path, encoding, pack, transfer, said_of):
    page = article(1)
    joined = pack(page)
    wire = transfer(joined)
    headers = [f"Content-Encoding: {encoding}"] + (["Transfer-Encoding: chunked"] if transfer is chunked else [])
    said = digest({"wire": wire, "joined": joined, "plain": page}[said_of])
    block = http(wire, *headers)
    record = raw("response", f"{SITE}/1", block, WARC_Payload_Digest=said, WARC_Block_Digest=digest(block))
    result, urls = taken(record)
    assert (result.exit_code, urls) == (0, ["/1"]), result.stderr
    assert rows("SELECT body_id FROM captures") == [(hashlib.sha256(page).hexdigest(),)]


def test_a_body_said_to_be_in_chunks_that_is_not(taken):
    result, urls = taken(raw("response", f"{SITE}/1", http(article(1), "Transfer-Encoding: chunked")))
    assert (result.exit_code, urls) == (0, ["/1"])


@pytest.mark.parametrize(
    ("encoding", "body", "told"),
    [
        ("gzip", gzip.compress(article(1))[:-200], "breaks off"),
        ("gzip", b"\x1f\x8b" + b"noise" * 9, "broken compression"),
        ("gzip", gzip.compress(b"0" * (17 << 20)), "bytes when unpacked"),
        ("rot13", b"\0\1", "unknown Content-Encoding"),
    ],
)
def test_bodies_that_cannot_be_unpacked_are_noted(taken, rows, encoding, body, told):
    result, urls = taken(raw("response", f"{SITE}/1", http(body, f"Content-Encoding: {encoding}")) + pages(2)[0])
    assert (result.exit_code, urls) == (3, ["/2"])
    assert told in result.stderr
    assert "made.warc at byte 0" in result.stderr
    assert rows("SELECT outcome FROM captures WHERE url LIKE '%/1'") == [(Outcome.TRUNCATED,)]


def test_conventions_of_wget(taken, rows):
    """Angle brackets around addresses, requests before answers, a log and arguments at the end."""
    page = article(1)
    records = [
        raw("warcinfo", "", b"software: Wget/1.21\r\n", Content_Type="application/warc-fields", WARC_Target_URI=""),
        raw("request", f"<{SITE}/1>", b"GET /1 HTTP/1.1\r\n\r\n", Content_Type="application/http;msgtype=request"),
        raw("response", f"<{SITE}/1>", http(page), WARC_Payload_Digest=digest(page)),
        raw("revisit", f"<{SITE}/1>", http(b""), day=2, WARC_Payload_Digest=digest(page),
            WARC_Profile="http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"),
        raw("metadata", "metadata://gnu.org/software/wget/warc/MANIFEST.txt", b"<urn:uuid:1>\n"),
        raw("resource", "metadata://gnu.org/software/wget/warc/wget.log", b"--2026-02-01--\n"),
    ]  # fmt: skip
    result, urls = taken(members(records), "wget-00000.warc.gz")
    assert (result.exit_code, urls) == (0, ["/1"]), result.stderr
    assert rows("SELECT last_confirmed_at, versions FROM versions JOIN articles ON articles.id = article_id") == [
        ("2026-02-02T09:00:00.000Z", 1)
    ]


def test_conventions_of_heritrix(taken, rows):
    """DNS lookups, robots.txt, metadata of each fetch, revisits with and without a head."""
    page = article(1)
    records = [
        raw("warcinfo", "", b"software: Heritrix/3.4\r\n", Content_Type="application/warc-fields", WARC_Target_URI=""),
        raw("response", "dns:tidewater.example", b"20260101090000\ntidewater.example. 60 IN A 192.0.2.1\n",
            Content_Type="text/dns"),
        raw("response", f"{SITE}/robots.txt", http(b"User-agent: *\nDisallow:\n", media="text/plain")),
        raw("response", f"{SITE}/1", http(page), WARC_Payload_Digest=digest(page), WARC_IP_Address="192.0.2.1"),
        raw("metadata", f"{SITE}/1", b"via: https://tidewater.example/\r\nfetchTimeMs: 30\r\n",
            Content_Type="application/warc-fields"),
        raw("revisit", f"{SITE}/1", b"", day=2, WARC_Payload_Digest=digest(page),
            WARC_Profile="http://netpreserve.org/warc/1.0/revisit/identical-payload-digest", WARC_Truncated="length"),
        raw("revisit", f"{SITE}/1", http(b"", line="HTTP/1.1 304 Not Modified"), day=3,
            WARC_Profile="http://netpreserve.org/warc/1.0/revisit/server-not-modified"),
    ]  # fmt: skip
    result, urls = taken(members(records))
    assert (result.exit_code, urls) == (0, ["/1"]), result.stderr
    assert rows("SELECT last_confirmed_at FROM versions") == [("2026-02-03T09:00:00.000Z",)]
    assert rows("SELECT outcome FROM captures ORDER BY fetched_at DESC LIMIT 1") == [("not_modified",)]


def test_conventions_of_browsertrix(tmp_path, run, rows):
    """A WACZ package; page information, texts and pictures as resources with addresses of their own."""
    page = article(1)
    records = [
        raw("response", f"{SITE}/1", http(page), version="1.1", WARC_Date="2026-02-01T09:00:00.123Z",
            WARC_Payload_Digest="sha256:" + hashlib.sha256(page).hexdigest(),
            WARC_JSON_Metadata='{"ipType":"Public","cert":{"issuer":"R3"}}'),
        raw("request", f"{SITE}/1", b"GET /1 HTTP/1.1\r\n\r\n", Content_Type="application/http; msgtype=request"),
        raw("resource", f"urn:pageinfo:{SITE}/1", b"{}", Content_Type="application/json"),
        raw("resource", f"urn:text:{SITE}/1", b"words", Content_Type="text/plain"),
        raw("resource", f"urn:thumbnail:{SITE}/1", b"\xff\xd8", Content_Type="image/jpeg"),
        raw("revisit", f"{SITE}/2", http(b""), day=2,
            WARC_Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
            WARC_Payload_Digest="sha256:" + hashlib.sha256(page).hexdigest(),
            WARC_Refers_To_Target_URI=f"{SITE}/1", WARC_Refers_To_Date="2026-02-01T09:00:00.123Z"),
    ]  # fmt: skip
    with zipfile.ZipFile(tmp_path / "crawl.wacz", "w") as package:
        package.writestr("archive/data.warc.gz", members(records))
        package.writestr("pages/pages.jsonl", "{}")
        package.writestr("datapackage.json", "{}")
    result = run(tmp_path / "crawl.wacz")
    assert result.exit_code == 0, result.stderr
    assert "left as no pages: 3 records" in result.stderr
    assert rows("SELECT url, outcome FROM observations ORDER BY url") == [
        (f"{SITE}/1", "article"),
        (f"{SITE}/2", "article"),
    ]


def test_conventions_of_warcit_and_conversions(taken, rows):
    """Resources without HTTP; a conversion counts only where what it was made from is not there."""
    page = article(1)
    text = b"The harbour office opened its books on Monday. Three of fourteen berths have stood empty. " * 9
    records = [
        raw("resource", f"{SITE}/1", page, Content_Type="text/html", WARC_Source_URI="file://./1.html"),
        raw("conversion", f"{SITE}/1", text, Content_Type="text/plain"),
        raw("conversion", f"{SITE}/2", text, Content_Type="text/plain", WARC_Refers_To="<urn:uuid:9>"),
        raw("conversion", f"{SITE}/3.webm", b"\x1a\x45", Content_Type="video/webm"),
    ]
    result, urls = taken(b"".join(records))
    assert (result.exit_code, "/1" in urls) == (0, True), result.stderr
    assert rows("SELECT url, body_id FROM captures WHERE body_id IS NOT NULL ORDER BY url") == [
        (f"{SITE}/1", hashlib.sha256(page).hexdigest()),
        (f"{SITE}/2", hashlib.sha256(text).hexdigest()),
    ]
    assert "left as no pages: 2 records" in result.stderr
    assert taken(b"".join(records))[0].exit_code == 0
    assert rows("SELECT count(*) FROM captures") == [(2,)]


def test_arc(taken, rows):
    head = b"1 0 tidewater\nURL IP-address Archive-date Content-type Archive-length\n"
    block = http(article(1))
    content = b"filedesc://a.arc 0.0.0.0 20260101090000 text/plain %d\n%s\n" % (len(head), head)
    content += b"%s/1 192.0.2.1 20260102090000 text/html %d\n%s\n" % (SITE.encode(), len(block), block)
    content += b"%s/2.png 192.0.2.1 20260102090000 image/png %d\n%s\n" % (
        SITE.encode(),
        len(http(b"x", media="image/png")),
        http(b"x", media="image/png"),
    )
    result, urls = taken(content, "old.arc")
    assert (result.exit_code, urls) == (0, ["/1"]), result.stderr
    assert rows("SELECT fetched_at FROM captures") == [("2026-01-02T09:00:00.000Z",)]


def test_revisits_by_address_and_before_their_page(taken, rows):
    page, profile = article(1), "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    by_digest = raw("revisit", f"{SITE}/1", http(b""), day=4, WARC_Profile=profile, WARC_Payload_Digest=digest(page))
    by_address = raw(
        "revisit",
        f"{SITE}/1",
        http(b""),
        day=5,
        WARC_Profile=profile,
        WARC_Refers_To_Target_URI=f"{SITE}/1",
        WARC_Refers_To_Date="2026-02-01T09:00:00Z",
    )
    result, _ = taken(by_digest + raw("response", f"{SITE}/1", http(page), WARC_Payload_Digest=digest(page)))
    assert result.exit_code == 0, result.stderr
    assert taken(by_address, "later.warc")[0].exit_code == 0
    assert rows("SELECT last_confirmed_at FROM versions") == [("2026-02-05T09:00:00.000Z",)]
    of_wget = (
        by_digest.replace(b"2026-02-04", b"2026-02-06").replace(b"URI: ", b"URI: <").replace(b"/1\r\n", b"/1>\r\n")
    )
    assert taken(of_wget, "by a digest of stored bytes.warc")[0].exit_code == 0
    assert rows("SELECT last_confirmed_at FROM versions") == [("2026-02-06T09:00:00.000Z",)]
    other = raw("revisit", f"{SITE}/1", b"", day=7, WARC_Profile=profile, WARC_Payload_Digest=digest(b"other"))
    assert taken(other, "by a digest of other bytes.warc")[0].exit_code == 6


def test_revisits_of_what_is_not_there(taken, rows):
    profile, picture = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest", b"\x89PNG"
    lost = raw("revisit", f"{SITE}/lost", b"", WARC_Profile=profile, WARC_Payload_Digest=digest(b"lost"))
    shown = raw("response", f"{SITE}/a.png", http(picture, media="image/png"), WARC_Payload_Digest=digest(picture))
    again = raw("revisit", f"{SITE}/a.png", b"", day=2, WARC_Profile=profile, WARC_Payload_Digest=digest(picture))
    result, _ = taken(shown + again + pages(1)[0])
    assert result.exit_code == 0, result.stderr
    result, _ = taken(lost + pages(1)[0], "lost.warc")
    assert result.exit_code == 3
    assert "lost.warc at byte 0: a revisit of a page that is in none of these files" in result.stderr


def test_damage_is_told_with_file_and_offset_and_the_rest_is_read(taken):
    records = [gzip.compress(record) for record in pages(1, 2, 3, 4)]
    hurt = records[1][:200] + bytes(value ^ 0xFF for value in records[1][200:260]) + records[1][260:]
    result, urls = taken(b"".join([records[0], hurt, *records[2:]]), "hurt.warc.gz")
    assert (result.exit_code, urls) == (3, ["/1", "/3", "/4"]), result.stderr
    assert f"hurt.warc.gz at byte {len(records[0])}: damaged" in result.stderr


def test_noise_between_records_and_a_wrong_length(taken):
    first, second, third = pages(1, 2, 3)
    result, urls = taken(first + b"noise\nnoise\n" * 20 + second + third)
    assert (result.exit_code, urls) == (3, ["/1", "/2", "/3"]), result.stderr
    short = second.replace(b"Content-Length: ", b"Content-Length: 1", 1)
    result, urls = taken(first + short + third + pages(4)[0], "long.warc")
    assert result.exit_code == 3
    assert f"long.warc at byte {len(first)}" in result.stderr
    result, urls = taken(raw("response", f"{SITE}/5", http(article(5)), Content_Length="") + pages(6)[0], "none.warc")
    assert (result.exit_code, "/6" in urls) == (3, True)
    assert "no Content-Length" in result.stderr


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.99])
@pytest.mark.parametrize("pack", [b"".join, members, lambda records: gzip.compress(b"".join(records))])
def test_files_that_break_off(taken, path, share, pack):
    content = pack(pages(1, 2, 3, 4, 5))
    result, urls = taken(content[: int(len(content) * share)], "cut.warc.gz" if content[:1] == b"\x1f" else "cut.warc")
    assert result.exit_code == (3 if urls else 6)
    assert "cut.warc" in result.stderr
    assert "at byte" in result.stderr
    assert urls == [f"/{number}" for number in range(1, len(urls) + 1)]
    assert list(verify(path, deep=True)) == []


@pytest.mark.parametrize("field", ["WARC_Block_Digest", "WARC_Payload_Digest"])
@pytest.mark.parametrize("said", ["sha1:" + "A" * 32, "sha256:" + "0" * 64, "md5:" + "0" * 32, "sha1:" + "b" * 40])
def test_bad_digests_are_told_and_the_record_is_left(taken, field, said):
    bad = raw("response", f"{SITE}/1", http(article(1)), **{field: said})
    result, urls = taken(pages(2)[0] + bad + pages(3)[0])
    assert (result.exit_code, urls) == (3, ["/2", "/3"])
    assert f"made.warc at byte {len(pages(2)[0])}" in result.stderr
    assert "digest does not match" in result.stderr


def test_digests_that_cannot_be_understood_are_no_fault(taken):
    result, urls = taken(raw("response", f"{SITE}/1", http(article(1)), WARC_Payload_Digest="crc32:abcd"))
    assert (result.exit_code, urls) == (0, ["/1"])


def test_digests_in_every_base():
    value = hashlib.sha1(b"").digest()
    forms = ["sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", "SHA-1:3i42h3s6nnfq2msvx7xzkyayscx5qbyj", f"sha1:{value.hex()}"]
    assert {normal(form) for form in [*forms, "sha1:2jmj7l5rSw0yVb/vlWAYkK/YBwk="]} == {f"sha1:{value.hex()}"}
    assert [normal(form) for form in (None, "", "sha1", "sha1:", "sha1:!!", "crc32:00")] == [None] * 6


def test_what_its_maker_cut_short_is_told(taken, rows):
    cut = raw("response", f"{SITE}/1", http(article(1)[:900]), WARC_Truncated="time")
    result, urls = taken(cut + pages(2)[0])
    assert (result.exit_code, urls) == (3, ["/2"])
    assert "cut short by who made it: time" in result.stderr
    assert rows("SELECT outcome FROM captures WHERE url LIKE '%/1'") == [("truncated",)]


def test_a_page_over_the_bound_is_noted(taken, rows):
    result, urls = taken(raw("response", f"{SITE}/1", http(b"<p>" + b"x" * (18 << 20))) + pages(2)[0])
    assert (result.exit_code, urls) == (0, ["/2"])
    assert rows("SELECT outcome FROM captures WHERE url LIKE '%/1'") == [("too_large",)]


def test_redirects_errors_and_partial_answers(taken, rows):
    records = [
        raw("response", f"{SITE}/old", http(b"", "Location: /1", line="HTTP/1.1 301 Moved")),
        raw("response", f"{SITE}/gone", http(b"<p>gone", line="HTTP/1.1 410 Gone")),
        raw("response", f"{SITE}/part", http(article(1), line="HTTP/1.1 206 Partial Content")),
        raw("response", f"{SITE}/odd", http(b"", "Location: http://[", line="HTTP/1.1 302 Found")),
        raw("response", f"{SITE}/bare", article(3), Content_Type="text/html"),
    ]
    result, urls = taken(b"".join(records))
    assert (result.exit_code, urls) == (0, ["/bare"]), result.stderr
    assert rows(
        "SELECT replace(url, ?, ''), outcome, final_url FROM captures WHERE status <> 200 ORDER BY 1", SITE
    ) == [
        ("/gone", "gone", None),
        ("/odd", "fetched", None),
        ("/old", "fetched", f"{SITE}/1"),
        ("/part", "http_error", None),
    ]


def test_zstd_and_wacz_that_cannot_be_read_are_told(tmp_path, taken, run):
    result, _ = taken(zstd.compress(b"".join(pages(1))), "a.warc.zst")
    assert (result.exit_code, "compressed with zstd" in result.stderr) == (6, True)
    result, _ = taken(b"PK no zip", "a.wacz")
    assert (result.exit_code, "damaged" in result.stderr) == (6, True)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_damage_is_a_traceback(tmp_path_factory, data):
    """Whatever bytes change, every record is taken or told, and nothing is taken twice."""
    whole = data.draw(st.sampled_from([b"".join(pages(1, 2, 3)), members(pages(1, 2, 3))]))
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=30))
    file = tmp_path_factory.getbasetemp() / "any.warc"
    file.write_bytes(content)
    holds_records(file)
    found = [each for source in warc_files(file) for each in source]
    urls = [each.capture.url for each in found if hasattr(each, "capture")]
    assert len(urls) == len(set(urls))
    assert len(found) >= 1 or not content


def test_own_metadata_that_makes_no_sense_is_passed_over(taken, rows):
    for number, said in enumerate(
        ({"newsmorgue": {"status": "x"}}, {"newsmorgue": 3}, [], {"newsmorgue": {"outcome": 1}})
    ):
        record = raw("response", f"{SITE}/{number}", http(article(number)), WARC_JSON_Metadata=json.dumps(said))
        assert taken(record, f"{number}.warc")[0].exit_code == 0
    assert rows("SELECT count(*) FROM captures WHERE found_via = 'import'") == [(4,)]


@pytest.mark.parametrize("said", [{"url": "javascript:alert(1)"}, {"final_url": "data:text/html,x"}, {"url": ""}])
def test_own_metadata_names_no_address_but_of_pages(taken, rows, said):
    noted = json.dumps({"newsmorgue": said})
    aside = raw("resource", f"urn:pageinfo:{SITE}/1", b"{}", Content_Type="application/json", WARC_JSON_Metadata=noted)
    result, urls = taken(raw("response", f"{SITE}/1", http(article(1)), WARC_JSON_Metadata=noted) + aside)
    assert (result.exit_code, urls) == (0, ["/1"])
    assert rows("SELECT url, final_url FROM captures") == [(f"{SITE}/1", None)]


def test_types_of_made_files(tmp_path):
    Warc().add(f"{SITE}/a", article(1)).save(tmp_path / "a")
    assert holds_records(tmp_path / "a")
    assert not holds_records(tmp_path / "b")
