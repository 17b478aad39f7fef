"""Each Scrapy setting with its reason."""

import socket
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, TypedDict
from urllib.parse import urlsplit

from scraper.middlewares.addresses import is_private, literal_address
from scraper.sites import MAX_PAGES, Site

VERSION = version("newsmorgue")
USER_AGENT = f"newsmorgue/{VERSION} (news archive)"
DELAY = 1.0  # seconds between two requests to a host on the public net: what an attentive reader does
MAX_BODY = 16 * 1024 * 1024  # bytes; the largest pages of news are below 5 MiB
MAX_SECONDS = 30  # for one answer, from the request to its last byte
PUBLIC_CONCURRENCY = 2
LOCAL_CONCURRENCY = 8


def user_agent(site: Site) -> str:
    """What the crawl says it is to ``site``: its own words, or newsmorgue with the contact that the user gave."""
    if site.user_agent:
        return site.user_agent
    return f"newsmorgue/{VERSION} (+{site.contact})" if site.contact else USER_AGENT


def is_local(host: str) -> bool:
    """Whether a host that the user named is the machine itself or in a private network, and needs no sparing."""
    address = literal_address(host)
    if address is not None:
        return is_private(address)
    return host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or host == socket.gethostname()


class Pace(TypedDict):
    """How a host is asked: seconds between two requests, how many at once, whether slowly if it is slow, how often."""

    delay: float
    width: int
    adapts: bool
    most: int


def pace_of(site: Site | None, host: str) -> Pace:
    """The pace for ``host``, which belongs to ``site`` or to none. A delay that was named lies between two visits."""
    local, most = is_local(host), site.max_pages if site is not None else MAX_PAGES
    delay = site.delay if site is not None and site.delay is not None else 0.0 if local else DELAY
    width = LOCAL_CONCURRENCY if local else PUBLIC_CONCURRENCY
    if delay and site is not None and site.delay is not None:
        width = 1
    return Pace(delay=delay, width=width, adapts=not local, most=most)


def concurrency_of(site: Site) -> int:
    """How many requests of ``site`` may be under way at once."""
    return pace_of(site, urlsplit(site.url).hostname or "")["width"]


def delay_of(site: Site | None, host: str) -> float:
    """Seconds between two requests to ``host``, as long as it does not ask for more."""
    return pace_of(site, host)["delay"]


def scrapy_settings(sites: Sequence[Site]) -> dict[str, Any]:
    """The settings of a crawl of ``sites``."""
    from pipelines import item_pipelines

    return {
        # Politeness
        "USER_AGENT": USER_AGENT,
        "DOWNLOAD_DELAY": 0,  # Manners paces each host, by the rule of AutoThrottle but never below what it asked for
        "AUTOTHROTTLE_ENABLED": False,  # would go below a Crawl-delay, and knows no Retry-After
        "CONCURRENT_REQUESTS": 32 + 2 * len(sites),  # over all hosts: those that wait for their turn are among them
        "CONCURRENT_REQUESTS_PER_DOMAIN": 2 * LOCAL_CONCURRENCY,  # Manners holds each host to its own
        "ROBOTSTXT_OBEY": False,  # obeyed by ObeyRobots, which also heeds 5xx, Crawl-delay and Sitemap
        "RETRY_TIMES": 2,  # a passing fault; what lasts is tried again on the next run
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",  # the outcome tells
        # Safety
        "DOWNLOAD_VERIFY_CERTIFICATES": True,  # what is kept as evidence must come from who it says
        "DOWNLOAD_MAXSIZE": MAX_BODY,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": MAX_SECONDS,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,  # a short body is never an article
        "REDIRECT_MAX_TIMES": 10,
        "METAREFRESH_ENABLED": False,  # news pages use it to reload themselves
        "COOKIES_ENABLED": False,  # pages are to be what every reader gets
        "HTTPERROR_ALLOW_ALL": True,  # every answer has an outcome
        "DOWNLOAD_HANDLERS": {  # http and https, nothing else, and no headers without end
            **dict.fromkeys(("file", "data", "ftp", "s3")),
            **dict.fromkeys(("http", "https"), "scraper.bounded_http.BoundedHandler"),
        },
        "TELNETCONSOLE_ENABLED": False,  # no open port
        "REMOTE_CONTROL_ENABLED": False,  # no open socket
        # Components
        "SCHEDULER": "scraper.frontier.Frontier",
        "ITEM_PIPELINES": item_pipelines(),
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # Guard knows the sites
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,  # a proxy would resolve names unguarded
            "scrapy.downloadermiddlewares.stats.DownloaderStats": None,  # the archive counts
            "scraper.middlewares.guard.Guard": 10,
            "scraper.middlewares.rendering.Rendering": 50,  # sees the answer as the spider will
            "scraper.middlewares.robots.ObeyRobots": 100,
            "scraper.middlewares.reserving.AskReservations": 110,
            "scraper.middlewares.conditional.Conditional": 400,
            "scraper.middlewares.decoding.StrictDecoding": 590,
            "scraper.middlewares.credentials.ShowCredentials": 940,
            "scraper.middlewares.manners.Manners": 950,
        },
        # Scrapy's own look at requests that a spider yields, at depths and at errors: this one yields visits alone, the
        # frontier keeps the depth, and every answer has an outcome.
        "SPIDER_MIDDLEWARES_BASE": {},
        # Its own would listen to every answer, or be loaded (a fifth of a second) only to find itself off.
        "EXTENSIONS_BASE": {},
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",  # nobody reads them: the archive counts
        "CONCURRENT_ITEMS": 1,  # stages are plain functions: more would only interleave them
        # Telling
        "LOG_ENABLED": False,  # crawl.py shows progress and outcomes; --log-level brings Scrapy's own log back
        "STATS_DUMP": False,
        "LOGSTATS_INTERVAL": 0,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
    }
