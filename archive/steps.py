"""What differs between two versions, piece by piece, in a form that can be counted over a site's articles. Pure."""

import hashlib
import json
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from archive.content import Content, unpack_blocks

MOST = 100  # pieces: a step with more is no template's
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a difference: ``what`` is line, setting, headline, section, author, published or order.

    Numbers are masked, and of headlines only the part that differs is told, so that what a template does to many
    articles is one piece on all of them. ``None`` is what was not there.
    """

    what: str
    before: str | None
    after: str | None

    @property
    def mark(self) -> int:
        """A 64-bit hash of it, signed as SQLite has integers."""
        told = json.dumps([self.what, self.before, self.after], ensure_ascii=False)
        return int.from_bytes(hashlib.blake2b(told.encode(), digest_size=8).digest(), signed=True)


def masked(text: str | None) -> str | None:
    """``text`` with its numbers made one."""
    return DIGITS.sub("0", text) if text else text


def _lines(content: Content) -> list[tuple[str, str]]:
    """Kind and text of each line, the standfirst first."""
    standfirst = [("standfirst", content.standfirst)] if content.standfirst else []
    return [*standfirst, *unpack_blocks(content.blocks, content.text)]


def _line_pieces(before: Content, after: Content) -> Iterator[Piece]:
    old, new = _lines(before), _lines(after)
    went, came = Counter(old) - Counter(new), Counter(new) - Counter(old)
    kinds = {text: kind for kind, text in came}
    reset = {text for kind, text in went if text in kinds}
    for kind, text in went:
        yield Piece("setting", kind, kinds[text]) if text in reset else Piece("line", masked(text), None)
    yield from (Piece("line", None, masked(text)) for _, text in came if text not in reset)
    changed = {text for _, text in (*went, *came)}
    if [text for _, text in old if text not in changed] != [text for _, text in new if text not in changed]:
        yield Piece("order", "lines", "lines")


def _common(before: Iterable[str], after: Iterable[str]) -> int:
    """How many characters are equal from the start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def _formed(what: str, before: str, after: str) -> Piece:
    """A piece with its numbers masked, unless a number is all that differs: then it is what the article says."""
    forms = masked(before), masked(after)
    return Piece(what, before, after) if forms[0] == forms[1] else Piece(what, *forms)


def _headline_piece(before: str, after: str) -> Piece:
    start = _common(before, after)
    end = _common(reversed(before[start:]), reversed(after[start:]))
    return _formed("headline", before[start : len(before) - end], after[start : len(after) - end])


def _published_piece(before: str, after: str) -> Piece:
    if before and before[:10] == after[:10]:  # the same day in another form
        return _formed("published", before, after)
    return Piece("published", before, after)


def _field_pieces(before: Content, after: Content) -> Iterator[Piece]:
    if before.headline != after.headline:
        yield _headline_piece(before.headline or "", after.headline or "")
    if before.section != after.section:
        yield Piece("section", before.section, after.section)
    if before.published_at != after.published_at:
        yield _published_piece(before.published_at or "", after.published_at or "")
    old, new = json.loads(before.authors), json.loads(after.authors)
    yield from (Piece("author", name, None) for name in old if name not in new)
    yield from (Piece("author", None, name) for name in new if name not in old)
    if old != new and set(old) == set(new):
        yield Piece("order", "authors", "authors")


def pieces(before: Content, after: Content) -> tuple[Piece, ...]:
    """Everything of what makes a version that differs, each piece once."""
    return tuple(dict.fromkeys((*_line_pieces(before, after), *_field_pieces(before, after))))


def pack(marks: Iterable[int]) -> bytes | None:
    """Marks, eight bytes each; ``None`` for none, or for more than a template would make."""
    listed = list(marks)
    return struct.pack(f"<{len(listed)}q", *listed) if 0 < len(listed) <= MOST else None


def unpack(packed: bytes) -> tuple[int, ...]:
    """What ``pack`` was given."""
    return struct.unpack(f"<{len(packed) // 8}q", packed)
