"""Making an archive smaller without losing a bit: pages lean on better ones, the search index and the file are tidied.

Site by site, each in one transaction: a site is packed anew where that saves enough, every body is decoded and compared
before it is written, and whatever ends the work leaves each site as it was or as it is to be. The next call goes on
with the sites that are not done.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from archive import runs
from archive.connection import translated
from archive.progress import Show, silent
from archive.repack import Repacking
from archive.store import Archive

WORTH = 0.98  # of what the bodies of a site take: less than that is saved is not worth writing them anew
GROUP = (
    "WITH pages (body_id, url, fetched_at) AS ("
    "SELECT body_id, url, fetched_at FROM captures WHERE site = :site AND body_id IS NOT NULL UNION ALL "
    "SELECT rendered_id, url, fetched_at FROM captures WHERE site = :site AND rendered_id IS NOT NULL) "
    "SELECT body_id, url FROM (SELECT body_id, url, min(fetched_at) AS first FROM pages GROUP BY body_id) "
    "WHERE body_id NOT IN (SELECT id FROM temp.packed) "
    "ORDER BY first, body_id"
)
# Bodies of other sites, or of none, that lean on those of the group: their depth changes with it.
LEANING = (
    "WITH RECURSIVE leaning (id) AS (SELECT bodies.id FROM bodies JOIN temp.fresh ON bodies.base_id = fresh.id "
    "UNION SELECT bodies.id FROM bodies JOIN leaning ON bodies.base_id = leaning.id) "
    "SELECT id, '' FROM leaning WHERE id NOT IN (SELECT id FROM temp.fresh)"
)
APPLY = (
    "UPDATE bodies SET encoding = fresh.encoding, base_id = fresh.base_id, depth = fresh.depth, data = fresh.data "
    "FROM temp.fresh WHERE fresh.id = bodies.id"
)
DONE = (
    "SELECT detail FROM events WHERE kind = 'compaction' AND outcome = 'repacked' AND rowid > "
    "(SELECT coalesce(max(rowid), 0) FROM events WHERE kind = 'compaction' AND outcome = 'done')"
)


@dataclass(slots=True)
class Saved:
    """What compacting did: bytes of bodies and of the file before and after, and bodies that could not be read."""

    bodies_before: int = 0
    bodies_after: int = 0
    file_before: int = 0
    file_after: int = 0
    tried: int = 0
    repacked: int = 0
    damaged: list[str] = field(default_factory=list)


def compact(archive: Archive, show: Show = silent) -> Saved:
    """Make an archive that was opened for writing as small as it can be; every body and reading stays what it is.

    ``show`` is told how many bodies were tried.
    """
    connection = archive.connection
    with translated(archive.path):
        saved = Saved(bodies_before=_body_bytes(connection), file_before=archive.path.stat().st_size)
        connection.execute("CREATE TEMP TABLE packed (id TEXT PRIMARY KEY)")
        connection.execute(
            "CREATE TEMP TABLE fresh (id TEXT PRIMARY KEY, encoding TEXT, base_id TEXT, depth, data BLOB)"
        )
        done = {str(detail).partition(": ")[0] for (detail,) in connection.execute(DONE)}
        (bodies,) = connection.execute("SELECT count(*) FROM bodies").fetchone()
        for site in _sites(connection):
            if site not in done:
                _compact_site(archive, site, saved, lambda: show("bodies", saved.tried, bodies))
        show("search index and file", 0, None)
        connection.execute("INSERT INTO versions_fts (versions_fts) VALUES ('optimize')")
        saved.bodies_after = _body_bytes(connection)
        detail = f"{saved.repacked} bodies: {saved.bodies_before} bytes, now {saved.bodies_after}"
        runs.log(connection, "compaction", "done", None, detail)
        connection.execute("DROP TABLE temp.fresh")
        connection.execute("DROP TABLE temp.packed")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    saved.file_after = archive.path.stat().st_size
    return saved


def _body_bytes(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(sum(length(data)), 0) FROM bodies").fetchone()[0])


def _sites(connection: sqlite3.Connection) -> Iterator[str]:
    yield from [site for (site,) in connection.execute("SELECT DISTINCT site FROM captures ORDER BY site")]


def _compact_site(archive: Archive, site: str, saved: Saved, tell: Callable[[], None]) -> None:
    connection = archive.connection
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM temp.fresh")
    group = connection.execute(GROUP, {"site": site}).fetchall()
    connection.executemany("INSERT INTO temp.fresh (id) VALUES (?)", ((body_id,) for body_id, _ in group))
    group += connection.execute(LEANING).fetchall()
    repacking = Repacking(archive.bodies)
    for body_id, new, encoding in repacking.run(group):
        row = (body_id, encoding, new.base_id, new.depth, new.data)
        connection.execute("INSERT OR REPLACE INTO temp.fresh VALUES (?, ?, ?, ?, ?)", row)
        saved.tried += 1
        tell()
    connection.execute("DELETE FROM temp.fresh WHERE data IS NULL")
    before, after, count = connection.execute(
        "SELECT coalesce(sum(length(bodies.data)), 0), coalesce(sum(length(fresh.data)), 0), count(*) "
        "FROM temp.fresh JOIN bodies ON bodies.id = fresh.id"
    ).fetchone()
    saved.damaged += repacking.damaged
    if after < WORTH * before:
        connection.execute(APPLY)
        archive.bodies.forget()
        saved.repacked += count
        runs.log(connection, "compaction", "repacked", None, f"{site}: {count} bodies, {before} bytes, now {after}")
    connection.execute("INSERT OR IGNORE INTO temp.packed SELECT id FROM temp.fresh")
    connection.execute("COMMIT")
