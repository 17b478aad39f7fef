"""Sitemaps and sitemap indexes, in XML (news, image and xhtml extensions) or as a plain list of addresses."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree

from archive.urls import is_web_url
from scraper.discovery.printed_times import parse_time
from scraper.discovery.safe_xml import child_text, join, local_name, parse_xml, unpacked

MAX_ENTRIES = 50_000  # sitemaps.org: no sitemap lists more
MAX_ALTERNATES = 100  # of one address


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One address of a sitemap.

    ``published_at``, ``headline`` and ``language`` come from the news extension, ``image_url`` from the image one,
    ``alternates`` (the same story in other languages) from ``xhtml:link``.
    """

    url: str
    modified_at: str | None = None
    published_at: str | None = None
    headline: str | None = None
    language: str | None = None
    image_url: str | None = None
    alternates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages and the further sitemaps that a sitemap names."""

    pages: tuple[SitemapEntry, ...] = ()
    sitemaps: tuple[SitemapEntry, ...] = ()


def _extensions(element: etree._Element, base: str) -> dict[str, Any]:
    """What the extensions say of one address, by the names of ``SitemapEntry``."""
    told: dict[str, Any] = {}
    alternates: list[str] = []
    for child in element:
        name = local_name(child)
        if name == "news":
            told["published_at"] = parse_time(child_text(child, "publication_date"))
            told["headline"] = child_text(child, "title")
            about = next((part for part in child if local_name(part) == "publication"), child)
            told["language"] = child_text(about, "language")
        elif name == "image" and "image_url" not in told:
            address = join(base, child_text(child, "loc"))
            told |= {"image_url": address} if address else {}
        elif name == "link" and child.get("rel") == "alternate" and len(alternates) < MAX_ALTERNATES:
            alternates += [address] if (address := join(base, child.get("href"))) else []
    return told | {"alternates": tuple(alternates)}


def _entry(element: etree._Element, base: str) -> SitemapEntry | None:
    address = join(base, child_text(element, "loc"))
    if address is None:
        return None
    return SitemapEntry(address, parse_time(child_text(element, "lastmod")), **_extensions(element, base))


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
