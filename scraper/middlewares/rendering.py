"""Rendering: a page of a site whose entry says ``render = true`` is opened in a browser before it is read."""

import asyncio
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from archive.records import Outcome
from scraper.discovery.documents import document_kind
from scraper.discovery.found import Target
from scraper.middlewares.refusals import BodyTooLarge, Refusal
from scraper.rendering.browser import PAGES, browser_problem, context_settings
from scraper.rendering.errands import Errands, Scripts
from scraper.sites import Site

if TYPE_CHECKING:
    from playwright.async_api import Page
    from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

SECONDS = 30  # for one page, from opening it to its DOM, without those in which it waits for the net
QUIET_SECONDS = 12  # of these, to wait until nothing more is being fetched; some pages never come to rest
NET_SECONDS = 120  # in which a page may wait for the net, and for its host's turn; what is there by then is taken
CLOSE_SECONDS = 5
PAGE_TARGETS = frozenset((Target.ARTICLE, Target.PAGE, Target.HUB, Target.PAGINATION))


class RenderingFailed(Refusal):
    """The browser could not be started, ran out of time or died."""

    outcome = Outcome.FAILED


async def at_rest(page: "Page", errands: Errands) -> None:
    """Wait until ``page`` fetches nothing more, or for as long as one may."""
    from playwright.async_api import TimeoutError as TimeIsUp

    began, before = time.monotonic(), errands.waited
    while (net := errands.waited - before) < NET_SECONDS:
        left = QUIET_SECONDS - (time.monotonic() - began - net)
        if left <= 0:
            return
        with suppress(TimeIsUp):
            await page.wait_for_load_state("networkidle", timeout=1000 * min(left + 0.1, NET_SECONDS - net))
            return


async def in_time(work: Coroutine[Any, Any, Response], errands: Errands) -> Response:
    """What ``work`` comes to. Raises ``TimeoutError`` if it takes ``SECONDS`` beside waiting for the net."""
    began = time.monotonic()
    task = asyncio.ensure_future(work)
    try:
        while (left := SECONDS - (time.monotonic() - began - errands.waited)) > 0 and errands.waited < 2 * NET_SECONDS:
            await asyncio.wait({task}, timeout=max(left, 0.1))
            if task.done():
                return task.result()
        raise TimeoutError
    finally:
        task.cancel()


class BrowserDied(Exception):
    """The browser, or its process for the page, ended while it rendered: this page's fault, or another's."""


class Rendering:
    """Downloader middleware, the last to see an answer: leaves the DOM as ``request.meta["rendered"]``."""

    def __init__(self, crawler: Crawler, handler: "ScrapyPlaywrightDownloadHandler") -> None:
        self._crawler, self._handler = crawler, handler
        handler.config.target_closed_max_retries = 0  # done here, where no other page can be the cause
        self._scripts = Scripts()
        self._free, self._alone = asyncio.Semaphore(PAGES), asyncio.Lock()
        self._pages = 0
        crawler.signals.connect(self._close, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For the spider's run; not there when no site of it is to be rendered, or none can be."""
        sites = crawler.spider.sites.values()  # type: ignore[union-attr]
        if not any(site.render for site in sites) or browser_problem(crawler.settings["NEWSMORGUE_BROWSER"]):
            raise NotConfigured
        from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

        return cls(crawler, ScrapyPlaywrightDownloadHandler.from_crawler(crawler))

    async def process_response(self, request: Request, response: Response) -> Response:
        """Render ``response`` if it is a page of a site that says so; raises ``RenderingFailed``."""
        entry = request.meta.get("entry")
        if entry is None or not self._is_page(entry, response):
            return response
        site = self._crawler.spider.sites[entry.site]  # type: ignore[union-attr]
        user_agent = (request.headers.get("User-Agent") or b"").decode("latin-1")
        request.meta["rendered"] = await self._render(site, response, user_agent)
        return response

    def _is_page(self, entry: Any, response: Response) -> bool:
        site: Site = self._crawler.spider.sites[entry.site]  # type: ignore[union-attr]
        if not site.render or entry.target not in PAGE_TARGETS or response.status != 200:
            return False
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        is_html = not kind or "html" in kind.lower()
        return is_html and document_kind(response.body, response.url, kind or None) == "page"

    async def _render(self, site: Site, response: Response, user_agent: str) -> bytes:
        with suppress(BrowserDied):
            async with self._free:
                return await self._open(site, response, user_agent)
        async with self._alone:
            for _ in range(PAGES):
                await self._free.acquire()
            try:
                return await self._open(site, response, user_agent)
            except BrowserDied as error:
                raise RenderingFailed(f"rendering failed: {error}") from None
            finally:
                for _ in range(PAGES):
                    self._free.release()

    async def _open(self, site: Site, response: Response, user_agent: str) -> bytes:
        self._pages += 1
        errands = Errands(self._crawler, site, response, user_agent, self._scripts)
        request = self._request(response.url, user_agent, errands)
        try:
            rendered = await in_time(self._handler.download_request(request), errands)
        except TimeoutError:
            raise RenderingFailed(f"rendering took more than {SECONDS} seconds") from None
        except Refusal:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the browser does, it ends this page alone
            raise BrowserDied(_in_short(error)) from None
        finally:
            await self._shut(request)
        if len(rendered.body) > self._crawler.settings.getint("DOWNLOAD_MAXSIZE"):
            raise BodyTooLarge("larger than the bound when rendered")
        text: str = rendered.text
        return text.encode("utf-8", "replace")

    def _request(self, url: str, user_agent: str, errands: Errands) -> Request:
        from scrapy_playwright.page import PageMethod

        async def open_way(page: "Page", request: Request) -> None:  # noqa: ARG001 - scrapy-playwright's interface
            await page.route("**", errands.run)

        return Request(
            url,
            meta={
                "playwright": True,
                "playwright_context": f"page {self._pages}",
                "playwright_context_kwargs": context_settings(user_agent),
                "playwright_include_page": True,  # closed by _shut, with its context
                "playwright_page_init_callback": open_way,
                "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded", "timeout": 0},
                "playwright_page_methods": [PageMethod(at_rest, errands)],
            },
        )

    async def _shut(self, request: Request) -> None:
        """Close the page and its context, which may be dead or busy beyond answering."""
        wrapper = self._handler.context_wrappers.pop(request.meta["playwright_context"], None)
        if wrapper is not None:
            with suppress(Exception):
                await asyncio.wait_for(wrapper.context.close(), CLOSE_SECONDS)

    async def _close(self) -> None:
        with suppress(Exception):
            await asyncio.wait_for(self._handler.close(), CLOSE_SECONDS)


def _in_short(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{lines[0] if lines else type(error).__name__}"[:200]
