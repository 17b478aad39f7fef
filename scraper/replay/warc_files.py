"""WARC and ARC files, plain or gzipped, as the captures they hold.

ISO 28500:2017 (WARC 1.1) names the record types: ``response`` and ``resource`` hold pages, ``revisit`` says that a page
was as before; ``request``, ``metadata``, ``warcinfo`` and ``conversion`` hold none.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from archive.records import Capture, Outcome
from archive.times import to_text
from archive.urls import is_web_url
from scraper.observe import UNKEPT_HEADERS, outcome_of_status
from scraper.replay.source import Left, Taken
from scraper.settings import MAX_BODY

PAGES = re.compile(
    r"text/html|application/xhtml|text/plain|application/(?:\w+\+)?(?:xml|json)|text/xml|^$", re.IGNORECASE
)
NOT_MODIFIED_PROFILE = "server-not-modified"


def is_warc(path: Path) -> bool:
    """Whether a file's name says WARC or ARC."""
    return re.search(r"\.w?arc(\.gz)?$", path.name, re.IGNORECASE) is not None


def _time(text: str | None) -> str | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return to_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _outcome(status: int, record: Any) -> Outcome:
    if record.rec_headers.get_header("WARC-Truncated"):
        return Outcome.TRUNCATED
    if 300 <= status < 400 and status != 304:
        return Outcome.FETCHED  # where it leads is a record of its own
    return outcome_of_status(status)


def _headers(record: Any) -> dict[str, str]:
    if record.http_headers is None:
        return {}
    pairs = ((name.lower(), value) for name, value in record.http_headers.headers)
    return {name: value for name, value in pairs if name not in UNKEPT_HEADERS}


def _status(record: Any) -> int:
    """The HTTP status; a ``resource`` record has none and stands for a success."""
    try:
        return int(record.http_headers.get_statuscode()) if record.http_headers else 200
    except ValueError:
        return 0


@dataclass(frozen=True, slots=True)
class WarcFile:
    """The pages of one file. A damaged record is left with its name; what stands after it is read if it can be."""

    path: Path

    def __iter__(self) -> Iterator[Taken | Left]:
        """Each record that holds a page, and a note of each that is damaged."""
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

        count = 0
        try:
            with self.path.open("rb") as stream:
                for record in ArchiveIterator(stream, arc2warc=True, check_digests=True):
                    count += 1
                    found = self._take(record, f"{self.path.name} record {count}")
                    if found is not None:
                        yield found
        except (ArchiveLoadFailed, zlib.error, EOFError, ValueError) as error:
            yield Left(f"{self.path.name} after record {count}", f"damaged: {' '.join(str(error).split())[:200]}")
        except OSError as error:
            yield Left(self.path.name, error.strerror or str(error))
        else:
            if count == 0:
                yield Left(self.path.name, "no WARC or ARC record in it")

    def _take(self, record: Any, name: str) -> Taken | Left | None:
        if record.rec_type not in ("response", "resource", "revisit"):
            return None
        url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
        fetched_at = _time(record.rec_headers.get_header("WARC-Date"))
        if not is_web_url(url):
            return Left(name, f"no web address: {url[:80]!r}", faulty=False)
        if fetched_at is None:
            return Left(name, f"no valid WARC-Date ({url})")
        return (
            self._revisit(record, url, fetched_at)
            if record.rec_type == "revisit"
            else self._page(record, url, fetched_at, name)
        )

    def _revisit(self, record: Any, url: str, fetched_at: str) -> Taken:
        capture = self._capture(record, url, fetched_at)
        profile = record.rec_headers.get_header("WARC-Profile") or ""
        if NOT_MODIFIED_PROFILE in profile or capture.outcome is Outcome.NOT_MODIFIED:
            return Taken(_as(capture, Outcome.NOT_MODIFIED))
        return Taken(capture, same_as=record.rec_headers.get_header("WARC-Payload-Digest"))

    def _page(self, record: Any, url: str, fetched_at: str, name: str) -> Taken | Left:
        capture = self._capture(record, url, fetched_at)
        media = capture.content_type or ""
        if not PAGES.search(media):
            return Left(name, f"no page: {media} ({url})", faulty=False)
        body = record.content_stream().read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            return Taken(_as(capture, Outcome.TOO_LARGE, f"over {MAX_BODY} bytes"))
        if record.raw_stream.limit > 0:
            return Left(name, f"the file breaks off in it ({url})")
        if record.digest_checker is not None and record.digest_checker.passed is False:
            return Left(name, f"its digest does not match its bytes ({url})")
        if capture.outcome is not Outcome.FETCHED or (capture.status or 0) >= 300:
            return Taken(capture)
        return Taken(capture, body, payload=record.rec_headers.get_header("WARC-Payload-Digest"))

    def _capture(self, record: Any, url: str, fetched_at: str) -> Capture:
        headers, status = _headers(record), _status(record)
        media = headers.get("content-type") or (record.content_type if record.rec_type == "resource" else None)
        return Capture(
            url=url,
            fetched_at=fetched_at,
            outcome=_outcome(status, record),
            status=status or None,
            final_url=urljoin(url, headers["location"]) if 300 <= status < 400 and "location" in headers else None,
            content_type=media,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            headers=headers,
            found_via="import",
            found_in=self.path.name,
        )


def _as(capture: Capture, outcome: Outcome, detail: str | None = None) -> Capture:
    return replace(capture, outcome=outcome, detail=detail)
