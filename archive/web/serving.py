"""A Datasette that shows one archive."""

import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

import archive.web as plugin
from archive.connection import check_file, open_reading
from archive.web.names import PLUGIN

SETTINGS = {
    "sql_time_limit_ms": 1000,
    "facet_time_limit_ms": 200,
    "suggest_facets": False,  # each of thirty columns would be tried, on every page
    "num_sql_threads": 4,
    "default_cache_ttl": 0,  # a crawl may be writing
    "allow_download": False,  # `newsmorgue backup` gives a whole copy beside a crawl; the bare file does not
    "max_returned_rows": 1000,
    "truncate_cells_html": 240,
}
# First parts of our own addresses, which no database may be called.
RESERVED = frozenset(
    "index search article changes site runs author section timegate timemap memento framed about robots -".split()
)


class ArchiveFile(Database):  # type: ignore[misc]  # Datasette has no types
    """The archive's file, read as every command reads it: checked, never written, beside a crawl that writes."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection that cannot write."""
        if write:
            raise sqlite3.OperationalError("the archive is open for reading alone")
        connection = open_reading(Path(self.path), any_thread=True)
        self._all_file_connections.append(connection)
        return connection


def database_name(path: Path) -> str:
    """What the archive's tables stand under: the file's name without its ending, unless a page has that address."""
    name = path.stem
    return f"{name}-archive" if name.lower() in RESERVED or name.startswith(("_", ".")) or not name else name


def make_datasette(path: Path, *, hosts: Collection[str] = ()) -> Datasette:
    """A Datasette for the archive at ``path``, which goes by ``hosts`` besides loopback.

    Raises the errors of ``archive.connection.check_file`` for what is no archive.
    """
    check_file(path)
    open_reading(path).close()
    if not pm.is_registered(plugin):
        pm.register(plugin)
    name = database_name(path)
    config: dict[str, Any] = {"database": name, "name": path.name, "hosts": sorted(hosts)}
    metadata = {"title": path.name, "plugins": {PLUGIN: config}}
    datasette = Datasette([], memory=False, metadata=metadata, settings=SETTINGS, cors=False)
    datasette.remove_database("_memory")
    datasette.add_database(ArchiveFile(datasette, str(path), is_mutable=True), name=name)
    return datasette
