"""WARC files for the tests: by warcio's writer, or by hand where one must be as other tools, or damage, leave it."""

import gzip
import io
from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha1
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

SITE = "https://tidewater.example"


def digest(body: bytes) -> str:
    return "sha1:" + b32encode(sha1(body).digest()).decode()


class Warc:
    """A WARC file in the making; ``day`` is when a record was made."""

    def __init__(self, *, gzipped: bool = True) -> None:
        self.stream = io.BytesIO()
        self.writer = WARCWriter(self.stream, gzip=gzipped)

    def add(self, url: str, body: bytes, day: int = 1, kind: str = "response", **extra: Any) -> "Warc":
        status = extra.pop("status", "200 OK")
        headers = [("Content-Type", extra.pop("media", "text/html; charset=utf-8")), *extra.pop("http", ())]
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1") if kind != "resource" else None
        dated = {"WARC-Date": f"2026-01-{day:02}T09:00:00Z"} | extra.pop("warc", {})
        record = self.writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=dated, **extra
        )
        self.writer.write_record(record)
        return self

    def revisit(self, url: str, body: bytes, day: int) -> "Warc":
        record = self.writer.create_revisit_record(
            url,
            digest(body),
            url,
            "2026-01-01T09:00:00Z",
            warc_headers_dict={"WARC-Date": f"2026-01-{day:02}T09:00:00Z"},
        )
        self.writer.write_record(record)
        return self

    def save(self, path: Path) -> Path:
        path.write_bytes(self.stream.getvalue())
        return path


def raw(kind: str, url: str, block: bytes, *, day: int = 1, version: str = "1.0", **named: str) -> bytes:
    """A record, byte by byte; ``named`` are further fields, with ``_`` for ``-``; an empty one leaves a field out."""
    said = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": f"2026-02-{day:02}T09:00:00Z",
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{abs(hash((kind, url, day))) % 16**12:012x}>",
        "Content-Type": "application/http; msgtype=response" if kind in ("response", "revisit") else "text/plain",
        "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in named.items()}
    lines = [f"WARC/{version}", *(f"{name}: {value}" for name, value in said.items() if value), "", ""]
    return "\r\n".join(lines).encode() + block + b"\r\n\r\n"


def http(body: bytes, *headers: str, line: str = "HTTP/1.1 200 OK", media: str = "text/html") -> bytes:
    """An answer; ``media`` is its type."""
    return "\r\n".join([line, f"Content-Type: {media}", *headers, "", ""]).encode() + body


def members(records: Iterable[bytes]) -> bytes:
    """Each record gzipped for itself, as the standard recommends."""
    return b"".join(map(gzip.compress, records))


def chunked(body: bytes, size: int = 100) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
