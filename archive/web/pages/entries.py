"""Rows as entries of feeds."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from archive.web.page import Entry
from archive.web.wording import kind, plural

Row = Mapping[str, Any]


def headline_of(row: Row) -> str:
    """What an article goes by."""
    return str(row.get("headline") or row.get("url") or "untitled")


def of_change(row: Row) -> Entry:
    """A row of ``streams.page_of_changes``."""
    here = f"/article/{quote(row['article_id'])}"
    headline = row["headline_after"] or row["headline_before"] or row["url"]
    moved = f"{plural(row['words_added'], 'word')} added, {row['words_removed']} removed"
    summary = (row["standfirst"] or plural(row["words"], "word")) if row["kind"] == "new" else moved
    before = row["headline_before"]
    if before and row["headline_after"] and before != row["headline_after"]:
        summary += f"; before: “{before}”"
    steps = f"?from={row['from_version']}&to={row['to_version']}"
    is_step = row["from_version"] and row["to_version"]
    return Entry(
        id=f"change {row['article_id']} {row['changed_at']} {row['to_version'] or 'gone'}",
        path=f"{here}/diff{steps}" if is_step else here,
        title=headline if row["kind"] == "new" else f"{kind(row['kind']).capitalize()}: {headline}",
        updated=row["changed_at"],
        summary=summary,
        original=row["url"],
        published=row["published_at"],
        authors=tuple(row["authors"]),
        tags=(row["kind"], *((row["section"],) if row["section"] else ())),
        language=row["language"],
    )


def of_article(row: Row) -> Entry:
    """A row of ``articles``."""
    return Entry(
        id=f"article {row['id']}",
        path=f"/article/{quote(row['id'])}",
        title=headline_of(row),
        updated=row["first_seen_at"],
        summary=row["standfirst"] or plural(row["words"], "word"),
        original=row["url"],
        published=row["published_at"],
        authors=tuple(row["authors"]),
        tags=(row["section"],) if row["section"] else (),
        language=row["language"],
    )
