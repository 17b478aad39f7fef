"""``/.well-known/tdmrep.json``: asked for once a day and origin, where its word is to be recorded or obeyed."""

import asyncio
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.crawler import Crawler

from archive.records import Outcome
from scraper.discovery.reservations import Reservations, parse_reservations
from scraper.middlewares.refusals import NotNow, Refusal, network_error
from scraper.middlewares.well_known import kept, note_answer, note_failure, question, site_named
from scraper.pacing import origin_of

if TYPE_CHECKING:
    from scraper.spiders.news import NewsSpider

NAME = "tdmrep"


class AskReservations:
    """Downloader middleware: finds out what is reserved on an origin before the first page of it is fetched."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._asked: dict[str, asyncio.Future[None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For the spider's run."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait until what the origin of ``request`` reserves is known."""
        if request.meta.get("entry") is None or not self._crawler.spider.keeps:  # type: ignore[union-attr]
            return
        origin = origin_of(request.url)
        if origin not in self._asked:
            future = self._asked[origin] = asyncio.get_running_loop().create_future()
            self._crawler.spider.reservations[origin] = await self._find_out(origin, request)  # type: ignore[union-attr]
            future.set_result(None)
        await asyncio.shield(self._asked[origin])

    async def _find_out(self, origin: str, request: Request) -> Reservations:
        spider: NewsSpider = self._crawler.spider  # type: ignore[assignment]
        url = f"{origin}/.well-known/tdmrep.json"
        if not spider.full and (known := kept(spider.archive, url)):
            return parse_reservations(known[1] if known[0] == 200 else b"")
        asked = question(url, request, NAME)
        asked.meta["dont_retry"] = True  # a missing or broken file reserves nothing
        try:
            response = await self._crawler.engine.download_async(asked)
        except NotNow:
            return Reservations()
        except Exception as error:  # noqa: BLE001 - whatever the network does, the file is not there
            outcome = error.outcome if isinstance(error, Refusal) else Outcome.FAILED
            note_failure(spider, url, outcome, network_error(error) or f"{error}"[:200])
            return Reservations()
        note_answer(spider, url, site_named(request) or "", response)
        return parse_reservations(response.body if response.status == 200 else b"")
