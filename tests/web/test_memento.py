"""A Memento client's walk (RFC 7089), and archived pages that can do nothing."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from archive.identity import article_id_of
from archive.web.disarm import disarm
from tests.web import newsroom

Get = Callable[..., httpx.Response]
URL = newsroom.LIVE
LINK = re.compile(r'<([^>]+)>; rel="([^"]+)"((?:; \w+="[^"]*")*)')


def links(header: str) -> dict[str, str]:
    return {relation: target for target, relations, _ in LINK.findall(header) for relation in relations.split(" ")}


def local(url: str) -> str:
    return url.removeprefix("http://localhost")


def test_a_walk_from_timegate_to_memento_to_timemap(get: Get):
    gate = get(f"/timegate/{URL}", headers={"Accept-Datetime": "Tue, 13 Jan 2026 09:30:00 GMT"})
    assert gate.status_code == 302
    assert "accept-datetime" in gate.headers["vary"].lower()
    assert links(gate.headers["link"])["original"] == URL
    memento = get(local(gate.headers["location"]))
    assert memento.status_code == 200
    assert memento.headers["memento-datetime"] == "Tue, 13 Jan 2026 08:00:00 GMT"
    found = links(memento.headers["link"])
    assert found["original"] == URL
    assert set(found) >= {"timegate", "timemap", "first", "last", "prev", "next", "memento"}
    timemap = get(local(found["timemap"]))
    assert timemap.headers["content-type"].startswith("application/link-format")
    told = LINK.findall(timemap.text)
    mementos = [target for target, relations, _ in told if "memento" in relations.split()]
    assert len(mementos) == 6
    assert gate.headers["location"] in mementos
    assert [relations for _, relations, _ in told][:3] == ["original", "timegate", "self"]
    for target in mementos:
        assert "memento-datetime" in get(local(target)).headers


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (None, "20260116060000"),
        ("Thu, 01 Jan 1998 00:00:00 GMT", "20260113060000"),
        ("Tue, 13 Jan 2026 08:00:00 GMT", "20260113080000"),
        ("Sat, 01 Jan 2050 00:00:00 GMT", "20260116060000"),
    ],
)
def test_the_gate_gives_what_stood_then(get: Get, asked: str | None, given: str):
    answer = get(f"/timegate/{URL}", headers={"Accept-Datetime": asked} if asked else {})
    assert f"/memento/{given}/" in answer.headers["location"]


def test_a_time_that_is_none_is_refused(get: Get):
    assert get(f"/timegate/{URL}", headers={"Accept-Datetime": "last week"}).status_code == 400


def test_the_same_page_under_other_writings_of_its_address(get: Get):
    for written in (URL.replace("https", "http"), URL.replace("://", "://www."), URL + "/", URL.replace("://", ":/")):
        assert get(f"/timegate/{written}").status_code == 302


def test_a_time_between_leads_to_the_capture_before(get: Get):
    answer = get(f"/memento/20260113073000/{URL}")
    assert answer.status_code == 302
    assert "/memento/20260113060000/" in answer.headers["location"]


def test_a_memento_is_byte_for_byte_and_in_a_sandbox(get: Get):
    answer = get(f"/memento/20260113060000/{URL}")
    assert answer.content == newsroom.page_of(newsroom.visits_to(URL)[0])
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script" not in policy
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_the_frame_shows_a_page_that_asks_for_nothing(get: Get):
    page = get(f"/article/{article_id_of(URL)}/1/raw").text
    assert '<iframe class="archived" sandbox=""' in page
    frame = re.search(r'src="(/framed/[^"]+)"', page)
    assert frame
    answer = get(frame[1])
    assert b"<script" not in answer.content
    assert b"was-src=" in answer.content
    assert b"was-onerror=" in answer.content
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert "memento-datetime" not in answer.headers


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        (b"<a href='https://x.example/'>x</a>", b"<a href='https://x.example/'>x</a>"),
        (b'<IMG SRC="x.png" alt="src=1">', b'<IMG was-SRC="x.png" alt="src=1">'),
        (b"<link rel=preconnect href=//x.example>", b"<link rel=preconnect was-href=//x.example>"),
        (b"a<script>if (a < b) '</p>'</script>b", b"ab"),
        (b"a<script src=x>", b"a"),
        (b"<p style='background:url(x)' onclick='y()'>", b"<p style='background:was-url(x)' was-onclick='y()'>"),
        (
            b"<style>@import 'x'; a{b:url( data:image/png;base64,x)}</style>",
            b"<style>@was-import 'x'; a{b:url( data:image/png;base64,x)}</style>",
        ),
        (b"<meta http-equiv=refresh content='0;url=x'>", b"<meta was-http-equiv=refresh content='0;url=x'>"),
        (b"<img/src=x/onerror=alert(1)", b"<img/was-src=x/onerror=alert(1)"),
        (b"src=1 < 2 and onclick=3", b"src=1 < 2 and onclick=3"),
    ],
)
def test_disarmed(page: bytes, kept: bytes):
    assert disarm(page) == kept


def test_addresses_in_links_are_whole(get: Get):
    location = get(f"/timegate/{URL}").headers["location"]
    assert urlsplit(location).netloc == "localhost"
