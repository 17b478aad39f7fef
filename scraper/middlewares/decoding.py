"""Content encodings, strictly: a body that is cut short, broken or a bomb is no body."""

import zlib
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from scraper.discovery.safe_xml import GZIP_MAGIC
from scraper.middlewares.refusals import BodyTooLarge, BrokenBody

ACCEPTED = "gzip, deflate"
IDENTITY = frozenset(("identity", "none", ""))


def _inflate(decoder: Any, body: bytes, limit: int) -> tuple[bytes, bytes]:
    """What ``body`` unpacks to and what is left behind it; raises ``Refusal`` if broken, cut or over ``limit``."""
    try:
        plain = decoder.decompress(body, limit + 1)
    except zlib.error as error:
        raise BrokenBody(f"broken compression: {error}") from None
    if len(plain) > limit:
        raise BodyTooLarge(f"more than {limit} bytes when unpacked")
    if not decoder.eof:
        raise BrokenBody("compressed body ends early")
    return plain, decoder.unused_data


def _gunzip(body: bytes, limit: int) -> bytes:
    plain = b""
    while body.startswith(GZIP_MAGIC):
        piece, body = _inflate(zlib.decompressobj(31), body, limit - len(plain))
        plain += piece
    return plain


def decode(body: bytes, encodings: list[str], limit: int) -> bytes:
    """``body`` after undoing ``encodings`` (as the header lists them); at most ``limit`` bytes.

    A body that is announced as gzip but is not is taken as it is, as browsers do. Raises ``BrokenBody`` and
    ``BodyTooLarge``.
    """
    for encoding in reversed(encodings):
        if encoding in ("gzip", "x-gzip"):
            body = _gunzip(body, limit) if body.startswith(GZIP_MAGIC) else body
        elif encoding == "deflate":
            raw = not (len(body) > 1 and body[0] & 0x0F == 8 and (body[0] * 256 + body[1]) % 31 == 0)
            body = _inflate(zlib.decompressobj(-15 if raw else 15), body, limit)[0] if body else body
        elif encoding not in IDENTITY:
            raise BrokenBody(f"unknown Content-Encoding {encoding[:40]!r}")
    return body


class StrictDecoding:
    """Downloader middleware in the place of Scrapy's, which keeps what it could unpack of a broken body."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Bounded by ``DOWNLOAD_MAXSIZE``."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        """Say what is understood."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002 - Scrapy's interface
        """``response`` with its plain body."""
        header = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        encodings = [encoding.strip().lower() for encoding in header.split(",")]
        if not response.body or all(encoding in IDENTITY for encoding in encodings):
            return response
        return response.replace(body=decode(response.body, encodings, self._limit))
