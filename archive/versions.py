"""Writing an article's versions: the fold of ``archive.history`` brought to the rows of the file."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.change import classify
from archive.content import COLUMNS, FIELD_COLUMNS, Content
from archive.diff import compare
from archive.fingerprint import short_id
from archive.history import Observation, Span, State, fold
from archive.identity import url_key
from archive.records import ChangeKind, Outcome
from archive.states import contents_of, keep_states

INSERT_VERSION = (
    f"INSERT INTO versions (id, article_id, number, {', '.join(COLUMNS)}, digest, change, words_added, words_removed, "  # noqa: S608
    "similarity, seen_from, last_confirmed_at, seen_to, capture_id, docid) VALUES "
    f"({', '.join('?' * (3 + len(COLUMNS) + 9))}, (SELECT coalesce(max(docid), 0) + 1 FROM versions))"
)
ARTICLE_COLUMNS = (*FIELD_COLUMNS, "first_seen_at", "last_seen_at", "gone_at", "versions")
UPSERT_ARTICLE = (
    f"INSERT INTO articles (id, {', '.join(ARTICLE_COLUMNS)}) "  # noqa: S608 - names of this package
    f"VALUES ({', '.join('?' * (1 + len(ARTICLE_COLUMNS)))}) ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in ARTICLE_COLUMNS)
)


def version_id(article_id: str, span: Span) -> str:
    """The id of a version: of its article, the time it was first seen, and its fingerprint."""
    return short_id(article_id, span.seen_from, span.fingerprint)


def observations_of(connection: sqlite3.Connection, article_id: str) -> list[Observation]:
    """All that the article's visits saw, in time order."""
    rows = connection.execute(
        "SELECT readings.fetched_at, capture_id, readings.outcome, captures.url, captures.final_url, "
        "readings.fingerprint FROM readings JOIN captures ON captures.id = capture_id "
        "WHERE article_id = ? ORDER BY readings.fetched_at, capture_id",
        (article_id,),
    )
    return [
        Observation(
            fetched_at=fetched_at,
            capture_id=capture_id,
            outcome=Outcome(outcome),
            address=url_key(asked),
            fingerprint=fingerprint,
            landed=url_key(landed or asked) if fingerprint else None,
        )
        for fetched_at, capture_id, outcome, asked, landed, fingerprint in rows
    ]


def insert_first(connection: sqlite3.Connection, article_id: str, span: Span, content: Content) -> None:
    """Write an article that was never seen before, and its first version."""
    _upsert_article(connection, article_id, [span], State(span=span), content)
    _insert(connection, article_id, span, content, None)


def confirm(connection: sqlite3.Connection, article_id: str, version: str, fetched_at: str) -> None:
    """Note that a visit still saw the current version."""
    connection.execute("UPDATE versions SET last_confirmed_at = ? WHERE id = ?", (fetched_at, version))
    connection.execute("UPDATE articles SET last_seen_at = ? WHERE id = ?", (fetched_at, article_id))


@dataclass(frozen=True, slots=True)
class Folded:
    """What an article's readings come to: spans, their contents, and the last state of the fold."""

    spans: list[Span]
    told: list[Content]
    state: State


def fold_article(connection: sqlite3.Connection, article_id: str, contents: Mapping[str, Content]) -> Folded:
    """Fold all readings of an article; ``contents`` by digest must have what they say."""
    digests = dict(
        connection.execute(
            "SELECT capture_id, digest FROM readings WHERE article_id = ? AND digest IS NOT NULL", (article_id,)
        )
    )
    spans, state = fold(observations_of(connection, article_id))
    return Folded(spans, _contents_of_spans(spans, digests, contents), state)


def refold(connection: sqlite3.Connection, article_id: str, fresh: Iterable[Content] = ()) -> None:
    """Bring the article's versions to what all its readings say; rows that are right already stay as they are.

    ``fresh`` are contents of readings that are not stored anywhere yet.
    """
    contents = contents_of(connection, article_id) | {content.digest: content for content in fresh}
    folded = fold_article(connection, article_id, contents)
    spans, told = folded.spans, folded.told
    if not spans:
        _dissolve(connection, article_id)
        return
    _upsert_article(connection, article_id, spans, folded.state, told[-1])
    for place in range(_keep_prefix(connection, article_id, spans, told), len(spans)):
        _insert(connection, article_id, spans[place], told[place], told[place - 1] if place else None)
    keep_states(connection, article_id, contents)


