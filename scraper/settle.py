"""The end of a run: learn what its pages show of their sites, and read those again that this concerns.

After it the readings are what reading all pages anew would give: what is in force depends on all pages alone, and
every capture that carries a line that came into force, or went out of it, is read with the lines of now. An article
that was visited since the reader or the line rules changed is read again as a whole, so that no version begins with a
new reader.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from archive import outdated, runs, site_lines
from archive.copies import Sketched, is_stale, learn_copies
from archive.errors import ArchiveDamaged
from archive.likeness import sketches_of
from archive.records import Visit
from archive.store import RECORDS_A_COMMIT, Archive
from archive.template_learning import learn_template, visited
from pipelines import cleaning_stages, run_stages
from pipelines.site_learning import learn_site
from pipelines.site_marks import Marked
from pipelines.site_rules import RulesOf
from scraper.observe import observe

FIRST_LESSON = 40  # articles after which a site that is new is learned from, before the run is at its end
MOST_AT_ONCE = 500  # captures that are read again while a run still goes on; more wait until it ends


def is_settled(archive: Archive) -> bool:
    """Whether there is nothing left to learn, and nothing to be read again."""
    connection = archive.connection
    to_learn = site_lines.pending(connection) or outdated.articles(connection) or list(visited(connection))
    return not to_learn and not is_stale(connection)


def settle(
    archive: Archive,
    rules: RulesOf | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
    sketched: Sketched = sketches_of,
) -> int:
    """Learn of every site that brought something new; return how many captures were read again.

    Commits as it goes. Stopped or killed at any point, the next call goes on from there. ``rules`` are as for the
    stages; ``sketched`` makes the sketches of texts.
    """
    archive.commit()
    count = _read_outdated(archive, rules, is_stopped)
    for site in site_lines.pending(archive.connection):
        if is_stopped():
            return count
        learn_site(archive, site)
        archive.commit()
        count += _read_concerned(archive, site, list(_concerned(archive, site)), rules, is_stopped)
    for site in visited(archive.connection):
        if is_stopped():
            break
        learn_template(archive.connection, site)
        archive.commit()
    else:
        site_lines.forget_vanished(archive.connection)
        learn_copies(archive.connection, sketched)
        archive.commit()
    return count


def _read_outdated(archive: Archive, rules: RulesOf | None, is_stopped: Callable[[], bool]) -> int:
    """Read those articles again that were read by more than one reader."""
    count = 0
    for article_id in outdated.articles(archive.connection):
        if is_stopped():
            break
        captures = outdated.captures(archive.connection, article_id, archive.reader, archive.own_rules)
        count += read_again(archive, captures, rules)
        outdated.done(archive.connection, article_id)
        archive.commit()
    return count


def _read_concerned(
    archive: Archive,
    site: str,
    concerned: Iterable[str],
    rules: RulesOf | None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Read these captures of a site with the lines that are in force now, and note that it is done."""
    count = read_again(archive, concerned, rules, is_stopped)
    if not is_stopped():
        site_lines.settled(archive.connection, site)
    archive.commit()
    return count


def read_again(
    archive: Archive,
    captures: Iterable[str],
    rules: RulesOf | None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Read these captures again from their bytes; how many were. A damaged body keeps what was read of it before."""
    stages, count = cleaning_stages(rules, archive), 0
    for capture_id in captures:
        if is_stopped():
            break
        capture = archive.capture(capture_id)
        try:
            body, rendered = archive.page_of(capture)
        except ArchiveDamaged as error:
            runs.log(archive.connection, "reading", "damaged", archive.run_id, str(error))
            continue
        if body is not None:
            archive.reread(capture_id, run_stages(stages, observe(capture, body, rendered, rules).visit))
            count += 1
            if count % RECORDS_A_COMMIT == 0:
                archive.commit()
    return count


def _concerned(archive: Archive, site: str) -> Iterator[str]:
    changed = site_lines.unsettled(archive.connection, site)
    if changed:
        for capture_id, marks in site_lines.captures(archive.connection, site):
            if not changed.isdisjoint(Marked.unpack(marks).marks):
                yield capture_id


class Lessons:
    """Learning while a run goes on, so that the pages of a new site need not all be read twice.

    A site is learned from when its articles have come to ``FIRST_LESSON``, and each time they have doubled since.
    """

    def __init__(self, archive: Archive, rules: RulesOf | None = None) -> None:
        self._archive, self._rules = archive, rules
        self._articles: Counter[str] = Counter()
        self._next: dict[str, int] = {}
        self._in_force: dict[str, frozenset[int]] | None = None

    def marks_in_force(self) -> dict[str, frozenset[int]]:
        """What is in force on each site; the same object until there is a lesson."""
        if self._in_force is None:
            self._in_force = site_lines.all_in_force(self._archive.connection)
        return self._in_force

    def after(self, visit: Visit) -> None:
        """Count a visit that was stored, and learn if it is time."""
        if not visit.marks or visit.article is None or not (site := visit.article.site):
            return
        if site not in self._next:
            self._next[site] = max(FIRST_LESSON, site_lines.articles(self._archive.connection, site))
        self._articles[site] += 1
        if self._articles[site] >= self._next[site]:
            self._next[site] *= 2
            self._learn(site)

    def _learn(self, site: str) -> None:
        self._in_force = None
        learn_site(self._archive, site)
        self._archive.commit()
        concerned = list(_concerned(self._archive, site))
        if len(concerned) <= MOST_AT_ONCE:
            _read_concerned(self._archive, site, concerned, self._rules)
