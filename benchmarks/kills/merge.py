"""Merging three archives that overlap, into one that is not there."""

import shutil
import tempfile
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Self

from archive.digests import digest_of_readings
from archive.store import Archive
from benchmarks.invented_press import InventedSite
from benchmarks.kills import NEWSMORGUE, Killed
from benchmarks.shards import build_shard, small_visits_of

ARTICLES = 150


class Subject(Killed):
    def __enter__(self) -> Self:
        self.shards = Path(tempfile.mkdtemp())
        for shard in range(3):
            site, first = InventedSite(1, 40), shard * ARTICLES * 4 // 5
            build_shard(
                self.shards / f"{shard}.db",
                small_visits_of(site, range(first, first + ARTICLES), minute=shard, revisions=1 + shard % 2),
            )
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.shards)

    def prepare(self, folder: Path) -> Path:
        folder.mkdir(parents=True)
        return folder / "merged.db"

    def command(self, folder: Path) -> Sequence[str]:
        sources = [str(path) for path in sorted(self.shards.glob("*.db"))]
        return (*NEWSMORGUE, "merge", *sources, "--into", str(folder / "merged.db"), "--quiet")

    def state(self, folder: Path) -> Hashable:
        with Archive.open(folder / "merged.db") as archive:
            captures = archive.connection.execute("SELECT id, run_id FROM captures ORDER BY id").fetchall()
            return digest_of_readings(archive.connection), tuple(captures)