def is_as_folded(connection: sqlite3.Connection, article_id: str) -> bool:
    """Whether the article's versions are what its readings say, in their times, kinds and measures too."""
    folded = fold_article(connection, article_id, contents_of(connection, article_id))
    rows = connection.execute(
        "SELECT number, change, words_added, words_removed, similarity, seen_from, last_confirmed_at, seen_to, "
        "capture_id FROM versions WHERE article_id = ? ORDER BY number",
        (article_id,),
    ).fetchall()
    before = [None, *folded.told]
    wanted = [
        (span.number, *_measure(span, content, earlier), *_times(span))
        for span, content, earlier in zip(folded.spans, folded.told, before, strict=False)
    ]
    ends = connection.execute("SELECT last_seen_at, gone_at FROM articles WHERE id = ?", (article_id,)).fetchone()
    return rows == wanted and bool(wanted) and ends == (folded.spans[-1].last_confirmed_at, folded.state.gone_at)


def _times(span: Span) -> tuple[str, str, str | None, str]:
    return span.seen_from, span.last_confirmed_at, span.seen_to, span.capture_id


def _contents_of_spans(
    spans: Sequence[Span], digests: Mapping[str, str], contents: Mapping[str, Content]
) -> list[Content]:
    told: list[Content] = []
    for span in spans:
        if span.capture_id in digests:
            told.append(contents[digests[span.capture_id]])
        else:  # opened by a 304 after a 404: what stood before
            told.append(told[-1])
    return told


def _keep_prefix(
    connection: sqlite3.Connection, article_id: str, spans: Sequence[Span], told: Sequence[Content]
) -> int:
    """Bring up to date the times of the leading versions that stay, remove all others; how many stay."""
    rows = connection.execute(
        "SELECT id, capture_id, digest, last_confirmed_at, seen_to FROM versions WHERE article_id = ? ORDER BY number",
        (article_id,),
    ).fetchall()
    kept = 0
    for row, span, content in zip(rows, spans, told, strict=False):
        if row[:3] != (version_id(article_id, span), span.capture_id, content.digest):
            break
        if row[3:] != (span.last_confirmed_at, span.seen_to):
            connection.execute(
                "UPDATE versions SET last_confirmed_at = ?, seen_to = ? WHERE id = ?",
                (span.last_confirmed_at, span.seen_to, row[0]),
            )
        kept += 1
    for row in rows[kept:]:
        _delete(connection, row[0])
    return kept


def _delete(connection: sqlite3.Connection, version: str) -> None:
    connection.execute("DELETE FROM removals WHERE version_id = ?", (version,))
    connection.execute("DELETE FROM links WHERE version_id = ?", (version,))
    connection.execute("DELETE FROM versions WHERE id = ?", (version,))


def _dissolve(connection: sqlite3.Connection, article_id: str) -> None:
    """Forget an article of which, after reading anew, no visit saw a story; the visits remain."""
    for (version,) in connection.execute("SELECT id FROM versions WHERE article_id = ?", (article_id,)).fetchall():
        _delete(connection, version)
    connection.execute("UPDATE readings SET article_id = NULL WHERE article_id = ?", (article_id,))
    connection.execute("DELETE FROM urls WHERE article_id = ?", (article_id,))
    connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))


def _insert(
    connection: sqlite3.Connection, article_id: str, span: Span, content: Content, before: Content | None
) -> None:
    identity = version_id(article_id, span)
    change, *measured = _measure(span, content, before)
    values: tuple[Any, ...] = (identity, article_id, span.number, *content.columns(), content.digest, change, *measured)
    connection.execute(INSERT_VERSION, (*values, *_times(span)))
    connection.executemany(
        "INSERT INTO removals (version_id, position, kind, rule, path, text) VALUES (?, ?, ?, ?, ?, ?)",
        [(identity, *removal) for removal in content.removals],
    )
    connection.executemany(
        "INSERT INTO links (version_id, position, url, text) VALUES (?, ?, ?, ?)",
        [(identity, *link) for link in content.links],
    )


def _measure(span: Span, content: Content, before: Content | None) -> tuple[str, int, int, float | None]:
    """Kind, words added, words removed and likeness of a version, against the one before."""
    kind = classify(span, before, content)
    if before is None:
        return kind.value, content.words, 0, None
    if kind is ChangeKind.RETURNED or before.text == content.text:
        return kind.value, 0, 0, 1.0
    diff = compare(before.text, content.text)
    return kind.value, diff.words_added, diff.words_removed, diff.similarity


def _upsert_article(
    connection: sqlite3.Connection, article_id: str, spans: Sequence[Span], state: State, latest: Content
) -> None:
    ends = (spans[0].seen_from, spans[-1].last_confirmed_at, state.gone_at, len(spans))
    connection.execute(UPSERT_ARTICLE, (article_id, *latest.fields(), *ends))
