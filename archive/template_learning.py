"""Which changes of a site were its template's: worked out anew from all its articles whenever it was visited.

It depends on all steps from one version to the next, and on when each article was seen: on facts alone. So the order
in which visits came does not matter, and what looks like an edit at first becomes the template's as soon as enough
articles bear witness.
"""

import sqlite3
from collections.abc import Collection, Iterator

from archive import template_lines
from archive.drift import Drift, Step, drifting, marks_that_drift
from archive.states import content_of_version
from archive.steps import Piece, pieces, unpack
from archive.versions import reclassify

STEPS = (
    "SELECT new.id, old.id, new.article_id, old.last_confirmed_at, new.seen_from, new.step "
    "FROM articles JOIN versions AS new ON new.article_id = articles.id "
    "JOIN versions AS old ON old.article_id = new.article_id AND old.number = new.number - 1 "
    "WHERE articles.site = ? AND new.step IS NOT NULL ORDER BY new.article_id, new.number"
)
Found = tuple[str, str, Step]  # ids of the version and of the one before, and the step between


def visited(connection: sqlite3.Connection) -> list[str]:
    """The sites that were visited since their template was last looked at."""
    return [site for (site,) in connection.execute("SELECT site FROM site_learning WHERE visited ORDER BY site")]


def learn_template(connection: sqlite3.Connection, site: str) -> int:
    """Bring ``template_lines`` and the kinds of change of a site to what all its articles show; how many changed."""
    found = list(_steps(connection, site))
    lives = connection.execute("SELECT first_seen_at, last_seen_at FROM articles WHERE site = ?", (site,)).fetchall()
    before, after = template_lines.all_drifts(connection, site), drifting((step for *_, step in found), lives)
    if after != before:
        template_lines.keep(connection, site, after, _pieces(connection, found, {each.mark for each in after}))
    changed = sum(reclassify(connection, article_id) for article_id in _concerned(found, before, after))
    connection.execute("UPDATE site_learning SET visited = 0 WHERE site = ?", (site,))
    return changed


def _steps(connection: sqlite3.Connection, site: str) -> Iterator[Found]:
    for new, old, article_id, since, until, packed in connection.execute(STEPS, (site,)):
        yield new, old, Step(article_id, since, until, unpack(packed))


def _concerned(found: Collection[Found], before: Collection[Drift], after: Collection[Drift]) -> list[str]:
    """The articles with a step that has pieces which drift, or did; a step that came since has its kind already."""
    if list(before) == list(after):
        return []
    marks = {each.mark for each in (*before, *after)}
    return sorted(
        {
            step.article_id
            for *_, step in found
            if not marks.isdisjoint(step.marks) and marks_that_drift(step, before) != marks_that_drift(step, after)
        }
    )


def _pieces(connection: sqlite3.Connection, found: Collection[Found], marks: Collection[int]) -> dict[int, Piece]:
    """The piece behind each of ``marks``, from the first step that has it."""
    known: dict[int, Piece] = {}
    for new, old, step in found:
        if not (set(step.marks) & set(marks)) - known.keys():
            continue
        for piece in pieces(content_of_version(connection, old), content_of_version(connection, new)):
            known.setdefault(piece.mark, piece)
    return known
