"""What reading made of one capture: the row in ``readings`` from which everything else is folded."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from archive.content import Content
from archive.fingerprint import digest
from archive.identity import Addresses
from archive.plain import storable
from archive.records import Outcome, Visit
from archive.states import contents_of
from archive.urls import url_key

INSERT = (
    "INSERT INTO readings (capture_id, outcome, article_id, fetched_at, key, fingerprint, digest, reason, reader, "
    "addresses, entries, part, next_key, marks, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
LOAD = (
    "SELECT article_id, readings.fetched_at, readings.outcome, reader, reason, entries, part, next_key, marks, digest, "
    "captures.url, final_url, redirects, addresses "
    "FROM readings JOIN captures ON captures.id = capture_id WHERE capture_id = ?"
)

SEALED = (
    *("capture_id", "outcome", "fetched_at", "key", "fingerprint", "digest", "reason", "reader", "addresses"),
    *("entries", "part", "next_key", "marks"),
)

ContentsOf = Callable[[sqlite3.Connection, str], Mapping[str, Content]]


def read_by(reader: str, own_rules: Mapping[str, str], site: str | None) -> str:
    """What is noted as having read a page of ``site``; ``own_rules`` is a digest of each site's own rules."""
    own = own_rules.get(site or "")
    return f"{reader}+{own}" if own else reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One capture as read: a function of its bytes, the rules and the reader alone.

    ``content`` is there when the visit saw a story. It can be made in another process than the one that stores it.
    ``part`` is which page of a story on several pages it is of, if it is; ``next_key`` that of the next one's address.
    """

    capture_id: str
    fetched_at: str
    outcome: Outcome
    reader: str
    addresses: Addresses
    content: Content | None = None
    reason: str | None = None
    part: int | None = None
    next_key: str | None = None
    entries: int | None = None
    marks: bytes | None = None

    @classmethod
    def of(cls, capture_id: str, visit: Visit, reader: str) -> Self:
        """What ``visit`` says, by the reader of that version; a lone surrogate, which cannot be stored, is marked."""
        try:
            return cls._of(capture_id, visit, reader)
        except UnicodeEncodeError:
            return cls._of(capture_id, storable(visit), reader)

    @classmethod
    def _of(cls, capture_id: str, visit: Visit, reader: str) -> Self:
        story = visit.article if visit.outcome is Outcome.ARTICLE else None
        reading = cls(
            capture_id=capture_id,
            fetched_at=visit.capture.fetched_at,
            outcome=visit.outcome,
            reader=reader,
            addresses=Addresses.of(visit.capture, story),
            content=Content.of(story, visit.url, reader) if story else None,
            reason=visit.article.reason if visit.article else visit.capture.detail,
            part=story.part if story and (story.part > 1 or story.next_url) else None,
            next_key=url_key(story.next_url) if story and story.next_url else None,
            entries=visit.entries,
            marks=visit.marks if story else None,
        )
        if reading.content is not None:
            "\n".join((reading.content.digest, reading.reason or "", reading.addresses.told() or "")).encode()
        return reading


def insert(connection: sqlite3.Connection, reading: Reading, article_id: str | None) -> None:
    """Write the row of a reading."""
    content = reading.content
    head = (reading.capture_id, reading.outcome.value)
    told = (
        reading.fetched_at,
        None if content else url_key(reading.addresses.asked),
        content.fingerprint if content else None,
        content.digest if content else None,
        reading.reason,
        reading.reader,
        reading.addresses.told() if content else None,
        reading.entries,
        reading.part,
        reading.next_key,
        reading.marks,
    )
    connection.execute(INSERT, (*head, article_id, *told, checksum_of((*head, *told))))


def checksum_of(values: Iterable[str | int | bytes | None]) -> str:
    """What says that a row is as it was written: over ``SEALED``, all that the page and its reader alone decide."""
    return digest([value.hex() if isinstance(value, bytes) else value for value in values])[:16]


def is_sealed(connection: sqlite3.Connection, capture_id: str) -> bool:
    """Whether the row of a reading is what its checksum says."""
    row = connection.execute(f"SELECT {', '.join(SEALED)}, checksum FROM readings WHERE capture_id = ?", (capture_id,))  # noqa: S608
    *values, checksum = row.fetchone()
    return bool(checksum_of(values) == checksum)


def load(connection: sqlite3.Connection, capture_id: str, contents: ContentsOf = contents_of) -> Reading | None:
    """The reading of a capture as it is stored; ``contents`` may remember those of the article."""
    row = connection.execute(LOAD, (capture_id,)).fetchone()
    if row is None:
        return None
    article_id, fetched_at, outcome, reader, reason, entries, part, next_key, marks, said, *told = row
    return Reading(
        capture_id=capture_id,
        fetched_at=fetched_at,
        outcome=Outcome(outcome),
        reader=reader,
        addresses=Addresses.stored(*told),
        content=contents(connection, article_id)[said] if said else None,
        reason=reason,
        part=part,
        next_key=next_key,
        entries=entries,
        marks=marks,
    )
