"""Compacting an archive of several sites whose pages were all stored by themselves."""

import shutil
import sqlite3
import tempfile
from collections.abc import Hashable, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Self

from archive.bodies import compress
from archive.digests import digest_of_readings
from archive.store import Archive
from benchmarks.invented_press import InventedSite
from benchmarks.kills import NEWSMORGUE, Killed
from benchmarks.shards import build_shard, visits_of


class Subject(Killed):
    def __enter__(self) -> Self:
        self.start = Path(tempfile.mkdtemp())
        sites = [InventedSite(seed, 30) for seed in range(6)]
        build_shard(self.start / "news.db", chain.from_iterable(visits_of(site, range(30)) for site in sites))
        with (
            closing(sqlite3.connect(self.start / "news.db")) as connection,
            Archive.open(self.start / "news.db") as whole,
        ):
            for (body_id,) in connection.execute("SELECT id FROM bodies").fetchall():
                alone = (compress(whole.body(body_id)), body_id)
                connection.execute("UPDATE bodies SET data = ?, base_id = NULL, depth = 0 WHERE id = ?", alone)
            connection.commit()
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.start)

    def prepare(self, folder: Path) -> Path:
        shutil.copytree(self.start, folder)
        return folder / "news.db"

    def command(self, folder: Path) -> Sequence[str]:
        return (*NEWSMORGUE, "compact", "--archive", str(folder / "news.db"))

    def state(self, folder: Path) -> Hashable:
        with Archive.open(folder / "news.db") as archive:
            bodies = archive.connection.execute("SELECT id, length(data) < 8000 FROM bodies ORDER BY id").fetchall()
            return digest_of_readings(archive.connection), tuple(bodies)
