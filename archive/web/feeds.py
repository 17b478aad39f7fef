"""Feeds: Atom (RFC 4287) and JSON Feed 1.1."""

import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from archive.times import now
from archive.web.page import Entry, Page
from archive.web.query import Query

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0
NAMESPACE = uuid.UUID("8a3fd8fe-5f5e-5a4b-9b1c-6e6d6f726775")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
SAFE = "!#$%&'()*+,/:;=?@[]~"


def _id(words: str) -> str:
    return uuid.uuid5(NAMESPACE, words).urn


def _text(value: str) -> str:
    return escape(FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", value))


def _href(url: str) -> str:
    return quoteattr(quote(FORBIDDEN.sub("", url), safe=SAFE))


def _instant(value: str | None) -> str | None:
    """``value`` as RFC 3339 wants it: a bare day gets its first instant, what is no time nothing."""
    if value and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return f"{value}T00:00:00Z"
    return (
        value if value and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", value) else None
    )


def atom(page: Page, query: Query) -> str:
    """The page's entries as an Atom feed."""
    return "\n".join(_atom(page, query)) + "\n"


def _atom(page: Page, query: Query) -> Iterator[str]:
    entries = page.entries or ()
    here = f"{query.base}{query.path}{'?' + query.string if query.string else ''}"
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<feed xmlns="http://www.w3.org/2005/Atom">'
    yield f"<id>{_id(query.path + '?' + query.string)}</id>"
    yield f"<title>{_text(page.title)}</title>"
    yield f"<updated>{max((entry.updated for entry in entries), default=now())}</updated>"
    yield "<author><name>newsmorgue</name></author><generator>newsmorgue</generator>"
    yield f'<link rel="self" type="application/atom+xml" href={_href(here)}/>'
    yield f'<link rel="alternate" type="text/html" href={_href(_page_of(query))}/>'
    for entry in entries:
        yield from _entry(entry, query.base)
    yield "</feed>"


def _page_of(query: Query) -> str:
    path = re.sub(r"\.(atom|json)$", "", query.path)
    path = "/" if path in ("/index", "") else path
    return f"{query.base}{path}{'?' + query.string if query.string else ''}"


def _entry(entry: Entry, base: str) -> Iterator[str]:
    language = f" xml:lang={quoteattr(entry.language)}" if entry.language and LANGUAGE.fullmatch(entry.language) else ""
    yield f"<entry{language}>"
    yield f"<id>{_id(entry.id)}</id>"
    yield f"<title>{_text(entry.title)}</title>"
    yield f"<updated>{entry.updated}</updated>"
    if published := _instant(entry.published):
        yield f"<published>{published}</published>"
    yield f'<link rel="alternate" type="text/html" href={_href(base + entry.path)}/>'
    if entry.original:
        yield f'<link rel="via" href={_href(entry.original)}/>'
    yield from (f"<author><name>{_text(name)}</name></author>" for name in entry.authors)
    yield from (f"<category term={quoteattr(FORBIDDEN.sub('', tag))}/>" for tag in entry.tags)
    if entry.summary:
        yield f"<summary>{_text(entry.summary)}</summary>"
    if entry.text:
        yield f'<content type="text">{_text(entry.text)}</content>'
    yield "</entry>"


def json_feed(page: Page, query: Query) -> dict[str, Any]:
    """The page as a JSON Feed; all that it knows besides stands under ``_newsmorgue``."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": page.title,
        "home_page_url": _page_of(query),
        "feed_url": f"{query.base}{query.path}{'?' + query.string if query.string else ''}",
        "items": [_item(entry, query.base) for entry in page.entries or ()],
        "_newsmorgue": page.data,
    }


def _item(entry: Entry, base: str) -> dict[str, Any]:
    fields = {
        "id": _id(entry.id),
        "url": base + entry.path,
        "external_url": entry.original,
        "title": entry.title,
        "summary": entry.summary,
        "date_published": _instant(entry.published),
        "date_modified": entry.updated,
        "authors": [{"name": name} for name in entry.authors],
        "tags": list(entry.tags),
        "language": entry.language,
    }
    return {name: value for name, value in fields.items() if value} | {"content_text": entry.text or entry.summary}
