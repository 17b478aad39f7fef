"""The end of a run: learn what its pages show of their sites, and read those again that this concerns.

After it the readings are what reading all pages anew would give: what is in force depends on all pages alone, and every
capture that carries a line that came into force, or went out of it, is read with the lines of now.
"""

from collections.abc import Iterable, Iterator, Mapping

from archive import site_lines
from archive.store import RECORDS_A_COMMIT, Archive
from pipelines import cleaning_stages, run_stages
from pipelines.site_learning import learn_site
from pipelines.site_marks import Marked
from scraper.observe import observe


def settle(archive: Archive, strip_lines: Mapping[str, Iterable[str]] | None = None) -> int:
    """Learn of every site that brought something new; return how many captures were read again.

    Commits as it goes. Killed at any point, the next call goes on from there. ``strip_lines`` are as for the stages.
    """
    count = 0
    sites = site_lines.pending(archive.connection)
    for site in sites:
        learn_site(archive.connection, site)
    if sites:
        archive.commit()
    stages = cleaning_stages(strip_lines, archive)
    for site in sites:
        for capture_id in list(_concerned(archive, site)):
            capture = archive.capture(capture_id)
            body = archive.body(capture.body_id) if capture.body_id else None
            archive.reread(capture_id, run_stages(stages, observe(capture, body).visit))
            count += 1
            if count % RECORDS_A_COMMIT == 0:
                archive.commit()
        site_lines.settled(archive.connection, site)
        archive.commit()
    return count


def _concerned(archive: Archive, site: str) -> Iterator[str]:
    changed = site_lines.unsettled(archive.connection, site)
    if changed:
        for capture_id, marks in site_lines.captures(archive.connection, site):
            if not changed.isdisjoint(Marked.unpack(marks).marks):
                yield capture_id
