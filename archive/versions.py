"""Writing an article's versions: the fold of ``archive.history`` brought to the rows of the file."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from archive import copies, template_lines
from archive.change import classify
from archive.content import COLUMNS, FIELD_COLUMNS, Content
from archive.diff import compare
from archive.drift import Step, marks_that_drift
from archive.fingerprint import short_id
from archive.history import Observation, Span, State, fold
from archive.parts import join_parts, rows_of
from archive.records import Outcome
from archive.states import content_of_version, contents_of, keep_states
from archive.steps import pack, pieces, unpack
from archive.urls import url_key

INSERT_VERSIONS = (
    f"INSERT INTO versions (id, article_id, number, {', '.join(COLUMNS)}, digest, change, words_added, words_removed, "  # noqa: S608
    "similarity, step, seen_from, last_confirmed_at, seen_to, capture_id, docid) VALUES "
)
VERSION_VALUES = f"({', '.join('?' * (3 + len(COLUMNS) + 11))})"
AT_ONCE = (32, 16, 8, 4, 2, 1)  # versions of one statement: few statements, so that SQLite keeps them prepared
INSERT_REMOVAL = "INSERT INTO removals (id, version_id, position, kind, rule, path, text) VALUES (?, ?, ?, ?, ?, ?, ?)"
INSERT_LINK = "INSERT INTO links (id, version_id, position, url, text) VALUES (?, ?, ?, ?, ?)"
PLACES = 1 << 20  # ids of removals and links: their version's docid times this, and their number from 0
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


def confirm(connection: sqlite3.Connection, article_id: str, version: str, fetched_at: str) -> None:
    """Note that a visit still saw the current version."""
    connection.execute("UPDATE versions SET last_confirmed_at = ? WHERE id = ?", (fetched_at, version))
    connection.execute("UPDATE articles SET last_seen_at = ? WHERE id = ?", (fetched_at, article_id))


def upsert_article(
    connection: sqlite3.Connection, article_id: str, spans: Sequence[Span], state: State, latest: Content
) -> None:
    """Write the row of an article, whose versions are ``spans``."""
    ends = (spans[0].seen_from, spans[-1].last_confirmed_at, state.gone_at, len(spans))
    connection.execute(UPSERT_ARTICLE, (article_id, *latest.fields(), *ends))


@dataclass(frozen=True, slots=True)
class Folded:
    """What an article's readings come to: spans, their contents, and the last state of the fold.

    ``contents`` by digest are all that the readings say, and what the pages of a story on several say together.
    """

    spans: list[Span]
    told: list[Content]
    state: State
    contents: Mapping[str, Content] = field(default_factory=dict)


PARTS = "SELECT capture_id, part, next_key FROM readings WHERE article_id = ? AND part IS NOT NULL"


def is_on_several_pages(connection: sqlite3.Connection, article_id: str) -> bool:
    """Whether any visit saw a page of the article that is one of several."""
    return connection.execute(f"{PARTS} LIMIT 1", (article_id,)).fetchone() is not None


def fold_article(connection: sqlite3.Connection, article_id: str, contents: Mapping[str, Content]) -> Folded:
    """Fold all readings of an article; ``contents`` by digest must have what they say."""
    digests = dict(
        connection.execute(
            "SELECT capture_id, digest FROM readings WHERE article_id = ? AND digest IS NOT NULL", (article_id,)
        )
    )
    observations = observations_of(connection, article_id)
    if parts := dict(rows_of(connection.execute(PARTS, (article_id,)))):
        joined = join_parts(observations, parts, digests, contents)
        observations, digests, contents = joined.observations, joined.digests, joined.contents
    spans, state = fold(observations)
    return Folded(spans, _contents_of_spans(spans, digests, contents), state, contents)


def refold(connection: sqlite3.Connection, article_id: str, contents: Mapping[str, Content]) -> None:
    """Bring the article's versions to what all its readings say; rows that are right already stay as they are.

    ``contents`` by digest must have what each of them says.
    """
    folded = fold_article(connection, article_id, contents)
    spans, told = folded.spans, folded.told
    if not spans:
        _dissolve(connection, article_id)
        return
    upsert_article(connection, article_id, spans, folded.state, told[-1])
    for place in range(_keep_prefix(connection, article_id, spans, told), len(spans)):
        write_versions(connection, [rows_of_version(connection, article_id, folded, place)])
    keep_states(connection, article_id, folded.contents)


@dataclass(frozen=True, slots=True)
class Current:
    """An article's last version, as far as it decides what the next visit comes to."""

    id: str
    fingerprint: str
    digest: str
    seen_to: str | None
    number: int
    reader: str
    seen_from: str
    last_confirmed_at: str
    capture_id: str


