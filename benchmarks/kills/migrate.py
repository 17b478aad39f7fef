"""Opening an archive for writing for the first time, with a schema that is still to be made.

Every released schema has its own step in ``archive.migrations.MIGRATIONS``; the first of them makes the tables.
"""

import sys
from collections.abc import Hashable, Sequence
from contextlib import closing
from pathlib import Path

from archive.connection import create_file, open_reading
from benchmarks.kills import Killed

OPEN = "import sys; from archive.store import Archive; Archive.open(sys.argv[1], write=True).close()"


class Subject(Killed):
    def prepare(self, folder: Path) -> Path:
        folder.mkdir(parents=True)
        create_file(folder / "news.db")
        return folder / "news.db"

    def command(self, folder: Path) -> Sequence[str]:
        return (sys.executable, "-c", OPEN, str(folder / "news.db"))

    def state(self, folder: Path) -> Hashable:
        with closing(open_reading(folder / "news.db")) as connection:
            schema = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall()
            events = connection.execute("SELECT count(*) FROM events").fetchall()
            return tuple(schema), tuple(events)
