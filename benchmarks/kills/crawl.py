"""The crawl of the demo's newspaper, on its second day: edits, deletions and new articles."""

import shutil
import tempfile
from collections.abc import Hashable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Self

from archive.store import Archive
from benchmarks.kills import NEWSMORGUE, Killed, run
from scraper.demo.server import Press

STATE = (
    "SELECT versions.url, number, versions.headline, text, change, seen_to IS NULL, gone_at IS NULL "
    "FROM versions JOIN articles ON articles.id = article_id ORDER BY versions.url, number"
)
FRONTIER = "SELECT url, kind, outcome FROM frontier ORDER BY url"


class QuietPress(Press):
    """Says nothing of clients that were killed."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Their connections break off."""


class Subject(Killed):
    """The paper is served by this process; each folder begins with an archive of its first day."""

    def __enter__(self) -> Self:
        self.press = QuietPress()
        self.press.__enter__()
        self.first = Path(tempfile.mkdtemp())
        run(self.command(self.first))
        self.press.turn_to(2)
        return self

    def __exit__(self, *_: object) -> None:
        self.press.__exit__(None, None, None)
        shutil.rmtree(self.first)

    def prepare(self, folder: Path) -> Path:
        shutil.copytree(self.first, folder)
        return folder / "news.db"

    def command(self, folder: Path) -> Sequence[str]:
        archive = str(folder / "news.db")
        return (*NEWSMORGUE, "crawl", f"{self.press.base}/", "--full", "--quiet", "--archive", archive)

    def state(self, folder: Path) -> Hashable:
        with closing(Archive.open(folder / "news.db")) as archive:
            return tuple(tuple(map(tuple, archive.connection.execute(sql).fetchall())) for sql in (STATE, FRONTIER))
