"""XML from strangers: no entities, no DTD, no network, no depth or size without bound."""

import re
import zlib
from io import BytesIO
from urllib.parse import urljoin

from lxml import etree

from archive.urls import is_web_url

MAX_DOCUMENT = 52_428_800  # bytes; sitemaps.org allows a sitemap 50 MiB before compression
GZIP_MAGIC = b"\x1f\x8b"
STEP = 1_048_576  # bytes
MAX_MEMBERS = 200  # of one gzip file
MAX_TAGS = 800_000  # that are read of one document; each costs libxml2 some 130 bytes
PIECE = 65_536  # bytes
DECLARATIONS = re.compile(rb"<!(?:ENTITY|ATTLIST)", re.IGNORECASE)
# Encodings in which those could hide. Sitemaps are UTF-8 by their protocol, feeds UTF-8, UTF-16 or a national one.
HIDING = re.compile(rb"^\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"'](?:utf-?7|ebcdic|cp037|ibm|ucs|utf-?32)", re.IGNORECASE)


def gunzip(body: bytes, limit: int = MAX_DOCUMENT) -> bytes | None:
    """The contents of a gzip file of one or more members; ``None`` if broken or larger than ``limit`` bytes."""
    try:
        return inflated(body, limit)
    except (zlib.error, EOFError, OverflowError):
        return None


def inflated(body: bytes, limit: int) -> bytes:
    """The contents of a gzip file. What stands behind its last member is left out, as gzip does.

    Raises ``zlib.error`` if it is broken, ``EOFError`` if it is cut, ``OverflowError`` past ``limit`` bytes or members
    without number, each of which would cost another copy of the rest.
    """
    plain = BytesIO()  # grows in place, and gives its contents away without a copy
    for _ in range(MAX_MEMBERS):
        member = zlib.decompressobj(31)
        while not member.eof:  # step by step: in one go it would be in memory three times over
            piece = member.decompress(body, STEP)
            body = member.unconsumed_tail
            if not (piece or body or member.eof):
                raise EOFError("compressed body ends early")
            plain.write(piece)
            if plain.tell() > limit:
                raise OverflowError(f"more than {limit} bytes when unpacked")
        body = member.unused_data
        if not body.startswith(GZIP_MAGIC):
            return plain.getvalue()
    raise OverflowError(f"more than {MAX_MEMBERS} gzip members")


def unpacked(body: bytes) -> bytes | None:
    """``body``, unpacked if it is a gzip file; ``None`` if that fails."""
    return gunzip(body) if body.startswith(GZIP_MAGIC) else body


def _declares(plain: bytes) -> bool:
    """Whether a document may declare entities or attributes, in whatever encoding."""
    wide = plain[:4].count(0) > 0 or plain.startswith((b"\xff\xfe", b"\xfe\xff"))
    seen = plain.replace(b"\0", b"") if wide else plain
    strange = not seen.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
    return strange or bool(DECLARATIONS.search(seen) or HIDING.search(seen))


def _first_tags(plain: bytes) -> bytes:
    """As much of ``plain`` as holds ``MAX_TAGS`` tags or little more."""
    tags = 0
    for start in range(0, len(plain), PIECE):
        tags += plain.count(b"<", start, start + PIECE)
        if tags > MAX_TAGS:
            return plain[:start]
    return plain


def parse_xml(body: bytes) -> etree._Element | None:
    """The root of an XML document (gzipped or not), or ``None`` when there is nothing to be had from it.

    Slips are mended as far as libxml2 can. A document that declares entities is refused whole: no feed or
    sitemap needs one, and every entity attack does. Of one with very many tags only the beginning is read.
    """
    plain = unpacked(body)
    if plain is None or len(plain) > MAX_DOCUMENT or _declares(plain):
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False, remove_comments=True
    )
    try:
        return etree.fromstring(_first_tags(plain).lstrip(), parser)
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
