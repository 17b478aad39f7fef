"""A page as parsed: decoded and turned into one lxml tree, which everything else reads and nothing changes."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urljoin

from lxml import etree
from lxml.etree import _Element as Element

from scraper.reading.bounds import (
    DEEPEST,
    MOST_BYTES,
    MOST_TAGS,
    MOST_TEXT,
    first_tags,
    flattened,
    is_too_deep,
    without_endless_tags,
)
from scraper.reading.decode import decode, is_sound

MARKUP = re.compile(r"<(?:!doctype|!--|/?[a-z][a-z0-9:-]*(?:\s[^<>]*)?/?>|\?xml)", re.IGNORECASE)
MARKED_UP = (b"<!doctype", b"<html", b"<!--")
FIRST = 2_000  # bytes in which a page shows that it is one
BINARY = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x00\x00\x00",
    b"RIFF",
    b"\x7fELF",
)


@lru_cache(maxsize=4_096)
def _join(base: str, link: str) -> str | None:
    try:
        return urljoin(base, link)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Page:
    """A page that can be read.

    ``root`` is ``None`` when there is no markup; then ``text`` holds what was decoded if it is text, and ``""``
    when it is binary or empty. ``base_url`` is what links are relative to. ``limit`` says why no more than the
    beginning of the page was taken.
    """

    root: Element | None
    url: str | None
    base_url: str | None
    encoding: str
    text: str = ""
    limit: str | None = None

    @property
    def is_html(self) -> bool:
        """Whether there is a tree to read."""
        return self.root is not None

    def absolute(self, link: str | None) -> str | None:
        """``link`` made absolute, or ``None`` if it is empty or no address."""
        if not link or not (link := link.strip()):
            return None
        return link if link.startswith(("http://", "https://")) or not self.base_url else _join(self.base_url, link)


def _parsed(data: bytes) -> Element | None:
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _tree(data: bytes) -> tuple[Element | None, str | None]:
    """The tree of a page, and why it is not the whole page, if so."""
    kept = first_tags(data)
    limit = f"more than {MOST_TAGS:,} tags" if len(kept) < len(data) else None
    root = _parsed(kept := without_endless_tags(kept))
    if root is not None and is_too_deep(root):
        root = _parsed(flattened(kept))
        if root is None or is_too_deep(root):
            limit = f"elements nested more than {DEEPEST:,} deep"
    return root, limit


def _base(root: Element, url: str | None) -> str | None:
    bases = root.iter("base") if root.find("head") is not None else ()
    declared = next((link for base in bases if (link := base.get("href")) is not None), None)
    if declared is None:
        return url
    try:
        return urljoin(url or "", declared.strip()) or url
    except ValueError:
        return url


def _is_binary(data: bytes) -> bool:
    return data.startswith(BINARY) or (data[:4000].count(0) > 8 and data[:2] not in (b"\xff\xfe", b"\xfe\xff"))


def _is_marked_up(data: bytes) -> bool:
    first = data[:FIRST].lower()
    return any(sign in first for sign in MARKED_UP) and not data.startswith(BINARY)


def _plain(page: Page) -> Page:
    """A page of text, up to as much as is read of one."""
    if len(page.text) <= MOST_TEXT:
        return page
    return replace(page, text=page.text[:MOST_TEXT], limit=f"text longer than {MOST_TEXT:,} characters")


def parse(page: bytes | str, url: str | None = None, content_type: str | None = None) -> Page:
    """Decode and parse a page; never raises.

    ``content_type`` is the HTTP header, for its charset and to tell plain text from markup.
    """
    limit = None
    if len(page) > MOST_BYTES:
        page, limit = page[:MOST_BYTES], f"longer than {MOST_BYTES:,} bytes"
    plain = (content_type or "").lower().startswith("text/plain")
    if isinstance(page, bytes) and not plain and _is_marked_up(page) and is_sound(page):
        data, encoding = page, "utf-8"  # as most are
    else:
        text, encoding = (page, "str") if isinstance(page, str) else decode(page, content_type)
        if isinstance(page, bytes) and _is_binary(page) and not encoding.startswith("utf-16"):
            return Page(None, url, url, "binary")
        text = text.lstrip("\ufeff").replace("\0", "")
        if not text or text.isspace():
            return Page(None, url, url, encoding)
        if not MARKUP.search(text) or (plain and "<html" not in text[:2000].lower()):
            return _plain(Page(None, url, url, encoding, text.encode("utf-8", "replace").decode("utf-8"), limit))
        data = text.encode("utf-8", "replace")
        del text
    root, past = _tree(data)
    if root is None:
        return Page(None, url, url, encoding)
    return Page(root, url, _base(root, url), encoding, limit=limit or past)
