"""RSS, RDF, Atom and JSON feeds, and the WebSub hubs that they name."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from scraper.discovery.printed_times import parse_time
from scraper.discovery.safe_xml import child_text, element_text, join, local_name, parse_xml

MOST_JSON = 4 * 1024 * 1024  # bytes: as objects they take some twenty times that, and the longest feeds have a tenth
MAX_ENTRIES = 5_000
MAX_HUBS = 10
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LINK = re.compile(r"<([^<>]{1,2000})>([^<,]*)")
HUB = re.compile(r"\brel=\"?[^\";]*\bhub\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry: its page, and what the feed says about it."""

    url: str
    headline: str | None = None
    published_at: str | None = None
    modified_at: str | None = None
    language: str | None = None


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


def _xml_entry(entry: etree._Element, base: str, language: str | None) -> FeedEntry | None:
    address = next((url for link in _links(entry) if (url := join(base, link))), None)
    if address is None:
        return None
    return FeedEntry(
        address,
        child_text(entry, "title"),
        parse_time(child_text(entry, "pubdate", "published", "date", "issued")),
        parse_time(child_text(entry, "updated", "modified")),
        entry.get(XML_LANG) or child_text(entry, "language") or language,
    )


def _language_of(root: etree._Element) -> str | None:
    channel = next((child for child in root if local_name(child) == "channel"), root)
    return root.get(XML_LANG) or channel.get(XML_LANG) or child_text(channel, "language")


def _from_xml(body: bytes, base: str) -> tuple[FeedEntry, ...]:
    root = parse_xml(body)
    if root is None or local_name(root) not in ("rss", "rdf", "feed"):
        return ()
    entries = [element for element in root.iter() if local_name(element) in ("item", "entry")][:MAX_ENTRIES]
    language = _language_of(root)
    return tuple(found for entry in entries if (found := _xml_entry(entry, base, language)))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _json_entry(item: Any, base: str, language: str | None) -> FeedEntry | None:
    if not isinstance(item, dict):
        return None
    address = join(base, _text(item.get("url")) or _text(item.get("id")))
    if address is None or address == base:
        return None
    times = (parse_time(_text(item.get("date_published"))), parse_time(_text(item.get("date_modified"))))
    return FeedEntry(address, _text(item.get("title")), *times, _text(item.get("language")) or language)


def _json_document(body: bytes) -> dict[str, Any]:
    if len(body) > MOST_JSON:
        return {}
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _from_json(body: bytes, base: str) -> tuple[FeedEntry, ...]:
    document = _json_document(body)
    items, language = document.get("items"), _text(document.get("language"))
    if not isinstance(items, list):
        return ()
    return tuple(found for item in items[:MAX_ENTRIES] if (found := _json_entry(item, base, language)))


def _is_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def parse_feed(body: bytes, url: str) -> tuple[FeedEntry, ...]:
    """The entries of the feed at ``url``, in its order; empty for anything that is no feed."""
    return _from_json(body, url) if _is_json(body) else _from_xml(body, url)


def _hubs_of_json(body: bytes) -> Iterator[str | None]:
    hubs = _json_document(body).get("hubs")
    yield from (_text(hub.get("url")) for hub in (hubs if isinstance(hubs, list) else []) if isinstance(hub, dict))


def _hubs_of_xml(body: bytes) -> Iterator[str | None]:
    root = parse_xml(body)
    if root is not None:
        heads = [root, *(child for child in root if local_name(child) == "channel")]
        links = (child for head in heads for child in head if local_name(child) == "link" and child.get("rel") == "hub")
        yield from (link.get("href") for link in links)


def hubs_of(body: bytes, url: str, link_header: str = "") -> tuple[str, ...]:
    """The WebSub hubs (W3C, 2018) that the feed at ``url`` names, in itself or in its ``Link`` header."""
    named = list(_hubs_of_json(body) if _is_json(body) else _hubs_of_xml(body))
    named += [target for target, parameters in LINK.findall(link_header) if HUB.search(parameters)]
    return tuple(dict.fromkeys(hub for link in named if (hub := join(url, link))))[:MAX_HUBS]