CURRENT = (
    "SELECT id, fingerprint, digest, seen_to, number, reader, seen_from, last_confirmed_at, capture_id FROM versions "
    "WHERE article_id = ? ORDER BY number DESC LIMIT 1"
)
# Nothing that was read beside what is a version, which a new version would have to be folded with.
PLAIN = (
    "SELECT count(*), max(fingerprint = :fingerprint), (SELECT first_seen_at FROM articles WHERE id = :id), "
    "EXISTS (SELECT 1 FROM readings WHERE article_id = :id AND state IS NOT NULL) FROM versions WHERE article_id = :id"
)


def current(connection: sqlite3.Connection, article_id: str) -> Current | None:
    """The article's last version."""
    row = connection.execute(CURRENT, (article_id,)).fetchone()
    return Current(*row) if row else None


def append(connection: sqlite3.Connection, article_id: str, last: Current, opening: Span, content: Content) -> bool:
    """Add a version that begins where the last, which still stood, ends: ``refold`` without a look at all visits.

    ``opening`` is the span as if it were the first. Returns whether that was possible; if not, nothing was written.
    """
    values = {"id": article_id, "fingerprint": content.fingerprint}
    number, restores, first_seen_at, has_states = connection.execute(PLAIN, values).fetchone()
    if has_states:
        return False
    before = Span(
        number=number,
        fingerprint=last.fingerprint,
        seen_from=last.seen_from,
        last_confirmed_at=last.last_confirmed_at,
        seen_to=opening.seen_from,
        capture_id=last.capture_id,
        after_gone=False,
        restores=False,
    )
    span = replace(opening, number=number + 1, restores=bool(restores))
    folded = Folded([before, span], [content_of_version(connection, last.id), content], State(span=span))
    connection.execute("UPDATE versions SET seen_to = ? WHERE id = ?", (opening.seen_from, last.id))
    ends = (first_seen_at, span.last_confirmed_at, None, span.number)
    connection.execute(UPSERT_ARTICLE, (article_id, *content.fields(), *ends))
    write_versions(connection, [rows_of_version(connection, article_id, folded, 1)])
    return True


def is_as_folded(connection: sqlite3.Connection, article_id: str) -> bool:
    """Whether the article's versions are what its readings say, in their times, kinds and measures too."""
    folded = fold_article(connection, article_id, contents_of(connection, article_id))
    rows = connection.execute(
        "SELECT number, change, words_added, words_removed, similarity, seen_from, last_confirmed_at, seen_to, "
        "capture_id FROM versions WHERE article_id = ? ORDER BY number",
        (article_id,),
    ).fetchall()
    wanted = [
        (span.number, *_measure(connection, folded, place)[:-1], *_times(span))
        for place, span in enumerate(folded.spans)
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
        "SELECT id, capture_id, digest, last_confirmed_at, seen_to, reader FROM versions WHERE article_id = ? "
        "ORDER BY number",
        (article_id,),
    ).fetchall()
    kept = 0
    for row, span, content in zip(rows, spans, told, strict=False):
        if row[:3] != (version_id(article_id, span), span.capture_id, content.digest):
            break
        ends = (span.last_confirmed_at, span.seen_to, content.reader)
        if row[3:] != ends:
            connection.execute(
                "UPDATE versions SET last_confirmed_at = ?, seen_to = ?, reader = ? WHERE id = ?", (*ends, row[0])
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
    """Forget an article of which no visit saw a story after all; the visits remain."""
    for (version,) in connection.execute("SELECT id FROM versions WHERE article_id = ?", (article_id,)).fetchall():
        _delete(connection, version)
    connection.execute("DELETE FROM outdated_articles WHERE article_id = ?", (article_id,))
    copies.forget(connection, article_id)
    connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))


