"""What sort of change leads from one version to the next. Pure.

The kinds exclude each other, so the first that holds is taken: returned, template, restored, correction, update or
silent (the text or the standfirst says something else), headline, metadata (section, byline, publication time),
typographic. When headline and text both change, the text gives the kind; the view ``changes`` shows both headlines
all the same.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from archive.content import Content, unpack_blocks
from archive.corrections import is_correction_note
from archive.history import Span
from archive.records import ArticleKind, ChangeKind
from archive.steps import Piece, masked, pieces

SINGLE_QUOTES = "‘’‚‛‹›′`´＇"
DOUBLE_QUOTES = "“”„‟«»″＂「」『』〝〞〟"
DASHES = "‐‑‒–—―−﹘﹣－"
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
FOLDED = str.maketrans(
    dict.fromkeys(SINGLE_QUOTES, "'")
    | dict.fromkeys(DOUBLE_QUOTES, '"')
    | dict.fromkeys(DASHES, "-")
    | dict.fromkeys(INVISIBLE, None)
)
# Beside a digit a space may part two numbers or a sign from its number, so there it is more than spacing.
NUMERIC = "+-.,:/±×*=<>"
NO_LETTERS = re.compile(r"[\W_]+")


def _space(match: re.Match[str]) -> str:
    before, after = match.string[match.start() - 1], match.string[match.end()]
    in_words = before.isalnum() and after.isalnum()
    in_number = (before.isdigit() and after in NUMERIC) or (before in NUMERIC and after.isdigit())
    return " " if in_words or in_number else ""


def fold_typography(text: str) -> str:
    """``text`` with spacing, quotes and dashes made one; texts that fold alike differ in typography alone.

    Digits, signs and decimals stay as they are, and so do spaces between words and the marks of a number.
    """
    folded = " ".join(unicodedata.normalize("NFC", text).translate(FOLDED).split())
    folded = re.sub(r"(?<!\d)'", '"', folded)  # after a digit, ' is feet or minutes and " is inches or seconds
    folded = re.sub(r"(?<!-)-{2,3}(?![-\d])", "-", folded)
    return re.sub(" ", _space, folded)


@dataclass(frozen=True, slots=True)
class Told:
    """What of a content the kind of a change is judged by: lines (the standfirst first), headline and metadata."""

    lines: list[str]
    headline: str
    metadata: list[str]


def _told(content: Content, drifted: Collection[Piece], *, is_after: bool) -> Told:
    """``content`` without what is the template's; ``is_after`` says on which side of the pieces it stands."""
    gone = {(piece.what, piece.after if is_after else piece.before) for piece in drifted}
    whats = {piece.what for piece in drifted}
    authors = [name for name in json.loads(content.authors) if ("author", name) not in gone]
    section = "" if "section" in whats else content.section or ""
    published = "" if "published" in whats else content.published_at or ""
    lines = [content.standfirst or "", *(text for _, text in unpack_blocks(content.blocks, content.text))]
    return Told(
        lines=[text for text in lines if ("line", masked(text)) not in gone] if gone else lines,
        headline="" if "headline" in whats else content.headline or "",
        metadata=[section, *authors, published],
    )


def _reads_alike(before: Sequence[str | None], after: Sequence[str | None]) -> bool:
    """Whether the two differ in typography at most; parts that are equal at either end are left out, but for one."""
    start = _common(before, after)
    end = min(_common(before[::-1], after[::-1]), len(before) - start, len(after) - start)
    first, beyond = max(start - 1, 0), 1 - end
    old, new = (
        "\n".join(map(str, parts[first : beyond or None] if end else parts[first:])) for parts in (before, after)
    )
    return old == new or (_letters(old) == _letters(new) and fold_typography(old) == fold_typography(new))


def _letters(text: str) -> str:
    """Letters and digits alone, which typography never changes: most texts that differ do so here."""
    return NO_LETTERS.sub("", unicodedata.normalize("NFC", text))


def _common(before: Sequence[str | None], after: Sequence[str | None]) -> int:
    """How many parts are equal from the start."""
    pairs = zip(before, after, strict=False)
    return next((n for n, (old, new) in enumerate(pairs) if old != new), min(len(before), len(after)))


def _is_corrected(before: Content, after: Content, old: list[str], new: list[str]) -> bool:
    if after.correction and after.correction != before.correction:
        return True
    notes = [text for text in new if text not in old and is_correction_note(text)]
    known = {fold_typography(text) for text in old} if notes else set()
    return any(fold_typography(note) not in known for note in notes)


def _is_live(before: Content, after: Content) -> bool:
    return ArticleKind.LIVE.value in (before.kind, after.kind)


def classify_step(before: Content, after: Content, drifted: Collection[Piece] = ()) -> ChangeKind:
    """The kind of a step between two contents with different fingerprints, neither of which was seen before.

    ``drifted`` are pieces of the difference that are the template's: the rest gives the kind.
    """
    old, new = _told(before, drifted, is_after=False), _told(after, drifted, is_after=True)
    if _is_corrected(before, after, old.lines, new.lines):
        return ChangeKind.CORRECTION
    if not _reads_alike(old.lines, new.lines):
        if _is_live(before, after) and not set(old.lines) - set(new.lines):  # a live blog that goes on
            return ChangeKind.UPDATE
        moved = after.modified_at is not None and after.modified_at != before.modified_at
        return ChangeKind.UPDATE if moved else ChangeKind.SILENT
    if not _reads_alike([old.headline], [new.headline]):
        return ChangeKind.HEADLINE
    if not _reads_alike(old.metadata, new.metadata):
        return ChangeKind.METADATA
    return ChangeKind.TYPOGRAPHIC


def classify(span: Span, before: Content | None, after: Content, drifting: Collection[int] = frozenset()) -> ChangeKind:
    """The kind of the version that ``span`` is, given its content and that of the version before.

    ``drifting`` are the marks (see ``archive.steps``) of pieces that came or went on many of the site's articles then.
    """
    if before is None:
        return ChangeKind.NEW
    if span.after_gone and before.fingerprint == after.fingerprint:
        return ChangeKind.RETURNED
    found = pieces(before, after) if drifting else ()
    drifted = [piece for piece in found if piece.mark in drifting]
    if drifted and len(drifted) == len(found):
        only = _is_corrected(
            before, after, _told(before, (), is_after=False).lines, _told(after, (), is_after=True).lines
        )
        return ChangeKind.CORRECTION if only else ChangeKind.TEMPLATE
    if span.restores:
        return ChangeKind.RESTORED
    return classify_step(before, after, drifted)
