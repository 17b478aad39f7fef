"""An import: every page of the given sources through the stages, as a run of its own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.bodies import hash_of
from archive.clock import clock_trouble
from archive.errors import UsageError
from archive.store import Archive
from pipelines import Stage, build_stages, run_stages
from pipelines.site_rules import RulesOf
from scraper.observe import observe, own_rules, read_by
from scraper.progress import Progress, Silent
from scraper.replay.saved_pages import SavedPages, is_saved_page
from scraper.replay.source import Left, Source, Taken
from scraper.replay.warc_files import WarcFile, is_warc
from scraper.settle import Lessons, settle
from scraper.stopping import stop_signals
from scraper.summary import Summary, site_summaries
from scraper.tally import Tally


def sources_of(path: Path, url_prefix: str | None = None) -> list[Source]:
    """What ``path`` holds: a WARC file, a saved page, or a folder of either.

    Raises ``UsageError`` if it is not there.
    """
    if path.is_dir():
        warcs: list[Source] = [WarcFile(file) for file in sorted(path.rglob("*")) if file.is_file() and is_warc(file)]
        pages: list[Source] = [SavedPages(path, url_prefix)]
        return warcs + pages if not warcs or any(map(is_saved_page, path.rglob("*"))) else warcs
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder")
    return [WarcFile(path)] if is_warc(path) else [SavedPages(path, url_prefix)]


@dataclass(slots=True)
class ImportRun:
    """An import under way. ``bodies`` are the payload digests seen, with the ids of their bodies, for revisits."""

    archive: Archive
    stages: Sequence[Stage]
    progress: Progress
    lessons: Lessons
    tally: Tally = field(default_factory=Tally)
    bodies: dict[str, str] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)

    def take(self, found: Taken | Left) -> None:
        """Pass one page on, or note why it is none."""
        if isinstance(found, Left):
            self.left.append(found)
            return
        body = found.body
        if found.same_as is not None:
            body = self._known_body(found.same_as)
            if body is None:
                self.left.append(Left(found.capture.url, "a revisit of a page that is in none of these files"))
                return
        observation = observe(found.capture, body)
        visit = run_stages(self.stages, observation.visit)
        self.lessons.after(visit)
        if found.payload and visit.body is not None:
            self.bodies[found.payload] = hash_of(visit.body)
        self.tally.count("", visit)
        self.progress.show(self.tally, 0)

    def _known_body(self, digest: str) -> bytes | None:
        known = self.bodies.get(digest)
        return self.archive.body(known) if known else None


def import_pages(
    archive_path: str | Path,
    paths: Iterable[Path],
    *,
    url_prefix: str | None = None,
    rules: RulesOf | None = None,
    progress: Progress | None = None,
) -> tuple[Summary, tuple[Left, ...]]:
    """Import every page below ``paths`` into the archive, which is made if it is not there.

    Returns the summary and what was left. The exit code is 0, 3 (something was damaged), 6 (nothing could be read), or
    that of the signal that stopped it: what was stored by then is kept. Imported again, nothing is added twice.
    """
    paths = list(paths)
    sources = [source for path in paths for source in sources_of(path, url_prefix)]
    with stop_signals() as stop, Archive.open(archive_path, write=True, create=True) as archive:
        archive.reader, archive.own_rules = read_by(), own_rules(rules)
        run_id = archive.begin_run("import", [str(path) for path in paths])
        stages, lessons = build_stages(archive, rules), Lessons(archive, rules)
        run = ImportRun(archive, stages, progress or Silent(), lessons)
        for found in _all(sources):
            if stop.number is not None:
                break
            run.take(found)
        run.progress.close()
        archive.commit()
        settle(archive, rules, lambda: stop.number is not None)
        return _close(run, run_id, stop.number), tuple(run.left)


def _all(sources: Iterable[Source]) -> Iterator[Taken | Left]:
    for source in sources:
        yield from source


def _close(run: ImportRun, run_id: str, stopped_by: int | None) -> Summary:
    faulty = any(left.faulty for left in run.left)
    trouble = clock_trouble(run.archive.connection, run_id)
    exit_code = 128 + stopped_by if stopped_by else 6 if not run.tally.visits else 3 if faulty or trouble else 0
    stopped = f"signal {stopped_by}" if stopped_by else None
    sites = site_summaries(run.archive.db, run_id)
    errors = (trouble,) if trouble else ()
    summary = Summary(run_id=run_id, command="import", sites=sites, exit_code=exit_code, stopped=stopped, errors=errors)
    run.archive.end_run(summary.counts(), exit_code)
    return summary
