"""The digest of an archive's readings: equal where the same facts were read by the same reader with the same rules.

Left out is what says nothing of the content: numbers that count rows as they were written, how a state is packed, and
what is still to be learned.
"""

import hashlib
import json
import sqlite3

# Tables of readings with the columns that do not enter, and the order that makes their rows a sequence.
TABLES = {
    "articles": ((), "id"),
    "versions": (("docid",), "id"),
    "removals": (("id",), "version_id, position, id"),
    "links": (("id",), "version_id, position, id"),
    "readings": (("state",), "capture_id"),
    "urls": ((), "url"),
    "site_lines": ((), "id"),
}


def digests_of_readings(connection: sqlite3.Connection) -> dict[str, str]:
    """SHA-256, in hex, of each table of readings."""
    return {table: _digest_of(connection, table, *which) for table, which in TABLES.items()}


def digest_of_readings(connection: sqlite3.Connection) -> str:
    """SHA-256, in hex, of all readings: what ``merge`` in any order and ``rebuild`` must leave the same."""
    return hashlib.sha256(json.dumps(digests_of_readings(connection)).encode()).hexdigest()


def _digest_of(connection: sqlite3.Connection, table: str, left_out: tuple[str, ...], order: str) -> str:
    rows = connection.execute(f"SELECT name FROM pragma_table_info('{table}') ORDER BY name").fetchall()  # noqa: S608
    columns = ", ".join(name for (name,) in rows if name not in left_out)
    found = hashlib.sha256()
    for row in connection.execute(f"SELECT {columns} FROM {table} ORDER BY {order}"):  # noqa: S608 - names of this file
        found.update(json.dumps(row, ensure_ascii=False, default=bytes.hex).encode(errors="surrogatepass"))
        found.update(b"\n")
    return found.hexdigest()
