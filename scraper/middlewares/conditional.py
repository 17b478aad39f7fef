"""Ask only for what has changed: ``If-None-Match`` and ``If-Modified-Since`` with what the archive holds."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from scraper.discovery.found import Target

CONDITIONS = ("If-None-Match", "If-Modified-Since")


class Conditional:
    """Downloader middleware: adds the validators of the newest capture with a body to what was visited before."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The middleware over the spider's archive."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Add the headers; a redirect keeps those of the address that was asked for, within one article.

        Where it leads elsewhere for the first time, the page is wanted: it shows whether the story moved there.
        """
        entry = request.meta.get("entry")
        if entry is None or not entry.visited:
            return
        if request.meta.get("redirect_times"):
            self._drop_if_elsewhere(request, entry.url)
            return
        if self._crawler.spider.sites[entry.site].render:  # type: ignore[union-attr]
            return  # a shell stays the same while what its scripts bring changes
        is_list = entry.target not in (Target.ARTICLE, Target.PAGE, Target.PART)
        validators = self._crawler.spider.validators(entry.url, is_list=is_list)  # type: ignore[union-attr]
        if validators is None:
            return
        etag, last_modified = validators
        if etag:
            request.headers["If-None-Match"] = etag
        if last_modified:
            request.headers["If-Modified-Since"] = last_modified

    def _drop_if_elsewhere(self, request: Request, asked: str) -> None:
        archive = self._crawler.spider.archive  # type: ignore[union-attr]
        owner = archive.owner(request.url)
        if owner is None or owner != archive.owner(asked):
            for name in CONDITIONS:
                request.headers.pop(name, None)
