"""The last gate before the network: nothing is sent to a host whose lease has run out.

Requests wait in the downloader for their host's delay, so a check any earlier would prove nothing.
"""

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.core.downloader.handlers import DownloadHandlers
from scrapy.crawler import Crawler
from scrapy.http import Response

if TYPE_CHECKING:
    from scraper.shared.keeper import Keeper


class FencedHandlers(DownloadHandlers):
    """Scrapy's download handlers, behind the fence."""

    async def download_request_async(self, request: Request) -> Response:
        """The response, once the request's host is held; raises ``Withdrawn`` when it was lost."""
        keeper: Keeper = self._crawler.spider.frontier.keeper  # type: ignore[union-attr]
        async with keeper.holding(request):
            return await super().download_request_async(request)


class FencedDownloader(Downloader):
    """Scrapy's downloader with fenced handlers; the setting ``DOWNLOADER``."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.handlers = FencedHandlers(crawler)
