"""Content encodings, strictly: a body that is cut short, broken or a bomb is no body."""

import sys
import zlib
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from scraper.discovery.safe_xml import inflated
from scraper.middlewares.refusals import BodyTooLarge, BrokenBody

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate"
IDENTITY = frozenset(("identity", "none", ""))
MAX_ENCODINGS = 3  # one upon the other; servers use one, a misled proxy adds a second
WINDOW: dict[int, int] = {
    zstd.DecompressionParameter.window_log_max: 23
}  # 8 MiB; RFC 9659 allows no larger one on the web


def _inflate(decoder: Any, body: bytes, limit: int) -> bytes:
    plain = decoder.decompress(body, limit + 1)
    if len(plain) > limit:
        raise OverflowError(f"more than {limit} bytes when unpacked")
    if not decoder.eof:
        raise EOFError("compressed body ends early")
    return bytes(plain)


def _undo(encoding: str, body: bytes, limit: int) -> bytes:
    if encoding in ("gzip", "x-gzip"):
        return inflated(body, limit)
    if encoding == "deflate":
        raw = not (len(body) > 1 and body[0] & 0x0F == 8 and (body[0] * 256 + body[1]) % 31 == 0)
        return _inflate(zlib.decompressobj(-15 if raw else 15), body, limit)
    if encoding == "zstd":
        return _inflate(zstd.ZstdDecompressor(options=WINDOW), body, limit)
    raise BrokenBody(f"unknown Content-Encoding {encoding[:40]!r}")


def decode(body: bytes, encodings: list[str], limit: int) -> bytes:
    """``body`` after undoing ``encodings`` (as the header lists them); at most ``limit`` bytes.

    Raises ``BrokenBody``, also for a body that is not what it is announced as, and ``BodyTooLarge``.
    """
    real = [encoding for encoding in reversed(encodings) if encoding not in IDENTITY]
    if len(real) > MAX_ENCODINGS:
        raise BrokenBody(f"{len(real)} encodings upon each other")
    for encoding in real:
        try:
            body = _undo(encoding, body, limit)
        except OverflowError as error:
            raise BodyTooLarge(str(error)) from None
        except (zlib.error, zstd.ZstdError, EOFError) as error:
            raise BrokenBody(f"broken compression: {error}") from None
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
