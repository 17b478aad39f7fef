"""Scrapy's scheduler over the frontier table: what is fetched next, site by site in turn, and nothing twice."""

from collections import deque
from collections.abc import Iterable
from typing import Self

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.records import Capture, Outcome, Visit
from archive.times import now
from scraper.discovery.found import Target
from scraper.discovery.traps import SAME_AS, Traps
from scraper.frontier_table import Entry, FrontierTable
from scraper.pacing import Hosts, origin_of
from scraper.settings import concurrency_of
from scraper.spiders.news import NewsSpider

BATCH = 64  # rows read at once; small, so that what is urgent and found meanwhile comes soon
UNREAD = frozenset((Outcome.FAILED, Outcome.HTTP_ERROR, Outcome.TRUNCATED, Outcome.CHALLENGE, Outcome.DENIED))
STORIES = frozenset((Target.ARTICLE, Target.PAGE))
REVISITED = STORIES | {Target.PART}


class SiteQueue:
    """What is to be fetched of one site.

    ``allowance`` is how many more articles the run may take, if that is bounded; ``width`` how many requests may be
    under way. More would only wait in the downloader, where a stop could not call them back.
    """

    def __init__(self, table: FrontierTable, site: str, allowance: int | None, width: int, hosts: Hosts) -> None:
        self.site, self.allowance, self._width = site, allowance, width
        self._table, self._hosts = table, hosts
        self._ready: deque[Entry] = deque()
        self.in_flight: dict[str, Entry] = {}

    def _refill(self) -> None:
        rows = self._table.waiting(self.site, BATCH + len(self.in_flight), but_for=self._hosts.left)
        self._ready.extend(entry for entry in rows if entry.url not in self.in_flight)

    def _spent(self) -> bool:
        if self.allowance is None:
            return False
        return self.allowance <= sum(entry.target in STORIES for entry in self.in_flight.values())

    def waits(self) -> bool:
        """Whether there is anything left that may be fetched, now or when what is in flight has come."""
        if self.allowance is not None and self.allowance <= 0:
            return False
        if not self._ready:
            self._refill()
        if self._hosts.left:  # since they were read
            self._ready = deque(entry for entry in self._ready if origin_of(entry.url) not in self._hosts.left)
            if not self._ready:
                self._refill()
        return bool(self._ready)

    def take(self) -> Entry | None:
        """The next address, unless enough are in flight."""
        if len(self.in_flight) >= self._width or self._spent() or not self.waits():
            return None
        entry = next((entry for entry in self._ready if not self._is_held(entry.url)), None)
        if entry is None or self._hosts.is_waiting(entry.url):
            return None  # it would wait behind the other, and hold up other sites
        self._ready.remove(entry)
        self.in_flight[entry.url] = entry
        return entry

    def _is_held(self, url: str) -> bool:
        """Whether the same address without its query is under way: a story that both show is that one's."""
        path, query, _ = url.partition("?")
        return bool(query) and path in self.in_flight

    def settle(self, url: str, outcome: Outcome) -> None:
        """``url`` has come to ``outcome``."""
        entry = self.in_flight.pop(url, None)
        if entry and self.allowance is not None and outcome in (Outcome.ARTICLE, Outcome.NOT_MODIFIED):
            self.allowance -= entry.target in STORIES


