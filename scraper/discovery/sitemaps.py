"""Sitemaps and sitemap indexes, in XML (news and image extensions) or as a plain list of addresses."""

from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin

from lxml import etree

from archive.urls import is_web_url
from scraper.discovery.printed_times import parse_time
from scraper.discovery.safe_xml import child_text, local_name, parse_xml, unpacked

MAX_ENTRIES = 50_000  # sitemaps.org: no sitemap lists more


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One address of a sitemap; ``published_at`` and ``headline`` come from the news extension."""

    url: str
    modified_at: str | None = None
    published_at: str | None = None
    headline: str | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages and the further sitemaps that a sitemap names."""

    pages: tuple[SitemapEntry, ...] = ()
    sitemaps: tuple[SitemapEntry, ...] = ()


def _news(element: etree._Element) -> tuple[str | None, str | None]:
    for child in element:
        if local_name(child) == "news":
            return parse_time(child_text(child, "publication_date")), child_text(child, "title")
    return None, None


def _entry(element: etree._Element, base: str) -> SitemapEntry | None:
    address = urljoin(base, child_text(element, "loc") or "")
    if not is_web_url(address):
        return None
    published_at, headline = _news(element)
    return SitemapEntry(address, parse_time(child_text(element, "lastmod")), published_at, headline)


def _entries(root: etree._Element, name: str, base: str) -> tuple[SitemapEntry, ...]:
    elements = islice((element for element in root if local_name(element) == name), MAX_ENTRIES)
    return tuple(entry for element in elements if (entry := _entry(element, base)))


def _plain_list(body: bytes) -> Sitemap:
    lines = (unpacked(body) or b"").decode("utf-8-sig", "replace").split()
    return Sitemap(pages=tuple(SitemapEntry(line) for line in lines[:MAX_ENTRIES] if is_web_url(line)))


def parse_sitemap(body: bytes, url: str) -> Sitemap:
    """What the sitemap at ``url`` names. Anything that is no sitemap gives an empty one."""
    start = (unpacked(body) or b"").lstrip(b"\xef\xbb\xbf \t\r\n")[:8]
    if start.startswith((b"http://", b"https://")):
        return _plain_list(body)
    root = parse_xml(body)
    if root is None:
        return Sitemap()
    return Sitemap(pages=_entries(root, "url", url), sitemaps=_entries(root, "sitemap", url))
