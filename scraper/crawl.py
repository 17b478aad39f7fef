"""A crawl, from sites to a summary.

>>> summary = crawl("news.db", [site_for("https://example.org/")])  # doctest: +SKIP
>>> summary.new, summary.exit_code  # doctest: +SKIP
(42, 0)
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from twisted.python.failure import Failure

from archive.clock import clock_trouble
from archive.health import Alarm
from archive.health_facts import health
from archive.records import Stored, Visit
from archive.store import Archive
from scraper.collecting import seldom_collecting
from scraper.credentials import Credentials, all_credentials
from scraper.discovery.found import Found, Target
from scraper.discovery.shapes import Shape, shape_of
from scraper.frontier_table import FrontierTable
from scraper.logs import event, quiet_libraries
from scraper.middlewares.guard import GuardedResolver
from scraper.observe import own_rules, read_by
from scraper.pacing import Hosts
from scraper.progress import Progress, Silent
from scraper.reactor import LAST_SECONDS, call_off, reactor_loop, run_until_done
from scraper.rendering.browser import browser_problem, browser_settings
from scraper.settings import scrapy_settings
from scraper.settle import Lessons, settle
from scraper.site_values import PAGE
from scraper.sites import Site, rules_of
from scraper.spiders.news import NewsSpider
from scraper.stopping import stop_signals
from scraper.summary import SiteSummary, Summary, site_summaries
from scraper.tally import Tally, is_failure

GRACE = 3.0  # seconds that what is in flight gets to come in, once the run is to end
TICK = 0.5  # seconds between two looks at the progress
COMMIT_EVERY = 2  # ticks
FEWEST_FAILURES, FAILING_SHARE = 3, 0.1
NEEDS_RENDERING = "its pages need rendering: set render = true for the site, and install newsmorgue[browser]"
RESUME_WITHIN = "-6 hours"  # a run that broke off longer ago is not continued but followed by a new one
BROKEN_RUN = """
    SELECT started_at FROM runs WHERE command = 'crawl' AND ended_at IS NULL AND id != ?
       AND started_at > strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ?)
       AND NOT EXISTS (SELECT 1 FROM runs AS later
                       WHERE later.started_at > runs.started_at AND later.ended_at IS NOT NULL)
    ORDER BY started_at LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a crawl is to do. ``limit`` is articles a site, ``max_seconds`` a bound for the whole run,
    ``browser`` the executable that renders pages, if it is not to be looked for.

    Without ``follow`` only the addresses that the sites name are visited, and nothing that they lead to.
    """

    sites: tuple[Site, ...]
    limit: int | None = None
    since: str | None = None
    full: bool = False
    follow: bool = True
    max_seconds: float | None = None
    browser: str | None = None
    arguments: tuple[str, ...] = ()

    def allowances(self) -> dict[str, int | None]:
        """How many articles each site may take."""
        return {site.key: self.limit if self.limit is not None else site.limit for site in self.sites}


def seeds_of(site: Site) -> Iterator[Found]:
    """Where the crawl of ``site`` begins: what the user named, and the start page of its host."""
    target = Target.ARTICLE if shape_of(site.url) is Shape.ARTICLE else Target.HUB
    yield Found(url=site.url, target=target, via="seed")
    yield from (Found(url=url, target=Target.FEED, via="seed") for url in site.feeds)
    yield from (Found(url=url, target=Target.SITEMAP, via="seed", depth=1) for url in site.sitemaps)
    yield from (Found(url=url, target=Target.HUB, via="seed", depth=1) for url in site.sections)
    lists = (pattern.replace(PAGE, "1") for pattern in site.more)
    yield from (Found(url=url, target=Target.PAGINATION, via="seed", depth=1) for url in lists)


class Run:
    """One crawl under way: its spider, its counts, and the ways to stop it."""

    is_whole = True  # nobody else crawls these sites at the same time: one without an article is a problem

    def __init__(
        self,
        archive: Archive,
        plan: Plan,
        progress: Progress,
        credentials: Mapping[str, Credentials],
        frontier: FrontierTable | None = None,
    ) -> None:
        self._credentials = credentials
        self.archive, self.plan, self._progress = archive, plan, progress
        self.tally = Tally()
        self.lessons = Lessons(archive, rules_of(plan.sites))
        self.login_problems: dict[str, str] = {}
        self.stopped: str | None = None
        self.signal: int | None = None
        self.frontier = frontier or FrontierTable(
            archive.connection,
            since=plan.since,
            follow=plan.follow,
            longest={site.key: site.revisit for site in plan.sites},
        )
        self.hosts = Hosts()
        self._crawler: Crawler | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._cut = asyncio.Event()
        self._just_stored: dict[str, Stored] = {}

    def prepare(self, run_id: str) -> None:
        """Mark what is due and add the seeds."""
        broken = self.archive.connection.execute(BROKEN_RUN, (run_id, RESUME_WITHIN)).fetchone()
        keys = [site.key for site in self.plan.sites]
        self.frontier.open_run(keys, full=self.plan.full, resumed=broken[0] if broken else None)
        for site in self.plan.sites:
            self.frontier.seed(site.key, seeds_of(site))
        self.archive.commit()

    @property
    def sites(self) -> tuple[Site, ...]:
        """The sites that the run has to answer for."""
        return self.plan.sites

    def settings(self) -> dict[str, Any]:
        """Scrapy's settings."""
        return scrapy_settings(self.plan.sites) | browser_settings(self.plan.browser)

    def waiting(self) -> dict[str, int]:
        """How many addresses of each site are still to be visited."""
        return {site.key: self.frontier.counts(site.key).get("pending", 0) for site in self.plan.sites}

    async def work(self) -> None:
        """Crawl until nothing is left or something says stop."""
        runner = AsyncCrawlerRunner(self.settings())
        self._crawler = runner.create_crawler(NewsSpider)
        self._crawler.signals.connect(self._count, signals.item_scraped)
        self._crawler.signals.connect(self._stage_failed, signals.item_error)
        self._crawler.signals.connect(self._reading_failed, signals.spider_error)
        ticking = asyncio.create_task(self._tick())
        crawling = asyncio.ensure_future(
            runner.crawl(
                self._crawler,
                archive=self.archive,
                frontier=self.frontier,
                sites=self.plan.sites,
                allowances=self.plan.allowances(),
                credentials=self._credentials,
                stored=self._note_stored,
                hosts=self.hosts,
                full=self.plan.full,
                keeps=self.plan.follow,
            )
        )
        cutting = asyncio.create_task(self._cut.wait())
        try:
            await asyncio.wait({crawling, cutting}, return_when=asyncio.FIRST_COMPLETED)
            if crawling.done():
                cutting.cancel()
                await crawling
            else:
                await self.abandon()
            assert isinstance(self._crawler.spider, NewsSpider)
            self.login_problems = dict(self._crawler.spider.login_problems)
        finally:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking

    async def abandon(self) -> None:
        """Leave what is still in flight: in the frontier it stands as not visited, so the next run takes it up."""
        assert self._crawler is not None
        if isinstance(self._crawler.spider, NewsSpider):
            self._crawler.spider.is_over = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._crawler.signals.send_catch_log_async(signals.engine_stopped), LAST_SECONDS)
        await call_off()

    def on_signal(self, number: int) -> None:
        """Finish what is in flight, then end."""
        self.signal = number
        self.stop(f"signal {number}")

    def stop(self, why: str) -> None:
        """Begin to end, once."""
        if self._stopping is None and self._crawler is not None:
            self.stopped = why
            self.hosts.close(why)
            loop = asyncio.get_running_loop()
            self._stopping = loop.create_task(self._crawler.stop_async())
            loop.call_later(GRACE, self._cut.set)

    def settle(self) -> None:
        """Learn from what came; a signal leaves the rest of that to the next run."""
        with stop_signals() as stop:
            settle(self.archive, rules_of(self.plan.sites), lambda: stop.number is not None)
        if stop.number is not None:
            self.signal, self.stopped = stop.number, f"signal {stop.number}"

    async def _tick(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(TICK)
            ticks += 1
            waiting = self.waiting()
            self.tally.know(self.frontier.discovered, waiting)
            self._progress.show(self.tally, sum(waiting.values()))
            if ticks % COMMIT_EVERY == 0:
                self.archive.commit()
            if self.plan.max_seconds is not None and ticks * TICK >= self.plan.max_seconds:
                self.stop("--max-time")

    def _count(self, item: Visit, response: Any) -> None:
        entry = getattr(response, "meta", {}).get("entry")
        key = entry.site if entry else self._site_key(item.capture.url)
        stored = self._just_stored.pop(item.capture.url, None)
        self.tally.count(key, item, stored)
        _log_visit(key, item, stored)
        self.lessons.after(item)

    def _note_stored(self, item: Visit, stored: Stored) -> None:
        self._just_stored[item.capture.url] = stored

    def _site_key(self, url: str) -> str:
        return next((site.key for site in self.plan.sites if site.covers(url)), "")

    def _stage_failed(self, item: Visit, failure: Failure) -> None:
        self.tally.errors.append(f"{item.capture.url}: {failure.value!r}")

    def _reading_failed(self, failure: Failure, response: Any) -> None:
        self.tally.errors.append(f"{response.url}: {failure.value!r}")


def _log_visit(site: str, item: Visit, stored: Stored | None) -> None:
    """Every visit is an event: what changed an article and what failed stand out."""
    change = stored.change if stored else None
    name = "change" if change else "failure" if is_failure(item) else "visit"
    capture = item.capture
    event(
        logging.DEBUG if name == "visit" else logging.INFO,
        name,
        f"{change or item.outcome}: {capture.url}" + (f" ({capture.detail})" if capture.detail else ""),
        site=site,
        url=capture.url,
        outcome=str(item.outcome),
        status=capture.status,
        change=str(change) if change else None,
        detail=capture.detail,
    )


@contextmanager
def _resolving(named_hosts: Iterable[str]) -> Iterator[None]:
    """Let the guard answer for names while a crawl runs."""
    loop = reactor_loop()
    from twisted.internet import reactor

    before = reactor.nameResolver
    reactor.installNameResolver(GuardedResolver(named_hosts, loop))
    try:
        yield
    finally:
        reactor.installNameResolver(before)


def _problems(run: Run, known: dict[str, int]) -> dict[str, str]:
    """What is wrong with each site that has something wrong."""
    problems: dict[str, str] = {}
    for site in run.sites:
        left = next((why for origin, why in run.hosts.trouble().items() if site.covers(origin)), None)
        if site.key in run.login_problems:
            problems[site.key] = run.login_problems[site.key]
        elif not run.tally.answered[site.key]:
            if (failure := run.tally.failures.get(site.key, left)) or not run.stopped:  # its turn may not have come
                problems[site.key] = failure or "nothing was fetched"
        elif site.render and (why := browser_problem(run.plan.browser)):
            problems[site.key] = f"its pages need rendering, and there is no browser: {why}"
        elif left:
            problems[site.key] = f"{left}; what is left waits for the next run"
        elif run.is_whole and not known.get(site.key) and not run.stopped:
            problems[site.key] = NEEDS_RENDERING if run.tally.unrendered[site.key] else "no article was found"
        elif is_failing(failed := run.tally.failed[site.key], visited := run.tally.visited[site.key]):
            problems[site.key] = f"{failed} of {visited} visits failed, such as: {run.tally.failures[site.key]}"
    return problems


def is_failing(failed: int, visited: int) -> bool:
    """Whether so many visits failed that someone should look: a tenth, and not just the one or two of a bad moment."""
    return failed >= FEWEST_FAILURES and failed >= FAILING_SHARE * visited


def _articles(connection: sqlite3.Connection) -> dict[str, int]:
    """How many articles are known that were found on each configured site."""
    rows = connection.execute(
        "SELECT frontier.site, count(*) FROM frontier JOIN urls ON urls.url = frontier.url GROUP BY 1"
    ).fetchall()
    return dict(rows)


def _alarms(run: Run, problems: Mapping[str, str]) -> tuple[Alarm, ...]:
    """What this run showed to be not as usual, on the sites that could be crawled."""
    sites = [site.key for site in run.plan.sites if run.tally.answered[site.key] or site.key not in problems]
    found = health(run.archive.connection, sites, accounts=False)
    return tuple(alarm for each in found for alarm in each.alarms if alarm.is_latest)


def _exit_code(run: Run, sites: tuple[SiteSummary, ...], alarms: tuple[Alarm, ...]) -> int:
    if run.signal is not None:
        return 128 + run.signal
    if run.is_whole and not any(run.tally.answered[site.site] for site in sites) and not run.stopped:
        return 6
    if run.tally.errors or alarms or any(site.problem for site in sites):
        return 3
    return 0


def crawl(
    archive_path: str | Path,
    plan: Plan,
    progress: Progress | None = None,
    started: Callable[[str], None] = lambda _run_id: None,
) -> Summary:
    """Crawl the sites of ``plan`` into the archive at ``archive_path``, which is made if it is not there.

    Returns when nothing is left to do, the time is up, or a signal came; what was stored by then is kept and the
    next run goes on from there. ``started`` is called with the run's id once it holds the archive.
    Raises ``ArchiveBusy`` and the other errors of opening an archive.
    """
    quiet_libraries()
    progress = progress or Silent()
    credentials = all_credentials(plan.sites)  # what is not set is told before anything is opened
    with Archive.open(archive_path, write=True, create=True) as archive:
        archive.reader, archive.own_rules = read_by(), own_rules(rules_of(plan.sites))
        run_id = archive.begin_run("crawl", plan.arguments)
        started(run_id)
        run = Run(archive, plan, progress, credentials)
        run.prepare(run_id)
        return carry_out(run, run_id, progress)


def carry_out(run: Run, run_id: str, progress: Progress) -> Summary:
    """Do what a run is prepared for, learn from it, and close it."""
    try:
        with run.archive.undoing_in_memory(), seldom_collecting(), _resolving(_named_hosts(run.plan.sites)):
            finished = run_until_done(run.work(), run.on_signal)
    finally:
        progress.close()
    if finished and run.signal is None:
        run.settle()
    return _close(run, run_id, finished=finished)


def _named_hosts(sites: Iterable[Site]) -> set[str]:
    return {urlsplit(url).hostname or "" for site in sites for url in site.named}


def _close(run: Run, run_id: str, *, finished: bool) -> Summary:
    """Count the run, and close it in the archive unless it was cut off, in which case the next run continues it."""
    connection = run.archive.connection
    problems = _problems(run, _articles(connection))
    if trouble := clock_trouble(connection, run_id):
        run.tally.errors.append(trouble)
    sites = site_summaries(connection, run_id, run.sites, problems)
    alarms = _alarms(run, problems) if finished and run.is_whole and run.signal is None else ()
    for alarm in alarms:
        event(logging.WARNING, "alarm", f"{alarm.site}: {alarm.told}", site=alarm.site, measure=alarm.measure)
    for key, problem in problems.items():
        event(logging.WARNING, "site_problem", f"{key}: {problem}", site=key, problem=problem)
    for error in run.tally.errors:
        event(logging.WARNING, "error", error)  # the summary tells it too
    summary = Summary(
        run_id=run_id,
        command="crawl",
        sites=sites,
        exit_code=_exit_code(run, sites, alarms),
        stopped=run.stopped,
        errors=tuple(run.tally.errors),
        alarms=alarms,
    )
    if finished:
        run.archive.end_run(summary.counts(), summary.exit_code)
    return summary