class Frontier(BaseScheduler):
    """The scheduler; also the duplicate filter, since the table holds each address once."""

    def __init__(self, table: FrontierTable, queues: Iterable[SiteQueue]) -> None:
        self._table = table
        self._queues = deque(queues)
        self._traps = Traps()
        self._again: deque[Request] = deque()  # redirects and retries of what is in flight
        self._spider: NewsSpider | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The frontier of the spider's run."""
        spider = crawler.spider
        assert isinstance(spider, NewsSpider)
        table, allowances = spider.frontier, spider.allowances
        queues = (
            SiteQueue(table, key, allowances[key], concurrency_of(site), spider.hosts)
            for key, site in spider.sites.items()
        )
        frontier = cls(table, queues)
        crawler.signals.connect(frontier.item_scraped, signals.item_scraped)
        crawler.signals.connect(frontier.item_failed, signals.item_error)
        crawler.signals.connect(frontier.reading_failed, signals.spider_error)
        return frontier

    def open(self, spider: Spider) -> None:
        """Remember the spider, whose callbacks the requests get."""
        assert isinstance(spider, NewsSpider)
        self._spider = spider
        spider.put_back = self.put_back

    def close(self, reason: str) -> None:  # noqa: ARG002 - Scrapy's interface
        """Note with what was not asked for why its host was left."""
        assert self._spider is not None
        for origin, why in self._spider.hosts.left.items():
            self._table.explain(origin, why)

    def put_back(self, url: str) -> None:
        """``url`` was not visited after all: it waits for the next run."""
        for queue in self._queues:
            queue.in_flight.pop(url, None)

    def has_pending_requests(self) -> bool:
        """Whether anything is left to fetch."""
        return bool(self._again) or any(queue.waits() for queue in self._queues)

    def enqueue_request(self, request: Request) -> bool:
        """Take back a request that the downloader sent on: a redirect or a retry. Nothing else comes this way."""
        self._again.append(request)
        return True

    def next_request(self) -> Request | None:
        """The next request; the sites take turns."""
        if self._again:
            return self._again.popleft()
        for _ in range(len(self._queues)):
            self._queues.rotate(-1)
            while entry := self._queues[-1].take():
                assert self._spider is not None
                trap = None if entry.visited or entry.via == "seed" else self._traps.verdict(entry.url)
                if trap is None:
                    return self._spider.request_for(entry)
                self._turn_down(entry, trap)
        return None

    def _turn_down(self, entry: Entry, why: str) -> None:
        """Note that ``entry`` is not visited."""
        assert self._spider is not None
        capture = Capture(
            url=entry.url,
            fetched_at=now(),
            outcome=Outcome.REFUSED,
            found_via=entry.via,
            found_in=entry.within,
            detail=why,
        )
        self._spider.archive.record(Visit(capture=capture, outcome=capture.outcome))
        self._settle(entry.url, capture.outcome, capture.fetched_at, why)

    def _settle(self, url: str, outcome: Outcome, visited_at: str, detail: str | None) -> None:
        entry = next((entry for queue in self._queues if (entry := queue.in_flight.get(url))), None)
        due: str | None = visited_at
        if entry is None or entry.target in REVISITED:
            due = self._table.article_due_at(entry, url, outcome, visited_at)
        elif entry.target is Target.PAGINATION and outcome not in UNREAD:
            due = None  # further pages are visited when the page before shows something new
        elif outcome in (Outcome.HUB, Outcome.NOT_MODIFIED, Outcome.FETCHED):
            due = self._table.list_due_at(entry, visited_at)
        self._table.finish(url, outcome, visited_at, due, detail)
        for queue in self._queues:
            queue.settle(url, outcome)

    def item_scraped(self, item: Visit) -> None:
        """A visit has passed all stages and is stored."""
        detail = item.capture.detail or (item.article.reason if item.article else None)
        self._heed(item)
        self._settle(item.capture.url, item.outcome, item.capture.fetched_at, detail)

    def _heed(self, item: Visit) -> None:
        """Learn from a page that was new whether more of its kind are worth a visit."""
        entry = next((entry for queue in self._queues if (entry := queue.in_flight.get(item.capture.url))), None)
        if entry is None or entry.visited:
            return
        again = (item.capture.detail or "").startswith(SAME_AS)
        if item.capture.outcome is not Outcome.FETCHED and not again:
            return
        led = self._table.led_to_stories(item.url)
        if item.outcome is Outcome.ARTICLE and item.article is not None:
            fruitful = self._traps.is_new(item.article.text)
        else:  # what looked like a story and is none is not excused by where it leads
            fruitful = led and not again and entry.target is not Target.ARTICLE
        self._traps.note(item.capture.url, fruitful=fruitful)

    def item_failed(self, item: Visit, failure: Failure) -> None:
        """A stage raised: the address is set aside, so that it cannot hold up the crawl."""
        self._settle(item.capture.url, Outcome.FAILED, item.capture.fetched_at, f"internal: {failure.value!r}")

    def reading_failed(self, failure: Failure, response: Response) -> None:
        """A callback raised."""
        entry = response.meta.get("entry")
        if entry is not None:
            self._settle(entry.url, Outcome.FAILED, now(), f"internal: {failure.value!r}")
