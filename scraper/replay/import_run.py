"""An import: every page of the given sources through the stages, as a run of its own."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from archive.bodies import hash_of
from archive.clock import clock_trouble
from archive.errors import UsageError
from archive.records import Visit
from archive.store import Archive
from pipelines import Stage, cleaning_stages, run_stages
from pipelines.site_marks import Marked
from pipelines.site_rules import RulesOf
from pipelines.store import Store
from scraper.observe import observe, own_rules, read_by
from scraper.progress import Progress, Silent
from scraper.replay.digests import is_of
from scraper.replay.remote_files import is_address, remote_files, without_secret
from scraper.replay.saved_pages import SavedPages, is_saved_page
from scraper.replay.source import Earlier, Left, Read, Source, Taken
from scraper.replay.warc_files import holds_records, is_warc, warc_files
from scraper.settle import Lessons, settle
from scraper.stopping import Stop, stop_signals
from scraper.summary import Summary, site_summaries
from scraper.tally import Tally

if TYPE_CHECKING:
    from scraper.cluster import Cluster

MOST_EARLIER = 20  # bodies of an address that a revisit's digest is compared with
BODIES_OF = (
    "SELECT body_id FROM captures WHERE url = ? AND body_id IS NOT NULL "
    "GROUP BY body_id ORDER BY max(fetched_at) DESC LIMIT ?"
)
STORED = "SELECT body_id FROM captures WHERE url = ? AND fetched_at = ? AND body_id IS NOT NULL LIMIT 1"


def sources_of(path: Path | str, url_prefix: str | None = None) -> list[Source]:
    """What ``path`` holds: a WARC file, a saved page, or a folder of either; or the WARC files at an address.

    Raises ``UsageError`` if it is not there.
    """
    if isinstance(path, str):
        if is_address(path):
            return remote_files(path)
        path = Path(path)
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if file.is_file() and is_warc(file)]
        warcs: list[Source] = [source for file in files for source in warc_files(file)]
        pages: list[Source] = [SavedPages(path, url_prefix)]
        return warcs + pages if not warcs or any(map(is_saved_page, path.rglob("*"))) else warcs
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder")
    if is_warc(path) or holds_records(path):
        return list(warc_files(path))
    return [SavedPages(path, url_prefix)]


@dataclass(slots=True)
class ImportRun:
    """An import under way.

    ``cleaning`` are the stages before the archive. ``bodies`` are the payload digests seen, with the ids of their
    bodies, and ``unkept`` those of what was no page: by them revisits are known. ``later`` are revisits of what was not
    seen yet, ``left`` what is faulty, ``no_pages`` how much else was left; ``give_back`` has a page read once more.
    """

    archive: Archive
    rules: RulesOf | None
    progress: Progress
    cleaning: Sequence[Stage] = field(init=False)
    store: Store = field(init=False)
    lessons: Lessons = field(init=False)
    tally: Tally = field(default_factory=Tally)
    bodies: dict[str, str] = field(default_factory=dict)
    unkept: set[str] = field(default_factory=set)
    later: list[Taken] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    no_pages: int = 0
    give_back: Callable[[Taken], None] = field(init=False)

    def __post_init__(self) -> None:
        self.cleaning = cleaning_stages(self.rules, self.archive)
        self.store, self.lessons = Store(self.archive), Lessons(self.archive, self.rules)

    def take(self, found: Taken | Left | Read) -> None:
        """Pass one page on, or note why it is none."""
        if isinstance(found, Read):
            self._take_read(found)
            return
        if isinstance(found, Left):
            self.leave(found)
            self.unkept.update(found.payloads)
        elif found.earlier is not None:
            if not self._revisited(found, found.earlier):
                self.later.append(found)
        elif found.derived and self._is_there(found):
            self.leave(Left(found.name, f"made from a page that is here ({found.capture.url})", faulty=False))
        else:
            self._pass_on(found, found.body)

    def leave(self, what: Left) -> None:
        """Keep a note of what is faulty, and count the rest: pictures are many."""
        if what.faulty:
            self.left.append(what)
        else:
            self.no_pages += 1

    def take_later(self) -> None:
        """Once all is read: the revisits whose page came after them, or never."""
        for found in self.later:
            assert found.earlier is not None
            if not self._revisited(found, found.earlier):
                no_page = found.earlier.digest in self.unkept
                why = "of what is no page" if no_page else "of a page that is in none of these files nor in the archive"
                self.leave(Left(found.name, f"a revisit {why} ({found.capture.url})", faulty=not no_page))
        self.later.clear()

    def _revisited(self, found: Taken, earlier: Earlier) -> bool:
        body_id = self.bodies.get(earlier.digest or "") or self._stored(earlier, found.capture.url)
        if body_id is not None:
            self._pass_on(found, self.archive.body(body_id))
        return body_id is not None

    def _stored(self, earlier: Earlier, url: str) -> str | None:
        """The body of an earlier import that a revisit of ``url`` refers to: by time, or by a digest of its bytes."""
        name, _, value = (earlier.digest or "").partition(":")
        if name == "sha256" and value in self.archive.bodies:
            return value
        if row := self.archive.connection.execute(STORED, (earlier.url, earlier.fetched_at)).fetchone():
            return str(row[0])
        if earlier.digest is None:
            return None
        bodies = self.archive.connection.execute(BODIES_OF, (earlier.url or url, MOST_EARLIER)).fetchall()
        return next((each for (each,) in bodies if is_of(earlier.digest, self.archive.body(each))), None)

    def _is_there(self, found: Taken) -> bool:
        """Whether the archive has other bytes of the same visit: those that this text was made from."""
        capture = found.capture
        row = self.archive.connection.execute(STORED, (capture.url, capture.fetched_at)).fetchone()
        return row is not None and found.body is not None and row[0] != hash_of(found.body)

    def _take_read(self, read: Read) -> None:
        """Store a page that was read elsewhere, or give it back if its site has taught something since that matters."""
        found, article = read.taken, read.visit.article
        if found.derived and self._is_there(found):
            self.take(found)
            return
        if article is not None and article.site and read.visit.marks:
            since = self.archive.site_marks(article.site) ^ read.marks.get(article.site, frozenset())
            if not since.isdisjoint(Marked.unpack(read.visit.marks).marks):
                self.give_back(found)
                return
        self._store(found, read.visit)

    def _pass_on(self, found: Taken, body: bytes | None) -> None:
        observation = observe(found.capture, body, found.rendered, self.rules)
        self._store(found, run_stages(self.cleaning, observation.visit))

    def _store(self, found: Taken, visit: Visit) -> None:
        visit = self.store.process_item(visit)
        self.lessons.after(visit)
        if visit.body is not None:
            self.bodies.update(dict.fromkeys(found.payloads, hash_of(visit.body)))
        self.tally.count("", visit, self.store.last)
        self.progress.show(self.tally, 0)


def import_pages(
    archive_path: str | Path,
    paths: Iterable[Path | str],
    *,
    url_prefix: str | None = None,
    rules: RulesOf | None = None,
    progress: Progress | None = None,
    cluster: "Cluster | None" = None,
) -> tuple[Summary, tuple[Left, ...], int]:
    """Import every page below ``paths`` into the archive, which is made if it is not there.

    A string may be an address that fsspec understands. On a Dask ``cluster`` the files are read by its workers, which
    must be able to open them; everything is stored from here.

    Returns the summary, what is faulty and was left, and how much was left because it is no page. The exit code is 0,
    3 (something was damaged), 6 (nothing could be read), or that of the signal that stopped it: what was stored by then
    is kept. Imported again, nothing is added twice.
    """
    paths = list(paths)
    sources = [source for path in paths for source in sources_of(path, url_prefix)]
    sources.sort(key=lambda source: getattr(source, "is_derived", False))  # what was made from pages, after them
    with stop_signals() as stop, Archive.open(archive_path, write=True, create=True) as archive:
        archive.reader, archive.own_rules = read_by(), own_rules(rules)
        run_id = archive.begin_run("import", [without_secret(str(path)) for path in paths])
        run = ImportRun(archive, rules, progress or Silent())
        for found in _all(sources) if cluster is None else _all_on(cluster, run, sources, stop):
            if stop.number is not None:
                break
            run.take(found)
        else:
            run.take_later()
        run.progress.close()
        archive.commit()
        settle(archive, rules, lambda: stop.number is not None)
        return _close(run, run_id, stop.number), tuple(run.left), run.no_pages


def _all(sources: Iterable[Source]) -> Iterator[Taken | Left | Read]:
    for source in sources:
        yield from source


def _all_on(cluster: "Cluster", run: ImportRun, sources: list[Source], stop: Stop) -> Iterator[Taken | Left | Read]:
    from scraper.replay.on_cluster import Reading, read_on

    reading = Reading(cluster, run.rules, run.lessons.marks_in_force, lambda: stop.number is not None)
    run.give_back = reading.give_back
    return read_on(reading, sources)


def _close(run: ImportRun, run_id: str, stopped_by: int | None) -> Summary:
    faulty = bool(run.left)
    trouble = clock_trouble(run.archive.connection, run_id)
    exit_code = 128 + stopped_by if stopped_by else 6 if not run.tally.visits else 3 if faulty or trouble else 0
    stopped = f"signal {stopped_by}" if stopped_by else None
    sites = site_summaries(run.archive.connection, run_id)
    errors = (trouble,) if trouble else ()
    summary = Summary(run_id=run_id, command="import", sites=sites, exit_code=exit_code, stopped=stopped, errors=errors)
    run.archive.end_run(summary.counts(), exit_code)
    return summary
