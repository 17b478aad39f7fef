"""robots.txt by RFC 9309: asked once a day and origin; a server error means stay away, a missing file means come in."""

import asyncio
from typing import TYPE_CHECKING, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response

from archive.records import Outcome
from scraper.discovery.robots import MAX_ROBOTS, Robots, parse_robots
from scraper.middlewares.manners import host_for
from scraper.middlewares.refusals import HostUnreachable, NotNow, Refusal, RobotsRefusal, Withdrawn, network_error
from scraper.middlewares.well_known import kept, leads_too_far, note_answer, note_failure, question, site_named
from scraper.pacing import origin_of
from scraper.settings import USER_AGENT

if TYPE_CHECKING:
    from scraper.spiders.news import NewsSpider

NAME = "robots"
Verdict = Robots | Refusal | None  # None: no robots.txt, so everything is allowed


def verdict_on(status: int, body: bytes, url: str) -> Verdict:
    """What an answer to the request for the robots.txt at ``url`` allows."""
    if status >= 500 or status == 429:
        return RobotsRefusal(f"robots.txt answers {status}, so the site is left alone")
    return parse_robots(body, url) if 200 <= status < 300 else None


class ObeyRobots:
    """Downloader middleware: asks each origin's robots.txt before the first page of the origin is fetched."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._verdicts: dict[str, asyncio.Future[Verdict]] = {}
        self._asking = 0
        self._read: dict[Request, int] = {}  # bytes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For the spider's run."""
        return cls(crawler)

    @property
    def _spider(self) -> "NewsSpider":
        return self._crawler.spider  # type: ignore[return-value]

    async def process_request(self, request: Request) -> None:
        """Raise ``RobotsRefusal``, ``HostUnreachable`` or ``NotNow`` if ``request`` must not be made."""
        if request.meta.get("well_known") == NAME:
            return
        asks = origin_of(request.url) not in self._verdicts
        verdict = await self._verdict(request)
        if isinstance(verdict, Refusal):
            raise type(verdict)(str(verdict)) if asks or isinstance(verdict, Withdrawn) else NotNow(str(verdict))
        if verdict is None:
            return
        agent = (request.headers.get("User-Agent") or b"").decode("latin-1") or USER_AGENT
        if seconds := verdict.delay(agent):
            host_for(self._spider, request).ask_for(seconds)
        if not verdict.allows(request.url, agent):
            raise RobotsRefusal("robots.txt says no")

    async def _verdict(self, request: Request) -> Verdict:
        origin = origin_of(request.url)
        if origin not in self._verdicts:
            future = self._verdicts[origin] = asyncio.get_running_loop().create_future()
            verdict = await self._find_out(origin, request)
            future.set_result(verdict)
            if isinstance(verdict, Withdrawn):
                del self._verdicts[origin]  # nobody was asked
            return verdict
        return await asyncio.shield(self._verdicts[origin])

    async def _find_out(self, origin: str, request: Request) -> Verdict:
        url = f"{origin}/robots.txt"
        known = None if self._spider.full else kept(self._spider.archive, url)
        verdict = verdict_on(*known, url) if known else await self._ask(url, request)
        if isinstance(verdict, Refusal) and not isinstance(verdict, NotNow | Withdrawn):
            self._spider.hosts.leave(origin, str(verdict))
        if isinstance(verdict, Robots) and (site := site_named(request)):
            self._spider.take_sitemaps(site, url, verdict)
        return verdict

    async def _ask(self, url: str, request: Request) -> Verdict:
        asked = question(url, request, NAME)
        try:
            response = await self._download(asked)
        except (NotNow, Withdrawn) as refusal:
            return refusal
        except Exception as error:  # noqa: BLE001 - whatever the network does, it has a meaning
            return self._without_answer(url, error)
        note_answer(self._spider, url, site_named(request) or "", response)
        return verdict_on(response.status, response.body, response.url)

    async def _download(self, asked: Request) -> Response:
        """The answer; nothing listens to how bytes come in but while a robots.txt is under way."""
        if not self._asking:
            self._crawler.signals.connect(self._count, signals.bytes_received)
        self._asking += 1
        try:
            return await self._crawler.engine.download_async(asked)
        finally:
            self._asking -= 1
            if not self._asking:
                self._crawler.signals.disconnect(self._count, signals.bytes_received)
                self._read.clear()

    def _without_answer(self, url: str, error: Exception) -> Verdict:
        """RFC 9309 §2.3.1: what is redirected too far, or to where we do not go, counts as missing; else stay away."""
        if leads_too_far(error):
            note_failure(self._spider, url, Outcome.REDIRECT_LOOP, "too many redirects")
            return None
        if isinstance(error, Refusal):
            note_failure(self._spider, url, error.outcome, str(error))
            return None if error.outcome is Outcome.REFUSED else HostUnreachable(f"robots.txt: {error}")
        why = network_error(error) or f"robots.txt: {error!r}"[:200]
        note_failure(self._spider, url, Outcome.FAILED, why)
        return HostUnreachable(why)

    def _count(self, data: bytes, request: Request) -> None:
        """Hear no more of a robots.txt than is read of it, however long it is."""
        if request.meta.get("well_known") == NAME:
            self._read[request] = self._read.get(request, 0) + len(data)
            if self._read[request] > MAX_ROBOTS:
                raise StopDownload(fail=False)
