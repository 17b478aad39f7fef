"""A file that a site says things about itself in, at an address that is agreed on: asked for once a day and origin."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.records import Capture, Outcome, Visit
from archive.store import Archive
from archive.times import now, to_text
from scraper.discovery.found import Target
from scraper.frontier_table import Entry
from scraper.observe import observe
from scraper.spiders.answers import capture_of

if TYPE_CHECKING:
    from scraper.spiders.news import NewsSpider

FRESH = timedelta(days=1)  # RFC 9309 §2.4: no cached copy is used for longer
VIA = "robots"  # how all of them are found: on the way, so that they are in no frontier
MAX_REDIRECTS = 5  # RFC 9309 §2.3.1.2
NEWEST = """
    SELECT status, body_id FROM captures
    WHERE url = ? AND found_via = ? AND fetched_at > ? AND status < 500 AND status != 429
    ORDER BY fetched_at DESC LIMIT 1
"""


def kept(archive: Archive, url: str) -> tuple[int, bytes] | None:
    """Status and body of ``url`` as the archive saw it less than a day ago; ``None`` if it has to be asked for."""
    since = to_text(datetime.now(UTC) - FRESH)
    row = archive.connection.execute(NEWEST, (url, VIA, since)).fetchone()
    return (row[0], archive.body(row[1]) if row[1] else b"") if row else None


def question(url: str, about: Request, name: str) -> Request:
    """The request for the file at ``url``, made because ``about`` is to be made."""
    return Request(
        url,
        headers={"User-Agent": about.headers.get("User-Agent") or b""},
        meta={"well_known": name, "redirect_ttl": MAX_REDIRECTS, "site": site_named(about)},
        callback=NO_CALLBACK,
        dont_filter=True,
    )


def site_named(request: Request) -> str | None:
    """The key of the site that ``request`` is made for, if that is known."""
    entry = request.meta.get("entry")
    return entry.site if entry is not None else request.meta.get("site")


def leads_too_far(error: Exception) -> bool:
    """Whether the file was redirected more often than is followed, so that it counts as missing."""
    return isinstance(error, IgnoreRequest) and "redirections" in str(error)


def note_answer(spider: "NewsSpider", url: str, site: str, response: Response) -> None:
    """Keep what the answer was, under the address that was asked."""
    capture = capture_of(response, Entry(url, site, Target.HUB, VIA))
    spider.archive.record(observe(capture, response.body).visit)


def note_failure(spider: "NewsSpider", url: str, outcome: Outcome, detail: str) -> None:
    """Keep that no answer came."""
    capture = Capture(url=url, fetched_at=now(), outcome=outcome, found_via=VIA, detail=detail)
    spider.archive.record(Visit(capture=capture, outcome=outcome))
