"""Every visit as a record of WARC 1.1 (ISO 28500:2017), with its bytes where it brought any.

A visit whose bytes came before is a ``revisit`` with the profile ``identical-payload-digest``, a 304 one with
``server-not-modified``; that has no block where the page is in the file, because pywb would show a bare 304. A page
that did not come by HTTP is a ``resource``; a visit without any answer is noted in a ``metadata`` record. Bodies are
kept decoded, so the headers that told of their encoding are left out of the HTTP block. Each record carries the capture
as newsmorgue has it in ``WARC-JSON-Metadata``, the extension field of Browsertrix and its tools: what is imported from
here is the same capture again. What a browser made of a page is a ``conversion`` that stands before it.
"""

import gzip
import hashlib
import json
import re
import uuid
from base64 import b32encode
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from archive.export.output import binary_output
from archive.export.selection import Selection
from archive.reader import Reader
from archive.records import Capture, Outcome
from archive.runs import agent
from archive.times import now

REVISIT = "http://netpreserve.org/warc/1.1/revisit/"
STANDARD = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
RESPONSE = "application/http;msgtype=response"
GZIP_LEVEL = 6
# True of the bytes as they came over the wire, not of the body as it is kept.
OF_TRANSFER = frozenset(("content-encoding", "content-length", "transfer-encoding"))
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
NOT_TOKEN = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
IDS = """
    SELECT id FROM captures WHERE {where} ORDER BY fetched_at, id
"""
FIRST = """
    SELECT id FROM captures WHERE body_id = :body_id AND {where} ORDER BY fetched_at, id LIMIT 1
"""
BEFORE = """
    SELECT id FROM captures WHERE url = :url AND fetched_at < :fetched_at AND body_id IS NOT NULL AND {where}
    ORDER BY fetched_at DESC LIMIT 1
"""
NOT_TOLD = frozenset(("fetched_at", "body_id", "rendered_id"))  # what the record itself is, or the one before it
RENDERED = json.dumps({"newsmorgue": {"rendered": True}})
RENDERED_TYPE = "text/html; charset=utf-8"
Fields = dict[str, str]


def sha1(data: bytes) -> str:
    """The digest of ``data`` in the form that all tools read."""
    return "sha1:" + b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def urn(capture_id: str) -> str:
    """The id of the record of a capture: the same in every export."""
    return f"<{uuid.UUID(capture_id).urn}>"


def target_of(capture: Capture) -> str:
    """The address that the bytes came from."""
    url = capture.url if _has_moved(capture) or not capture.final_url else capture.final_url
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")


def _has_moved(capture: Capture) -> bool:
    return capture.status is not None and 300 <= capture.status < 400 and capture.status != 304


def http_head(capture: Capture, body: bytes | None) -> bytes:
    """Status line and headers of the answer, as far as they are kept."""
    assert capture.status is not None
    phrase = HTTPStatus(capture.status).phrase if capture.status in set(HTTPStatus) else ""
    headers = {name: value for name, value in capture.headers.items() if name not in OF_TRANSFER}
    if capture.content_type and "content-type" not in headers:
        headers["content-type"] = capture.content_type
    if _has_moved(capture) and capture.final_url and "location" not in headers:
        headers["location"] = capture.final_url
    if body is not None:
        headers["content-length"] = str(len(body))
    lines = [f"HTTP/1.1 {capture.status} {phrase}".rstrip()]
    lines += [f"{NOT_TOKEN.sub('-', name)}: {CONTROL.sub(' ', value)}" for name, value in headers.items()]
    text = "\r\n".join([*lines, "", ""])
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode(errors="replace")


def record(fields: Mapping[str, str], block: bytes) -> bytes:
    """A whole record; its length and the digest of its block are added."""
    said = dict(fields) | {"WARC-Block-Digest": sha1(block), "Content-Length": str(len(block))}
    lines = ["WARC/1.1", *(f"{name}: {CONTROL.sub(' ', value)}" for name, value in said.items()), "", ""]
    return "\r\n".join(lines).encode(errors="replace") + block + b"\r\n\r\n"


def warc_info(output: str) -> bytes:
    """The record that opens a file."""
    said = {"software": agent(), "format": "WARC File Format 1.1", "conformsTo": STANDARD}
    name = {} if output == "-" else {"WARC-Filename": Path(output).name}
    fields = {"WARC-Type": "warcinfo", "WARC-Date": now(), "WARC-Record-ID": f"<{uuid.uuid4().urn}>", **name}
    block = "".join(f"{key}: {value}\r\n" for key, value in said.items()).encode()
    return record(fields | {"Content-Type": "application/warc-fields"}, block)


def _own(capture: Capture) -> str:
    """The capture as JSON, without what the record says of itself."""
    values = asdict(capture)
    kept = {name: value for name, value in values.items() if value and name not in NOT_TOLD}
    return json.dumps({"newsmorgue": kept}, ensure_ascii=True)


