"""What sort of change leads from one version to the next. Pure.

The kinds exclude each other, so the first that holds is taken: returned, restored, correction, update or silent (the
text or the standfirst says something else), headline, metadata (section, byline, publication time), typographic. When
headline and text both change, the text gives the kind; the view ``changes`` shows both headlines all the same.
"""

import json
import re
import unicodedata
from collections.abc import Sequence

from archive.content import Content, unpack_blocks
from archive.corrections import is_correction_note
from archive.history import Span
from archive.records import ChangeKind

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


def _all_text(content: Content) -> list[str]:
    return [text for _, text in unpack_blocks(content.blocks, content.text)]


def _reads_alike(before: Sequence[str | None], after: Sequence[str | None]) -> bool:
    """Whether the two differ in typography at most; parts that are equal at either end are left out, but for one."""
    start = _common(before, after)
    end = min(_common(before[::-1], after[::-1]), len(before) - start, len(after) - start)
    first, beyond = max(start - 1, 0), 1 - end
    old, new = (
        "\n".join(map(str, parts[first : beyond or None] if end else parts[first:])) for parts in (before, after)
    )
    return old == new or fold_typography(old) == fold_typography(new)


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


def _metadata(content: Content) -> list[str | None]:
    return [content.section, *json.loads(content.authors), content.published_at]


def classify_step(before: Content, after: Content) -> ChangeKind:
    """The kind of a step between two contents with different fingerprints, neither of which was seen before."""
    old, new = [before.standfirst or "", *_all_text(before)], [after.standfirst or "", *_all_text(after)]
    if _is_corrected(before, after, old, new):
        return ChangeKind.CORRECTION
    if not _reads_alike(old, new):
        moved = after.modified_at is not None and after.modified_at != before.modified_at
        return ChangeKind.UPDATE if moved else ChangeKind.SILENT
    if not _reads_alike([before.headline or ""], [after.headline or ""]):
        return ChangeKind.HEADLINE
    if not _reads_alike(_metadata(before), _metadata(after)):
        return ChangeKind.METADATA
    return ChangeKind.TYPOGRAPHIC


def classify(span: Span, before: Content | None, after: Content) -> ChangeKind:
    """The kind of the version that ``span`` is, given its content and that of the version before."""
    if before is None:
        return ChangeKind.NEW
    if span.after_gone and before.fingerprint == after.fingerprint:
        return ChangeKind.RETURNED
    if span.restores:
        return ChangeKind.RESTORED
    return classify_step(before, after)
