"""An article: its text and fields, its history, what was stripped, its visits and its copies elsewhere."""

from collections import Counter
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from archive.catalogue import select
from archive.diff import compare
from archive.errors import UsageError
from archive.reader import Reader
from archive.records import Version
from archive.web.copies import copies_of
from archive.web.page import Entry, Page, Raw, redirect
from archive.web.pages import timeline as timelines
from archive.web.pages.differences import changed_fields, marked_fields, shown
from archive.web.pages.timeline import article_row, numbered_version, timeline
from archive.web.query import NotThere, Query
from archive.web.story import to_html
from archive.web.wording import kind, plural

MOST_VISITS = 200
VISITS = (
    "SELECT captures.id AS capture_id, captures.url, captures.fetched_at, captures.status, captures.body_id, "
    "readings.outcome, coalesce(readings.reason, captures.detail) AS detail FROM readings "
    "JOIN captures ON captures.id = readings.capture_id WHERE readings.article_id = :id "
    "ORDER BY readings.fetched_at DESC LIMIT :most"
)
ADDRESSES = "SELECT url, kind FROM urls WHERE article_id = :id ORDER BY kind, url LIMIT 100"


def article(reader: Reader, query: Query) -> Page | Raw:
    """``/article/<id>``: as it stands, or with ``?at=`` as it stood then."""
    row, at = article_row(reader, query.part("article")), query.when("at")
    try:
        version = reader.version(row["id"], at=at)
    except UsageError:
        raise NotThere(f"This article did not stand at {at}.") from None
    return _page(reader, row, version, at)


def permalink(reader: Reader, query: Query) -> Page:
    """``/article/<id>/<number>``: one version, for ever under this address."""
    row = article_row(reader, query.part("article"))
    return replace(_page(reader, row, numbered_version(reader, row, query), None), entries=None)


def by_address(reader: Reader, query: Query) -> Raw:
    """``/article/https://…``: to the article with that address."""
    found = timelines.by_address(reader, query.part("url") + (f"?{query.string}" if query.string else ""))
    return redirect(f"/article/{quote(found)}")


def _page(reader: Reader, row: dict[str, Any], version: Version, at: str | None) -> Page:
    versions = timeline(reader, row["id"])
    removals = reader.removals(version.id)
    visits = list(select(reader.connection, VISITS, {"id": row["id"], "most": MOST_VISITS}))
    evidence = reader.connection.execute("SELECT evidence FROM versions WHERE id = ?", (version.id,)).fetchone()
    copies = copies_of(reader, version)
    data = {"article": row, "version": version, "versions": versions, "removals": removals, "visits": visits}
    return Page(
        template="article",
        title=version.headline or version.url,
        data=data | {"copies": copies},
        shown={
            "story": to_html(version.markdown),
            "at": at,
            "is_last": version.number == row["versions"],
            "evidence": _evidence(evidence[0]),
            "addresses": list(select(reader.connection, ADDRESSES, {"id": row["id"]})),
            "removed": Counter(removal["kind"] for removal in removals).most_common(),
            "headlines": _headlines(versions),
            "most_visits": MOST_VISITS,
            **_last_change(reader, row["id"], version),
        },
        entries=[_entry(row, each) for each in reversed(versions)],
    )


def _evidence(stored: str) -> dict[str, tuple[str, str]]:
    """By field, the source that was taken and the string as printed."""
    import json

    return {field: (source, raw) for field, source, raw in reversed(json.loads(stored))}


def _headlines(versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each version that brought another headline."""
    return [
        version
        for place, version in enumerate(versions)
        if place == 0 or version["headline"] != versions[place - 1]["headline"]
    ]


def _last_change(reader: Reader, article_id: str, version: Version) -> dict[str, Any]:
    """What this version changed, for the page itself."""
    if version.number == 1:
        return {"diff": None}
    old = reader.version(article_id, number=version.number - 1)
    found = compare(old.text, version.text)
    fields = marked_fields(changed_fields(old, version))
    return {"diff": found, "before": old, "after": version, "fields": fields, "shown": list(shown(found))}


def _entry(row: dict[str, Any], version: dict[str, Any]) -> Entry:
    number = version["number"]
    words = f"{plural(version['words_added'], 'word')} added, {version['words_removed']} removed"
    return Entry(
        id=f"version {row['id']} {number} {version['seen_from']}",
        path=f"/article/{row['id']}/{number}",
        title=f"Version {number} ({kind(version['change'])}): {version['headline'] or row['url']}",
        updated=version["seen_from"],
        summary=plural(version["words"], "word") if number == 1 else words,
        original=row["url"],
        published=row["published_at"],
        authors=tuple(row["authors"]),
        tags=(version["change"],),
        language=row["language"],
    )
