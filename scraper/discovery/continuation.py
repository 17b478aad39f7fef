"""Stories on several pages: which page of a story this is, where it begins, and which page comes next. Pure.

A page number in an address says nothing alone, and ``rel=next`` often names the next story. What tells is both
together: a link on the page whose address is the page's own with another number.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree
from lxml.etree import _Element as Element

from archive.urls import url_key
from scraper.discovery.links import NEXT_WORDS, Select, absolute, hrefs_of
from scraper.discovery.safe_xml import element_text
from scraper.reading import Page

MOST_PAGES = 50  # of one story
WORD = r"(?:page|pagina|página|pag|pg|seite|side|sida|p)"
IN_QUERY = re.compile(rf"{WORD}|art_?page", re.IGNORECASE)
IN_PATH = re.compile(rf"(?P<stem>/.*?[^/])/(?:{WORD}[/_-]?)?(?P<number>\d{{1,2}})(?P<end>/?|\.html?)", re.IGNORECASE)
IN_NAME = re.compile(
    rf"(?P<stem>/.*?[^/])(?P<mark>[-_,;.]{WORD}[=_-]?|[-_,])(?P<number>\d{{1,2}})(?P<end>\.\w{{2,5}}|/)?", re.IGNORECASE
)
ANCHORS: Select = etree.XPath(
    "//a[@href] | //link[@href][contains(concat(' ', @rel, ' '), ' next ') or contains(@rel, 'prev')]"
)
NUMBERED = re.compile(rf"(?:(?:^|[,;._-]){WORD}?[=_-]?\d{{1,2}})?(?:\.\w{{2,5}})?$|^{WORD}$", re.IGNORECASE)
FURTHER = re.compile(r"[2-9]|1\d")  # what no address of a further page lacks
SHORT = 12  # characters
BACK_WORDS = re.compile(
    r"[\s‹«←<]*(?:prev(?:ious)?(?: page)?|back|zurück|vorherige(?: seite)?|précédent(?:e)?|anterior|indietro|vorige|1)?"
    r"[\s‹«←<]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """Page ``number`` of a story that begins at ``first``; ``next`` is the address of the page after it."""

    number: int = 1
    first: str | None = None
    next: str | None = None


WHOLE = Part()


@dataclass(frozen=True, slots=True)
class _Numbered:
    """An address as a page of a story; ``plain``: nothing but the number says so."""

    number: int
    first: str
    plain: bool


def _in_query(parts: SplitResult) -> Iterator[_Numbered]:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for name, value in pairs:
        if IN_QUERY.fullmatch(name) and value.isdecimal() and len(value) < 3:
            rest = urlencode([pair for pair in pairs if pair != (name, value)])
            yield _Numbered(int(value), urlunsplit(parts._replace(query=rest, fragment="")), plain=False)


def readings_of(url: str) -> Iterator[_Numbered]:
    """The ways to read ``url`` as a further page of a story."""
    parts = urlsplit(url)
    yield from _in_query(parts)
    if match := IN_PATH.fullmatch(parts.path):
        path = match["stem"] + (match["end"] if match["end"] != "/" else "")
        yield _Numbered(int(match["number"]), urlunsplit(parts._replace(path=path, fragment="")), plain=False)
        if match["end"].startswith("."):
            path = match["stem"]
            yield _Numbered(int(match["number"]), urlunsplit(parts._replace(path=path, fragment="")), plain=False)
    if match := IN_NAME.fullmatch(parts.path):
        path = match["stem"] + (match["end"] or "")
        plain = len(match["mark"]) == 1
        yield _Numbered(int(match["number"]), urlunsplit(parts._replace(path=path, fragment="")), plain=plain)


def _is_numbered(url: str, least: int) -> bool:
    """Whether ``url`` may be read as that page of a story, or a later one."""
    return any(read.number >= least for read in readings_of(url))


@dataclass(frozen=True, slots=True)
class _Link:
    url: str
    says_next: bool
    says_back: bool
    says: str


def _stem(own: str) -> str:
    """What the addresses of all pages of a story have in common: its last path segment but for a page number."""
    for segment in reversed(urlsplit(own).path.split("/")):
        name = NUMBERED.sub("", segment)
        if name:
            return name
    return "\0"


def _named(root: Element) -> Iterator[str]:
    """The addresses that the head of a page names as the page before and after it."""
    for link in root.iter("link"):
        if link.get("rel") in ("prev", "previous", "next"):
            yield link.get("href") or ""


def _leading_on(hrefs: Iterable[str], stem: str) -> list[str]:
    """The links that are worth a closer look; short relative ones (``?page=2``, ``2``, ``./2.html``) always are."""
    return [
        href
        for href in hrefs
        if stem in href or (href and (href[0] == "?" or (len(href) < SHORT and href[0] not in "/#")))
    ]


def _links(page: Page, own: str) -> Iterator[_Link]:
    """The links of a page that might lead to another page of its story."""
    assert page.root is not None
    stem, base = _stem(own), page.base_url or own
    hrefs = _leading_on((*hrefs_of(page.root), *_named(page.root)), stem)
    if not _is_numbered(own, 2) and not any(
        FURTHER.search(href) and (url := absolute(href, base)) and _is_numbered(url, 2) for href in hrefs
    ):
        return
    for anchor in ANCHORS(page.root):
        href = anchor.get("href")
        if not _leading_on([href], stem):
            continue
        if "comment" in href or "reply" in href or not (url := absolute(href, base)):
            continue
        yield _as_link(anchor, url)


def _as_link(anchor: Element, url: str) -> _Link:
    rel = anchor.get("rel", "").lower()
    says = " ".join(element_text(anchor).split()) if anchor.tag == "a" else ""
    words = says if len(says) < 40 else ""
    says_next = "next" in rel.split() or (bool(words) and bool(NEXT_WORDS.fullmatch(words)))
    says_back = "prev" in rel or (bool(words) and bool(BACK_WORDS.fullmatch(words)))
    return _Link(url, says_next, says_back, words)


def _next_of(links: list[_Link], first: str, number: int) -> str | None:
    """The address of page ``number`` + 1 of the story at ``first``, if one of the links leads there."""
    for link in links:
        for read in readings_of(link.url):
            told = link.says_next or link.says == str(number + 1)
            if read.number == number + 1 and url_key(read.first) == url_key(first) and (told or not read.plain):
                return link.url
    return None


def _is_page_of(links: list[_Link], own: _Numbered) -> bool:
    """Whether the links show that a page is what its address reads as: one leads back."""
    for link in links:
        is_first = url_key(link.url) == url_key(own.first)
        if is_first and (own.number == 2 or not own.plain) and (link.says_back or not own.plain):
            return True
        if any(
            read.number == own.number - 1 and url_key(read.first) == url_key(own.first)
            for read in readings_of(link.url)
        ) and (link.says_back or not own.plain):
            return True
    return False


def part_of(page: Page) -> Part:
    """Which page of its story ``page`` is; ``WHOLE`` for one that stands alone."""
    own = page.url
    if page.root is None or own is None:
        return WHOLE
    links = list(_links(page, own))
    if not links:
        return WHOLE
    for read in readings_of(own):
        if 1 < read.number <= MOST_PAGES and _is_page_of(links, read):
            return Part(read.number, read.first, _next_of(links, read.first, read.number))
    following = _next_of(links, own, 1)
    return Part(1, None, following) if following else WHOLE
