"""Bringing staged readings into force, in the one transaction that the caller has open.

Whoever reads the file sees the old archive or the new one, never a half.

Only rows that differ are written. So the same readings leave the file as it was, byte for byte, ``docid`` included; a
version that stays keeps its ``docid``, and a new one gets the next.
"""

import sqlite3
from collections.abc import Iterable

from archive.versions import PLACES

KEYS = {
    "articles": ("id",),
    "versions": ("id",),
    "readings": ("capture_id",),
    "urls": ("url",),
    "contested_urls": ("key", "article_id"),
    "site_lines": ("id",),
    "site_learning": ("site",),
    "template_lines": ("id",),
    "outdated_articles": ("article_id",),
    "sketches": ("article_id",),
    "sketch_bands": ("article_id", "band"),
    "copies": ("article_id", "copy_id"),
}
PARTS = ("removals", "links")  # of versions, written with them
# A version's place in the search index stays; those that are new are numbered on, in the order of their times.
DOCIDS = """
    CREATE TEMP TABLE docids AS
    SELECT new.id, new.docid AS staged, coalesce(old.docid, (SELECT coalesce(max(docid), 0) FROM main.versions)
           + row_number() OVER (PARTITION BY old.id IS NULL ORDER BY new.seen_from, new.id)) AS docid
    FROM staged.versions AS new LEFT JOIN main.versions AS old ON old.id = new.id
"""


def columns_of(connection: sqlite3.Connection, table: str) -> list[str]:
    """The names of a table's columns."""
    return [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]


def _differing(table: str, keys: Iterable[str], columns: Iterable[str]) -> str:
    """A condition on a row of ``main`` that no row of ``staged`` is the same."""
    keyed = set(keys)
    same = " AND ".join(f"other.{name} {'=' if name in keyed else 'IS'} {table}.{name}" for name in columns)
    return f"NOT EXISTS (SELECT 1 FROM staged.{table} AS other WHERE {same})"  # noqa: S608 - names of the schema


def swap(connection: sqlite3.Connection) -> int:
    """Make all readings those of ``staged``, an attached staging file; how many articles that concerns."""
    connection.execute("PRAGMA defer_foreign_keys = on")
    _mend_index(connection)
    connection.execute(DOCIDS)
    connection.execute("CREATE UNIQUE INDEX temp.docids_by_id ON docids (id)")
    concerned = _swap_versions(connection)
    for table, keys in KEYS.items():
        if table != "versions":
            _swap_rows(connection, table, keys)
    connection.execute("INSERT OR IGNORE INTO main.events SELECT * FROM staged.events")
    connection.execute("DROP TABLE temp.docids")
    return concerned


def _swap_rows(connection: sqlite3.Connection, table: str, keys: Iterable[str]) -> None:
    columns = columns_of(connection, table)
    connection.execute(f"DELETE FROM main.{table} WHERE {_differing(table, keys, columns)}")  # noqa: S608
    here = " AND ".join(f"old.{name} = new.{name}" for name in keys)
    connection.execute(
        f"INSERT INTO main.{table} SELECT * FROM staged.{table} AS new "  # noqa: S608 - names of the schema
        f"WHERE NOT EXISTS (SELECT 1 FROM main.{table} AS old WHERE {here})"
    )


def _swap_versions(connection: sqlite3.Connection) -> int:
    """Replace the versions that differ, their removals and links; of how many articles."""
    columns = [name for name in columns_of(connection, "versions") if name != "docid"]
    stale = f"SELECT id FROM main.versions WHERE {_differing('versions', ('id',), columns)}"  # noqa: S608
    connection.execute(f"CREATE TEMP TABLE stale AS {stale}")
    for part in PARTS:
        connection.execute(f"INSERT INTO temp.stale {_with_other_parts(connection, part)}")
    articles = "SELECT article_id FROM main.versions WHERE id IN (SELECT id FROM temp.stale)"
    fresh = "SELECT id FROM staged.versions EXCEPT SELECT id FROM main.versions"
    (concerned,) = connection.execute(
        f"SELECT count(*) FROM ({articles} UNION SELECT article_id FROM staged.versions WHERE id IN ({fresh}))"  # noqa: S608
    ).fetchone()
    for part in PARTS:
        connection.execute(f"DELETE FROM main.{part} WHERE version_id IN (SELECT id FROM temp.stale)")  # noqa: S608
    connection.execute("DELETE FROM main.versions WHERE id IN (SELECT id FROM temp.stale)")
    connection.execute(f"CREATE TEMP TABLE fresh AS {fresh}")
    named = ", ".join(columns)
    told = ", ".join(f"new.{name}" for name in columns)
    connection.execute(
        f"INSERT INTO main.versions ({named}, docid) SELECT {told}, docids.docid "  # noqa: S608 - names of the schema
        "FROM temp.fresh JOIN staged.versions AS new ON new.id = fresh.id JOIN temp.docids ON docids.id = new.id "
        "ORDER BY docids.docid"
    )
    for part in PARTS:
        _insert_parts(connection, part)
    connection.execute("DROP TABLE temp.stale")
    connection.execute("DROP TABLE temp.fresh")
    return int(concerned)


def _with_other_parts(connection: sqlite3.Connection, part: str) -> str:
    """The versions whose removals, or links, are not those that were staged."""
    columns = [name for name in columns_of(connection, part) if name != "id"]
    same = " AND ".join(f"one.{name} IS other.{name}" for name in columns)
    place = f"docids.docid * {PLACES} + one.id % {PLACES} = other.id"
    back = f"docids.staged * {PLACES} + one.id % {PLACES} = other.id"
    return (
        f"SELECT one.version_id FROM staged.{part} AS one JOIN temp.docids ON docids.id = one.version_id "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT 1 FROM main.{part} AS other WHERE {place} AND {same}) UNION "
        f"SELECT one.version_id FROM main.{part} AS one JOIN temp.docids ON docids.id = one.version_id "
        f"WHERE NOT EXISTS (SELECT 1 FROM staged.{part} AS other WHERE {back} AND {same})"
    )


def _insert_parts(connection: sqlite3.Connection, part: str) -> None:
    columns = [name for name in columns_of(connection, part) if name != "id"]
    told = ", ".join(f"new.{name}" for name in columns)
    connection.execute(
        f"INSERT INTO main.{part} (id, {', '.join(columns)}) "  # noqa: S608 - names of the schema
        f"SELECT docids.docid * {PLACES} + new.id % {PLACES}, {told} FROM temp.fresh "
        f"JOIN temp.docids ON docids.id = fresh.id JOIN staged.{part} AS new ON new.version_id = fresh.id ORDER BY 1"
    )


def _mend_index(connection: sqlite3.Connection) -> None:
    """See that the search index is that of the texts: it cannot be kept up to date otherwise."""
    try:
        connection.execute("INSERT INTO versions_fts (versions_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        connection.execute("INSERT INTO versions_fts (versions_fts) VALUES ('rebuild')")
