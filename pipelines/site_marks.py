"""Marks: what of an article might be its site's, each as one small number by which it is known on other articles.

A line's mark is a hash of what it says, so that an article's marks are a few hundred bytes, and those of a whole site
can be compared without its texts. Whatever case, quotes and spaces it is set in, a line has one mark.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlsplit

from archive.records import Article, Block, BlockKind, RemovalKind
from archive.urls import site_of
from pipelines.line_rules import LONGEST_LINE, tidy_line

SHORT = 60  # bytes of UTF-8 under which a line is a short one: many stories may say "Police are looking for witnesses."
LABEL_SIZE, LABEL_WORDS = 30, 3  # bytes and words of a line that stands over others as a heading does: "Pros", "Method"
NUMBER = re.compile(r"\d+(?:[.,:/\u2009\u202f ]\d+)*")
DIGIT = re.compile(r"\d")
MOST_NUMBERS, FEWEST_LETTERS, FEWEST_SPACES = 3, 25, 4  # a line that differs in more, or says less beside, is data
SEPARATOR = re.compile(r"\s*\|+\s*|\s+(?:[-–—·•»]|::?)\s+")
MOST_ENDS = 3  # parts of a title at its end that may be the site's: " | Sport | The Penmarrow Ledger"
LABELLED = re.compile(r"[*_]*([^\[\]*_]{3,40}?[:：|»›])[*_]*\s*[*_]*\[[^\]]+\]\(<?(https?://[^)\s>]+)>?\)[*_.]*")
LABEL = re.compile(r"[^\[\]*_]{3,40}?[:：|»›](?=\s)")
LONGEST_TEASER = 600  # characters of Markdown
SHORTEST_TITLE = 15  # characters of a headline that is looked for in the lines
ROLE_BITS = 4
ROLES = (1 << ROLE_BITS) - 1


class Role(IntEnum):
    """What a mark stands for.

    ``NUMBERED`` is a line without its numbers, or the article's headline: ``join our 0 readers``. ``LABEL`` is what
    stands before a link to another page of the site, when a line is nothing else: ``from our archive:``. ``BANNER`` is
    a heading as long as a sentence.
    """

    LINE = 0
    SHORT = 1
    HEADING = 2
    NUMBERED = 3
    TITLE = 4
    BYLINE = 5
    LABEL = 6
    BANNER = 7


BODY = frozenset({Role.LINE, Role.SHORT, Role.HEADING, Role.BANNER})
MORE = frozenset({Role.NUMBERED, Role.LABEL})  # further marks of a line, which follow the one of its own
# Code and tables say what they say; captions and embeds are not in the text.
MARKED = {BlockKind.PARAGRAPH: Role.LINE, BlockKind.LIST_ITEM: Role.LINE, BlockKind.QUOTE: Role.LINE}
MARKED |= {BlockKind.HEADING: Role.HEADING}


def role_of(mark: int) -> Role:
    """What ``mark`` stands for."""
    return Role(mark & ROLES)


def _same(text: str) -> str:
    """``text`` without what does not make it another: case, quotes, spaces."""
    return tidy_line(text).casefold()


def hash_of(text: str) -> int:
    """56 bits of a hash: in a site of a million lines, one chance in 100,000 that two share one."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=7).digest())


def mark(text: str, role: Role) -> int:
    """The mark of ``text`` in that role: below 2**60."""
    return hash_of(text) << ROLE_BITS | int(role)


def _without_numbers(line: str) -> str | None:
    """``line`` with ``0`` for each number, if it says enough besides; ``None`` for data."""
    masked, count = NUMBER.subn("0", line)
    spaces = masked.count(" ")
    says_enough = spaces >= FEWEST_SPACES and len(masked) >= FEWEST_LETTERS + spaces
    return masked if count <= MOST_NUMBERS and says_enough else None


@lru_cache(maxsize=1_024)  # noting and taking out ask for the same lines, one after the other
def marks_of_line(text: str, kind: BlockKind) -> tuple[int, ...]:
    """The marks of a block: one, and one more if it holds numbers that might differ elsewhere; none for some kinds."""
    role = MARKED.get(kind)
    line = _same(text)
    if role is None or not line:
        return ()
    if role is Role.LINE and len(line) < SHORT and (size := len(line.encode("utf-8", "replace"))) < SHORT:
        is_label = line.endswith((":", "：")) or (size < LABEL_SIZE and line.count(" ") < LABEL_WORDS)
        role = Role.HEADING if is_label else Role.SHORT
    elif role is Role.HEADING and len(line.encode("utf-8", "replace")) >= LABEL_SIZE:
        role = Role.BANNER
    own = mark(line, role)
    may_vary = kind is not BlockKind.HEADING and len(line) <= LONGEST_LINE and DIGIT.search(line)
    masked = _without_numbers(line) if may_vary else None
    return (own, mark(masked, Role.NUMBERED)) if masked else (own,)


