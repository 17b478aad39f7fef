"""What changed between two versions: their texts by word, moved paragraphs, and the fields beside."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from archive.diff import Diff, Op, Paragraph, Piece, compare, runs_of
from archive.diff_renderings import as_data
from archive.errors import UsageError
from archive.reader import Reader
from archive.records import Version
from archive.web.page import Page
from archive.web.pages.timeline import article_row, timeline
from archive.web.query import NotThere, Query
from archive.web.wording import moment

FIELDS = ("headline", "standfirst", "section", "authors", "published_at", "modified_at", "language")
TAGS = {Op.ADDED: "ins", Op.REMOVED: "del"}
CONTEXT = 1  # unchanged paragraphs that are shown beside a change


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph to show, or ``skipped`` unchanged ones folded away."""

    op: str
    html: Markup
    skipped: tuple[Markup, ...] = ()
    moved: str | None = None


def difference(reader: Reader, query: Query) -> Page:
    """``/article/<id>/diff?from=&to=``: the last two versions where nothing is said."""
    article = article_row(reader, query.part("article"))
    last = article["versions"]
    after = query.number("to", last)
    before = query.number("from", max(after - 1, 1))
    old, new = _version(reader, article["id"], before), _version(reader, article["id"], after)
    found = compare(old.text, new.text)
    fields = changed_fields(old, new)
    names = {"article_id": article["id"], "from_version": before, "to_version": after}
    return Page(
        template="diff",
        title=f"Versions {before} and {after}: {article['headline'] or article['url']}",
        data={**names, "fields": fields, **as_data(found)},
        shown={
            "article": article,
            "versions": timeline(reader, article["id"]),
            "before": old,
            "after": new,
            "diff": found,
            "fields": marked_fields(fields),
            "shown": list(shown(found)),
        },
    )


def _version(reader: Reader, article_id: str, number: int) -> Version:
    try:
        return reader.version(article_id, number=number)
    except UsageError:
        raise NotThere(f"This article has no version {number}.") from None


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple | list) else str(value or "")


def changed_fields(old: Version, new: Version) -> dict[str, list[Any]]:
    """Fields beside the text that differ, as ``[before, after]``."""
    pairs = {name: [getattr(old, name), getattr(new, name)] for name in FIELDS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def marked_fields(fields: dict[str, list[Any]]) -> dict[str, Markup]:
    """The same with what came and went marked, word by word."""
    from archive.diff import compare_words

    return {
        name: _replaced(old, new) if name.endswith("_at") else _marked(compare_words(_words(old), _words(new)))
        for name, (old, new) in fields.items()
    }


def _replaced(old: str | None, new: str | None) -> Markup:
    """A time that gave way to another, whole."""
    before = Markup("<del>{}</del> ").format(moment(old)) if old else Markup()
    return before + (Markup("<ins>{}</ins>").format(moment(new)) if new else Markup())


def _marked(pieces: tuple[Piece, ...]) -> Markup:
    return Markup("").join(_piece(piece) for piece in pieces)


def _piece(piece: Piece) -> Markup:
    """Marked, but for the white space at its ends."""
    tag, core = TAGS.get(piece.op), piece.text.strip()
    if tag is None or not core:
        return escape(piece.text)
    lead, _, trail = piece.text.partition(core)
    return Markup("{1}<{0}>{2}</{0}>{3}").format(Markup(tag), lead, core, trail)  # noqa: S704 - a tag of this file


def shown(diff: Diff) -> Iterator[Shown]:
    """The paragraphs to show; of unchanged ones, those beside a change, the others folded."""
    groups = list(runs_of(diff.paragraphs))
    for place, (same, paragraphs) in enumerate(groups):
        head = CONTEXT if place > 0 else 0
        tail = CONTEXT if place < len(groups) - 1 else 0
        if not same or len(paragraphs) <= head + tail + 1:
            yield from map(_shown, paragraphs)
            continue
        folded = paragraphs[head : len(paragraphs) - tail]
        yield from map(_shown, paragraphs[:head])
        yield Shown("folded", Markup(), tuple(_marked(each.pieces) for each in folded))
        yield from map(_shown, paragraphs[len(paragraphs) - tail :])


def _shown(paragraph: Paragraph) -> Shown:
    moved = None
    if paragraph.op is Op.MOVED and paragraph.before is not None and paragraph.after is not None:
        moved = f"moved from paragraph {paragraph.before + 1} to {paragraph.after + 1}"
    return Shown(paragraph.op.value, _marked(paragraph.pieces), moved=moved)