class Visits:
    """The records of a selection of an archive's captures, in time order."""

    def __init__(self, archive: Reader, wanted: Selection) -> None:
        self.archive = archive
        conditions = {
            "fetched_at <= :at": wanted.at,
            "fetched_at >= :since": wanted.since,
            "site = :site": wanted.site,
        }
        self._where = " AND ".join(sql for sql, value in conditions.items() if value is not None) or "1"
        self._values = {"at": wanted.at, "since": wanted.since, "site": wanted.site}
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        """Each record; what a browser made of a page stands before the page, so that it is known when that is read."""
        for (capture_id,) in self.archive.connection.execute(IDS.format(where=self._where), self._values):
            self.count += 1
            capture = self.archive.capture(capture_id)
            if capture.rendered_id is not None:
                yield self._rendering(capture_id, capture, capture.rendered_id)
            yield self._record(capture_id, capture)

    def _rendering(self, capture_id: str, capture: Capture, rendered_id: str) -> bytes:
        rendered = self.archive.body(rendered_id)
        fields = {
            "WARC-Type": "conversion",
            "WARC-Record-ID": f"<{uuid.uuid5(uuid.UUID(capture_id), 'rendered').urn}>",
            "WARC-Refers-To": urn(capture_id),
            "WARC-Date": capture.fetched_at,
            "WARC-Target-URI": target_of(capture),
            "WARC-JSON-Metadata": RENDERED,
            "WARC-Payload-Digest": sha1(rendered),
            "Content-Type": RENDERED_TYPE,
        }
        return record(fields, rendered)

    def _find(self, sql: str, **values: str | None) -> str | None:
        row = self.archive.connection.execute(sql.format(where=self._where), self._values | values).fetchone()
        return row[0] if row else None

    def _record(self, capture_id: str, capture: Capture) -> bytes:
        fields = {
            "WARC-Record-ID": urn(capture_id),
            "WARC-Date": capture.fetched_at,
            "WARC-Target-URI": target_of(capture),
            "WARC-JSON-Metadata": _own(capture),
        }
        if capture.body_id is not None:
            return self._with_body(capture_id, capture, capture.body_id, fields)
        if capture.outcome is Outcome.NOT_MODIFIED and capture.status:
            return self._not_modified(capture, fields)
        if capture.status:
            fields |= {"WARC-Type": "response", "Content-Type": RESPONSE, "WARC-Payload-Digest": sha1(b"")}
            if not 300 <= capture.status < 400:  # a redirect's body is no loss; that of an error was not kept
                fields["WARC-Truncated"] = "unspecified"
            return record(fields, http_head(capture, None))
        said = {"outcome": capture.outcome.value, "detail": capture.detail, "via": capture.found_in}
        block = "".join(f"{name}: {CONTROL.sub(' ', value)}\r\n" for name, value in said.items() if value)
        fields |= {"WARC-Type": "metadata", "Content-Type": "application/warc-fields"}
        return record(fields, block.encode(errors="replace"))

    def _with_body(self, capture_id: str, capture: Capture, body_id: str, fields: Fields) -> bytes:
        body = self.archive.body(body_id)
        fields["WARC-Payload-Digest"] = sha1(body)
        first = self._find(FIRST, body_id=body_id)
        head = http_head(capture, body) if capture.status else b""
        if first is not None and first != capture_id:
            fields |= {"WARC-Type": "revisit", "WARC-Profile": REVISIT + "identical-payload-digest"}
            fields |= self._reference(first) | ({"Content-Type": RESPONSE} if head else {})
            return record(fields, head)
        if head:
            return record(fields | {"WARC-Type": "response", "Content-Type": RESPONSE}, head + body)
        media = capture.content_type or "application/octet-stream"
        return record(fields | {"WARC-Type": "resource", "Content-Type": media}, body)

    def _not_modified(self, capture: Capture, fields: Fields) -> bytes:
        fields |= {"WARC-Type": "revisit", "WARC-Profile": REVISIT + "server-not-modified"}
        before = self._find(BEFORE, url=capture.url, fetched_at=capture.fetched_at)
        if before is None:
            return record(fields | {"Content-Type": RESPONSE}, http_head(capture, None))
        stored = self.archive.capture(before).body_id or ""
        fields |= self._reference(self._find(FIRST, body_id=stored) or before)
        return record(fields | {"WARC-Payload-Digest": sha1(self.archive.body(stored))}, b"")

    def _reference(self, capture_id: str) -> Fields:
        other = self.archive.capture(capture_id)
        return {
            "WARC-Refers-To": urn(capture_id),
            "WARC-Refers-To-Target-URI": target_of(other),
            "WARC-Refers-To-Date": other.fetched_at,
        }


def write(archive: Reader, wanted: Selection, output: str) -> int:
    """Write the visits of ``wanted`` to ``output``; how many there were.

    Each record is gzipped for itself, unless the name ends in ``.warc``.
    Raises ``ArchiveDamaged`` for bytes that do not check out.
    """
    plain = output.lower().endswith(".warc")
    visits = Visits(archive, wanted)
    with binary_output(output) as file:
        for each in chain([warc_info(output)], visits):
            file.write(each if plain else gzip.compress(each, GZIP_LEVEL, mtime=0))
    return visits.count
