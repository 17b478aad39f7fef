"""Links of a parsed page: every address, the feeds it announces, and the further pages of a list."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from archive.urls import MAX_ADDRESS, is_web_url
from scraper.discovery.safe_xml import element_text
from scraper.discovery.shapes import PAGE_PATH, Shape, is_pagination, page_number, shape_of

Select = Callable[[Any], Any]

ODD = re.compile(r"^//|/\.|[\s\[\\]")  # what only a whole parser makes sense of
UNFOLLOWED = ("#", "javascript:", "mailto:", "tel:", "data:")
ROOTED = ("/", "http://", "https://")  # means the same on every page of a site
SHORTEST = len("http://a")
MOST_NUMBERS = 30  # of pages that a list links to at once; where there are more, the number may be a story's
MAX_LINKS = 5_000  # a page of news has hundreds; what has more is a trap or a dump
HREFS: Select = etree.XPath("//a/@href | //area/@href", smart_strings=False)
FEED_LINKS: Select = etree.XPath("//link[contains(concat(' ', @rel, ' '), ' alternate ')][@href and @type]")
NEXT_LINKS: Select = etree.XPath("//*[self::a or self::link][contains(concat(' ', @rel, ' '), ' next ')]/@href")
BARE_NUMBER = re.compile(r"/(\d{1,4})/?$")  # /news/2 is the second page of /news, if that is what links to it
FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"))
# What the link to the next page of a list says, alone or with an arrow.
NEXT_WORDS = re.compile(
    r"[\s›»→>]*(?:next|next page|older(?: posts| stories| articles)?|more (?:stories|news|articles)|load more|"
    r"show more|weiter|nächste(?: seite)?|ältere(?: beiträge| artikel)?|mehr laden|suivant(?:e|s)?|page suivante|"
    r"plus d[’']articles|siguiente|página siguiente|más noticias|próxima|seguinte|mais notícias|successiv[oa]|"
    r"pagina successiva|avanti|volgende|meer laden|nästa|neste|næste|następna|следующая|次へ|次のページ|下一页|下一頁|"
    r"다음)?[\s›»→>]*",
    re.IGNORECASE,
)


def absolute(href: str, base: str) -> str | None:
    """The address that a link means, without its fragment; ``None`` if it leads to no web page."""
    if len(href) > MAX_ADDRESS:  # pictures written out as addresses, or worse; not to be remembered
        return None
    return _meant(href, _origin(base) if href.startswith(ROOTED) else base)


@lru_cache(maxsize=16_384)  # most links name host or path in full, and stand on many pages of a site
def _meant(href: str, base: str) -> str | None:
    href = href.strip()
    if not href or href.startswith(UNFOLLOWED):
        return None
    if not href.startswith(("http://", "https://", "/")) or ODD.search(href):
        return _resolved(href, base)
    if href.startswith("/"):
        href = _origin(base) + href
    url = href.partition("#")[0]
    return url if len(url) > SHORTEST else None


def _resolved(href: str, base: str) -> str | None:
    try:
        url = urljoin(base, href)
    except ValueError:
        return None
    return url.partition("#")[0] if is_web_url(url) else None


@lru_cache(maxsize=64)
def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"


@lru_cache(maxsize=1)  # asked for by all that looks at the links of a page
def hrefs_of(root: etree._Element) -> tuple[str, ...]:
    """What the links of a page say, each once, in its order."""
    return tuple(dict.fromkeys(HREFS(root)))


def page_links(root: etree._Element, base: str) -> list[str]:
    """Absolute addresses that the page links to, each once, in its order, without fragments; at most 5,000."""
    urls: dict[str, None] = {}
    origin = _origin(base)
    for href in hrefs_of(root):  # what ``absolute`` does, for hundreds of links a page
        if len(href) <= MAX_ADDRESS and (url := _meant(href, origin if href.startswith(ROOTED) else base)):
            urls[url] = None
            if len(urls) >= MAX_LINKS:
                break
    return list(urls)


def announced_feeds(root: etree._Element, base: str) -> list[str]:
    """Feeds that the page announces with ``<link rel=alternate>``; feeds of comments are left out."""
    feeds: dict[str, None] = {}
    for link in FEED_LINKS(root):
        url = absolute(link.get("href", ""), base)
        about = f"{link.get('title', '')} {url}".lower()
        if url and link.get("type", "").lower().split(";")[0].strip() in FEED_TYPES and "comment" not in about:
            feeds[url] = None
    return list(feeds)


def _says_next(anchor: etree._Element) -> bool:
    words = " ".join(element_text(anchor).split()) or anchor.get("aria-label", "").strip()
    return bool(words) and len(words) < 40 and bool(NEXT_WORDS.fullmatch(words))


def _stem(path: str) -> str:
    """The path of a list's first page, given that of any of its pages."""
    return PAGE_PATH.sub("", path).rstrip("/")


def _is_further_page(url: str, page: str) -> bool:
    """Whether ``url`` is a page of the same list as ``page``: a page number, on the same host below the same path."""
    there, here = urlsplit(url), urlsplit(page)
    if there.netloc != here.netloc:
        return False
    if is_pagination(url):
        stem = _stem(here.path)
        return _stem(there.path) == stem or bool(stem and there.path.startswith(f"{stem}/"))
    bare, stem = BARE_NUMBER.search(there.path), BARE_NUMBER.sub("", here.path).rstrip("/")
    return bare is not None and there.path[: bare.start()] == stem != ""


def number_on(url: str, page: str) -> int:
    """Which page of the list of ``page`` the address ``url`` is; 1 if nothing says so."""
    if (number := page_number(url)) > 1 or is_pagination(url):
        return number
    bare = BARE_NUMBER.search(urlsplit(url).path)
    return int(bare[1]) if bare and (url == page or _is_further_page(url, page)) else 1


def _goes_on(url: str, page: str) -> bool:
    """Whether a link that says "next" may lead to the next page: below the same path, and to no story."""
    there, here = urlsplit(url), urlsplit(page)
    below = there.path.rstrip("/").startswith(_stem(BARE_NUMBER.sub("", here.path)))
    return there.netloc == here.netloc and below and (there.path == here.path or shape_of(url) is not Shape.ARTICLE)


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of the list that a page is one of: the next, if there is any, and all that it links to."""

    next: str | None
    others: frozenset[str]


NO_PAGES = Pages(None, frozenset())


def pages_of(root: etree._Element, base: str, page: str) -> Pages:
    """How the list on ``page`` goes on.

    The next page is what ``rel=next`` names, else the lowest number above its own, else what a link calls the next.
    """
    links = [(anchor, url) for anchor in root.iter("a") if (url := absolute(anchor.get("href", ""), base))]
    others = dict.fromkeys(url for _, url in links if url != page and _is_further_page(url, page))
    here = number_on(page, page)
    ahead = sorted((number, url) for url in others if (number := number_on(url, page)) > here)
    named = (url for href in NEXT_LINKS(root) if (url := absolute(str(href), base)))
    same_host = urlsplit(page).netloc
    told = [url for url in named if url != page and urlsplit(url).netloc == same_host]
    told += [url for _, url in ahead[:1]]
    if not told:
        told = [url for anchor, url in links if url != page and _says_next(anchor) and _goes_on(url, page)]
    turned = others if len(others) <= MOST_NUMBERS else ()
    return Pages(told[0] if told else None, frozenset(turned) | frozenset(told[:1]))
