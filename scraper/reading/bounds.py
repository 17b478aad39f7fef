"""What keeps the reading of any page within bounds of time and memory: sizes, and markup made to exhaust a parser.

There is no clock here: a page past a bound is read up to it, and ``Page.limit`` says so. Together with the bounds of
the traversal they hold any page under ten seconds of CPU and 900 MB; ``python -m benchmarks hostile --full`` shows it.
"""

import re
from itertools import islice

from lxml.etree import _Element as Element

MOST_BYTES = 20_000_000  # of a page, or characters of one that is text already; the largest news pages are below 5 MB
MOST_TEXT = 5_000_000  # characters of a page without markup
MOST_TAGS = (
    200_000  # "<" in a page: a parsed element takes up to a kilobyte and ten microseconds; news pages have 20,000
)
MOST_ATTRIBUTES = 500  # of one tag; libxml2 goes through an element's attributes for each one that it adds
FEW_BYTES = 400_000  # of a page in which even a single tag of nothing but attributes is parsed within seconds
DEEPEST = 2_040  # levels; at 2,048 libxml2 stops for good

# As the HTML standard's tokenizer reads them: a quote opens a value only right after the equals sign.
ATTRIBUTE = rb"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+"
ONE_ATTRIBUTE = re.compile(ATTRIBUTE)
TAG = re.compile(rb"<(?:(!--)|([a-zA-Z][^\s/>]*+)(?:" + ATTRIBUTE + rb")*+[\s/]*+>?)")
# Found in a page with a tag that matters, and hardly ever in another: 200 spaces or attributes in a row, 16 bytes at a
# time. No look is long wherever it begins, and none goes back on what it took.
SUSPICIOUS = re.compile(
    rb"<[a-zA-Z](?>[\s/]{1,16}+|[^\s/>][^\s/>=]{0,15}+"
    rb"(?:\s{0,16}+=\s{0,16}+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]{0,15}+)?+)?+){200}"
)
# Where what is no markup ends, by the tag that begins it.
RAW = {
    name: re.compile(b"</" + name, re.IGNORECASE)
    for name in b"script style textarea title xmp iframe noembed noframes".split()
} | {b"!--": re.compile(rb"--!?>")}
ANY_TAG = re.compile(rb"<(/?)([a-zA-Z][^\s/<>]*+)([^<>]*+)>")
# What stays when a page that is nested too deep is made flat; of the rest, these go, all others become paragraphs.
FLAT = frozenset(b"html head body title meta link script style p br img h1 h2 h3 h4 h5 h6 time".split())
INLINE = frozenset(
    b"a abbr b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small span strike strong sub sup "
    b"tt u var".split()
)


def without_endless_tags(data: bytes) -> bytes:
    """``data`` with no more than ``MOST_ATTRIBUTES`` attributes in any tag."""
    if len(data) < FEW_BYTES or not SUSPICIOUS.search(data):
        return data
    pieces: list[bytes] = []
    at = copied = 0
    while tag := TAG.search(data, at):
        start, end = tag.span()
        at = end
        if (closing := RAW.get((tag[2] or tag[1]).lower())) is not None:
            closed = closing.search(data, end - 2 if tag[1] else end)
            at = closed.end() if closed else len(data)
        if end - start > 2 * MOST_ATTRIBUTES and (last := _last_allowed(data, tag.end(2), end)) is not None:
            pieces += [data[copied:last], b">"]
            copied = end
    return b"".join([*pieces, data[copied:]]) if pieces else data


def _last_allowed(data: bytes, start: int, end: int) -> int | None:
    """Where the last attribute that a tag may have ends; ``None`` when it has no more than that."""
    place = start
    for _ in range(MOST_ATTRIBUTES):
        if (attribute := ONE_ATTRIBUTE.match(data, place, end)) is None:
            return None
        place = attribute.end()
    return place if ONE_ATTRIBUTE.match(data, place, end) else None


def first_tags(data: bytes) -> bytes:
    """``data`` up to its ``MOST_TAGS``-th tag."""
    if len(data) < 3 * MOST_TAGS or data.count(b"<") <= MOST_TAGS:
        return data
    past = next(islice(re.finditer(b"<", data), MOST_TAGS, None))
    return data[: past.start()]


def is_too_deep(root: Element) -> bool:
    """Whether the parser stopped in ``root`` because elements were nested too deep: its last branch is that long."""
    depth, last = 0, root
    while len(last):
        depth, last = depth + 1, last[-1]
    return depth >= DEEPEST


def flattened(data: bytes) -> bytes:
    """``data`` with all that nests made paragraphs, so that no text is lost of a page that is nested too deep."""

    def flat(tag: re.Match[bytes]) -> bytes:
        name = tag[2].lower()
        if name in FLAT:
            return tag[0]
        return b"" if name in INLINE else b"<p>"

    return ANY_TAG.sub(flat, data)
