"""What Scrapy brings back, as captures."""

import re

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, ResponseDataLossError
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.records import Capture, Outcome
from archive.times import now
from scraper.frontier_table import Entry
from scraper.middlewares.refusals import Refusal, network_error
from scraper.observe import UNKEPT_HEADERS, outcome_of_status

MAX_HEADER = 2_000  # characters of one header's value that are kept
MAX_HEADERS = 100  # headers of an answer that are kept; pages of news have some thirty


USER = re.compile(r"^(\w+://)[^/?#]*@")


def without_user(url: str) -> str:
    """``url`` without user name and password: whoever they belong to, an archive is no place for them."""
    return USER.sub(r"\1", url)


def headers_of(response: Response) -> dict[str, str]:
    """The answer's headers by their lower-case names."""
    headers: dict[str, str] = {}
    for name, values in response.headers.items():
        key = name.decode("latin-1").lower()[:MAX_HEADER]
        if key not in UNKEPT_HEADERS and len(headers) < MAX_HEADERS:
            headers[key] = b", ".join(values).decode("latin-1")[:MAX_HEADER]
    if "location" in headers:
        headers["location"] = without_user(headers["location"])
    return headers


def capture_of(response: Response, entry: Entry) -> Capture:
    """The capture that ``response`` to ``entry`` is."""
    headers = headers_of(response)
    outcome = outcome_of_status(response.status)
    redirects = tuple(response.meta.get("redirect_urls", ()))
    return Capture(
        url=entry.url,
        fetched_at=now(),
        outcome=outcome,
        status=response.status,
        final_url=response.url if redirects else None,
        redirects=redirects[1:],
        content_type=headers.get("content-type"),
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
        headers=headers,
        found_via=entry.via,
        found_in=entry.within,
        told=entry.told,
        detail=f"status {response.status}" if outcome is Outcome.HTTP_ERROR else None,
    )


def _meaning(error: BaseException) -> tuple[Outcome, str]:
    if isinstance(error, Refusal):
        return error.outcome, str(error)
    if isinstance(error, DownloadCancelledError):
        return Outcome.TOO_LARGE, "larger than the bound"
    if isinstance(error, ResponseDataLossError):
        return Outcome.TRUNCATED, "connection broke off"
    if isinstance(error, IgnoreRequest) and "redirections" in str(error):
        return Outcome.REDIRECT_LOOP, "too many redirects"
    return Outcome.FAILED, network_error(error) or f"{type(error).__name__}: {error}"[:300]


def capture_of_failure(failure: Failure, entry: Entry) -> Capture:
    """The capture that a request without a usable answer is."""
    assert failure.value is not None
    outcome, detail = _meaning(failure.value)
    redirects = tuple(failure.request.meta.get("redirect_urls", ()))  # type: ignore[attr-defined]
    return Capture(
        url=entry.url,
        fetched_at=now(),
        outcome=outcome,
        final_url=without_user(failure.request.url) if redirects else None,  # type: ignore[attr-defined]
        redirects=redirects[1:],
        found_via=entry.via,
        found_in=entry.within,
        detail=detail,
    )
