"""Lists in JSON, as the "load more" of a section page fetches them: stories, and the next list. Pure.

Nothing is known of such a document but that it names pages: every text in it that is an address is one, and HTML in it
is searched for links.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from scraper.discovery.safe_xml import join

MAX_VALUES = 50_000  # texts of one document that are looked at
MAX_ADDRESSES = 5_000
DEEPEST = 40
PLACE = re.compile(r"(?:https?:)?//\S{4,2000}|/[^/\s<>\"]\S{2,2000}")  # an address, or a path from the site's root
HREF = re.compile(r"""<a\b[^<>]{0,2000}?\bhref\s*=\s*["']?([^"'\s<>]{1,2000})""", re.IGNORECASE)
IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|mp4|mp3|css|js)(?:[?#]|$)", re.IGNORECASE)
LINK_KEYS = frozenset(
    "url link href path permalink slug_url canonical canonical_url canonicalurl weburl web_url".split()
)
NEXT_KEYS = frozenset("next next_url nexturl next_page nextpage nextpageurl next_page_url more more_url".split())


def _texts(value: Any, key: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every text in a document with the key that it stands under."""
    if isinstance(value, str):
        yield key, value
    elif depth < DEEPEST and isinstance(value, dict):
        for name, part in value.items():
            yield from _texts(part, str(name).lower(), depth + 1)
    elif depth < DEEPEST and isinstance(value, list):
        for part in value:
            yield from _texts(part, key, depth + 1)


def _document(body: bytes) -> Any:
    try:
        return json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None


def _bounded(body: bytes) -> Iterator[tuple[str, str]]:
    for count, found in enumerate(_texts(_document(body))):
        if count >= MAX_VALUES:
            return
        yield found


def _addresses(body: bytes, url: str) -> Iterator[str | None]:
    for key, text in _bounded(body):
        if key in NEXT_KEYS:
            continue
        if key in LINK_KEYS or PLACE.fullmatch(text):
            yield None if IMAGE.search(text) else join(url, text.strip())
        elif "<a" in text.lower():
            yield from (join(url, link) for link in HREF.findall(text))


def addresses_in(body: bytes, url: str) -> list[str]:
    """The addresses that the document at ``url`` names, each once, in its order.

    >>> addresses_in(b'{"items": [{"path": "/a"}, {"html": "<li><a href=b>B</a>"}]}', "https://e.example/x/more")
    ['https://e.example/a', 'https://e.example/x/b']
    """
    return list(dict.fromkeys(found for found in _addresses(body, url) if found))[:MAX_ADDRESSES]


def next_in(body: bytes, url: str) -> str | None:
    """The address of the next list, if the document names it."""
    for key, text in _bounded(body):
        if PLACE.fullmatch(text) and (key in NEXT_KEYS):
            return join(url, text)
    return None
