"""scrapy-redis' scheduler over leased hosts. It never talks to Redis itself: ``Keeper`` does, beside the crawl."""

from collections import deque
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.utils.defer import deferred_from_coro
from scrapy_redis.scheduler import Scheduler

from archive.records import Outcome
from scraper.frontier import Frontier
from scraper.shared.hosts import HostQueue, counts
from scraper.shared.keeper import Keeper
from scraper.shared.queue import LeasedQueue, Settled
from scraper.shared.table import SharedTable
from scraper.spiders.news import NewsSpider

QUEUE = "scraper.shared.queue.LeasedQueue"
DUPEFILTER = "scraper.shared.dupefilter.Fingerprints"
SETTINGS: dict[str, Any] = {
    "SCHEDULER": "scraper.shared.scheduler.SharedScheduler",
    "SCHEDULER_PERSIST": True,  # the frontier belongs to all workers
    "DOWNLOADER": "scraper.shared.fence.FencedDownloader",
}


class SharedScheduler(Frontier, Scheduler):  # type: ignore[misc]
    """What the worker's own hosts have ready, in turns, as in a crawl of one machine."""

    def __init__(self, table: SharedTable) -> None:
        Frontier.__init__(self, table, ())
        Scheduler.__init__(self, table.link.client, persist=True, queue_cls=QUEUE, dupefilter_cls=DUPEFILTER)
        self._shared = table
        self.keeper: Keeper | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The scheduler of the spider's run."""
        spider = crawler.spider
        assert isinstance(spider, NewsSpider)
        assert isinstance(spider.frontier, SharedTable)
        scheduler = cls(spider.frontier)
        scheduler.keeper = spider.frontier.keeper
        crawler.signals.connect(scheduler.item_scraped, signals.item_scraped)
        crawler.signals.connect(scheduler.item_failed, signals.item_error)
        crawler.signals.connect(scheduler.reading_failed, signals.spider_error)
        return scheduler

    def open(self, spider: Spider) -> None:
        """Make the queue and the duplicate filter as scrapy-redis does, and let the keeper begin."""
        Frontier.open(self, spider)
        assert isinstance(spider, NewsSpider)
        assert self.keeper is not None
        self.spider, self.queue = spider, LeasedQueue(self.server, spider, self.queue_key, self.serializer or _Unused)
        self._shared.sites = spider.sites
        self.keeper.begin(self, spider, self.queue)

    def put_back(self, url: str) -> None:
        """``url`` was not visited, for its host is left alone: it stays in the shard, and waits for the next round."""
        held = self._holder(url)
        super().put_back(url)
        if held is not None and self.keeper is not None and not self.keeper.stopping:
            self.keeper.settled(held, Settled(held.lease, held.members.pop(url)))

    def close(self, reason: str) -> Any:
        """Settle what is stored, and give back what is not."""
        Frontier.close(self, reason)
        assert self.keeper is not None
        return deferred_from_coro(self.keeper.end())

    @property
    def queues(self) -> deque[HostQueue]:
        """The hosts that are held; ``Keeper`` adds and removes them."""
        return self._queues  # type: ignore[return-value]

    def has_pending_requests(self) -> bool:
        """Whether there may be something to fetch: until the keeper ends the crawl."""
        return True

    def enqueue_request(self, request: Request) -> bool:
        """Take back a request that the downloader sent on, or the keeper woke the engine with."""
        return Frontier.enqueue_request(self, request)

    def next_request(self) -> Request | None:
        """The next request; the hosts take turns."""
        request = Frontier.next_request(self)
        if request is not None and self.keeper is not None:
            if (held := self._holder(request.meta["entry"].url)) is not None:
                request.meta["leased"] = held.lease.host
            self.keeper.look()
        return request

    def _holder(self, url: str) -> HostQueue | None:
        return next((queue for queue in self.queues if url in queue.in_flight), None)

    def _settle(self, url: str, outcome: Outcome, visited_at: str, detail: str | None) -> None:
        held = self._holder(url)
        entry = held.in_flight[url] if held is not None else None
        super()._settle(url, outcome, visited_at, detail)
        if held is None or entry is None or self.keeper is None:
            return  # a host that was lost meanwhile: whoever has it now visits the address again
        counted = entry.site if counts(entry, outcome) else ""
        found = tuple(self._shared.taken_over())
        self.keeper.settled(held, Settled(held.lease, held.members.pop(url), counted, found))


class _Unused:
    """Entries bring their own form."""

    loads = dumps = staticmethod(str)
