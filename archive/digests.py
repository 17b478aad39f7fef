"""A digest of each table of readings, to say in one line whether two archives, or two states of one, read the same."""

import hashlib
import json
import sqlite3

TABLES = {
    "articles": "id",
    "versions": "article_id, number",
    "readings": "capture_id",
    "removals": "version_id, id",
    "links": "version_id, id",
    "urls": "url",
    "contested_urls": "key, article_id",
    "site_lines": "id",
    "site_learning": "site",
    "template_lines": "id",
    "outdated_articles": "article_id",
    "sketches": "article_id",
    "sketch_bands": "article_id, band",
    "copies": "article_id, copy_id",
}
NUMBERS = frozenset({("versions", "docid"), ("removals", "id"), ("links", "id")})  # places in this one file


def digests(connection: sqlite3.Connection, *, numbers: bool = False) -> dict[str, str]:
    """The SHA-256 over all rows of each table of readings, in a fixed order, by its name.

    Without ``numbers`` it is the same for any two archives that read the same; with them (``docid``, and the ids of
    removals and links, which say where in the file something stands) only for one that nothing was written to.
    """
    return {table: _digest(connection, table, order, numbers=numbers) for table, order in TABLES.items()}


def digest_of_readings(connection: sqlite3.Connection) -> str:
    """The SHA-256 over ``digests``: what a merge in any order, and ``rebuild``, must leave the same."""
    return hashlib.sha256(json.dumps(digests(connection)).encode()).hexdigest()


def _digest(connection: sqlite3.Connection, table: str, order: str, *, numbers: bool) -> str:
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    told = [name for name in names if numbers or (table, name) not in NUMBERS]
    found = hashlib.sha256()
    for row in connection.execute(f"SELECT {', '.join(told)} FROM {table} ORDER BY {order}"):  # noqa: S608 - these names
        values = [value.hex() if isinstance(value, bytes) else value for value in row]
        found.update(json.dumps(values, ensure_ascii=False).encode() + b"\n")
    return found.hexdigest()
