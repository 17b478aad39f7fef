"""Why a page was read as it was: its pieces in order with what became of each, and where every field came from. Pure.

``terminal`` shows it as lines, ``document`` as HTML.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from archive.records import Article, RemovalKind
from pipelines.normalise_text import normalise_line, normalise_lines
from scraper.reading.compare import same

FIELDS = (
    *("headline", "standfirst", "section", "authors", "published_at", "modified_at", "language", "tags", "image_url"),
    *("url", "paywalled", "correction"),
)
KEPT, FIELD = "kept", "field"
# What sorts of fate are told apart by colour; the label beside it names the kind.
GROUPS = {
    KEPT: "the story",
    FIELD: "shown in a field of its own",
    "about": "dates and bylines",
    "elsewhere": "ways to other pages",
    "asks": "sign-ups, consent, promotion, advertisements",
    "rest": "everything else that was stripped",
}
GROUP_OF = {
    RemovalKind.DATE: "about",
    RemovalKind.BYLINE: "about",
    RemovalKind.NAVIGATION: "elsewhere",
    RemovalKind.RELATED: "elsewhere",
    RemovalKind.SHARE: "elsewhere",
    RemovalKind.SIGNUP: "asks",
    RemovalKind.CONSENT: "asks",
    RemovalKind.PROMO: "asks",
    RemovalKind.ADVERTISEMENT: "asks",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the page: its ``group`` (a key of ``GROUPS``), its fate in words, the rule, its place, its text."""

    group: str
    fate: str
    rule: str
    position: int
    path: str
    text: str

    @property
    def place(self) -> str:
        """Position, path and rule in one line."""
        return " · ".join(part for part in (str(self.position), self.path, self.rule) if part)


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field, its value, where it came from, and the string as printed; the last two may be empty."""

    name: str
    value: str
    source: str
    raw: str


def _blocks(article: Article) -> Iterator[Piece]:
    for block in article.blocks:
        level = f" {block.level}" if block.level else ""
        fate = f"kept: {block.kind.value.replace('_', ' ')}{level}"
        yield Piece(KEPT, fate, "", block.position, "", normalise_lines(block.text))


def _removals(article: Article) -> Iterator[Piece]:
    shown = {same(text): name for name in ("section", "standfirst", "headline") if (text := getattr(article, name))}
    for removal in article.removals:
        field = shown.get(same(removal.text)) if removal.kind in (RemovalKind.REPEAT, RemovalKind.NAVIGATION) else None
        group = FIELD if field else GROUP_OF.get(removal.kind, "rest")
        fate = field or f"removed: {removal.kind}"
        path, rule = normalise_line(removal.path), normalise_line(removal.rule)
        yield Piece(group, fate, rule, removal.position, path, normalise_lines(removal.text))


def pieces_of(article: Article) -> list[Piece]:
    """Each block and each removal of ``article`` once, in the order of the page.

    What was stripped whole stands before the block that has its position.
    """
    return sorted((*_removals(article), *_blocks(article)), key=lambda piece: piece.position)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def fields_of(article: Article) -> list[FieldRow]:
    """The fields that have a value, in the order of the record."""
    found = {evidence.field: evidence for evidence in reversed(article.evidence)}
    rows = []
    for name in FIELDS:
        if value := normalise_line(_shown(getattr(article, name))):
            evidence = found.get(name)
            source, raw = (evidence.source, evidence.raw) if evidence else ("", "")
            rows.append(FieldRow(name, value, normalise_line(source), normalise_line(raw)))
    return rows


def verdict_of(article: Article) -> str:
    """Kind, confidence, words and reason in one line."""
    reason = f"; {normalise_line(article.reason)}" if article.reason else ""
    return f"{article.kind.value}, confidence {article.confidence:.2f}, {article.words} words{reason}"
