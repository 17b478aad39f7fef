"""Captures: one row for each visit, whatever it brought. Facts: written once, never changed."""

import json
import sqlite3
from dataclasses import replace

from archive.fingerprint import digest
from archive.records import Capture, Outcome
from archive.urls import site_of

COLUMNS = (
    *("url", "fetched_at", "outcome", "status", "final_url", "redirects", "body_id", "rendered_id", "content_type"),
    *("etag", "last_modified", "headers", "found_via", "found_in", "told", "detail"),
)
INSERT = (
    f"INSERT OR IGNORE INTO captures (id, run_id, site, {', '.join(COLUMNS)}) "  # noqa: S608 - names of this file
    f"VALUES ({', '.join('?' * (3 + len(COLUMNS)))})"
)
# Pages whose reading was worth a conditional request: the others are asked for in full again.
WORTH_CONFIRMING = (Outcome.ARTICLE.value, Outcome.HUB.value)


def values_of(capture: Capture) -> tuple[str | int | None, ...]:
    """The values of ``COLUMNS``."""
    return (
        capture.url,
        capture.fetched_at,
        capture.outcome.value,
        capture.status,
        capture.final_url,
        json.dumps(capture.redirects, ensure_ascii=False),
        capture.body_id,
        capture.rendered_id,
        capture.content_type,
        capture.etag,
        capture.last_modified,
        json.dumps(dict(capture.headers), ensure_ascii=False, sort_keys=True),
        capture.found_via,
        capture.found_in,
        json.dumps(dict(capture.told), ensure_ascii=False, sort_keys=True) if capture.told else None,
        capture.detail,
    )


def id_of(values: tuple[str | int | None, ...]) -> str:
    """The id of a capture: 32 hex digits of a digest over all its values but the run, so that archives merge."""
    return digest(values)[:32]


def insert(connection: sqlite3.Connection, capture_id: str, values: tuple[str | int | None, ...], run_id: str) -> bool:
    """Write a capture; whether it is new to this archive."""
    return connection.execute(INSERT, (capture_id, run_id, site_of(str(values[0])), *values)).rowcount == 1


def load(connection: sqlite3.Connection, capture_id: str) -> Capture | None:
    """The capture with that id, or ``None``."""
    columns = ", ".join(COLUMNS)
    row = connection.execute(f"SELECT {columns} FROM captures WHERE id = ?", (capture_id,)).fetchone()  # noqa: S608
    if row is None:
        return None
    raw = dict(zip(COLUMNS, row, strict=True))
    raw["outcome"] = Outcome(raw["outcome"])
    raw["redirects"] = tuple(json.loads(raw["redirects"]))
    raw["headers"] = json.loads(raw["headers"])
    raw["told"] = json.loads(raw["told"] or "{}")
    return replace(Capture(url="", fetched_at="", outcome=Outcome.FETCHED), **raw)


def validators(
    connection: sqlite3.Connection, url: str, *, is_list: bool = False
) -> tuple[str | None, str | None] | None:
    """ETag and Last-Modified of the newest page that ``url`` brought, for a conditional request.

    ``None`` when it gave none, or when the page was a wall, a challenge or otherwise no story: a 304 would only
    confirm that. What is asked for as a list (``is_list``) may also have little text of its own.
    """
    row = connection.execute(
        "SELECT etag, last_modified, coalesce(readings.outcome, 'article') FROM captures "
        "LEFT JOIN readings ON readings.capture_id = captures.id "
        "WHERE captures.url = ? AND body_id IS NOT NULL ORDER BY captures.fetched_at DESC LIMIT 1",
        (url,),
    ).fetchone()
    worth = WORTH_CONFIRMING + ((Outcome.THIN.value,) if is_list else ())
    if row is None or row[2] not in worth or not (row[0] or row[1]):
        return None
    return row[0], row[1]
