"""What changed between two texts, by paragraph and by word, with moved paragraphs recognised. Pure.

Both texts can be had back from a diff: ``before_of(compare(a, b)) == a`` and ``after_of(compare(a, b)) == b``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from archive.words import WORD, count_words

SEPARATOR = "\n\n"
TOKEN = re.compile(rf"\s*(?:{WORD.pattern}|\S)|\s+")
BARE = re.compile(rf"{WORD.pattern}|\S")
ALIKE = 0.5  # share of common words from which two paragraphs are one that was edited
STILL_ALIKE = 0.8  # the same for paragraphs that also moved, where chance likenesses are many
MOST_CELLS = 4_000_000  # tokens before times tokens after: beyond, a paragraph counts as replaced (about a second)
MOST_PAIRS = 40_000  # paragraphs before times paragraphs after, tried for likeness within one changed stretch


class Op(StrEnum):
    """What happened to a piece of text, or to a paragraph; the last two are for paragraphs alone."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, came or went; white space included, so that pieces join to the paragraph."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of either text. ``before`` and ``after`` are its places there, from 0; ``None`` where it is not."""

    op: Op
    before: int | None
    after: int | None
    pieces: tuple[Piece, ...]

    def old(self) -> str:
        """Its text before."""
        return "".join(piece.text for piece in self.pieces if piece.op is not Op.ADDED)

    def new(self) -> str:
        """Its text after."""
        return "".join(piece.text for piece in self.pieces if piece.op is not Op.REMOVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """All paragraphs in the order to read them, the words that came and went, and the likeness, 0–1, of the texts."""

    paragraphs: tuple[Paragraph, ...]
    words_added: int
    words_removed: int
    similarity: float


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces that lead from one paragraph to the other."""
    if before == after:
        return (Piece(Op.SAME, before),) if before else ()
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    if len(old) * len(new) > MOST_CELLS:
        return _pieces([(Op.REMOVED, before), (Op.ADDED, after)])
    found: list[tuple[Op, str]] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append((Op.SAME, "".join(old[i:j])))
        else:
            found += [(Op.REMOVED, "".join(old[i:j])), (Op.ADDED, "".join(new[k:m]))]
    return _pieces(found)


def _pieces(found: Iterable[tuple[Op, str]]) -> tuple[Piece, ...]:
    return tuple(Piece(op, text) for op, text in found if text)


def likeness(before: Counter[str], after: Counter[str]) -> float:
    """The share, 0–1, of words that two paragraphs have in common, order aside."""
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 0.0


def _bag(text: str) -> Counter[str]:
    return Counter(BARE.findall(text.casefold()))


def _paragraph(op: Op, place: int, text: str) -> Paragraph:
    piece = (Piece(op, text),) if text else ()
    return Paragraph(
        op=op, before=None if op is Op.ADDED else place, after=None if op is Op.REMOVED else place, pieces=piece
    )


def _edited(old: Sequence[str], new: Sequence[str], i: int, k: int) -> Iterator[Paragraph]:
    """A changed stretch, whose paragraphs stood from ``i`` and stand from ``k``: like ones paired, in order."""
    pairs = _pair_in_order(old, new) if len(old) * len(new) <= MOST_PAIRS else []
    done_old = done_new = 0
    for a, b in [*pairs, (len(old), len(new))]:
        yield from (_paragraph(Op.REMOVED, i + n, old[n]) for n in range(done_old, a))
        yield from (_paragraph(Op.ADDED, k + n, new[n]) for n in range(done_new, b))
        if a < len(old):
            yield Paragraph(op=Op.CHANGED, before=i + a, after=k + b, pieces=compare_words(old[a], new[b]))
        done_old, done_new = a + 1, b + 1


def _pair_in_order(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The pairing, without crossings, with the greatest sum of likenesses that reach ``ALIKE``."""
    bags = [_bag(text) for text in new]
    best: list[list[float]] = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike: dict[tuple[int, int], float] = {}
    for a in reversed(range(len(old))):
        bag = _bag(old[a])
        for b in reversed(range(len(new))):
            like = likeness(bag, bags[b])
            alike[a, b] = like if like >= ALIKE else -1.0
            best[a][b] = max(best[a + 1][b], best[a][b + 1], best[a + 1][b + 1] + alike[a, b])
    pairs, a, b = [], 0, 0
    while a < len(old) and b < len(new):
        if alike[a, b] > 0 and best[a][b] == best[a + 1][b + 1] + alike[a, b]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs


def _with_moves(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Pair what went in one place with what came in another; it then stands where it came, as moved."""
    gone = [(n, _bag(each.old())) for n, each in enumerate(paragraphs) if each.op is Op.REMOVED and each.pieces]
    came = [n for n, each in enumerate(paragraphs) if each.op is Op.ADDED and each.pieces]
    if len(gone) * len(came) > MOST_PAIRS:
        return paragraphs
    taken: set[int] = set()
    moved: dict[int, Paragraph] = {}
    for n in came:
        bag = _bag(paragraphs[n].new())
        likest = max(((likeness(other, bag), -m) for m, other in gone if m not in taken), default=(0.0, 0))
        if likest[0] >= STILL_ALIKE:
            origin = paragraphs[-likest[1]]
            taken.add(-likest[1])
            pieces = compare_words(origin.old(), paragraphs[n].new())
            moved[n] = replace(paragraphs[n], op=Op.MOVED, before=origin.before, pieces=pieces)
    return [moved.get(n, each) for n, each in enumerate(paragraphs) if n not in taken]


def _count(paragraphs: Iterable[Paragraph], op: Op) -> int:
    return sum(count_words(piece.text) for each in paragraphs for piece in each.pieces if piece.op is op)


def split_paragraphs(text: str) -> list[str]:
    """The paragraphs of a text; none of an empty one."""
    return text.split(SEPARATOR) if text else []


def compare(before: str, after: str, *, words: int | None = None) -> Diff:
    """The difference of two texts whose paragraphs are apart by a blank line.

    ``words`` are those of both together, where the caller knows them.
    """
    old, new = split_paragraphs(before), split_paragraphs(after)
    paragraphs: list[Paragraph] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            paragraphs += [replace(_paragraph(Op.SAME, i + n, text), after=k + n) for n, text in enumerate(old[i:j])]
        else:
            paragraphs += _edited(old[i:j], new[k:m], i, k)
    paragraphs = _with_moves(paragraphs)
    added, removed = _count(paragraphs, Op.ADDED), _count(paragraphs, Op.REMOVED)
    total = count_words(before) + count_words(after) if words is None else words
    similarity = max(0.0, 1 - (added + removed) / total) if total else 1.0
    return Diff(paragraphs=tuple(paragraphs), words_added=added, words_removed=removed, similarity=round(similarity, 4))


def before_of(diff: Diff) -> str:
    """The text before."""
    return SEPARATOR.join(
        text for _, text in sorted((p.before, p.old()) for p in diff.paragraphs if p.before is not None)
    )


def after_of(diff: Diff) -> str:
    """The text after."""
    return SEPARATOR.join(
        text for _, text in sorted((p.after, p.new()) for p in diff.paragraphs if p.after is not None)
    )


def runs_of(paragraphs: Iterable[Paragraph]) -> Iterator[tuple[bool, list[Paragraph]]]:
    """Neighbouring paragraphs that stayed the same, or did not, together."""
    for same, group in groupby(paragraphs, key=lambda each: each.op is Op.SAME):
        yield same, list(group)
