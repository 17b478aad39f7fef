"""Readings made anew beside those in force: a file next to the archive that has the tables of readings and no facts.

It is an archive to all that writes readings: names of facts lead to the archive itself, which is attached and cannot be
written from here. What was committed to it outlives a kill. ``archive.swap`` brings it into force.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote

from archive.connection import BUSY_SECONDS, translated
from archive.late import component, forget_articles
from archive.readings import Reading
from archive.schema import FACTS, READINGS
from archive.store import Archive

TABLES = tuple(
    statement.split("CREATE TABLE ")[1].split(" ")[0] for statement in READINGS if "CREATE TABLE" in statement
)
EVENTS = next(statement for statement in FACTS if "TABLE events" in statement)
OWN = "CREATE TABLE staging (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"
SITES = (
    "WITH RECURSIVE found(site) AS (SELECT min(site) FROM captures UNION ALL "
    "SELECT (SELECT min(site) FROM captures WHERE site > found.site) FROM found WHERE found.site IS NOT NULL) "
    "SELECT site FROM found WHERE site IS NOT NULL"
)
LEFT = (
    "SELECT id, fetched_at FROM captures WHERE site = ? AND (fetched_at, id) > (?, ?) "
    "AND NOT EXISTS (SELECT 1 FROM main.readings WHERE capture_id = captures.id) ORDER BY fetched_at, id LIMIT ?"
)
AT_ONCE = 10_000  # ids in memory
OF_SITE = (
    "SELECT id FROM main.articles WHERE site = :site UNION SELECT article_id FROM captures "
    "JOIN main.readings ON capture_id = captures.id WHERE captures.site = :site AND article_id IS NOT NULL"
)
WITHOUT_ARTICLE = (
    "DELETE FROM main.readings WHERE article_id IS NULL AND capture_id IN (SELECT id FROM captures WHERE site = ?)"
)


def path_of(archive: Path) -> Path:
    """Where the staging file of an archive is."""
    return archive.with_name(archive.name + "-rebuild")


def remove(archive: Path) -> None:
    """Remove the staging file, if there is one."""
    for ending in ("", "-wal", "-shm"):
        path_of(archive).with_name(path_of(archive).name + ending).unlink(missing_ok=True)


def signature(reader: str, site: str | None, rules: object) -> str:
    """What a staging file was made with: one that was made with anything else cannot be gone on with."""
    told = json.dumps([reader, site, rules, READINGS], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


class Staging(Archive):
    """Readings under way. Opened beside the archive's writer; everything else is as in an archive."""

    @classmethod
    def beside(cls, archive: Path, signed: str, site: str | None = None) -> Self:
        """The staging file of ``archive``: the one that an interrupted rebuild left, if it can be gone on with.

        With a ``site`` it begins as a copy of the readings of all others, otherwise with nothing but the lines that
        sites have taught, which are the best guess of what they will teach again.
        """
        with suppress(sqlite3.Error):
            staging = cls._connected(archive)
            if staging.is_signed(signed):
                staging.commit()  # which opens a transaction: a capture's rows come all at once, or not at all
                return staging
            staging.close()
        remove(archive)
        staging = cls._connected(archive)
        with translated(staging.path):
            staging.begin(signed, site)
        return staging

    @classmethod
    def _connected(cls, archive: Path) -> Self:
        path = path_of(archive)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, cached_statements=256, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = wal")
            connection.execute("PRAGMA synchronous = normal")  # what a power cut takes is read again
            connection.execute("PRAGMA cache_size = -65536")
            connection.execute("ATTACH ? AS facts", (f"file:{quote(str(archive.absolute()))}?mode=ro",))
        except sqlite3.Error:
            connection.close()
            raise
        path.chmod(0o600)
        return cls(connection, path, None)

    def is_signed(self, signed: str) -> bool:
        """Whether it is whole, was made with the same, and knows no capture that the archive does not know."""
        if self._connection.execute("SELECT 1 FROM main.sqlite_schema WHERE name = 'staging'").fetchone() is None:
            return False
        found = self._connection.execute("SELECT value FROM staging WHERE name = 'signature'").fetchone()
        strange = "SELECT 1 FROM main.readings WHERE capture_id NOT IN (SELECT id FROM captures) LIMIT 1"
        return found == (signed,) and self._connection.execute(strange).fetchone() is None

    def begin(self, signed: str, site: str | None) -> None:
        """Fill a file that is new."""
        self._connection.execute("BEGIN IMMEDIATE")
        for statement in (*READINGS, EVENTS, OWN):
            self._connection.execute(statement)
        for table in TABLES if site is not None else ("site_lines",):
            self._connection.execute(f"INSERT INTO main.{table} SELECT * FROM facts.{table}")  # noqa: S608 - of this package
        if site is not None:
            self._forget(site)
        self._connection.execute("INSERT INTO staging VALUES ('signature', ?)", (signed,))
        self.commit()

    def _forget(self, site: str) -> None:
        """Drop what was read of a site, and of all articles that have to do with its articles."""
        articles = {found for (found,) in self._connection.execute(OF_SITE, {"site": site})}
        forget_articles(self._connection, component(self._connection, articles))
        self._connection.execute(WITHOUT_ARTICLE, (site,))

    def left(self) -> Iterator[str]:
        """The captures that are still to be read, those of each site together and in time order."""
        for (site,) in self._connection.execute(SITES).fetchall():
            yield from self._left_of(site)

    def _left_of(self, site: str) -> Iterator[str]:
        after = ("", "")
        while rows := self._connection.execute(LEFT, (site, *after, AT_ONCE)).fetchall():
            yield from (capture_id for capture_id, _ in rows)
            after = (rows[-1][1], rows[-1][0])

    def count_left(self) -> int:
        """How many captures are still to be read."""
        counts = "SELECT (SELECT count(*) FROM captures) - (SELECT count(*) FROM main.readings)"
        return int(self._connection.execute(counts).fetchone()[0])

    def stage(self, readings: Iterable[Reading]) -> None:
        """Store these readings, all or none of them."""
        for reading in readings:
            self.add_reading(reading)
        self.commit()

    def finish(self) -> None:
        """Commit, and open no transaction."""
        self.commit()
        self._connection.execute("COMMIT")
