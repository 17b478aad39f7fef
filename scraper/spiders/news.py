"""The spider: an address in, visits and further addresses out."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.records import Outcome, Visit
from archive.store import Archive
from scraper.credentials import Credentials, all_credentials
from scraper.discovery.feeds import hubs_of
from scraper.discovery.follow import (
    Place,
    earlier_lists,
    feeds_of,
    from_feed,
    from_listing,
    from_page,
    from_sitemap,
    further_listing,
    is_worth_turning,
    list_pages,
    next_page,
    next_part,
)
from scraper.discovery.found import Found, Target
from scraper.discovery.links import NO_PAGES
from scraper.discovery.robots import Robots
from scraper.frontier_table import Entry, FrontierTable
from scraper.observe import Observation, observe, refused
from scraper.reading import Page
from scraper.settings import is_local, user_agent
from scraper.sites import Site, rules_of
from scraper.spiders.answers import capture_of, capture_of_failure

LISTS = frozenset((Target.HUB, Target.PAGINATION))
MEDIA = re.compile(r"\s*(?:image|audio|video|font)/|\s*application/(?:pdf|zip|octet-stream|x-)", re.IGNORECASE)
NOARCHIVE = re.compile(r"\bnoarchive\b", re.IGNORECASE)


class NewsSpider(Spider):
    """Crawls the sites of one run; all it finds and all that it still has to do stands in the frontier table."""

    name = "news"

    def __init__(
        self,
        archive: Archive,
        frontier: FrontierTable,
        sites: tuple[Site, ...],
        allowances: Mapping[str, int | None],
        credentials: Mapping[str, Credentials] | None = None,
    ) -> None:
        super().__init__()
        self.archive, self.frontier, self.allowances = archive, frontier, allowances
        self.sites = {site.key: site for site in sites}
        self.rules = rules_of(sites)
        self.named_hosts = frozenset(urlsplit(url).hostname or "" for site in sites for url in site.named)
        self.credentials = credentials if credentials is not None else all_credentials(sites)
        self.login_problems: dict[str, str] = {}
        self._moved: dict[str, str] = {}
        self._shown: dict[str, frozenset[str]] = {}  # by page of a list: what was new to the run there and before

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """As Scrapy does, without its check for allowed domains."""
        return super().from_crawler(crawler, *args, **kwargs)

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: the frontier already holds where to begin."""
        return
        yield  # type: ignore[unreachable]

    def request_for(self, entry: Entry) -> Request:
        """The request that visits ``entry``."""
        site = self.sites[entry.site]
        local = is_local(urlsplit(entry.url).hostname or "")
        return Request(
            entry.url,
            callback=self.parse,
            errback=self.failed,
            headers={"User-Agent": user_agent(site)},
            meta={"entry": entry, "autothrottle_dont_adjust_delay": local},
            dont_filter=True,
        )

    def login_failed(self, site: str, status: int) -> None:
        """Remember that a login was refused: the run tells of it."""
        self.login_problems[site] = f"the login was answered with {status}"

    def in_scope(self, entry: Entry, url: str) -> bool:
        """Whether a visit to ``entry`` may fetch ``url``. A start page that moves takes its site along."""
        site = self.sites[entry.site]
        if site.covers(url) or url.startswith(self._moved.get(entry.site, "\0")):
            return True
        if entry.via == "seed" and entry.target is Target.HUB:
            parts = urlsplit(url)
            self._moved[entry.site] = f"{parts.scheme}://{parts.netloc}/"
            self.sites[entry.site] = replace(site, hosts=(*site.hosts, parts.netloc.removeprefix("www.")))
            return True
        return False

    def take_robots(self, entry: Entry, response: Response, verdict: Any) -> None:
        """Keep the robots.txt of a host, and follow the sitemaps that it names."""
        asked = Entry(response.url, entry.site, Target.HUB, "robots", None)
        self.archive.record(observe(capture_of(response, asked), response.body).visit)
        if isinstance(verdict, Robots):
            found = (
                Found(url=url, target=Target.SITEMAP, via="sitemap", within=response.url, depth=1)
                for url in verdict.sitemaps
            )
            self.frontier.discover(entry.site, found)

    def parse(self, response: Response) -> Iterator[Visit]:
        """Read what came, note where it leads, pass it on."""
        entry: Entry = response.meta["entry"]
        capture = capture_of(response, entry)
        body = response.body if capture.outcome is Outcome.FETCHED else None
        if body is not None and MEDIA.match(capture.content_type or ""):
            unkept = replace(capture, detail=f"not kept: {capture.content_type}")
            yield Visit(capture=unkept, outcome=Outcome.UNREADABLE)
            return
        observation = observe(capture, body, self.rules)
        self._discover(entry, observation)
        yield self._allowed(entry, observation.visit, observation.page)

    def failed(self, failure: Failure) -> Iterator[Visit]:
        """No answer, or none that may be taken."""
        entry: Entry = failure.request.meta["entry"]  # type: ignore[attr-defined]
        capture = capture_of_failure(failure, entry)
        yield Visit(capture=capture, outcome=capture.outcome)

    def _allowed(self, entry: Entry, visit: Visit, page: Page | None) -> Visit:
        """``visit``, or a mere note of it where the page asks not to be archived and the site's entry obeys that."""
        if self.sites[entry.site].noarchive != "obey" or visit.outcome is not Outcome.ARTICLE:
            return visit
        said = [visit.capture.headers.get("x-robots-tag", "")]
        if page is not None and page.root is not None:
            said += [
                meta.get("content", "") for meta in page.root.iter("meta") if meta.get("name", "").lower() == "robots"
            ]
        return refused(visit, "noarchive") if NOARCHIVE.search(" ".join(said)) else visit

    def _discover(self, entry: Entry, observation: Observation) -> None:
        site, url, body = self.sites[entry.site], observation.visit.url, observation.visit.body or b""
        since = self.frontier.since
        match observation.document:
            case "feed":
                self.frontier.discover(entry.site, from_feed(observation.feed, url, site))
                if hubs := hubs_of(body, url, observation.visit.capture.headers.get("link", "")):
                    self.frontier.tell(entry.url, {"hubs": hubs})
            case "sitemap" if observation.sitemap is not None:
                found = from_sitemap(observation.sitemap, url, site, depth=entry.depth)
                self.frontier.discover(entry.site, found)
                self.frontier.discover(entry.site, earlier_lists(url, Target.SITEMAP, entry.depth, since))
            case "json" if entry.target in LISTS:
                new = self.frontier.discover(entry.site, from_listing(body, url, site))
                place = Place(turned=entry.depth, visited=entry.visited)
                if is_worth_turning(place, new=self._new_on_page(entry, new)):
                    self.frontier.turn(entry.site, further_listing(body, url, site, place))
            case _ if observation.page is not None:
                self._discover_links(entry, observation, observation.page, site)

    def _new_on_page(self, entry: Entry, new: frozenset[str]) -> int:
        """How many of the addresses that are new to the run did not stand on the pages before of the same list.

        The latest news stand beside every page of many a site; whoever finds an address first plays no part in this.
        """
        before = self._shown.get(entry.within or "", frozenset()) if entry.target is Target.PAGINATION else frozenset()
        self._shown[entry.url] = before | new
        return len(new - before)

    def _discover_links(self, entry: Entry, observation: Observation, page: Page, site: Site) -> None:
        turning = entry.target is Target.PAGINATION
        place = Place(
            depth=1 if turning else entry.depth,
            turned=entry.depth if turning else 0,
            story=observation.visit.outcome is Outcome.ARTICLE and entry.via != "seed",
            visited=entry.visited,
            since=self.frontier.since,
        )
        if observation.visit.article is not None:
            self.frontier.discover(entry.site, next_part(observation.visit.article, observation.visit.url, site))
        pages = NO_PAGES if place.story else list_pages(page)
        new = self.frontier.discover(entry.site, from_page(page, site, place, pages))
        if entry.via == "seed":
            self.frontier.discover(entry.site, feeds_of(page))
        if place.story or entry.target not in LISTS:
            return
        if is_worth_turning(place, new=self._new_on_page(entry, new)):
            self.frontier.turn(entry.site, next_page(pages, site, observation.visit.url, place))
        self.frontier.discover(entry.site, earlier_lists(entry.url, Target.HUB, entry.depth, place.since))
