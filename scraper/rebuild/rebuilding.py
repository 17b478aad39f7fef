"""A rebuild: every reading dropped and made again, beside those in force, and brought into force in one transaction.

It takes the path of all pages: bytes, reader, stages, archive. Its state lies in a file beside the archive, so that
what is stopped or killed goes on where it was; with another reader, other rules or another site it begins anew.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from archive import readings, runs, site_lines
from archive.errors import UsageError
from archive.readings import Reading
from archive.staging import Staging, path_of, remove, signature
from archive.store import Archive
from pipelines.site_rules import RulesOf
from scraper.observe import own_rules, read_by
from scraper.progress import Progress, Silent
from scraper.rebuild.reading_again import Unread, Workers, workers_here
from scraper.settle import settle
from scraper.stopping import Stop, stop_signals
from scraper.tally import Tally

if TYPE_CHECKING:
    from scraper.cluster import Cluster


@dataclass(slots=True, kw_only=True)
class Rebuilt:
    """What a rebuild did. ``changed`` is on how many articles a version reads otherwise than before.

    ``damaged`` are the captures whose bytes cannot be had: what was read of them before stays. ``stopped`` is a signal.
    """

    run_id: str
    reader: str
    captures: int = 0
    changed: int = 0
    damaged: list[Unread] = field(default_factory=list)
    stopped: int | None = None

    @property
    def exit_code(self) -> int:
        """0, 3 with damaged bodies, or that of the signal."""
        return 128 + self.stopped if self.stopped else 3 if self.damaged else 0

    def counts(self) -> dict[str, int]:
        """The counts that the archive keeps with the run."""
        return {"captures": self.captures, "changed": self.changed, "damaged": len(self.damaged)}


@dataclass(frozen=True, slots=True)
class Task:
    """How captures are read: with the sites' own patterns, in so many processes or on a cluster."""

    rules: RulesOf | None
    jobs: int
    cluster: "Cluster | None" = None


@dataclass(slots=True)
class Rereading(Tally):
    """The counts while it goes, in the words of a rebuild."""

    def line(self) -> str:
        """The counts in one line, for a log."""
        return f"{self.visits} captures read, {self.rate:.1f}/s"


def rebuild(
    archive_path: str | Path,
    *,
    jobs: int,
    site: str | None = None,
    rules: RulesOf | None = None,
    progress: Progress | None = None,
    cluster: "Cluster | None" = None,
) -> Rebuilt:
    """Make the readings of the archive, or of one site, again: in so many processes, or on a Dask cluster.

    Raises ``UsageError`` for a site that is not in it, and the errors of opening an archive.
    """
    path = Path(archive_path)
    with stop_signals() as stop, Archive.open(path, write=True) as archive:
        _check(archive, site)
        archive.reader, archive.own_rules = read_by(), own_rules(rules)
        done = Rebuilt(run_id=archive.begin_run("rebuild", [site] if site else []), reader=archive.reader)
        before = _readers(archive)
        with Staging.beside(path, signature(archive.reader, site, own_rules(rules)), site) as staging:
            staging.reader, staging.own_rules = archive.reader, archive.own_rules
            with _workers(archive, staging, Task(rules, jobs, cluster), stop) as workers:
                _read_all(archive, staging, workers, done, stop, progress or Silent())
                if stop.number is None:
                    settle(staging, rules, lambda: stop.number is not None, workers.sketches)
            staging.finish()
        done.stopped = stop.number
        if done.stopped is None:
            done.changed = archive.take_readings(path_of(path))
            _log(archive, done, site, before)
        archive.end_run(done.counts(), done.exit_code)
    if done.stopped is None:
        remove(path)
    return done


def _check(archive: Archive, site: str | None) -> None:
    known = "SELECT 1 FROM captures WHERE site = :site UNION ALL SELECT 1 FROM articles WHERE site = :site LIMIT 1"
    if site is not None and archive.connection.execute(known, {"site": site}).fetchone() is None:
        raise UsageError(f"{site} is not in this archive; `newsmorgue sites` shows what is")


def _readers(archive: Archive) -> str:
    rows = archive.connection.execute("SELECT DISTINCT reader FROM readings ORDER BY reader")
    return ", ".join(reader for (reader,) in rows) or "none"


def _read_all(
    archive: Archive, staging: Staging, workers: Workers, done: Rebuilt, stop: Stop, progress: Progress
) -> None:
    """Stage what the captures that are left say."""
    tally, waiting = Rereading(), staging.count_left()
    with closing(workers.read(staging.left())) as batches:
        for batch in batches:
            found = [each if isinstance(each, Reading) else _kept(archive, each, done) for each in batch]
            staging.stage(each for each in found if each is not None)
            tally.outcomes.update(each.outcome for each in found if each is not None)
            done.captures += len(batch)
            progress.show(tally, max(waiting - done.captures, 0))
            if stop.number is not None:
                break
    progress.close()


@contextmanager
def _workers(archive: Archive, staging: Staging, task: Task, stop: Stop) -> Iterator[Workers]:
    """Those that read and sketch, with the lines that are the best guess of what sites will teach again."""
    marks = site_lines.all_in_force(staging.connection)
    if task.cluster is None:
        with workers_here(archive.path, marks, task.rules, task.jobs) as workers:
            yield workers
        return
    from scraper.rebuild.on_cluster import ClusterWorkers, Setup, this_machine

    assert archive.run_id is not None
    path = archive.path.resolve()
    setup = Setup(path, archive.run_id, this_machine(), archive.reader, marks, task.rules)
    yield ClusterWorkers(task.cluster, archive, task.cluster.share(setup), lambda: stop.number is not None)


def _kept(archive: Archive, unread: Unread, done: Rebuilt) -> Reading | None:
    """What was read of a capture while its bytes could still be had."""
    done.damaged.append(unread)
    runs.log(archive.connection, "reading", "damaged", done.run_id, unread.problem)
    return readings.load(archive.connection, unread.capture_id)


def _log(archive: Archive, done: Rebuilt, site: str | None, before: str) -> None:
    what = f"of {site}" if site else "of all sites"
    detail = f"readings {what} made by reader {done.reader} from {done.captures} captures, before by {before}"
    runs.log(archive.connection, "rebuild", "done", done.run_id, detail)
