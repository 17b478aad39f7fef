"""Rereading on a Dask cluster: the same function as in processes of this machine, captures in parts.

A worker on the machine of the archive opens it for reading. Any other is sent the pages: SQLite's journal is shared by
the processes of one machine alone, so that a file on a shared disk is not read from a second one.
"""

import platform
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import ArchiveDamaged, NewsmorgueError, UsageError
from archive.likeness import Bands
from archive.readings import Reading
from archive.records import Capture
from archive.store import Archive
from pipelines.site_rules import RulesOf
from scraper.cluster import Cluster, Lost
from scraper.observe import read_by
from scraper.rebuild.reading_again import Made, Page, PageReader, Rereader, Unread, batches_of, page_of, sketched

BOOT = Path("/proc/sys/kernel/random/boot_id")  # the same in all containers of a machine
DIED = "{}: each worker that had them died; rebuild again to go on"
Sent = tuple[str, tuple[Capture, Page] | Unread]  # a capture by its id, with its page


@dataclass(frozen=True)
class Setup:
    """What all parts of a rereading have in common. ``run_id`` tells the archive from others at its path."""

    path: Path
    run_id: str
    machine: str
    reader: str
    marks: Mapping[str, frozenset[int]]
    rules: RulesOf | None


class OtherReader(UsageError):
    """A worker has another newsmorgue."""


def this_machine() -> str:
    """What tells this machine from others, until it is started anew."""
    try:
        return BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return platform.node()


class Worker:
    """What a thread of a worker keeps from part to part: the archive, if it is here, and the stages."""

    def __init__(self, setup: Setup) -> None:
        check_reader(setup.reader)
        self.of = (setup.path, setup.run_id)
        self.pages = PageReader(setup.marks, setup.rules)
        self.rereader = _opened(setup)

    def close(self) -> None:
        """Close the archive."""
        if self.rereader is not None:
            self.rereader.close()


_here = threading.local()
_reading = threading.Lock()  # threads of one process would wait for each other anyway


def check_reader(reader: str) -> None:
    """Raise ``OtherReader`` where ``reader`` is not the one that is installed here."""
    if read_by() != reader:
        here = f"{platform.node()}: the Dask worker has reader {read_by()}, this is {reader}"
        raise OtherReader(f"{here}; install the same newsmorgue")


def _opened(setup: Setup) -> Rereader | None:
    """The archive, if this is its machine and its path leads to it."""
    if this_machine() != setup.machine:
        return None
    try:
        rereader = Rereader(setup.path, setup.marks, setup.rules)
    except (UsageError, ArchiveDamaged):  # another container: the path leads to nothing, or to something else
        return None
    found = rereader.archive.connection.execute("SELECT 1 FROM runs WHERE id = ?", (setup.run_id,)).fetchone()
    if found is None:
        rereader.close()
        return None
    return rereader


def _worker(setup: Setup) -> Worker:
    known: Worker | None = getattr(_here, "worker", None)
    if known is None or known.of != (setup.path, setup.run_id):
        if known is not None:
            known.close()
            _here.worker = None
        known = _here.worker = Worker(setup)
    return known


def read_stored(setup: Setup, captures: Sequence[str]) -> list[Reading | Unread] | None:
    """On a worker: what these captures say, or ``None`` where the archive is not here."""
    with _reading:
        rereader = _worker(setup).rereader
        return None if rereader is None else rereader.read(captures)


def read_sent(setup: Setup, pages: Sequence[Sent]) -> list[Reading | Unread]:
    """On a worker: what captures say whose pages were sent along."""
    with _reading:
        reader = _worker(setup).pages
        return [
            found if isinstance(found, Unread) else reader.reading(capture_id, *found) for capture_id, found in pages
        ]


def sketch(reader: str, texts: list[str]) -> list[Bands]:
    """On a worker: the sketches of some texts."""
    check_reader(reader)
    with _reading:
        return sketched(texts)


@dataclass(slots=True)
class ClusterWorkers:
    """A rereading under way: the cluster's workers. Pages are sent once one has said that it does not have the archive.

    Its methods raise ``NewsmorgueError`` where the cluster is gone, or what they ask for killed each worker.
    """

    cluster: Cluster
    archive: Archive
    shared: Any
    is_stopped: Callable[[], bool]
    sends: bool = False

    def submit(self, captures: Sequence[str]) -> Any:
        """Have these captures read."""
        if not self.sends:
            return self.cluster.submit(read_stored, self.shared, captures)
        pages = [(capture_id, page_of(self.archive, capture_id)) for capture_id in captures]
        return self.cluster.submit(read_sent, self.shared, pages)

    def result(self, captures: Sequence[str], future: Any) -> list[Reading | Unread] | None:
        """What they say, or ``None`` if the run is stopped."""
        try:
            found: list[Reading | Unread] | None = self.cluster.result(future, self.is_stopped)
            if found is None and not self.is_stopped():
                self.sends = True
                found = self.cluster.result(self.submit(captures), self.is_stopped)
        except Lost:
            raise NewsmorgueError(DIED.format(f"captures {captures[0]} to {captures[-1]}")) from None
        return found

    def read(self, captures: Iterable[str]) -> Generator[list[Reading | Unread], None, None]:
        """What each of ``captures`` says, in order, a batch at a time. Ends before where it ``is_stopped``."""
        yield from self._in_order(self.submit, self.result, batches_of(captures))

    def sketches(self, texts: Iterable[str]) -> Iterator[Bands]:
        """The sketch of each of ``texts``, in order."""
        for sketches in self._in_order(self._submit_texts, self._sketched, batches_of(texts)):
            yield from sketches

    def _submit_texts(self, texts: list[str]) -> Any:
        return self.cluster.submit(sketch, self.archive.reader, texts)

    def _sketched(self, texts: list[str], future: Any) -> list[Bands]:
        try:
            sketches: list[Bands] = self.cluster.result(future, lambda: False)
        except Lost:
            raise NewsmorgueError(DIED.format(f"{len(texts)} texts")) from None
        return sketches

    def _in_order(
        self,
        submit: Callable[[list[str]], Any],
        result: Callable[[list[str], Any], Made | None],
        batches: Iterator[list[str]],
    ) -> Generator[Made, None, None]:
        under_way: deque[tuple[list[str], Any]] = deque()
        while True:
            while len(under_way) < self.cluster.ahead and (batch := next(batches, None)):
                under_way.append((batch, submit(batch)))
            if not under_way or (made := result(*under_way.popleft())) is None:
                return
            yield made
