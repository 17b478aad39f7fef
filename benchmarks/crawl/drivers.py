"""What is timed, each in a process of its own: ``python -m benchmarks.crawl.drivers NAME BASE ARTICLES FOLDER``.

``bare`` fetches every article with a plain Scrapy spider, ``links`` also finds the links of each page as the crawl
does, ``whole`` is the crawl, ``parts`` the crawl with a clock beside its parts. Prints one JSON object.
"""

import json
import resource
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from benchmarks.crawl.press_server import Paper

CONCURRENCY = 8  # what the crawl takes for a host of this machine


def addresses(base: str, articles: int) -> list[str]:
    return [base + story.path for story in Paper(articles).site.stories]


def plain(base: str, articles: int, *, links: bool) -> int:
    """Scrapy with its own settings, and nothing done with what comes; how many pages came."""
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.http import Response

    from scraper.discovery.follow import Place, from_page
    from scraper.reading import parse
    from scraper.sites import site_for

    urls, site, came = addresses(base, articles), site_for(base + "/"), 0

    class Plain(Spider):
        name = "plain"

        async def start(self) -> AsyncIterator[Any]:
            for url in urls:
                yield Request(url)

        def parse(self, response: Response) -> None:
            nonlocal came
            came += 1
            if links:
                page = parse(response.body, response.url, "text/html; charset=utf-8")
                for _ in from_page(page, site, Place(depth=1, story=True)):
                    pass

    process = AsyncCrawlerProcess(
        {"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
         "ROBOTSTXT_OBEY": False, "DOWNLOAD_DELAY": 0}
    )  # fmt: skip
    process.crawl(Plain)
    process.start()
    return came


def whole(base: str, folder: str) -> int:
    from scraper.crawl import Plan, crawl
    from scraper.sites import site_for

    summary = crawl(Path(folder) / "news.db", Plan(sites=(site_for(base + "/"),)))
    return summary.counts()["new"]


class Clock:
    """CPU seconds spent in what it was put around."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        self.seconds[name] = 0.0

        def timed(*arguments: Any, **options: Any) -> Any:
            started = time.thread_time()
            try:
                return function(*arguments, **options)
            finally:
                self.seconds[name] += time.thread_time() - started

        return timed


def parts(base: str, folder: str) -> tuple[int, dict[str, float]]:
    """The crawl with reading, links and storing timed, and settling what the run taught."""
    from scraper import crawl as crawling
    from scraper.spiders import news

    clock = Clock()
    news.observe = clock.around("reading", news.observe)
    spider: Any = news.NewsSpider
    spider._discover = clock.around("links", spider._discover)  # noqa: SLF001 - there is no public seam
    from pipelines.store import Store

    store: Any = Store
    store.process_item = clock.around("storing", store.process_item)
    run: Any = crawling.Run
    run.settle = clock.around("settling", run.settle)
    return whole(base, folder), clock.seconds


def cost_of_paper(articles: int) -> float:
    """Seconds that it takes to invent the addresses, which no crawl would; the memory is none of a crawl's either."""
    started = time.process_time()
    Paper(articles)
    return time.process_time() - started


def main(name: str, base: str, articles: int, folder: str) -> None:
    is_plain = name in ("bare", "links")
    cost = cost_of_paper(articles) if is_plain else 0.0
    started, cpu, seconds = time.perf_counter(), time.process_time(), {}
    if is_plain:
        pages = plain(base, articles, links=name == "links")
        cpu += cost
        started += cost
    elif name == "whole":
        pages = whole(base, folder)
    else:
        pages, seconds = parts(base, folder)
    print(
        json.dumps(
            {"pages": pages, "seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu,
             "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "parts": seconds}
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