def is_heading(block: Block) -> bool:
    """Whether a block stands over others: a heading, or a paragraph as short as a label."""
    return any(role_of(mark) is Role.HEADING for mark in marks_of_line(block.text, block.kind)[:1])


def title_ends(headline: str | None) -> Iterator[tuple[int, int]]:
    """Where a headline may end with its site's name, or begin with it: half-open ranges with their separators."""
    places = list(SEPARATOR.finditer(headline or ""))
    for found in places[-MOST_ENDS:]:
        yield found.start(), len(headline or "")
    if places:
        yield 0, places[0].end()


def mark_of_title(part: str) -> int:
    """The mark of a title's beginning or end; its separator says which of the two it is."""
    return mark(_same(part), Role.TITLE)


def mark_of_byline(name: str) -> int:
    """The mark of an author."""
    return mark(_same(name), Role.BYLINE)


def section_of(article: Article) -> int:
    """A hash of the article's section, or of the first folder of its address; 0 if it has neither."""
    folders = urlsplit(article.url or "").path.strip("/").split("/")[:-1]
    folder = folders[0] if folders and not folders[0].isdigit() else ""
    name = _same(article.section or folder)
    return hash_of(name) if name else 0


def day_of(article: Article) -> int:
    """The day that the article was published, as an ordinal; 0 if it does not say."""
    try:
        return date.fromisoformat((article.published_at or "")[:10]).toordinal()
    except ValueError:
        return 0


@dataclass(frozen=True, slots=True)
class Marked:
    """An article's section, its day, and its marks: the title's, the authors', then line by line.

    The first line is the standfirst, if there is one: what is furniture stands there on some pages.
    """

    section: int
    day: int
    marks: tuple[int, ...]

    def pack(self) -> bytes:
        """Eight bytes a number."""
        return struct.pack(f"<{len(self.marks) + 2}q", self.section, self.day, *self.marks)

    @classmethod
    def unpack(cls, packed: bytes) -> "Marked":
        """What ``pack`` gave."""
        section, day, *marks = struct.unpack(f"<{len(packed) // 8}q", packed)
        return cls(section, day, tuple(marks))


def mark_of_label(label: str) -> int:
    """The mark of what stands before a link to another page."""
    return mark(_same(label), Role.LABEL)


def title_of(headline: str | None) -> str | None:
    """The longest part of a headline, if it is long enough to be known again in a line."""
    longest = max(SEPARATOR.split(headline or ""), key=len)
    return longest if len(longest) >= SHORTEST_TITLE else None


def mark_of_line_about(text: str, title: str) -> int | None:
    """The mark of a line that names the article, without its name, if it says enough besides."""
    masked = _without_numbers(_same(text.replace(title, " 0 "))) if len(text) <= LONGEST_LINE else None
    return mark(masked, Role.NUMBERED) if masked else None


def marks_of_block(block: Block, title: str | None = None, site: str | None = None) -> tuple[int, ...]:
    """The marks of one block of an article of that title (see ``title_of``) and site."""
    marks = marks_of_line(block.text, block.kind)
    if not marks or block.kind is BlockKind.HEADING:
        return marks
    if title and title in block.text and (about := mark_of_line_about(block.text, title)) is not None:
        marks += (about,)
    markdown = block.markdown
    if markdown and site and len(markdown) <= LONGEST_TEASER and (found := LABELLED.fullmatch(markdown)):
        marks += (mark_of_label(found[1]),) if site_of(found[2]) == site else ()
    return marks


def marks_of_standfirst(article: Article) -> tuple[int, ...]:
    """The marks of an article's standfirst: those that it would have as a paragraph."""
    return marks_of_line(article.standfirst, BlockKind.PARAGRAPH) if article.standfirst else ()


def _marks(article: Article) -> Iterator[int]:
    headline = article.headline or ""
    yield from (mark_of_title(headline[start:stop]) for start, stop in title_ends(headline))
    yield from map(mark_of_byline, article.authors)
    yield from marks_of_standfirst(article)
    title = title_of(headline)
    for block in article.blocks:
        yield from marks_of_block(block, title, article.site)


def mark_article(article: Article) -> Marked:
    """The marks of ``article`` as the reader gave it: a function of the page alone."""
    return Marked(section_of(article), day_of(article), tuple(_marks(article)))


# The rules under which what is the site's stands in the ledger.
LINE_RULE, TITLE_RULE, BYLINE_RULE, STANDFIRST_RULE = "site-line", "site-title", "site-byline", "site-standfirst"
EMPTIED_RULE = "heading-without-text"
RULES = {
    LINE_RULE: RemovalKind.OTHER,
    TITLE_RULE: RemovalKind.OTHER,
    BYLINE_RULE: RemovalKind.BYLINE,
    STANDFIRST_RULE: RemovalKind.OTHER,
    EMPTIED_RULE: RemovalKind.RELATED,
}
