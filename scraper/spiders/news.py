"""The spider: an address in, visits and further addresses out."""

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.records import Outcome, Stored, Visit
from archive.store import Archive
from archive.urls import site_of
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
from scraper.discovery.reservations import Reservations, is_reserved, metas_of, says_noarchive
from scraper.discovery.robots import Robots
from scraper.discovery.traps import SAME_AS, Twins
from scraper.frontier_table import Entry, FrontierTable
from scraper.middlewares.refusals import NotNow, Withdrawn
from scraper.observe import Observation, observe, refused
from scraper.pacing import Hosts, origin_of
from scraper.reading import Page
from scraper.settings import user_agent
from scraper.sites import Site, rules_of
from scraper.spiders.answers import capture_of, capture_of_failure

LISTS = frozenset((Target.HUB, Target.PAGINATION))
MEDIA = re.compile(r"\s*(?:image|audio|video|font)/|\s*application/(?:pdf|zip|octet-stream|x-)", re.IGNORECASE)


class NewsSpider(Spider):
    """Crawls the sites of one run; all it finds and all that it still has to do stands in the frontier table."""

    name = "news"

    def __init__(  # noqa: PLR0913 - what a run is made of
        self,
        archive: Archive,
        frontier: FrontierTable,
        sites: tuple[Site, ...],
        allowances: Mapping[str, int | None],
        hosts: Hosts,
        stored: Callable[[Visit, Stored], None] | None = None,
        credentials: Mapping[str, Credentials] | None = None,
        *,
        full: bool = False,
        keeps: bool = True,
    ) -> None:
        """``stored`` is told of each visit and of what storing it did."""
        super().__init__()
        self.stored = stored
        self.archive, self.frontier, self.allowances = archive, frontier, allowances
        self.hosts, self.full, self.keeps = hosts, full, keeps
        self.reservations: dict[str, Reservations] = {}  # by origin
        self.put_back: Callable[[str], None] = lambda _: None  # the scheduler's, once it is there
        self.sites = {site.key: site for site in sites}
        self.rules = rules_of(sites)
        self.named_hosts = frozenset(urlsplit(url).hostname or "" for site in sites for url in site.named)
        self.credentials = credentials if credentials is not None else all_credentials(sites)
        self.login_problems: dict[str, str] = {}
        self.is_over = False  # what still comes in is no longer taken
        self._moved: dict[str, str] = {}
        self._shown: dict[str, set[str]] = {}  # by page of a list: what was new to the run on it, one set for all pages
        self._twins = Twins()

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
        return Request(
            entry.url,
            callback=self.parse,
            errback=self.failed,
            headers={"User-Agent": user_agent(site)},
            meta={"entry": entry},
            dont_filter=True,
        )

    def login_failed(self, site: str, status: int) -> None:
        """Remember that a login was refused: the run tells of it."""
        self.login_problems[site] = f"the login was answered with {status}"

    def validators(self, url: str, *, is_list: bool = False) -> tuple[str | None, str | None] | None:
        """What to ask with whether ``url`` has changed: from the archive, or from ``frontier.known``."""
        known, own = self.frontier.known, self.archive.validators(url, is_list=is_list)
        return own or (known.validators(url, is_list=is_list) if known is not None else None)

    def named_place(self, entry: Entry, url: str) -> bool:
        """Whether ``url`` lies, port and all, where the user pointed for the site of ``entry``."""
        site = self.sites[entry.site]
        return site.covers(url) or site_of(url) in map(site_of, site.named)

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

    def take_sitemaps(self, site: str, robots: str, said: Robots) -> None:
        """Follow the sitemaps that a robots.txt names."""
        found = (Found(url=url, target=Target.SITEMAP, via="sitemap", within=robots, depth=1) for url in said.sitemaps)
        self.frontier.discover(site, found)

    def note(self, request: Request, response: Response) -> None:
        """Keep an answer that is not the last word on what was asked for: the host wants to be asked later."""
        entry: Entry | None = request.meta.get("entry")
        if entry is not None:
            response.request = request
            capture = capture_of(response, entry)
            self.archive.record(Visit(capture=capture, outcome=capture.outcome))

    def parse(self, response: Response) -> Iterator[Visit]:
        """Read what came, note where it leads, pass it on."""
        if self.is_over:
            return
        entry: Entry = response.meta["entry"]
        capture = capture_of(response, entry)
        body = response.body if capture.outcome is Outcome.FETCHED else None
        if body is not None and MEDIA.match(capture.content_type or ""):
            unkept = replace(capture, detail=f"not kept: {capture.content_type}")
            yield Visit(capture=unkept, outcome=Outcome.UNREADABLE)
            return
        rendered = response.meta.get("rendered") if body is not None else None
        observation = observe(capture, body, rendered, self.rules)
        self._discover(entry, observation)
        yield self._single(entry, self._allowed(entry, observation.visit, observation.page))

    def _single(self, entry: Entry, visit: Visit) -> Visit:
        """``visit``, or a mere note of it where it only shows a story again under another query."""
        if entry.visited or visit.article is None or visit.outcome is not Outcome.ARTICLE:
            return visit
        if entry.via != "seed" and (first := self._twins.first_of(entry.url, visit.article.text)):
            return refused(visit, f"{SAME_AS}{first[:500]}")
        return visit

    def failed(self, failure: Failure) -> Iterator[Visit]:
        """No answer, or none that may be taken."""
        if self.is_over or isinstance(failure.value, Withdrawn):
            return
        entry: Entry = failure.request.meta["entry"]  # type: ignore[attr-defined]
        if isinstance(failure.value, NotNow):
            self.put_back(entry.url)
            return
        capture = capture_of_failure(failure, entry)
        yield Visit(capture=capture, outcome=capture.outcome)

    def _allowed(self, entry: Entry, visit: Visit, page: Page | None) -> Visit:
        """``visit`` with what the page reserves, or a mere note of it where the site's entry obeys that."""
        if visit.body is None:
            return visit
        site, headers, metas = self.sites[entry.site], visit.capture.headers, metas_of(page.root if page else None)
        said = ["noarchive"] if says_noarchive(headers, metas) else []
        if is_reserved(headers, metas, visit.url, self.reservations.get(origin_of(visit.url))):
            said.append("tdm-reservation")
        obeyed = [word for word in said if (site.noarchive if word == "noarchive" else site.tdm) == "obey"]
        if obeyed:
            return refused(visit, ", ".join(obeyed))
        return replace(visit, capture=replace(visit.capture, detail=", ".join(said))) if said else visit

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
        shown = self._shown.get(entry.within or "", set()) if entry.target is Target.PAGINATION else set()
        count = len(new - shown)
        shown |= new
        self._shown[entry.url] = shown
        return count

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
