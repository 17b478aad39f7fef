"""Is what was read of each visit, learned of each site and known of each address what was written?

Rows of ``readings`` carry a checksum, those of ``site_lines`` and ``template_lines`` have ids that are one, and what
belongs together is compared: readings with captures and addresses, what is learned of a site with its digest, and
addresses that were visited with their visits.
"""

import sqlite3
from collections.abc import Iterator

from archive.progress import Show, silent
from archive.readings import is_sealed
from archive.records import Outcome
from archive.site_lines import digest_of_lines, is_sealed_line
from archive.states import contents_of
from archive.template_lines import is_sealed_template_line

Found = tuple[str, str]
STATES = frozenset({"pending", "done", "skipped"})
KINDS = frozenset({"article", "page", "part", "hub", "pagination", "feed", "sitemap"})
OUTCOMES = frozenset(Outcome)
SALVAGED = "SELECT 1 FROM events WHERE kind = 'salvage' LIMIT 1"  # it kept what it could, and told of the rest
UNREAD = "SELECT id FROM captures WHERE NOT EXISTS (SELECT 1 FROM readings WHERE capture_id = captures.id)"
# A merge that was stopped or killed has taken facts whose readings the next one takes.
MERGING = (
    "SELECT 1 FROM runs WHERE command = 'merge' AND coalesce(exit_code, 128) >= 128 AND started_at = "
    "(SELECT max(started_at) FROM runs WHERE command = 'merge')"
)
# A visit that saw no story belongs to the article that has its address.
STRAY = (
    "SELECT capture_id FROM readings WHERE key IS NOT NULL AND article_id IS NOT "
    "(SELECT article_id FROM urls WHERE urls.key = readings.key LIMIT 1)"
)
TIMES = (
    "SELECT capture_id FROM readings JOIN captures ON captures.id = capture_id "
    "WHERE captures.fetched_at <> readings.fetched_at"
)
ENTRIES = "SELECT url, state, kind, outcome, detail, visited_at FROM frontier"
VISIT = "SELECT 1 FROM captures WHERE url = ? AND fetched_at = ?"
# Robots files are asked for on the way, and what was internal to a run left no visit.
UNKNOWN = (
    "SELECT DISTINCT captures.url FROM captures JOIN runs ON runs.id = run_id WHERE runs.command = 'crawl' "
    "AND found_via IS NOT NULL AND found_via <> 'robots' AND captures.url NOT IN (SELECT url FROM frontier)"
)


def readings(connection: sqlite3.Connection, show: Show = silent) -> Iterator[Found]:
    """Rows that were altered, that lack their visit or the visit its row, or that lie with the wrong article."""
    rows = connection.execute("SELECT capture_id FROM readings ORDER BY capture_id").fetchall()
    for place, (capture_id,) in enumerate(rows):
        show("readings", place, len(rows))
        try:
            problem = None if is_sealed(connection, capture_id) else "it was altered"
        except (sqlite3.Error, ValueError, TypeError) as error:
            problem = f"cannot be read: {error}"
        if problem:
            yield f"reading {capture_id}", problem
    for (capture_id,) in connection.execute(TIMES):
        yield f"reading {capture_id}", "its time is not that of its visit"
    if connection.execute(SALVAGED).fetchone() is None:
        for (capture_id,) in connection.execute(STRAY):
            yield f"reading {capture_id}", "its article is not the one that has its address"
        unread = () if connection.execute(MERGING).fetchone() else connection.execute(UNREAD)
        for (capture_id,) in unread:
            yield f"capture {capture_id}", "what was read of it is missing"


def states(connection: sqlite3.Connection, article_id: str) -> str | None:
    """What is wrong with what an article's visits read beside what is a version, or ``None``."""
    contents = contents_of(connection, article_id)
    rows = connection.execute(
        "SELECT capture_id, digest FROM readings WHERE article_id = ? AND digest IS NOT NULL", (article_id,)
    )
    lost = [capture_id for capture_id, digest in rows if digest not in contents]
    return f"what was read of capture {lost[0]} is lost or altered" if lost else None


def site_lines(connection: sqlite3.Connection) -> Iterator[Found]:
    """Lines that were altered, and sites of which one was taken out or put in."""
    for (line_id,) in connection.execute("SELECT id FROM site_lines ORDER BY id").fetchall():
        if not is_sealed_line(connection, line_id):
            yield f"site line {line_id}", "it was altered"
    for (line_id,) in connection.execute("SELECT id FROM template_lines ORDER BY id").fetchall():
        if not is_sealed_template_line(connection, line_id):
            yield f"template line {line_id}", "it was altered"
    for site, lines in connection.execute("SELECT site, lines FROM site_learning WHERE lines IS NOT NULL").fetchall():
        if digest_of_lines(connection, site) != lines:
            yield f"site {site}", "what is learned of it was altered, taken out or put in"


def frontier(connection: sqlite3.Connection) -> Iterator[Found]:
    """Addresses whose row contradicts itself or their visits, and visited addresses that have none."""
    is_salvaged = connection.execute(SALVAGED).fetchone() is not None
    for url, state, kind, outcome, detail, visited_at in connection.execute(ENTRIES).fetchall():
        problem = entry_problem(state, kind, outcome, visited_at)
        if not problem and visited_at and not is_salvaged and not (detail or "").startswith("internal: "):
            seen = connection.execute(VISIT, (url, visited_at)).fetchone()
            problem = None if seen else f"there is no visit of {visited_at}"
        if problem:
            yield f"address {url}", problem
    if not is_salvaged:
        for (url,) in connection.execute(UNKNOWN):
            yield f"address {url}", "it was visited by a crawl, and is not in the frontier"


def entry_problem(state: str, kind: str, outcome: str | None, visited_at: str | None) -> str | None:
    """What is wrong with an entry of the frontier by itself, or ``None``."""
    if state not in STATES or kind not in KINDS:
        return f"its state {state!r} or kind {kind!r} is none that there is"
    if outcome is not None and outcome not in OUTCOMES:
        return f"its outcome {outcome!r} is none that there is"
    if (outcome is None) != (visited_at is None) or (state == "done" and visited_at is None):
        return "its state, outcome and last visit contradict each other"
    return None
