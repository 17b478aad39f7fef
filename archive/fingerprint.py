"""Does a reading say something new? An exact fingerprint over what a reader of the page would see change."""

import hashlib
import json
from collections.abc import Iterable, Sequence

from archive.records import Article

compact_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def digest(value: object) -> str:
    """SHA-256, in hex, of ``value`` as compact JSON."""
    return hashlib.sha256(compact_json(value).encode()).hexdigest()


def short_id(*parts: str) -> str:
    """The first 16 hex digits of a digest over ``parts``: the ids of articles, versions and runs."""
    return digest(parts)[:16]


def fingerprint_of(
    *,
    headline: str | None,
    standfirst: str | None,
    section: str | None,
    authors: Sequence[str],
    published_at: str | None,
    blocks: Iterable[tuple[str, str]],
) -> str:
    """The fingerprint of these fields; ``blocks`` are pairs of kind and text.

    Fields are entered by name and only when they are not empty, so that a field added later changes no fingerprint.
    """
    fields: dict[str, object] = {
        "headline": headline,
        "standfirst": standfirst,
        "section": section,
        "authors": list(authors),
        "published_at": published_at,
        "blocks": [[kind, text] for kind, text in blocks if text],
    }
    return digest({name: value for name, value in fields.items() if value})


def fingerprint(article: Article) -> str:
    """What makes this state of an article the same as, or other than, another state.

    A moved ``modified_at``, another tag, image, link or Markdown, and what was stripped, do not enter.
    """
    return fingerprint_of(
        headline=article.headline,
        standfirst=article.standfirst,
        section=article.section,
        authors=article.authors,
        published_at=article.published_at,
        blocks=((block.kind.value, block.text) for block in article.blocks),
    )
