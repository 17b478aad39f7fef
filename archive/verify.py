"""Is the archive what it was written to be? Every damaged object is named; nothing is changed.

The plain check covers SQLite's own structure, the schema, foreign keys, the search index, the text and checksum of
every version, and a sample of the bodies. The deep one adds every body, every capture's id, the chain of the runs'
manifests, every reading, whether versions are what the readings make of them, what was learned of sites, and whether
the crawl's list of addresses agrees with its visits.
"""

import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive import captures, runs
from archive.bodies import LOST, Bodies, ZstdError
from archive.connection import open_reading
from archive.content import FIELD_COLUMNS, recompute_fingerprint
from archive.errors import ArchiveDamaged
from archive.fingerprint import short_id
from archive.progress import Show, silent
from archive.states import content_of_version
from archive.urls import url_key
from archive.verify_readings import frontier, readings, site_lines, states
from archive.verify_structure import structure, writable_index
from archive.versions import is_as_folded

SAMPLE = 500  # bodies that the plain check decodes
# What a damaged row may raise where it is read.
UNREADABLE = (sqlite3.Error, ZstdError, ValueError, LookupError, TypeError, ArithmeticError, AssertionError)
DIFFERING = " OR ".join(f"articles.{name} IS NOT versions.{name}" for name in FIELD_COLUMNS)
ARTICLES = (
    "SELECT articles.id FROM articles LEFT JOIN versions ON versions.article_id = articles.id "  # noqa: S608 - as above
    f"AND versions.number = articles.versions WHERE (versions.id IS NULL OR {DIFFERING} "
    "OR first_seen_at IS NOT (SELECT min(seen_from) FROM versions WHERE article_id = articles.id) "
    "OR articles.versions <> (SELECT count(*) FROM versions WHERE article_id = articles.id))"
)


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is wrong: which object, and what about it."""

    object: str
    problem: str


Found = Iterator[tuple[str, str]]
Check = Callable[[sqlite3.Connection, Show], Found]


def verify(path: Path, *, deep: bool = False, show: Show = silent) -> Iterator[Damage]:
    """Everything that is wrong with the archive at ``path``, as it is found; ``show`` is told how far it is."""
    try:
        opened = open_reading(path)
    except ArchiveDamaged as error:  # not even its schema can be read
        yield Damage("file", str(error))
        return
    with closing(opened) as connection:
        connection.execute("BEGIN")  # one state of the file throughout, whatever a run writes meanwhile
        yield from _run(connection, {"structure": _structure, "versions": _versions, "articles": _articles}, show)
        yield from (Damage(*found) for found in writable_index(path))
        yield from _run(connection, DEEP if deep else {"bodies": _bodies_some}, show)


def _run(connection: sqlite3.Connection, checks: Mapping[str, Check], show: Show) -> Iterator[Damage]:
    for name, check in checks.items():
        show(name, 0, None)
        try:
            for found in check(connection, show):
                yield Damage(*found)
        except sqlite3.Error as error:
            yield Damage(name, f"cannot be read: {error}")


def _ids(connection: sqlite3.Connection, table: str) -> list[str]:
    """Every id, from the index, so that a damaged row hides no other."""
    return [row[0] for row in connection.execute(f"SELECT id FROM {table} ORDER BY id")]  # noqa: S608 - its own names


def _each(
    connection: sqlite3.Connection, table: str, check: Callable[[sqlite3.Connection, str], str | None], show: Show
) -> Found:
    """What ``check`` finds wrong with each row; what cannot even be read is wrong too."""
    one = table.removesuffix("s") if table != "bodies" else "body"
    ids = _ids(connection, table)
    for place, identity in enumerate(ids):
        show(table, place, len(ids))
        try:
            problem = check(connection, identity)
        except ArchiveDamaged as error:
            problem = str(error)
        except UNREADABLE as error:
            problem = f"cannot be read: {error}"
        if problem:
            yield f"{one} {identity}", problem


def _versions(connection: sqlite3.Connection, show: Show) -> Found:
    return _each(connection, "versions", _version, show)


def _version(connection: sqlite3.Connection, version_id: str) -> str | None:
    content = content_of_version(connection, version_id)
    row = connection.execute(
        "SELECT article_id, seen_from, fingerprint, digest FROM versions WHERE id = ?", (version_id,)
    ).fetchone()
    if recompute_fingerprint(vars(content)) != row[2]:
        return "its text does not match its fingerprint"
    if content.digest != row[3]:
        return "its fields, removals or links do not match their checksum"
    return None if short_id(*row[:3]) == version_id else "its id does not match its article, time and fingerprint"


def _structure(connection: sqlite3.Connection, _: Show) -> Found:
    return structure(connection)


def _articles(connection: sqlite3.Connection, _: Show) -> Found:
    """Articles whose row is not what their versions say, column by column."""
    return ((f"article {row[0]}", "its row does not match its versions") for row in connection.execute(ARTICLES))


def _body(bodies: Bodies, body_id: str) -> str | None:
    stored, encoding = bodies.connection.execute(
        "SELECT size, encoding FROM bodies WHERE id = ?", (body_id,)
    ).fetchone()
    if encoding == LOST and _is_noted(bodies.connection, "detail", body_id):
        return None
    size = len(bodies.get(body_id))
    return None if size == stored else f"it has {size} bytes, not {stored}"


def _bodies_all(connection: sqlite3.Connection, show: Show) -> Found:
    bodies = Bodies(connection)
    return _each(connection, "bodies", lambda _, body_id: _body(bodies, body_id), show)


def _bodies_some(connection: sqlite3.Connection, _: Show) -> Found:
    bodies, ids = Bodies(connection), _ids(connection, "bodies")
    for body_id in random.sample(ids, min(SAMPLE, len(ids))):
        try:
            problem = _body(bodies, body_id)
        except (ArchiveDamaged, sqlite3.Error) as error:
            problem = str(error)
        if problem:
            yield f"body {body_id}", problem


def _captures(connection: sqlite3.Connection, show: Show) -> Found:
    return _each(connection, "captures", _capture, show)


def _capture(connection: sqlite3.Connection, capture_id: str) -> str | None:
    capture = captures.load(connection, capture_id)
    assert capture is not None
    return None if captures.id_of(captures.values_of(capture)) == capture_id else "it was altered"


def _manifests(connection: sqlite3.Connection, show: Show) -> Found:
    return _each(connection, "runs", _manifest, show)


def _manifest(connection: sqlite3.Connection, run_id: str) -> str | None:
    stored, after_id = connection.execute("SELECT manifest, after_id FROM runs WHERE id = ?", (run_id,)).fetchone()
    if stored is None:
        return None  # still open, or broken off and not yet sealed by the next
    if stored == runs.manifest_for(connection, run_id, after_id) or _is_noted(connection, "run_id", run_id):
        return None
    return "its manifest does not match: a capture of it was altered, taken out or put in, or its row changed"


def _is_noted(connection: sqlite3.Connection, column: str, value: str) -> bool:
    """Whether a salvage told of this loss."""
    noted = f"SELECT 1 FROM events WHERE kind = 'salvage' AND {column} = ?"  # noqa: S608 - names of this file
    return connection.execute(noted, (value,)).fetchone() is not None


def _folds(connection: sqlite3.Connection, show: Show) -> Found:
    return _each(connection, "articles", _fold, show)


def _fold(connection: sqlite3.Connection, article_id: str) -> str | None:
    if not is_as_folded(connection, article_id):
        return "its versions are not what its readings say"
    return states(connection, article_id)


def _urls(connection: sqlite3.Connection, _: Show) -> Found:
    for url, key in connection.execute("SELECT url, key FROM urls"):
        if url_key(url) != key:
            yield f"url {url}", "its key does not match"


def _events(connection: sqlite3.Connection, show: Show) -> Found:
    return _each(connection, "events", event_problem, show)


DEEP: Mapping[str, Check] = {
    "bodies": _bodies_all,
    "captures": _captures,
    "runs": _manifests,
    "events": _events,
    "readings": readings,
    "histories": _folds,
    "urls": _urls,
    "site lines": lambda connection, _: site_lines(connection),
    "frontier": lambda connection, _: frontier(connection),
}


def event_problem(connection: sqlite3.Connection, event_id: str) -> str | None:
    """What is wrong with an event, or ``None``."""
    values = connection.execute(
        "SELECT occurred_at, kind, outcome, run_id, detail FROM events WHERE id = ?", (event_id,)
    ).fetchone()
    return None if short_id(*(value or "" for value in values)) == event_id else "it was altered"


def article_problem(connection: sqlite3.Connection, article_id: str) -> str | None:
    """What is wrong with an article, its versions, or what its readings make of it, or ``None``."""
    row = f"{ARTICLES} AND articles.id = ?"
    known = connection.execute("SELECT 1 FROM articles WHERE id = ?", (article_id,)).fetchone()
    if known is None or connection.execute(row, (article_id,)).fetchone():
        return "its row does not match its versions"
    for (version_id,) in connection.execute("SELECT id FROM versions WHERE article_id = ?", (article_id,)).fetchall():
        if problem := _version(connection, version_id):
            return problem
    return _fold(connection, article_id)


def summary(path: Path) -> dict[str, int]:
    """How much there was to check: rows by table."""
    with closing(open_reading(path)) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - these names
            for table in ("runs", "captures", "bodies", "articles", "versions")
        }
