"""Each request's turn, and what its answer says about the next: the last stop before the network."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Response

from archive.store import Archive
from archive.times import to_text
from archive.urls import site_of
from scraper.discovery.found import Target
from scraper.middlewares.well_known import site_named
from scraper.pacing import Host
from scraper.retry_after import LONGEST, PUSHBACK, retry_after
from scraper.settings import pace_of

if TYPE_CHECKING:
    from scraper.spiders.news import NewsSpider

UNCONNECTED = (CannotResolveHostError, DownloadConnectionRefusedError)
UNANSWERED = (DownloadTimeoutError, DownloadFailedError, OSError)
FIRST_WAIT, LONGEST_BACKOFF = 2.0, 60.0  # seconds, after a 429 that does not say how long; doubled each time
PUSHBACK_RETRIES = 5  # the address is not to blame for it
RETRIED_AFTER_SILENCE = frozenset((Target.HUB, Target.FEED, Target.SITEMAP))  # what the rest of the run hangs on
ASKED_TO_WAIT = """
    SELECT fetched_at, headers FROM captures
    WHERE site = ? AND fetched_at > ? AND status IN (429, 503) ORDER BY fetched_at DESC LIMIT 20
"""


def asked_to_wait(archive: Archive, site: str, at: datetime) -> float:
    """Seconds from ``at`` until the moment that earlier answers of ``site`` asked to come back; 0 if none did."""
    since = to_text(at - timedelta(seconds=LONGEST))
    rest = 0.0
    for fetched_at, headers in archive.connection.execute(ASKED_TO_WAIT, (site, since)):
        then = datetime.fromisoformat(fetched_at)
        seconds = retry_after(json.loads(headers).get("retry-after"), then)
        if seconds is not None:
            rest = max(rest, seconds - (at - then).total_seconds())
    return rest


def host_for(spider: "NewsSpider", request: Request) -> Host:
    """The host that ``request`` goes to; when it is met first, what it asked of earlier runs is looked up."""
    host = spider.hosts.known(request.url)
    if host is None:
        site = spider.sites.get(site_named(request) or "")
        host = spider.hosts.add(request.url, **pace_of(site, urlsplit(request.url).hostname or ""))
        rest = asked_to_wait(spider.archive, site_of(request.url), datetime.now(UTC))
        if rest > 0:
            spider.hosts.hold(host, rest)
    return host


class Manners:
    """Downloader middleware, the last: waits for the host's turn, heeds Retry-After, notices hosts that died."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._out: dict[Request, Host] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For the spider's run."""
        return cls(crawler)

    @property
    def _spider(self) -> "NewsSpider":
        return self._crawler.spider  # type: ignore[return-value]

    async def process_request(self, request: Request) -> None:
        """Wait for the turn of ``request``. Raises ``NotNow``."""
        host = host_for(self._spider, request)
        await self._spider.hosts.turn(host, request.url)
        self._out[request] = host

    def process_response(self, request: Request, response: Response) -> Response:
        """Note that the host answered, or asked to be left alone for a while."""
        host = self._out.pop(request, None)
        if host is not None:
            if response.status not in PUSHBACK or not self._pushed_back(host, request, response):
                self._spider.hosts.answered(host, request.meta.get("download_latency"), response.status)
            self._spider.hosts.back(host)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note that the host did not answer."""
        host = self._out.pop(request, None)
        if host is None:
            return
        self._spider.hosts.back(host)
        if isinstance(exception, (*UNCONNECTED, *UNANSWERED)):
            connected = not isinstance(exception, UNCONNECTED)
            why = "the host stopped answering" if connected else "the host could not be reached"
            self._spider.hosts.failed(host, request.url, why, connected=connected)
        entry = request.meta.get("entry")
        if isinstance(exception, DownloadTimeoutError) and (entry is None or entry.target not in RETRIED_AFTER_SILENCE):
            request.meta["dont_retry"] = True  # half a minute is enough of a page; the next run tries again

    def _pushed_back(self, host: Host, request: Request, response: Response) -> bool:
        """Hold the host as it asks; whether it asked."""
        header = (response.headers.get("Retry-After") or b"").decode("latin-1")
        seconds = retry_after(header, datetime.now(UTC))
        if seconds is None and response.status != 429:
            return False
        if seconds is None:
            seconds = min(FIRST_WAIT * 2.0**host.pushbacks, LONGEST_BACKOFF)
        if self._spider.hosts.held_back(host, request.url, seconds):
            request.meta["max_retry_times"] = PUSHBACK_RETRIES
            if request.meta.get("retry_times", 0) < PUSHBACK_RETRIES:
                self._spider.note(request, response)
        else:
            request.meta["dont_retry"] = True
        return True
