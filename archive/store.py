"""The archive: one SQLite file, opened for reading by anyone and for writing by one process at a time."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from archive import captures, observing, runs, site_lines
from archive.connection import is_current, open_reading, open_writing, prepare, translated
from archive.errors import UsageError
from archive.lock import WriterLock
from archive.observing import Observer
from archive.plain import storable
from archive.reader import Reader
from archive.readings import Reading, read_by
from archive.records import SiteLine, Stored, Visit
from archive.swap import swap
from archive.urls import site_of

if TYPE_CHECKING:
    from sqlite_utils import Database

RECORDS_A_COMMIT = 200  # a kill loses at most these; a full sync for each would cost more than all else


class Archive(Reader):
    """A newsmorgue archive.

    To read, also while a run writes::

        with Archive.open("news.db") as archive:
            for change in archive.changes(kind="silent"):
                print(change["changed_at"], change["headline_after"], change["url"])

    To write, from one process at a time::

        with Archive.open("news.db", write=True, create=True) as archive:
            archive.begin_run("crawl", ["example.com"])
            archive.record(visit)
            archive.end_run({"articles": 1}, exit_code=0)

    While a run is open, so is a transaction: what is written through ``connection`` or ``db`` is committed together
    with what ``record`` stored. ``reader`` is the version of the reader
    that makes the articles, ``own_rules`` a digest of each site's own rules; set them before recording.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, lock: WriterLock | None) -> None:
        super().__init__(connection, path)
        self._observer = Observer(connection)
        self.reader = "1"
        self.own_rules: Mapping[str, str] = {}
        self.run_id: str | None = None
        self._lock = lock
        self._uncommitted = 0

    @classmethod
    def open(cls, path: str | PathLike[str], *, write: bool = False, create: bool = False) -> Self:
        """Open the archive at ``path``; with ``write`` as its one writer; with ``create`` make it if it is not there.

        Raises ``ArchiveMissing``, ``ForeignFile``, ``NewerSchema``, ``ArchiveDamaged``, ``UsageError`` for a file that
        cannot be opened, and ``ArchiveBusy`` when another process writes to it.
        """
        path = Path(path)
        if not write:
            return cls(open_reading(path), path, None)
        prepare(path, create=create)
        lock = WriterLock(path)
        lock.acquire()
        try:
            connection = open_writing(path, create=create)
            archive = cls(connection, path, lock)
            archive._migrate()
        except BaseException:
            lock.release()
            raise
        return archive

    def _migrate(self) -> None:
        with translated(self.path):
            if is_current(self._connection):
                return
            from archive.migrations import migrate

            steps = migrate(self._connection)
            noted = self._connection.execute("SELECT detail FROM events WHERE kind = 'migration'").fetchall()
            for step in steps:  # also one that was applied just before a kill
                if (step,) not in noted:
                    runs.log(self._connection, "migration", "applied", None, step)

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection, with everything in it that was recorded."""
        self._observer.flush()
        return self._connection

    @property
    def db(self) -> "Database":
        """The same connection as a ``sqlite_utils.Database``, a library that is loaded only when this is asked for."""
        self._observer.flush()
        return self._database

    @cached_property
    def _database(self) -> "Database":
        from sqlite_utils import Database

        return Database(self._connection, execute_plugins=False, recursive_triggers=False)

    def close(self) -> None:
        """Commit nothing more, close the file and let others write."""
        if self._connection.in_transaction:
            self._connection.rollback()
        self._connection.close()
        if self._lock:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def begin_run(self, command: str, arguments: Sequence[str] = ()) -> str:
        """Open a run, under which captures are recorded, and return its id."""
        if self._lock is None:
            raise UsageError(f"{self.path} was opened for reading")
        with translated(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            self.run_id = runs.begin(self._connection, command, arguments)
            self.commit()
        return self.run_id

    def record(self, visit: Visit) -> Stored:
        """Store one visit: the capture, its body, what reading made of it, and a version if it says something new.

        A capture that is already in the archive changes nothing. Commits every ``RECORDS_A_COMMIT`` visits.
        """
        if self.run_id is None:
            raise UsageError("no run is open: call begin_run first")
        with translated(self.path):
            stored = self._record_whole(visit, self.run_id)
        self._uncommitted += 1
        if self._uncommitted >= RECORDS_A_COMMIT:
            self.commit()
        return stored

    def _record_whole(self, visit: Visit, run_id: str) -> Stored:
        """Record all of a visit or, if anything fails, nothing of it."""
        if not self._connection.in_transaction:  # a full disk has ended the last one
            self._observer.forget()
            self._connection.execute("BEGIN IMMEDIATE")
        self._observer.write_if_many()
        before = self._observer.waiting()
        self._connection.execute("SAVEPOINT record")
        try:
            try:
                stored = self._record(visit, run_id)
            except UnicodeEncodeError:  # a lone surrogate somewhere: no such text can be stored, so mark its place
                self._connection.execute("ROLLBACK TO record")
                self._observer.restore(before)
                self.bodies.forget()
                stored = self._record(storable(visit), run_id)
        except BaseException:
            self.bodies.forget()
            if self._connection.in_transaction:  # a full disk ends it of itself
                self._connection.execute("ROLLBACK TO record")
                self._connection.execute("RELEASE record")
                self._observer.restore(before)
            else:
                self._observer.forget()
            raise
        self._connection.execute("RELEASE record")
        return stored

    def _record(self, visit: Visit, run_id: str) -> Stored:
        capture = visit.capture
        if visit.body is not None:
            site = site_of(capture.url)
            body_id = self.bodies.add(visit.body, body_id=capture.body_id, url=capture.url, site=site)
            capture = replace(capture, body_id=body_id)
            if visit.rendered is not None:
                capture = replace(capture, rendered_id=self.bodies.add(visit.rendered, url=capture.url, site=site))
        values = captures.values_of(capture)
        capture_id = captures.id_of(values)
        reading = Reading.of(capture_id, replace(visit, capture=capture), self.read_by(visit))
        if not captures.insert(self._connection, capture_id, values, run_id):
            return observing.what_was_stored(self._connection, capture_id)
        return self._observer.add(reading)

    def reread(self, capture_id: str, visit: Visit) -> Stored:
        """Replace what reading made of a capture that is in the archive: its facts stay, its readings are made anew.

        ``visit`` carries the outcome and the article of the new reading. Raises ``UsageError`` for an unknown capture.
        """
        capture = self.capture(capture_id)
        with translated(self.path):
            stored = self._observer.add_again(
                Reading.of(capture_id, replace(visit, capture=capture), self.read_by(visit))
            )
        self._uncommitted += 1
        return stored

    def add_reading(self, reading: Reading) -> Stored:
        """Store what was read of a capture that is in the archive and has no reading."""
        with translated(self.path):
            stored = self._observer.add(reading)
        self._uncommitted += 1
        return stored

    def read_by(self, visit: Visit) -> str:
        """What is noted as having read a visit: the reader, and its site's own rules if it has any."""
        return read_by(self.reader, self.own_rules, visit.article.site if visit.article else None)

    def keep_site_lines(self, site: str, lines: Iterable[SiteLine]) -> None:
        """Replace what is known to recur on a site; what carries a line that this concerns is to be read again."""
        with translated(self.path):
            site_lines.keep(self._connection, site, lines)
        self._site_marks.pop(site, None)

    def commit(self) -> None:
        """Make all that was recorded durable, and open the next transaction."""
        with translated(self.path):
            if self._connection.in_transaction:
                self._settle_up()
                self._connection.execute("COMMIT")
            self._connection.execute("BEGIN IMMEDIATE")
        self._uncommitted = 0

    @contextmanager
    def undoing_in_memory(self) -> Iterator[None]:
        """Keep in memory, instead of a temporary file, what a visit that fails is rolled back to: 40 pages of 4 KiB.

        What SQLite sorts stays in memory too: not for work that sorts whole tables. Commits when it is over.
        """
        self._keep_temporary("memory")
        try:
            yield
        finally:
            self._keep_temporary("default")

    def _keep_temporary(self, where: str) -> None:
        self.commit()
        self._connection.execute("COMMIT")
        self._connection.execute(f"PRAGMA temp_store = {where}")
        self._connection.execute("BEGIN IMMEDIATE")

    def _settle_up(self) -> None:
        self._observer.flush()
        self._observer.note_visited()

    def take_readings(self, staged: Path) -> int:
        """Bring into force what a staging file holds (see ``archive.staging``); how many articles have other versions.

        Together with what ``end_run`` commits next: until then everybody else sees the readings of before.
        """
        with translated(self.path):
            self.commit()
            self._connection.execute("COMMIT")
            self._connection.execute("ATTACH ? AS staged", (str(staged),))
            self._connection.execute("BEGIN IMMEDIATE")
            concerned = swap(self._connection)
        self._site_marks.clear()
        return concerned

    def end_run(self, counts: Mapping[str, int], exit_code: int) -> None:
        """Close the run with its counts by name and its exit code, seal it with its manifest, and commit."""
        if self.run_id is None:
            raise UsageError("no run is open: call begin_run first")
        with translated(self.path):
            if not self._connection.in_transaction:
                self._connection.execute("BEGIN IMMEDIATE")
            self._settle_up()
            runs.end(self._connection, self.run_id, counts, exit_code)
            self._connection.execute("COMMIT")
        self.run_id = None
