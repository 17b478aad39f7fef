"""HTTP answers as WARC and ARC records hold them: head and body, and the body without its encodings."""

import re
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HTTP = re.compile(rb"\s*(?:HTTP/\d(?:\.\d)?|ICY)\s", re.IGNORECASE)
TEXT_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*[<{\[]")
PLAIN = frozenset(("", "identity", "none", "utf-8", "binary"))


class NotDecoded(ValueError):
    """The body cannot be unpacked, or only to more than may be."""


@dataclass(frozen=True, slots=True)
class Message:
    """``status`` is 0 where the status line has none; names of ``headers`` are in lower case, repeated ones joined."""

    status: int
    headers: dict[str, str]
    payload: bytes


def parse_message(block: bytes) -> Message | None:
    """``block`` as an answer by any version of HTTP, or ``None`` where it is none."""
    from warcio.statusandheaders import StatusAndHeadersParser

    if not HTTP.match(block):
        return None
    stream = BytesIO(block.lstrip())
    parsed = StatusAndHeadersParser([], verify=False).parse(stream)
    headers: dict[str, str] = {}
    for name, value in parsed.headers:
        key = name.strip().lower()
        headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
    code = re.match(r"\d{3}", parsed.statusline or "")
    return Message(int(code[0]) if code else 0, headers, stream.read())


def body_of(message: Message, limit: int) -> tuple[bytes, bytes]:
    """The payload without chunks, and without its content encodings too.

    A body that is not encoded as its headers say is taken as it is: many tools store bodies decoded and keep the
    headers. Raises ``NotDecoded``.
    """
    payload = message.payload
    if "chunked" in message.headers.get("transfer-encoding", "").lower():
        payload = _joined(payload)
    body = payload
    encodings = [word.strip().lower() for word in message.headers.get("content-encoding", "").split(",")]
    for encoding in reversed(encodings):
        if encoding not in PLAIN and body:
            body = _decoded(body, encoding, limit)
    return payload, body


def _joined(payload: bytes) -> bytes:
    from warcio.bufferedreaders import ChunkedDataReader

    reader = ChunkedDataReader(BytesIO(payload))
    return b"".join(iter(lambda: reader.read(1 << 20), b""))


def _decoded(body: bytes, encoding: str, limit: int) -> bytes:
    decoder = DECODERS.get(encoding)
    if decoder is None:
        raise NotDecoded(f"unknown Content-Encoding {encoding[:40]!r}")
    try:
        plain = decoder(body, limit + 1)
    except NotDecoded:
        if TEXT_START.match(body):
            return body
        raise
    if len(plain) > limit:
        raise NotDecoded(f"more than {limit} bytes when unpacked")
    return plain


def _inflate(body: bytes, limit: int, window: int) -> bytes:
    decoder = zlib.decompressobj(window)
    try:
        plain = decoder.decompress(body, limit)
    except zlib.error as error:
        raise NotDecoded(f"broken compression: {error}") from None
    if not decoder.eof and len(plain) < limit:
        raise NotDecoded("the compressed body breaks off")
    return plain


def _gunzip(body: bytes, limit: int) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    return _inflate(body, limit, 31)


def _undeflate(body: bytes, limit: int) -> bytes:
    wrapped = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] * 256 + body[1]) % 31 == 0
    return _inflate(body, limit, 15 if wrapped else -15)


def _unbrotli(body: bytes, limit: int) -> bytes:
    try:
        decoder = brotli.Decompressor()
        plain: bytes = decoder.process(body)
    except brotli.error:
        raise NotDecoded("broken compression (br)") from None
    if not decoder.is_finished():
        raise NotDecoded("the compressed body breaks off")
    return plain[:limit]


def _unzstd(body: bytes, limit: int) -> bytes:
    decoder = zstd.ZstdDecompressor()
    try:
        plain: bytes = decoder.decompress(body, limit)
    except zstd.ZstdError as error:
        raise NotDecoded(f"broken compression: {error}") from None
    if not decoder.eof and len(plain) < limit:
        raise NotDecoded("the compressed body breaks off")
    return plain


DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
