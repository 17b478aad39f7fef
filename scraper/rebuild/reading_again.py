"""Reading captures from their bytes, here or in processes of their own: the work that ``rebuild`` divides."""

import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path

from archive.errors import ArchiveDamaged, NewsmorgueError
from archive.readings import Reading
from archive.store import Archive
from pipelines import cleaning_stages, run_stages
from pipelines.site_rules import RulesOf
from scraper.observe import observe, own_rules, read_by

BATCH = 32  # captures that a process reads before it hands them over
AHEAD = 3  # batches for each process that are under way or wait to be stored: a bound on memory


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


class Rereader:
    """Reads captures of the archive at ``path``, which it opens for reading."""

    def __init__(self, path: Path, marks: Mapping[str, frozenset[int]], rules: RulesOf | None) -> None:
        self._archive = Archive.open(path)
        self._rules = rules
        self._stages = cleaning_stages(rules, SiteMarks(marks))
        self._archive.reader, self._archive.own_rules = read_by(), own_rules(rules)

    def read(self, captures: Sequence[str]) -> list[Reading | Unread]:
        """What each of these captures says, in order."""
        return [self._read(capture_id) for capture_id in captures]

    def _read(self, capture_id: str) -> Reading | Unread:
        capture = self._archive.capture(capture_id)
        try:
            page = self._archive.page_of(capture)
        except ArchiveDamaged as error:
            return Unread(capture_id, str(error))
        visit = run_stages(self._stages, observe(capture, *page, self._rules).visit)
        return Reading.of(capture_id, visit, self._archive.read_by(visit))

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()


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


def _batches(captures: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(captures)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def read_again(
    path: Path,
    captures: Iterable[str],
    marks: Mapping[str, frozenset[int]],
    rules: RulesOf | None,
    jobs: int,
) -> Generator[list[Reading | Unread], None, None]:
    """What each of ``captures`` says, in order, a batch at a time, read by ``jobs`` processes.

    With one job they are read here. Raises ``NewsmorgueError`` when a process dies.
    """
    if jobs == 1:
        rereader = Rereader(path, marks, rules)
        try:
            yield from map(rereader.read, _batches(captures))
        finally:
            rereader.close()
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (path, marks, rules)) as pool:
        try:
            yield from _in_order(pool, _batches(captures), AHEAD * jobs)
        except BrokenProcessPool:
            raise NewsmorgueError("a reading process died; rebuild again to go on from there") from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, batches: Iterator[list[str]], ahead: int) -> Iterator[list[Reading | Unread]]:
    under_way: deque[Future[list[Reading | Unread]]] = deque()
    for batch in batches:
        under_way.append(pool.submit(_read, batch))
        if len(under_way) >= ahead:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()