@dataclass(frozen=True, slots=True)
class VersionRows:
    """A version as it is written, but for its docid: its row, and its content with the removals and links."""

    values: tuple[Any, ...]
    content: Content


def rows_of_version(connection: sqlite3.Connection, article_id: str, folded: Folded, place: int) -> VersionRows:
    """What is to be written of the version at ``place``, against the one before."""
    span, content = folded.spans[place], folded.told[place]
    change, *measured = _measure(connection, folded, place)
    head = (version_id(article_id, span), article_id, span.number)
    return VersionRows((*head, *content.columns(), content.digest, change, *measured, *_times(span)), content)


def write_versions(connection: sqlite3.Connection, rows: Sequence[VersionRows]) -> None:
    """Write versions with their removals and links, as many at once as may be."""
    (last,) = connection.execute("SELECT coalesce(max(docid), 0) FROM versions").fetchone()
    start = 0
    while start < len(rows):
        count = next(count for count in AT_ONCE if count <= len(rows) - start)
        chosen = rows[start : start + count]
        values = [value for docid, each in enumerate(chosen, last + start + 1) for value in (*each.values, docid)]
        connection.execute(INSERT_VERSIONS + ", ".join([VERSION_VALUES] * count), values)
        start += count
    _write_pieces(connection, [(docid * PLACES, each) for docid, each in enumerate(rows, last + 1)])


def _write_pieces(connection: sqlite3.Connection, rows: Sequence[tuple[int, VersionRows]]) -> None:
    for statement, name in ((INSERT_REMOVAL, "removals"), (INSERT_LINK, "links")):
        connection.executemany(
            statement,
            (
                (number, each.values[0], *piece)
                for first, each in rows
                for number, piece in enumerate(getattr(each.content, name), first)
            ),
        )


def _measure(
    connection: sqlite3.Connection, folded: Folded, place: int
) -> tuple[str, int, int, float | None, bytes | None]:
    """Kind, words added, words removed, likeness and step of a version, against the one before."""
    span, content = folded.spans[place], folded.told[place]
    if not place:
        return classify(span, None, content).value, content.words, 0, None, None
    before = folded.told[place - 1]
    if before.fingerprint == content.fingerprint:
        return classify(span, before, content).value, 0, 0, 1.0, None
    packed = pack(sorted({piece.mark for piece in pieces(before, content)}))
    kind = classify(span, before, content, _drifting(connection, folded, place, packed)).value
    if before.text == content.text:
        return kind, 0, 0, 1.0, packed
    diff = compare(before.text, content.text, words=before.words + content.words)
    return kind, diff.words_added, diff.words_removed, diff.similarity, packed


def _drifting(connection: sqlite3.Connection, folded: Folded, place: int, packed: bytes | None) -> frozenset[int]:
    """The marks of what came or went on many articles of the site when this version did."""
    span, before = folded.spans[place], folded.spans[place - 1]
    if packed is None:
        return frozenset()
    step = Step(span.fingerprint, before.last_confirmed_at, span.seen_from, unpack(packed))
    known = template_lines.drifts(connection, folded.told[-1].site, step.marks)
    return marks_that_drift(step, known) if known else frozenset()


def reclassify(connection: sqlite3.Connection, article_id: str) -> int:
    """Bring the kinds of the article's changes to what is known of its site's template; how many that changed."""
    folded, changed = fold_article(connection, article_id, contents_of(connection, article_id)), 0
    for place, span in enumerate(folded.spans):
        kind, *_ = _measure(connection, folded, place)
        changed += connection.execute(
            "UPDATE versions SET change = ? WHERE article_id = ? AND number = ? AND change <> ?",
            (kind, article_id, span.number, kind),
        ).rowcount
    return changed
