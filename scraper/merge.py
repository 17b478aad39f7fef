"""Merging archives: facts are copied, what was read of them is taken over or read again, then sites are learned of."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from archive import readings, runs, site_lines
from archive.clock import clock_trouble
from archive.errors import ArchiveDamaged
from archive.merge import Taken, has_news, open_source, take_facts
from archive.merge_readings import readings_of
from archive.progress import Show, silent
from archive.readings import Reading
from archive.store import RECORDS_A_COMMIT, Archive
from archive.urls import site_of
from pipelines import Stage, cleaning_stages, run_stages
from pipelines.site_marks import Marked
from pipelines.site_rules import RulesOf
from scraper.observe import observe, own_rules, read_by
from scraper.settle import is_settled, settle
from scraper.stopping import stop_signals


@dataclass(slots=True)
class Merged:
    """What a merge did: what came from each source, how many captures were read again, the signal that stopped it."""

    taken: dict[Path, Taken] = field(default_factory=dict)
    read_again: int = 0
    stopped_by: int | None = None
    trouble: str | None = None

    @property
    def exit_code(self) -> int:
        """0, 3 if something is wrong with a clock, or that of the signal."""
        return 128 + self.stopped_by if self.stopped_by else 3 if self.trouble else 0

    def counts(self) -> dict[str, int]:
        """Numbers of the whole, for the run."""
        return {
            "captures": sum(taken.captures for taken in self.taken.values()),
            "bodies": sum(taken.bodies for taken in self.taken.values()),
            "readings": sum(taken.readings for taken in self.taken.values()),
            "read_again": self.read_again,
        }


def merge(
    destination: Path,
    sources: Sequence[Path],
    *,
    rules: RulesOf | None = None,
    show: Show = silent,
) -> Merged:
    """Take everything that the sources have into the archive ``destination``, which is made if it is not there.

    The outcome does not depend on the order of the sources, on how often they are merged, or on what they share.
    Stopped or killed at any point, the same merge goes on from there. Sources may be written meanwhile: each is taken
    as it stands when the merge begins. Where they bring nothing, nothing is written. ``show`` is told how far it is.
    """
    with stop_signals() as stop, ExitStack() as stack:
        opened = {path: stack.enter_context(open_source(path, destination)) for path in dict.fromkeys(sources)}
        archive = stack.enter_context(Archive.open(destination, write=True, create=True))
        archive.reader, archive.own_rules = read_by(), own_rules(rules)
        merged = Merged()
        if is_settled(archive) and not any(has_news(archive, source) for source in opened.values()):
            return merged
        archive.begin_run("merge", [str(path) for path in opened])
        for path, source in opened.items():
            named = partial(_of_source, show, path)
            taken = merged.taken[path] = take_facts(archive, source, named)
            _take_readings(archive, source, taken, rules, lambda: stop.number is not None, named)
            detail = f"{path}: {taken.captures} captures, {taken.bodies} bodies, {taken.readings} readings"
            runs.log(archive.connection, "merge", "taken", archive.run_id, detail)
        show("learning of sites", 0, None)
        merged.read_again = settle(archive, rules, lambda: stop.number is not None)
        merged.stopped_by, merged.trouble = stop.number, clock_trouble(archive.connection, archive.run_id)
        archive.end_run(merged.counts(), merged.exit_code)
    return merged


def _of_source(show: Show, source: Path, what: str, done: int, total: int | None) -> None:
    show(f"{source.name}: {what}", done, total)


def _take_readings(
    archive: Archive,
    source: sqlite3.Connection,
    taken: Taken,
    rules: RulesOf | None,
    is_stopped: Callable[[], bool],
    show: Show,
) -> None:
    """Take over each reading that is the same here; read the others again. Commits as it goes."""
    stages = cleaning_stages(rules, archive)
    differing = cache(lambda site: site_lines.differing(archive.connection, source, site))
    for reading in readings_of(archive, source):
        if is_stopped():
            break
        marks = Marked.unpack(reading.marks).marks if reading.marks else ()
        site = reading.content.site if reading.content else site_of(reading.addresses.landed)
        reader = readings.read_by(archive.reader, archive.own_rules, site)
        is_same = reading.reader == reader and differing(site).isdisjoint(marks)
        archive.add_reading(reading if is_same else _read_again(archive, reading, stages, rules))
        taken.readings += 1
        show("readings", taken.readings, taken.captures or None)
        if taken.readings % RECORDS_A_COMMIT == 0:
            archive.commit()
    archive.commit()


def _read_again(archive: Archive, reading: Reading, stages: Sequence[Stage], rules: RulesOf | None) -> Reading:
    """The capture as it is read here and now; a body that is lost leaves what was read of it."""
    capture = archive.capture(reading.capture_id)
    try:
        page = archive.page_of(capture)
    except ArchiveDamaged as error:
        runs.log(archive.connection, "reading", "damaged", archive.run_id, str(error))
        return reading
    visit = run_stages(stages, observe(capture, *page, rules).visit)
    return Reading.of(reading.capture_id, visit, archive.read_by(visit))
