"""What a visit says about an article: the row in ``readings``, and the versions that follow from it."""

import json
import sqlite3
from collections.abc import Iterable
from functools import lru_cache

from archive import site_lines, urls
from archive.content import Content
from archive.history import NO_STORY, Observation, Span, step
from archive.history import State as Fold
from archive.identity import adopt, find, identify, register, url_key
from archive.records import ChangeKind, Outcome, Stored, Visit
from archive.states import contents_of, keep_state
from archive.versions import confirm, insert_first, refold

site_of = lru_cache(maxsize=4096)(urls.site_of)
FOLDED = NO_STORY | {Outcome.ARTICLE, Outcome.NOT_MODIFIED, Outcome.GONE}  # outcomes that the fold looks at
PAGES = json.dumps(sorted(FOLDED - {Outcome.NOT_MODIFIED}))  # of these, the ones that brought a page or its end
INSERT_READING = (
    "INSERT INTO readings (capture_id, outcome, article_id, fetched_at, fingerprint, digest, reason, reader, marks) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def what_was_stored(connection: sqlite3.Connection, capture_id: str) -> Stored:
    """What the archive knows of a capture that it had already."""
    row = connection.execute("SELECT outcome, article_id FROM readings WHERE capture_id = ?", (capture_id,)).fetchone()
    if row is None:
        return Stored(capture_id, Outcome.FETCHED)
    number = connection.execute("SELECT versions FROM articles WHERE id = ?", (row[1],)).fetchone()
    return Stored(capture_id, Outcome(row[0]), row[1], number[0] if number else None)


def observe(connection: sqlite3.Connection, capture_id: str, visit: Visit, reader: str) -> Stored:
    """Write the reading of a new capture, and bring its article's versions up to date."""
    if visit.article is not None and visit.outcome is Outcome.ARTICLE:
        content = Content.of(visit.article, visit.url, reader)
        return _observe_story(connection, capture_id, visit, content)
    article_id = find(connection, visit.capture.url)
    _insert_reading(connection, capture_id, visit, article_id, None, reader)
    if article_id is None or visit.outcome not in FOLDED:
        return Stored(capture_id, visit.outcome, article_id)
    if visit.outcome in NO_STORY and _is_newest(connection, article_id, capture_id, visit.capture.fetched_at):
        return Stored(capture_id, visit.outcome, article_id)
    if visit.outcome is Outcome.NOT_MODIFIED and (number := _confirmed(connection, article_id, capture_id, visit)):
        return Stored(capture_id, visit.outcome, article_id, number)
    return _refolded(connection, capture_id, visit, article_id, ())


def _observe_story(connection: sqlite3.Connection, capture_id: str, visit: Visit, content: Content) -> Stored:
    assert visit.article is not None
    article_id = identify(connection, visit.capture, visit.article)
    current = _current(connection, article_id)
    newest = current is not None and _is_newest(connection, article_id, capture_id, visit.capture.fetched_at)
    if current is None:
        span = _first_span(capture_id, visit, content)
        insert_first(connection, article_id, span, content)
    _insert_reading(connection, capture_id, visit, article_id, content, content.reader)
    site_lines.note(connection, content.site, article_id, capture_id, visit.capture.fetched_at, visit.marks)
    adopted = adopt(connection, article_id, register(connection, article_id, visit.capture, visit.article))
    if current is None and not adopted:
        return Stored(capture_id, visit.outcome, article_id, 1, ChangeKind.NEW)
    if current is not None and newest and not adopted and current[1] == content.fingerprint and current[3] is None:
        confirm(connection, article_id, current[0], visit.capture.fetched_at)
        if current[2] != content.digest:
            keep_state(connection, article_id, current[0], capture_id, content)
        return Stored(capture_id, visit.outcome, article_id, current[4])
    return _refolded(connection, capture_id, visit, article_id, [content])


def _first_span(capture_id: str, visit: Visit, content: Content) -> Span:
    seen = Observation(
        fetched_at=visit.capture.fetched_at,
        capture_id=capture_id,
        outcome=Outcome.ARTICLE,
        address=url_key(visit.capture.url),
        fingerprint=content.fingerprint,
        landed=url_key(visit.url),
    )
    span = step(Fold(), seen).span
    assert span is not None
    return span


def _current(connection: sqlite3.Connection, article_id: str) -> tuple[str, str, str, str | None, int] | None:
    """Id, fingerprint, digest, end and number of the article's last version."""
    row: tuple[str, str, str, str | None, int] | None = connection.execute(
        "SELECT id, fingerprint, digest, seen_to, number FROM versions "
        "WHERE article_id = ? ORDER BY number DESC LIMIT 1",
        (article_id,),
    ).fetchone()
    return row


def _is_newest(connection: sqlite3.Connection, article_id: str, capture_id: str, fetched_at: str) -> bool:
    """Whether no other visit to the article is as late as ``fetched_at``."""
    later = connection.execute(
        "SELECT 1 FROM readings WHERE article_id = ? AND fetched_at >= ? AND capture_id <> ? LIMIT 1",
        (article_id, fetched_at, capture_id),
    ).fetchone()
    return later is None


def _insert_reading(
    connection: sqlite3.Connection,
    capture_id: str,
    visit: Visit,
    article_id: str | None,
    content: Content | None,
    reader: str,
) -> None:
    reason = visit.article.reason if visit.article else visit.capture.detail
    fingerprint, digest = (content.fingerprint, content.digest) if content else (None, None)
    connection.execute(
        INSERT_READING,
        (
            capture_id,
            visit.outcome.value,
            article_id,
            visit.capture.fetched_at,
            fingerprint,
            digest,
            reason,
            reader,
            visit.marks if content else None,
        ),
    )


def _confirmed(connection: sqlite3.Connection, article_id: str, capture_id: str, visit: Visit) -> int | None:
    """The number of the current version, confirmed by a 304, if that is plainly right: without a look at all visits.

    It is when the last page that came was the story, at this very address.
    """
    fetched_at = visit.capture.fetched_at
    current = _current(connection, article_id)
    if current is None or current[3] is not None or not _is_newest(connection, article_id, capture_id, fetched_at):
        return None
    last = connection.execute(
        "SELECT readings.outcome, captures.url FROM readings JOIN captures ON captures.id = readings.capture_id "
        "WHERE article_id = ? AND readings.fetched_at < ? "
        "AND readings.outcome IN (SELECT value FROM json_each(?)) ORDER BY readings.fetched_at DESC LIMIT 1",
        (article_id, fetched_at, PAGES),
    ).fetchone()
    if last != (Outcome.ARTICLE.value, visit.capture.url):
        return None
    confirm(connection, article_id, current[0], fetched_at)
    return current[4]


def _refolded(
    connection: sqlite3.Connection, capture_id: str, visit: Visit, article_id: str, fresh: Iterable[Content]
) -> Stored:
    refold(connection, article_id, fresh)
    opened = connection.execute(
        "SELECT number, change FROM versions WHERE article_id = ? AND capture_id = ?", (article_id, capture_id)
    ).fetchone()
    if opened:
        return Stored(capture_id, visit.outcome, article_id, opened[0], ChangeKind(opened[1]))
    row = connection.execute("SELECT versions, gone_at FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:  # reread, and no visit saw a story any more
        return Stored(capture_id, visit.outcome)
    versions, gone_at = row
    change = ChangeKind.GONE if visit.outcome is Outcome.GONE and gone_at == visit.capture.fetched_at else None
    return Stored(capture_id, visit.outcome, article_id, versions, change)


def observe_again(connection: sqlite3.Connection, capture_id: str, visit: Visit, reader: str) -> Stored:
    """Replace the reading of a capture, and bring the versions of its article up to date.

    The article stays the one that the capture belonged to.
    """
    row = connection.execute("SELECT article_id, marks FROM readings WHERE capture_id = ?", (capture_id,)).fetchone()
    article_id, marks = row or (None, None)
    if article_id is None:
        connection.execute("DELETE FROM readings WHERE capture_id = ?", (capture_id,))
        return observe(connection, capture_id, visit, reader)
    story = visit.article if visit.outcome is Outcome.ARTICLE else None
    content = Content.of(story, visit.url, reader) if story else None
    kept = contents_of(connection, article_id)  # before the old reading goes: another may lean on its state
    connection.execute("DELETE FROM readings WHERE capture_id = ?", (capture_id,))
    _insert_reading(connection, capture_id, visit, article_id, content, reader)
    if (visit.marks if content else None) != marks:
        site_lines.note_article(connection, article_id)
    return _refolded(connection, capture_id, visit, article_id, [*kept.values(), *([content] if content else [])])
