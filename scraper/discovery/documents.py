"""What sort of document was fetched: a page to read, or a list of addresses."""

import re
from urllib.parse import urlsplit

from scraper.discovery.safe_xml import GZIP_MAGIC, unpacked

ROOT = re.compile(rb"<\s*(?:\w+:)?(rss|rdf|feed|urlset|sitemapindex)[\s>]", re.IGNORECASE)
PREAMBLE = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>)*", re.DOTALL | re.IGNORECASE)
JSON_FEED = re.compile(rb'"version"\s*:\s*"https?://jsonfeed\.org/version/')
JSON_TYPE = re.compile(r"\s*(?:application|text)/(?:[\w.-]+\+)?json\b", re.IGNORECASE)
LISTS = {b"rss": "feed", b"rdf": "feed", b"feed": "feed", b"urlset": "sitemap", b"sitemapindex": "sitemap"}


def document_kind(body: bytes, url: str, content_type: str | None = None) -> str:
    """``feed``, ``sitemap``, ``robots``, ``json`` or ``page``, judged by the bytes.

    The address settles robots.txt, the content type only what is JSON: a text that begins with a brace may be a page.
    """
    if urlsplit(url).path == "/robots.txt" and "html" not in (content_type or ""):
        return "robots"
    if body.startswith(GZIP_MAGIC):
        body = unpacked(body) or b""
    head = body[:4096].removeprefix(b"\xef\xbb\xbf")
    if head.lstrip().startswith(b"{") and JSON_FEED.search(head):
        return "feed"
    if head.lstrip().startswith((b"{", b"[")):
        return "json" if JSON_TYPE.match(content_type or "") else "page"
    preamble = PREAMBLE.match(head)
    root = ROOT.match(head, preamble.end() if preamble else 0)
    return LISTS[root[1].lower()] if root else "page"
