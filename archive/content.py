"""Everything that one reading of an article says, in the form in which it is stored."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Self

from archive.fingerprint import digest, fingerprint, fingerprint_of
from archive.markdown import render
from archive.records import UNSPOKEN, Article, Block
from archive.urls import site_of
from archive.words import count_words

SEPARATOR = "\n\n"  # between the paragraphs of a text

# The columns that `articles` and `versions` share, in order, and those that only `versions` has.
FIELD_COLUMNS = (
    *("url", "site", "headline", "standfirst", "section", "authors", "published_at", "modified_at"),
    *("language", "tags", "image_url", "words", "kind", "confidence", "paywalled"),
)
STATE_COLUMNS = ("text", "markdown", "blocks", "correction", "evidence", "fingerprint", "reader")
COLUMNS = FIELD_COLUMNS + STATE_COLUMNS


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def pack_blocks(blocks: Iterable[Block]) -> str:
    """The layout of a text as JSON: ``[kind, length]`` for a block of the text, ``[kind, text]`` for the others."""
    return _json(
        [
            [block.kind.value, block.text if block.kind in UNSPOKEN else len(block.text)]
            for block in blocks
            if block.text
        ]
    )


def unpack_blocks(layout: str, text: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each block that ``pack_blocks`` described, out of the text they were joined to."""
    place = 0
    for kind, size in json.loads(layout):
        if isinstance(size, str):
            yield kind, size
        else:
            yield kind, text[place : place + size]
            place += size + len(SEPARATOR)


@dataclass(frozen=True, kw_only=True)
class Content:
    """One reading of an article as stored: columns of ``versions``, removals and links.

    ``removals`` are tuples of position, kind, rule, path and text; ``links`` of position, URL and text.
    """

    url: str
    site: str
    headline: str | None
    standfirst: str | None
    section: str | None
    authors: str
    published_at: str | None
    modified_at: str | None
    language: str | None
    tags: str
    image_url: str | None
    words: int
    kind: str
    confidence: float
    paywalled: int | None
    text: str
    markdown: str
    blocks: str
    correction: str | None
    evidence: str
    fingerprint: str
    reader: str
    removals: tuple[tuple[int, str, str, str, str], ...] = ()
    links: tuple[tuple[int, str, str], ...] = ()

    @classmethod
    def of(cls, article: Article, url: str, reader: str) -> Self:
        """What ``article``, read at ``url`` by the reader of that version, says."""
        text = article.text
        url = article.url or url
        return cls(
            url=url,
            site=article.site or site_of(url),
            headline=article.headline,
            standfirst=article.standfirst,
            section=article.section,
            authors=_json(article.authors),
            published_at=article.published_at,
            modified_at=article.modified_at,
            language=article.language,
            tags=_json(article.tags),
            image_url=article.image_url,
            words=count_words(text),
            kind=article.kind.value,
            confidence=float(article.confidence),
            paywalled=None if article.paywalled is None else int(article.paywalled),
            text=text,
            markdown=render(article.blocks),
            blocks=pack_blocks(article.blocks),
            correction=article.correction,
            evidence=_json([[found.field, found.source, found.raw] for found in article.evidence]),
            fingerprint=fingerprint(article),
            reader=reader,
            removals=tuple((cut.position, cut.kind._value_, cut.rule, cut.path, cut.text) for cut in article.removals),
            links=tuple((place, link.url, link.text) for place, link in enumerate(article.links)),
        )

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """The content that ``to_json`` wrote."""
        values = json.loads(data)
        values["removals"] = tuple(map(tuple, values["removals"]))
        values["links"] = tuple(map(tuple, values["links"]))
        return cls(**values)

    def to_json(self) -> bytes:
        """All of it as JSON, in one order, so that equal contents are equal bytes."""
        return _json({field.name: getattr(self, field.name) for field in fields(self)}).encode()

    def paragraphs(self) -> tuple[str, ...]:
        """The text of each block."""
        return tuple(text for _, text in unpack_blocks(self.blocks, self.text))

    def columns(self) -> tuple[Any, ...]:
        """The values of ``COLUMNS``."""
        return tuple(getattr(self, name) for name in COLUMNS)

    def fields(self) -> tuple[Any, ...]:
        """The values of ``FIELD_COLUMNS``, for the row in ``articles``."""
        return tuple(getattr(self, name) for name in FIELD_COLUMNS)

    @cached_property
    def digest(self) -> str:
        """A checksum over everything that a version's row, its removals and links must still say."""
        return digest([getattr(self, field.name) for field in fields(self) if field.name != "reader"])[:32]


def recompute_fingerprint(row: Mapping[str, Any]) -> str:
    """The fingerprint that a row of ``versions`` ought to have by its own columns; ``ValueError`` if they are torn."""
    return fingerprint_of(
        headline=row["headline"],
        standfirst=row["standfirst"],
        section=row["section"],
        authors=json.loads(row["authors"]),
        published_at=row["published_at"],
        blocks=unpack_blocks(row["blocks"], row["text"]),
    )
