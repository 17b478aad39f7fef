"""Numbers that need a look at every article, kept until the archive moves on."""

import sqlite3
import threading
import time
from dataclasses import dataclass
from typing import Any

from archive.reader import Reader
from archive.rows import SiteRow

DEAR = 0.15  # seconds: numbers that took longer may be some seconds old while a crawl writes
FRESH = 10.0  # seconds
STAMP = (
    "SELECT (SELECT max(rowid) FROM captures), (SELECT max(docid) FROM versions), (SELECT max(rowid) FROM runs), "
    "(SELECT count(ended_at) FROM runs)"
)


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: tuple[Any, ...]
    made_at: float
    took: float
    rows: list[SiteRow]


_kept: dict[str, _Kept] = {}
_lock = threading.Lock()


def _stamp(connection: sqlite3.Connection) -> tuple[Any, ...]:
    return tuple(connection.execute(STAMP).fetchone())


def site_numbers(reader: Reader) -> list[SiteRow]:
    """``Reader.sites``; while a crawl writes to a large archive, as they were some seconds ago."""
    name, stamp = str(reader.path.absolute()), _stamp(reader.connection)
    with _lock:
        kept = _kept.get(name)
        began = time.monotonic()
        is_young = kept is not None and kept.took > DEAR and began - kept.made_at < FRESH
        if kept is not None and (kept.stamp == stamp or is_young):
            return kept.rows
        rows = list(reader.sites())
        ended = time.monotonic()
        _kept[name] = _Kept(stamp, ended, ended - began, rows)
        return rows
