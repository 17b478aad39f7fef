"""RSS, RDF, Atom and JSON feeds."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from archive.urls import is_web_url
from scraper.discovery.printed_times import parse_time
from scraper.discovery.safe_xml import child_text, element_text, local_name, parse_xml

MAX_ENTRIES = 5_000


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry: its page, and what the feed says about it."""

    url: str
    headline: str | None = None
    published_at: str | None = None
    modified_at: str | None = None


def _links(entry: etree._Element) -> Iterator[str]:
    """Addresses of an entry's page, the likeliest first."""
    links = [child for child in entry if local_name(child) == "link"]
    yield from (link.get("href", "") for link in links if link.get("rel", "alternate") == "alternate")
    yield from (element_text(link) for link in links)
    for child in entry:
        if local_name(child) == "guid" and child.get("ispermalink", child.get("isPermaLink", "true")) != "false":
            yield element_text(child)
    yield from (str(value) for name, value in entry.attrib.items() if str(name).endswith("}about"))
    yield child_text(entry, "id") or ""


def _xml_entry(entry: etree._Element, base: str) -> FeedEntry | None:
    address = next((url for link in _links(entry) if link and is_web_url(url := urljoin(base, link))), None)
    if address is None:
        return None
    return FeedEntry(
        address,
        child_text(entry, "title"),
        parse_time(child_text(entry, "pubdate", "published", "date", "issued")),
        parse_time(child_text(entry, "updated", "modified")),
    )


def _from_xml(body: bytes, base: str) -> tuple[FeedEntry, ...]:
    root = parse_xml(body)
    if root is None or local_name(root) not in ("rss", "rdf", "feed"):
        return ()
    entries = [element for element in root.iter() if local_name(element) in ("item", "entry")][:MAX_ENTRIES]
    return tuple(found for entry in entries if (found := _xml_entry(entry, base)))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _json_entry(item: Any, base: str) -> FeedEntry | None:
    if not isinstance(item, dict):
        return None
    address = urljoin(base, _text(item.get("url")) or _text(item.get("id")) or "")
    if not is_web_url(address) or address == base:
        return None
    times = (parse_time(_text(item.get("date_published"))), parse_time(_text(item.get("date_modified"))))
    return FeedEntry(address, _text(item.get("title")), *times)


def _from_json(body: bytes, base: str) -> tuple[FeedEntry, ...]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return ()
    return tuple(found for item in items[:MAX_ENTRIES] if (found := _json_entry(item, base)))


def parse_feed(body: bytes, url: str) -> tuple[FeedEntry, ...]:
    """The entries of the feed at ``url``, in its order; empty for anything that is no feed."""
    return _from_json(body, url) if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else _from_xml(body, url)
