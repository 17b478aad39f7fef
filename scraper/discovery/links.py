"""Links of a parsed page: every address, the feeds it announces, and the further pages of a list."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from archive.urls import MAX_ADDRESS, is_web_url
from scraper.discovery.safe_xml import element_text
from scraper.discovery.shapes import is_pagination

Select = Callable[[Any], Any]

MAX_LINKS = 5_000  # a page of news has hundreds; what has more is a trap or a dump
HREFS: Select = etree.XPath("//a/@href | //area/@href")
FEED_LINKS: Select = etree.XPath("//link[contains(concat(' ', @rel, ' '), ' alternate ')][@href and @type]")
NEXT_LINKS: Select = etree.XPath("//*[self::a or self::link][contains(concat(' ', @rel, ' '), ' next ')]/@href")
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


@lru_cache(maxsize=1024)
def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}/"


def _absolute(href: str, base: str) -> str | None:
    """``href`` as an address of the web; most name host or path in full, and mean the same on every page of a site."""
    if len(href) > MAX_ADDRESS:  # pictures written out as addresses, or worse; not to be remembered
        return None
    return _resolved(href, _origin(base) if href.startswith(("/", "http://", "https://")) else base)


@lru_cache(maxsize=16384)
def _resolved(href: str, base: str) -> str | None:
    href = href.strip()
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
        return None
    try:
        url = urljoin(base, href)
    except ValueError:
        return None
    return url.partition("#")[0] if is_web_url(url) else None


def page_links(root: etree._Element, base: str) -> list[str]:
    """Absolute addresses that the page links to, each once, in its order, without fragments; at most 5,000."""
    urls: dict[str, None] = {}
    for href in HREFS(root):
        if url := _absolute(str(href), base):
            urls[url] = None
            if len(urls) >= MAX_LINKS:
                break
    return list(urls)


def announced_feeds(root: etree._Element, base: str) -> list[str]:
    """Feeds that the page announces with ``<link rel=alternate>``; feeds of comments are left out."""
    feeds: dict[str, None] = {}
    for link in FEED_LINKS(root):
        url = _absolute(link.get("href", ""), base)
        about = f"{link.get('title', '')} {url}".lower()
        if url and link.get("type", "").lower().split(";")[0].strip() in FEED_TYPES and "comment" not in about:
            feeds[url] = None
    return list(feeds)


def _says_next(anchor: etree._Element) -> bool:
    words = " ".join(element_text(anchor).split()) or anchor.get("aria-label", "").strip()
    return bool(words) and len(words) < 40 and bool(NEXT_WORDS.fullmatch(words))


def _is_further_page(url: str, page: str) -> bool:
    """Whether ``url`` is a page of the same list as ``page``: a page number, on the same host below the same path."""
    there, here = urlsplit(url), urlsplit(page)
    if there.netloc != here.netloc or not is_pagination(url):
        return False
    stem = re.sub(r"/(?:page|seite|pagina|página|pag|sida|side)[/_-]?\d+/?$", "", here.path).rstrip("/")
    return there.path.rstrip("/").startswith(stem)


def _further(root: etree._Element, base: str, page: str) -> Iterator[str]:
    yield from (url for href in NEXT_LINKS(root) if (url := _absolute(str(href), base)))
    for anchor in islice(root.iter("a"), MAX_LINKS):
        url = _absolute(anchor.get("href", ""), base)
        if url and (_is_further_page(url, page) or (_says_next(anchor) and is_pagination(url))):
            yield url


def further_pages(root: etree._Element, base: str, page: str) -> list[str]:
    """The other pages of the list that ``page`` is a part of, as far as it links to them."""
    return [url for url in dict.fromkeys(_further(root, base, page)) if url != page]
