"""Files read on a Dask cluster: the pages of an import, in parts that bound the memory, in an order of their own.

Files go side by side, the parts of one after the other: where a part ends is known when it was read. The parts come
back in rounds, one of each file that is under way, so that whoever stores them meets a page before its revisit in the
same file, and on every repetition the same order.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zipfile import BadZipFile

from pipelines.site_rules import RulesOf
from scraper.cluster import Cluster, Lost
from scraper.observe import read_by
from scraper.rebuild.on_cluster import check_reader
from scraper.rebuild.reading_again import PageReader
from scraper.replay.saved_pages import SavedPages
from scraper.replay.source import Bound, Left, Place, Read, Source, Taken
from scraper.replay.warc_files import WarcFile, told

Found = Read | Taken | Left
Marks = Mapping[str, frozenset[int]]


@dataclass(frozen=True)
class Setup:
    """What the parts of an import have in common."""

    reader: str
    marks: Marks
    rules: RulesOf | None


@dataclass(frozen=True, slots=True)
class Part:
    """What a worker found in a part of a source, and where the next one begins, if there is one."""

    found: tuple[Found, ...]
    going_on: Place | None


def read_part(setup: Setup, source: Source, start: Place | None) -> Part:
    """On a worker: read what ``source`` holds from ``start`` on. Raises ``OSError``, after which it is tried again."""
    check_reader(setup.reader)
    pages = PageReader(setup.marks, setup.rules)
    found: list[Found] = []
    if not isinstance(source, WarcFile):
        found.extend(_read(each, pages) for each in source)
        return Part(tuple(found), None)
    part = source.part(start, Bound())
    while True:
        try:
            found.append(_read(next(part), pages))
        except StopIteration as end:
            return Part(tuple(found), end.value)


def _read(found: Taken | Left, pages: PageReader) -> Found:
    if isinstance(found, Left) or found.earlier is not None:
        return found
    return Read(found, pages.visit(found.capture, found.body, found.rendered))


@dataclass(slots=True)
class Reading:
    """An import under way. ``marks`` gives what is in force now; where that changes, later parts are read with it.

    ``returned`` are pages that came back and are to be read once more with what is in force now.
    """

    cluster: Cluster
    rules: RulesOf | None
    marks: Callable[[], Marks]
    is_stopped: Callable[[], bool]
    known: Marks | None = None
    shared: Any = None
    returned: list[Taken] = field(default_factory=list)

    def give_back(self, taken: Taken) -> None:
        """Have a page read once more."""
        self.returned.append(taken)

    def submit(self, source: Source, start: Place | None) -> tuple[Source, Any, Marks]:
        """Have the next part of a source read."""
        marks = self.marks()
        if marks is not self.known:
            self.known, self.shared = marks, self.cluster.share(Setup(read_by(), marks, self.rules))
        return source, self.cluster.submit(read_part, self.shared, source, start), marks

    def result(self, source: Source, future: Any) -> Part | None:
        """A part, or ``None`` if the run is stopped. What cannot be read is left by name, and with it its file."""
        try:
            part: Part | None = self.cluster.result(future, self.is_stopped)
        except (OSError, BadZipFile, Lost) as error:
            return Part(tuple(Left(name, f"{told(error)} (on a Dask worker)") for name in _names(source)), None)
        return part

    def read(self, sources: Iterable[Source]) -> Iterator[Found]:
        """What they all hold."""
        waiting = iter(sources)
        under_way: deque[tuple[Source, Any, Marks]] = deque()
        while True:
            while len(under_way) < self.cluster.ahead and (source := next(waiting, None)) is not None:
                under_way.append(self.submit(source, None))
            if not under_way:
                return
            source, future, marks = under_way.popleft()
            part = self.result(source, future)
            if part is None:
                return
            if part.going_on is not None:
                under_way.append(self.submit(source, part.going_on))
            for found in part.found:
                yield Read(found.taken, found.visit, marks) if isinstance(found, Read) else found
            if self.returned:
                under_way.append(self.submit(tuple(self.returned), None))
                self.returned = []


def _names(source: Source) -> list[str]:
    if isinstance(source, tuple):
        return [each.name for each in source]
    return [str(getattr(source, "name", None) or getattr(source, "top", source))]


def in_parts(sources: Iterable[Source]) -> Iterator[Source]:
    """The sources, folders of many pages divided."""
    for source in sources:
        yield from source.in_parts() if isinstance(source, SavedPages) else (source,)


def read_on(reading: Reading, sources: Iterable[Source]) -> Iterator[Found]:
    """What the sources hold. Those that hold what was made from others' pages wait until all others are stored."""
    held: list[Source] = list(in_parts(sources))
    for derived in (False, True):
        yield from reading.read([each for each in held if getattr(each, "is_derived", False) is derived])
