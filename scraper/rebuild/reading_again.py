"""Reading captures from their bytes, here or in processes of their own: the work that ``rebuild`` divides."""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Protocol, TypeVar

from archive.errors import ArchiveDamaged, NewsmorgueError
from archive.likeness import Bands, sketches_of
from archive.reader import Reader
from archive.readings import Reading
from archive.readings import read_by as noted_reader
from archive.records import Capture, Visit
from archive.store import Archive
from pipelines import cleaning_stages, run_stages
from pipelines.site_rules import RulesOf
from scraper.observe import observe, own_rules, read_by

BATCH = 32  # captures that a process reads, or texts that it sketches, before it hands them over
AHEAD = 3  # batches for each process that are under way or wait to be stored: a bound on memory


Made = TypeVar("Made")
Page = tuple[bytes | None, bytes | None]  # what a visit brought, and what a browser made of it


@dataclass(frozen=True, slots=True)
class Unread:
    """A capture whose bytes cannot be had, and why."""

    capture_id: str
    problem: str


@dataclass(frozen=True, slots=True)
class SiteMarks:
    """What is in force as the sites' own, by site; stands for an archive in the stages."""

    marks: Mapping[str, frozenset[int]]

    def site_marks(self, site: str) -> frozenset[int]:
        """What is in force on one site."""
        return self.marks.get(site, frozenset())


class PageReader:
    """Reads pages with the ``marks`` in force on their sites and the sites' own ``rules``. Needs no archive."""

    def __init__(self, marks: Mapping[str, frozenset[int]], rules: RulesOf | None) -> None:
        self._rules = rules
        self._stages = cleaning_stages(rules, SiteMarks(marks))
        self._reader, self._own_rules = read_by(), own_rules(rules)

    def visit(self, capture: Capture, body: bytes | None, rendered: bytes | None) -> Visit:
        """What a visit says, ready for the archive."""
        return run_stages(self._stages, observe(capture, body, rendered, self._rules).visit)

    def reading(self, capture_id: str, capture: Capture, page: Page) -> Reading:
        """What a visit that is in the archive says."""
        visit = self.visit(capture, *page)
        site = visit.article.site if visit.article else None
        return Reading.of(capture_id, visit, noted_reader(self._reader, self._own_rules, site))


class Rereader:
    """Reads captures of the archive at ``path``, which it opens for reading."""

    def __init__(self, path: Path, marks: Mapping[str, frozenset[int]], rules: RulesOf | None) -> None:
        self.archive = Archive.open(path)
        self._pages = PageReader(marks, rules)

    def read(self, captures: Sequence[str]) -> list[Reading | Unread]:
        """What each of these captures says, in order."""
        return [self._read(capture_id) for capture_id in captures]

    def _read(self, capture_id: str) -> Reading | Unread:
        found = page_of(self.archive, capture_id)
        return found if isinstance(found, Unread) else self._pages.reading(capture_id, *found)

    def close(self) -> None:
        """Close the archive."""
        self.archive.close()


def page_of(archive: Reader, capture_id: str) -> tuple[Capture, Page] | Unread:
    """A capture and its bytes."""
    capture = archive.capture(capture_id)
    try:
        return capture, archive.page_of(capture)
    except ArchiveDamaged as error:
        return Unread(capture_id, str(error))


_here: Rereader | None = None  # in a process of its own, the one that it works with


def _begin(path: Path, marks: Mapping[str, frozenset[int]], rules: RulesOf | None) -> None:
    global _here  # noqa: PLW0603 - a pool's processes have no other place for it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; the parent decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _here = Rereader(path, marks, rules)


def _end_with_parent() -> None:
    """End when the parent is killed: a pool's processes would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read(captures: Sequence[str]) -> list[Reading | Unread]:
    assert _here is not None
    return _here.read(captures)


def sketched(texts: list[str]) -> list[Bands]:
    """The sketches of some texts."""
    return list(sketches_of(texts))


def batches_of(all_of_them: Iterable[str]) -> Iterator[list[str]]:
    """Captures, or texts, in lists of ``BATCH``."""
    remaining = iter(all_of_them)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def usual_jobs() -> int:
    """One process for each processor that this one may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _death_told() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool:
        raise NewsmorgueError("a reading process died; rebuild again to go on from there") from None


class Workers(Protocol):
    """Those that do what a rebuild divides: reading captures, and sketching texts."""

    def read(self, captures: Iterable[str]) -> Generator[list[Reading | Unread], None, None]:
        """What each of ``captures`` says, in order, a batch at a time."""

    def sketches(self, texts: Iterable[str]) -> Iterator[Bands]:
        """The sketch of each of ``texts``, in order."""


@dataclass(frozen=True, slots=True)
class Alone:
    """No process but this one."""

    path: Path
    marks: Mapping[str, frozenset[int]]
    rules: RulesOf | None

    def read(self, captures: Iterable[str]) -> Generator[list[Reading | Unread], None, None]:
        """What each of ``captures`` says, in order, a batch at a time."""
        rereader = Rereader(self.path, self.marks, self.rules)
        try:
            yield from map(rereader.read, batches_of(captures))
        finally:
            rereader.close()

    def sketches(self, texts: Iterable[str]) -> Iterator[Bands]:
        """The sketch of each of ``texts``, in order."""
        return sketches_of(texts)


@dataclass(frozen=True, slots=True)
class Processes:
    """``jobs`` processes of this machine. Both methods raise ``NewsmorgueError`` when one of them dies."""

    pool: ProcessPoolExecutor
    jobs: int

    def read(self, captures: Iterable[str]) -> Generator[list[Reading | Unread], None, None]:
        """What each of ``captures`` says, in order, a batch at a time."""
        yield from self._in_order(_read, batches_of(captures))

    def sketches(self, texts: Iterable[str]) -> Iterator[Bands]:
        """The sketch of each of ``texts``, in order."""
        for sketches in self._in_order(sketched, batches_of(texts)):
            yield from sketches

    def _in_order(self, function: Callable[[list[str]], Made], batches: Iterator[list[str]]) -> Iterator[Made]:
        under_way: deque[Future[Made]] = deque()
        with _death_told():
            for batch in batches:
                under_way.append(self.pool.submit(function, batch))
                if len(under_way) >= AHEAD * self.jobs:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()


@contextmanager
def workers_here(
    path: Path, marks: Mapping[str, frozenset[int]], rules: RulesOf | None, jobs: int
) -> Iterator[Workers]:
    """``jobs`` processes that read the archive at ``path``; with one job, this process."""
    if jobs == 1:
        yield Alone(path, marks, rules)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (path, marks, rules)) as pool:
        try:
            yield Processes(pool, jobs)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
