"""What sort of document was fetched: a page to read, or a list of addresses."""

import re
from urllib.parse import urlsplit

from scraper.discovery.safe_xml import GZIP_MAGIC, unpacked

ROOT = re.compile(rb"<\s*(?:\w+:)?(rss|rdf|feed|urlset|sitemapindex)[\s>]", re.IGNORECASE)
PREAMBLE = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>)*", re.DOTALL | re.IGNORECASE)
JSON_FEED = re.compile(rb'"version"\s*:\s*"https?://jsonfeed\.org/version/')
LISTS = {b"rss": "feed", b"rdf": "feed", b"feed": "feed", b"urlset": "sitemap", b"sitemapindex": "sitemap"}


def document_kind(body: bytes, url: str, content_type: str | None = None) -> str:
    """``feed``, ``sitemap``, ``robots`` or ``page``, judged by the bytes; the address only settles robots.txt."""
    if urlsplit(url).path == "/robots.txt" and "html" not in (content_type or ""):
        return "robots"
    if body.startswith(GZIP_MAGIC):
        body = unpacked(body) or b""
    head = body[:4096].removeprefix(b"\xef\xbb\xbf")
    if head.lstrip().startswith(b"{"):
        return "feed" if JSON_FEED.search(head) else "page"
    preamble = PREAMBLE.match(head)
    root = ROOT.match(head, preamble.end() if preamble else 0)
    return LISTS[root[1].lower()] if root else "page"
