"""One record of a WARC or ARC file as a capture with its bytes.

ISO 28500:2017 (WARC 1.1) names the types. ``response`` and ``resource`` hold pages; ``revisit`` says that a page was as
before; ``conversion`` holds a text made from a page; ``request``, ``metadata`` and ``warcinfo`` hold none.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from archive.records import Capture, Outcome
from archive.times import to_text
from archive.urls import is_web_url
from scraper.observe import UNKEPT_HEADERS, outcome_of_status
from scraper.replay.digests import is_of, normal
from scraper.replay.http_messages import Message, NotDecoded, body_of, parse_message
from scraper.replay.source import Earlier, Left, Taken
from scraper.settings import MAX_BODY

PAGES = re.compile(
    r"text/html|application/xhtml|text/plain|application/(?:\w+\+)?(?:xml|json)|text/xml|^$", re.IGNORECASE
)
HEADROOM = 1024 * 1024  # bytes of HTTP headers and chunk lengths beside a body
NOT_MODIFIED_PROFILE = "server-not-modified"
OWN = "newsmorgue"
# What a capture's own JSON may set. The rest is what the record says.
RESTORED = frozenset(field.name for field in fields(Capture)) - {"fetched_at", "body_id", "rendered_id"}


def time_of(text: str | None) -> str | None:
    """A ``WARC-Date`` (W3C date and time, any precision, or 14 digits) as the archive writes times."""
    text = (text or "").strip()
    try:
        moment = datetime.strptime(text, "%Y%m%d%H%M%S") if len(text) == 14 else datetime.fromisoformat(text)  # noqa: DTZ007
    except ValueError:
        return None
    return to_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def restored(capture: Capture, said: str | None) -> Capture | None:
    """The capture as newsmorgue's own export describes it, or ``None`` where that is not there or makes no sense.

    Anybody can write such a note, so that it may name addresses of the web and of saved files alone.
    """
    try:
        values = json.loads(said or "null")[OWN]
        values = {name: value for name, value in values.items() if name in RESTORED}
        for name, value in values.items():
            if name == "redirects":
                values[name] = tuple(map(_text, value))
            elif name == "headers":
                values[name] = {_text(key): _text(each) for key, each in value.items()}
            elif name != "status":
                values[name] = _text(value)
            elif not isinstance(value, int):
                return None
        bare = Capture(url=capture.url, fetched_at=capture.fetched_at, outcome=capture.outcome)
        own = replace(bare, **values | {"outcome": Outcome(values.get("outcome", capture.outcome))})
        return own if _is_kept(own.url) and (own.final_url is None or _is_kept(own.final_url)) else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _is_kept(url: str) -> bool:
    return is_web_url(url) or url.startswith("file:///")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


class RecordReader:
    """Reads the records of one file, named ``found_in``; ``count`` is how many it was given."""

    def __init__(self, found_in: str) -> None:
        self.found_in = found_in
        self.count = 0
        self.damaged = False
        self._rendered: tuple[str, bytes] | None = None  # the record that it was made from, which comes next

    @property
    def is_amid(self) -> bool:
        """Whether what was read last belongs to the record that comes next."""
        return self._rendered is not None

    def take(self, record: Any, name: str) -> Iterator[Taken | Left]:
        """What one record holds, if it is a page or a note of one; ``name`` says where it is."""
        self.count += 1
        rendered, self._rendered = self._rendered, None
        for found in self._take(record, name):
            is_made = rendered is not None and rendered[0] == record.rec_headers.get_header("WARC-Record-ID")
            yield replace(found, rendered=rendered[1]) if rendered and is_made and isinstance(found, Taken) else found

    def _take(self, record: Any, name: str) -> Iterator[Taken | Left]:
        kind, header = record.rec_type, record.rec_headers.get_header
        said = header("WARC-JSON-Metadata")
        if record.length is None:
            yield Left(name, "it has no Content-Length")
        elif kind == "continuation":
            yield Left(name, "a record in segments, which are not joined")
        elif kind == "conversion" and _is_rendering(said):
            yield from self._keep_rendering(record, name)
        elif kind in ("response", "resource", "revisit", "conversion") or (kind == "metadata" and said):
            url = (header("WARC-Target-URI") or "").strip("<> \t")
            fetched_at = time_of(header("WARC-Date"))
            own = restored(Capture(url=url, fetched_at=fetched_at or "", outcome=Outcome.FAILED), said)
            if not is_web_url(url) and own is None:
                yield Left(name, f"no web address: {url[:80]!r}", faulty=False)
            elif fetched_at is None:
                yield Left(name, f"no valid WARC-Date ({url})")
            elif kind == "metadata":
                yield from [Taken(own, name=name)] if own else []
            else:
                yield from self._visit(record, url, fetched_at, name)

    def _keep_rendering(self, record: Any, name: str) -> Iterator[Left]:
        header = record.rec_headers.get_header
        block = _block(record)
        if record.length > len(block) or len(block) > MAX_BODY:
            yield Left(name, f"a rendering that is over {MAX_BODY} bytes or cut short")
        elif reason := _mismatch(header("WARC-Block-Digest"), header("WARC-Payload-Digest"), block, (block,)):
            yield Left(name, reason)
        else:
            self._rendered = (header("WARC-Refers-To") or "", block)

    def _visit(self, record: Any, url: str, fetched_at: str, name: str) -> Iterator[Taken | Left]:
        header = record.rec_headers.get_header
        block = _block(record)
        message = parse_message(block) if record.rec_type in ("response", "revisit") else None
        capture = self._capture(record, message, url, fetched_at)
        own = restored(capture, header("WARC-JSON-Metadata"))
        if record.rec_type == "revisit":
            yield self._revisit(record, own or capture, message, own is not None, name)
            return
        known = tuple(filter(None, (normal(header("WARC-Payload-Digest")),)))
        if own is None and not PAGES.search(capture.content_type or ""):
            yield Left(name, f"no page: {capture.content_type} ({url})", faulty=False, payloads=known)
        elif record.length > len(block):
            whole = record.length <= MAX_BODY + HEADROOM
            bound = f"over {MAX_BODY} bytes"
            if not whole:  # what breaks off is told by who reads the file
                yield Taken(replace(capture, outcome=Outcome.TOO_LARGE, detail=bound), name=name)
        else:
            yield from self._page(record, own or capture, message, block, name)

    def _revisit(self, record: Any, capture: Capture, message: Message | None, is_own: bool, name: str) -> Taken | Left:
        header = record.rec_headers.get_header
        profile = header("WARC-Profile") or ""
        if NOT_MODIFIED_PROFILE in profile or capture.outcome is Outcome.NOT_MODIFIED:
            status = capture.status if message or is_own else None
            return Taken(replace(capture, outcome=Outcome.NOT_MODIFIED, status=status), name=name)
        media = (message.headers.get("content-type") or "") if message else ""
        if not is_own and not PAGES.search(media):
            return Left(name, f"no page: {media} ({capture.url})", faulty=False)
        earlier = Earlier(
            digest=normal(header("WARC-Payload-Digest")),
            url=(header("WARC-Refers-To-Target-URI") or "").strip("<> \t") or None,
            fetched_at=time_of(header("WARC-Refers-To-Date")),
        )
        return Taken(capture, earlier=earlier, name=name)

    def _page(
        self, record: Any, capture: Capture, message: Message | None, block: bytes, name: str
    ) -> Iterator[Taken | Left]:
        header, where = record.rec_headers.get_header, f"({capture.url})"
        raw = message.payload if message else block
        try:
            payload, body = body_of(message, MAX_BODY) if message else (raw, raw)
        except NotDecoded as error:
            yield Taken(replace(capture, outcome=Outcome.TRUNCATED, detail=str(error)), name=name)
            yield Left(name, f"{error} {where}")
            return
        if reason := _mismatch(header("WARC-Block-Digest"), header("WARC-Payload-Digest"), block, (raw, payload, body)):
            yield Left(name, f"{reason} {where}")
            return
        cut = header("WARC-Truncated") or ("its segments are not joined" if header("WARC-Segment-Number") else None)
        if cut and header("WARC-JSON-Metadata") is None:
            yield Left(name, f"cut short by who made it: {cut} {where}")
        if capture.outcome is not Outcome.FETCHED or (capture.status or 0) >= 300 or len(body) > MAX_BODY:
            over = len(body) > MAX_BODY
            yield Taken(replace(capture, outcome=Outcome.TOO_LARGE) if over else capture, name=name)
            return
        known = {normal(header("WARC-Payload-Digest")), f"sha256:{_sha256(body)}"} - {None}
        derived = record.rec_type == "conversion"
        yield Taken(capture, body, payloads=tuple(filter(None, known)), derived=derived, name=name)

    def _capture(self, record: Any, message: Message | None, url: str, fetched_at: str) -> Capture:
        kept = {key: value for key, value in (message.headers if message else {}).items() if key not in UNKEPT_HEADERS}
        status = message.status if message else 200  # a resource has none and stands for a success
        outcome = Outcome.FETCHED if 300 <= status < 400 and status != 304 else outcome_of_status(status)
        if outcome is Outcome.FETCHED and status < 300 and record.rec_headers.get_header("WARC-Truncated"):
            outcome = Outcome.TRUNCATED
        moved = 300 <= status < 400 and "location" in kept
        return Capture(
            url=url,
            fetched_at=fetched_at,
            outcome=outcome,
            status=status or None,
            final_url=_joined(url, kept["location"]) if moved else None,
            content_type=kept.get("content-type") or (None if message else _media(record)),
            etag=kept.get("etag"),
            last_modified=kept.get("last-modified"),
            headers=kept,
            found_via="import",
            found_in=self.found_in,
        )


def _block(record: Any) -> bytes:
    """A record's bytes, up to what is taken of one."""
    block: bytes = record.raw_stream.read(MAX_BODY + HEADROOM)
    while len(block) < min(record.length, MAX_BODY + HEADROOM) and (more := record.raw_stream.read(1 << 16)):
        block += more
    return block


def _is_rendering(said: str | None) -> bool:
    """Whether a record's note says that newsmorgue made it from the page that follows, in a browser."""
    try:
        return json.loads(said or "null")[OWN]["rendered"] is True
    except (ValueError, TypeError, KeyError):
        return False


def _media(record: Any) -> str | None:
    """The type that a record without an HTTP head gives its block."""
    media = str(record.content_type or "")
    return None if record.rec_type == "revisit" or media.startswith("application/http") else media or None


def _joined(url: str, location: str) -> str | None:
    try:
        return urljoin(url, location)
    except ValueError:
        return None


def _sha256(body: bytes) -> str:
    from archive.bodies import hash_of

    return hash_of(body)


def _mismatch(block_digest: str | None, payload_digest: str | None, block: bytes, payloads: tuple[bytes, ...]) -> str:
    """What does not match, or nothing.

    Tools differ on whether the payload is what came over the wire, the same without chunks, or unpacked: all will do.
    """
    said = normal(block_digest)
    if said and not is_of(said, block):
        return "its digest does not match its bytes"
    said = normal(payload_digest)
    if said and not is_of(said, *payloads):
        return "its payload digest does not match its bytes"
    return ""
