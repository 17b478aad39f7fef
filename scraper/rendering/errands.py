"""What a page in the browser asks for, fetched by the crawl: guarded, by robots.txt, bounded, and never twice.

The browser has no way to the net of its own. Each of its requests comes here first: the page itself is what the crawl
has fetched already, scripts and data go through Scrapy's downloader with all its middlewares, and the rest is answered
with nothing, in a form that breaks no script.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.urls import is_web_url
from scraper.sites import Site

if TYPE_CHECKING:
    from playwright.async_api import Request as Wanted
    from playwright.async_api import Route
    from scrapy.crawler import Crawler

MOST_ERRANDS = 200  # for one page
MOST_KEPT = 32 * 1024 * 1024  # bytes of scripts in memory
DATA = frozenset(("fetch", "xhr"))
SAFE = frozenset(("GET", "HEAD"))
PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x01D\x00;"
)
# Of the body as it came over the wire; or about what a page does later, such as keeping cookies.
UNSENT = frozenset(
    ("content-encoding", "content-length", "transfer-encoding", "set-cookie", "content-disposition", "refresh")
)
NOT_FORWARDED = frozenset(("host", "cookie", "connection", "content-length", "accept-encoding", "user-agent", "range"))


def headers_for_browser(response: Response) -> dict[str, str]:
    """The headers of an answer that a browser may have."""
    named = ((name.decode("latin-1").lower(), values) for name, values in response.headers.items())
    return {name: b", ".join(values).decode("latin-1") for name, values in named if name not in UNSENT}


def headers_of_browser(sent: Mapping[str, str], user_agent: str) -> dict[str, str]:
    """The headers that the crawl sends on from a browser's request: its own name, no cookies, no conditions."""
    kept = {
        name: value
        for name, value in sent.items()
        if name.lower() not in NOT_FORWARDED and not name.lower().startswith(("sec-", "if-", ":"))
    }
    return kept | {"User-Agent": user_agent}


class Scripts:
    """The scripts of a run, by address, as far as they are small enough together."""

    def __init__(self) -> None:
        self._kept: dict[str, Response] = {}
        self._bytes = 0

    def get(self, url: str) -> Response | None:
        """The answer that ``url`` gave, if it is kept."""
        return self._kept.get(url)

    def keep(self, url: str, response: Response) -> None:
        """Keep an answer, the oldest making way."""
        if response.status != 200 or len(response.body) > MOST_KEPT // 4 or url in self._kept:
            return
        self._kept[url] = response
        self._bytes += len(response.body)
        while self._bytes > MOST_KEPT:
            self._bytes -= len(self._kept.pop(next(iter(self._kept))).body)


class Errands:
    """The requests of one page, which is ``document`` as the crawl fetched it from ``site``."""

    def __init__(self, crawler: "Crawler", site: Site, document: Response, user_agent: str, scripts: Scripts) -> None:
        self._crawler, self._site, self._document = crawler, site, document
        self._user_agent, self._scripts = user_agent, scripts
        self._count, self._is_open = 0, False
        self._out, self._since, self._waited = 0, 0.0, 0.0

    @property
    def waited(self) -> float:
        """Seconds in which the page waited for the net, or for the crawl's turn to ask it."""
        return self._waited + (time.monotonic() - self._since if self._out else 0.0)

    async def run(self, route: "Route") -> None:
        """Answer one request of the browser's, or refuse it."""
        from playwright.async_api import Error

        with suppress(Error):  # the page is closed, and nobody waits for the answer
            answer = await self._answer(route.request)
            await (route.abort("blockedbyclient") if answer is None else route.fulfill(**answer))

    async def _answer(self, wanted: "Wanted") -> dict[str, Any] | None:
        match wanted.resource_type:
            case "document" if not self._is_open and wanted.url == self._document.url:
                self._is_open = True
                return _fulfilled(self._document)
            case "document":  # a frame, or another page: 204 leaves the browser where it is
                return {"status": 204}
            case "stylesheet":
                return {"status": 200, "content_type": "text/css", "body": ""}
            case "image":
                return {"status": 200, "content_type": "image/gif", "body": PIXEL}
            case "script":
                response = self._scripts.get(wanted.url) or await self._fetch(wanted)
                if response is not None:
                    self._scripts.keep(wanted.url, response)
            case kind if kind in DATA and (wanted.method in SAFE or self._site.covers(wanted.url)):
                response = await self._fetch(wanted)
            case _:  # fonts, films, pings, sockets
                return None
        return _fulfilled(response) if response is not None else None

    async def _fetch(self, wanted: "Wanted") -> Response | None:
        self._count += 1
        if self._count > MOST_ERRANDS or not is_web_url(wanted.url):
            return None
        assert self._crawler.engine is not None
        request = Request(
            wanted.url,
            method=wanted.method,
            headers=headers_of_browser(wanted.headers, self._user_agent),
            body=wanted.post_data_buffer or b"",
            meta={"dont_retry": True, "autothrottle_dont_adjust_delay": True},
            callback=NO_CALLBACK,
            dont_filter=True,
        )
        if not self._out:
            self._since = time.monotonic()
        self._out += 1
        try:
            return await self._crawler.engine.download_async(request)
        except Exception:  # noqa: BLE001 - refused, unreachable or broken: the page gets no answer, as in any browser
            return None
        finally:
            self._out -= 1
            if not self._out:
                self._waited += time.monotonic() - self._since


def _fulfilled(response: Response) -> dict[str, Any]:
    return {"status": response.status, "headers": headers_for_browser(response), "body": response.body}
