"""What another archive read of its captures, as far as it is not read here yet."""

import sqlite3
from collections.abc import Iterator
from functools import lru_cache

from archive import captures, readings, runs
from archive.identity import Addresses
from archive.merge import absent, chunks
from archive.readings import Reading
from archive.states import contents_of
from archive.store import Archive
from archive.verify import UNREADABLE


def readings_of(archive: Archive, source: sqlite3.Connection) -> Iterator[Reading]:
    """The readings that the archive has not, article by article, each in time order."""
    contents = lru_cache(maxsize=1)(contents_of)
    ordered = source.execute("SELECT capture_id FROM readings ORDER BY article_id, fetched_at, capture_id")
    for chunk in chunks(row[0] for row in ordered):
        for capture_id in absent(archive.connection, "readings", "capture_id", chunk):
            try:
                reading = readings.load(source, capture_id, contents)
            except UNREADABLE:
                reading = _to_be_made(archive, source, capture_id)
            assert reading is not None
            yield reading


def _to_be_made(archive: Archive, source: sqlite3.Connection, capture_id: str) -> Reading:
    """A reading that nobody made, in place of one that is damaged in the source."""
    capture = captures.load(source, capture_id)
    assert capture is not None
    told = f"what was read of capture {capture_id} is damaged where it came from, and is read again"
    runs.log(archive.connection, "merge", "damaged", archive.run_id, told)
    return Reading(
        capture_id=capture_id,
        fetched_at=capture.fetched_at,
        outcome=capture.outcome,
        reader="",
        addresses=Addresses.of(capture, None),
    )
