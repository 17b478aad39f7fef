"""A diff as text (plain or coloured), as JSON and as HTML. Pure; what is shown comes from ``archive.diff``."""

from collections.abc import Iterator
from html import escape
from typing import Any

from archive.diff import Diff, Op, Paragraph, Piece, runs_of

MARKS = {Op.SAME: " ", Op.ADDED: "+", Op.REMOVED: "-", Op.CHANGED: "~", Op.MOVED: ">"}
BRACKETS = {Op.ADDED: ("{+", "+}"), Op.REMOVED: ("[-", "-]"), Op.SAME: ("", "")}
STYLES = {Op.ADDED: "green", Op.REMOVED: "red strike", Op.SAME: ""}
TAGS = {Op.ADDED: "ins", Op.REMOVED: "del"}
Styled = list[tuple[str, str]]  # pieces of a line with their rich style


def _piece(piece: Piece, *, alone: bool) -> str:
    opening, closing = ("", "") if alone else BRACKETS[piece.op]
    core = piece.text.strip()
    if not core:
        return piece.text if alone or piece.op is Op.SAME else f"{opening}{piece.text}{closing}"
    lead, trail = piece.text[: piece.text.index(core)], piece.text[piece.text.index(core) + len(core) :]
    return f"{lead}{opening}{core}{closing}{trail}"


def plain_lines(diff: Diff, *, context: int = 1) -> Iterator[str]:
    """The diff as lines: ``+`` added, ``-`` removed, ``~`` changed, ``>`` moved, with ``{+words+}`` and ``[-words-]``.

    Of paragraphs that stayed, ``context`` are shown beside each change, the rest counted.
    """
    for each in _shown(diff, context):
        if isinstance(each, int):
            yield f"  … {each} unchanged"
            continue
        alone = each.op in (Op.ADDED, Op.REMOVED)
        yield f"{MARKS[each.op]} " + "".join(_piece(piece, alone=alone) for piece in each.pieces)


def styled_lines(diff: Diff, *, context: int = 1) -> Iterator[Styled]:
    """The same as lines of text with rich styles, without brackets."""
    for each in _shown(diff, context):
        if isinstance(each, int):
            yield [("  ", ""), (f"… {each} unchanged", "dim")]
        else:
            mark = (f"{MARKS[each.op]} ", "bold")
            yield [mark, *((piece.text, STYLES[piece.op]) for piece in each.pieces)]


def marked_lines(diff: Diff, *, context: int = 1) -> Iterator[Styled]:
    """The lines of ``plain_lines`` as pieces without a style: their mark, and the rest."""
    for line in plain_lines(diff, context=context):
        yield [(line[:2], ""), (line[2:], "")]


def _shown(diff: Diff, context: int) -> Iterator[Paragraph | int]:
    """The paragraphs to show, and in place of those that are left out, how many they are."""
    groups = list(runs_of(diff.paragraphs))
    for place, (same, paragraphs) in enumerate(groups):
        head = context if place > 0 else 0
        tail = context if place < len(groups) - 1 else 0
        if not same or len(paragraphs) <= head + tail:
            yield from paragraphs
            continue
        yield from paragraphs[:head]
        yield len(paragraphs) - head - tail
        yield from paragraphs[len(paragraphs) - tail :]


def as_data(diff: Diff) -> dict[str, Any]:
    """The diff as JSON has it: measures, and for each paragraph ``op, before, after, pieces`` of ``[op, text]``."""
    return {
        "similarity": diff.similarity,
        "words_added": diff.words_added,
        "words_removed": diff.words_removed,
        "paragraphs": [
            {
                "op": each.op.value,
                "before": each.before,
                "after": each.after,
                "pieces": [[piece.op.value, piece.text] for piece in each.pieces],
            }
            for each in diff.paragraphs
        ],
    }


def as_html(diff: Diff) -> str:
    """The diff as an HTML fragment: a ``p`` for each paragraph, of its class, with ``ins`` and ``del`` in it."""
    return "\n".join(
        f'<p class="{each.op.value}">{"".join(map(_html, each.pieces))}</p>' for each in diff.paragraphs if each.pieces
    )


def _html(piece: Piece) -> str:
    text = escape(piece.text, quote=False).replace("\n", "<br>\n")
    tag = TAGS.get(piece.op)
    return f"<{tag}>{text}</{tag}>" if tag else text
