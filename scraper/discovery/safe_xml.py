"""XML from strangers: no entities, no DTD, no network, no depth or size without bound."""

import zlib
from urllib.parse import urljoin

from lxml import etree

from archive.urls import is_web_url

MAX_DOCUMENT = 52_428_800  # bytes; sitemaps.org allows a sitemap 50 MiB before compression
GZIP_MAGIC = b"\x1f\x8b"


def gunzip(body: bytes, limit: int = MAX_DOCUMENT) -> bytes | None:
    """The contents of a gzip file of one or more members; ``None`` if broken or larger than ``limit`` bytes."""
    pieces: list[bytes] = []
    size = 0
    while body.startswith(GZIP_MAGIC):
        member = zlib.decompressobj(31)
        try:
            piece = member.decompress(body, limit - size + 1)
        except zlib.error:
            return None
        size += len(piece)
        if size > limit or not member.eof:
            return None
        pieces.append(piece)
        body = member.unused_data
    return b"".join(pieces)


def unpacked(body: bytes) -> bytes | None:
    """``body``, unpacked if it is a gzip file; ``None`` if that fails."""
    return gunzip(body) if body.startswith(GZIP_MAGIC) else body


def parse_xml(body: bytes) -> etree._Element | None:
    """The root of an XML document (gzipped or not), or ``None`` when there is nothing to be had from it.

    Slips are mended as far as libxml2 can. A document that declares entities is refused whole: no feed or
    sitemap needs one, and every entity attack does.
    """
    plain = unpacked(body)
    if plain is None or len(plain) > MAX_DOCUMENT or b"<!ENTITY" in plain:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False, remove_comments=True
    )
    try:
        return etree.fromstring(plain.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def local_name(element: etree._Element) -> str:
    """The tag without its namespace, in lower case; ``""`` for what is no element."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def element_text(element: etree._Element) -> str:
    """All text of an element, its children's included, without space around it."""
    return "".join(map(str, element.itertext())).strip()


def child_text(element: etree._Element, *names: str) -> str | None:
    """Text of the first child that has one of ``names``, in the order of ``names``; ``None`` if none has any."""
    for name in names:
        for child in element:
            if local_name(child) == name and (text := element_text(child)):
                return text
    return None


def join(base: str, link: str | None) -> str | None:
    """``link`` as a document at ``base`` means it; ``None`` if that is no http or https address."""
    try:
        url = urljoin(base, link or "")
    except ValueError:
        return None
    return url if link and is_web_url(url) else None
