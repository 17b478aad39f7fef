"""robots.txt by RFC 9309: asked once a run and host; a server error means stay away, a missing file means come in."""

import asyncio
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from scraper.discovery.robots import Robots, parse_robots
from scraper.middlewares.refusals import HostUnreachable, Refusal, RobotsRefusal
from scraper.settings import USER_AGENT

THROTTLING = ("autothrottle_dont_adjust_delay",)
Verdict = Robots | Refusal | None  # None: no robots.txt, so everything is allowed
NETWORK_ERRORS = {
    CannotResolveHostError: "unknown host",
    DownloadConnectionRefusedError: "connection refused",
    DownloadTimeoutError: "no answer in time",
    ResponseDataLossError: "connection broke off",
    DownloadFailedError: "connection failed",
}


def network_error(error: BaseException) -> str | None:
    """What a network error means in a few words; ``None`` if it is none."""
    return next((words for kind, words in NETWORK_ERRORS.items() if isinstance(error, kind)), None)


def verdict_on(response: Response) -> Verdict:
    """What the answer to a request for robots.txt allows."""
    if response.status >= 500 or response.status == 429:
        return RobotsRefusal(f"robots.txt answers {response.status}, so the site is left alone")
    if response.status >= 300:
        return None
    return parse_robots(response.body, response.url)


class ObeyRobots:
    """Downloader middleware: asks each host's robots.txt before the first page of the host is fetched."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._verdicts: dict[str, asyncio.Future[Verdict]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For the spider's run."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise ``RobotsRefusal`` or ``HostUnreachable`` if ``request`` must not be made."""
        if request.meta.get("robots"):
            return
        verdict = await self._verdict(request)
        if isinstance(verdict, Refusal):
            raise type(verdict)(str(verdict))
        if verdict is None:
            return
        agent = (request.headers.get("User-Agent") or b"").decode("latin-1") or USER_AGENT
        self._slow_down(request, verdict.delay(agent))
        if not verdict.allows(request.url, agent):
            raise RobotsRefusal("robots.txt says no")

    async def _verdict(self, request: Request) -> Verdict:
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._verdicts:
            future = self._verdicts[origin] = asyncio.get_running_loop().create_future()
            future.set_result(await self._ask(origin, request)) if not future.done() else None
        return await asyncio.shield(self._verdicts[origin])

    async def _ask(self, origin: str, request: Request) -> Verdict:
        question = Request(
            f"{origin}/robots.txt",
            headers={"User-Agent": request.headers.get("User-Agent", USER_AGENT)},
            meta={"robots": True} | {key: request.meta[key] for key in THROTTLING if key in request.meta},
            callback=NO_CALLBACK,
        )
        try:
            response = await self._crawler.engine.download_async(question)
            verdict = verdict_on(response)
        except Refusal as refusal:
            return refusal
        except Exception as error:  # noqa: BLE001 - whatever the network does, the answer is: unreachable
            return HostUnreachable(network_error(error) or f"robots.txt: {error!r}"[:200])
        if (entry := request.meta.get("entry")) is not None:
            self._crawler.spider.take_robots(entry, response, verdict)  # type: ignore[union-attr]
        return verdict

    def _slow_down(self, request: Request, seconds: float | None) -> None:
        """Hold to a Crawl-delay: at least that long between any two requests to the host."""
        if not seconds:
            return
        request.meta["autothrottle_dont_adjust_delay"] = True
        slots = self._crawler.engine.downloader.slots
        slot = slots.get(urlsplit(request.url).hostname or "")
        if slot is not None and slot.delay < min(seconds, 60.0):
            slot.delay, slot.jitter = min(seconds, 60.0), 0.0
            slot.concurrency = 1
