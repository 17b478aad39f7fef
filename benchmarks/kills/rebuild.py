"""Rebuilding an archive whose every article changes by it: other rules had taken out what it will find."""

import shutil
import tempfile
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Self

from archive.digests import digest_of_readings
from archive.store import Archive
from benchmarks.kills import NEWSMORGUE, Killed
from pipelines import build_stages, run_stages
from pipelines.site_rules import lines_only
from scraper.observe import observe, read_by
from scraper.settle import settle
from tests.crawl.invented_site import as_it_is, at_end
from tests.crawl.test_settle import PROMO, visit

EDIT = "It was later withdrawn by those who had asked for it."
RULES = lines_only({"tidewater.example": ("^It was",)})


class Subject(Killed):
    def __enter__(self) -> Self:
        self.start = Path(tempfile.mkdtemp())
        pages = [visit(number, 1, as_it_is) for number in range(30)] + [
            visit(number, day, at_end(line)) for day, line in ((2, PROMO), (3, EDIT)) for number in range(30)
        ]
        with Archive.open(self.start / "news.db", write=True, create=True) as archive:
            archive.reader = read_by()
            archive.begin_run("benchmark")
            stages = build_stages(archive, RULES)
            for capture, body in pages:
                run_stages(stages, observe(capture, body).visit)
            settle(archive, RULES)
            archive.end_run({}, 0)
        self.before = self.state(self.start)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.start)

    def prepare(self, folder: Path) -> Path:
        shutil.copytree(self.start, folder)
        return folder / "news.db"

    def command(self, folder: Path) -> Sequence[str]:
        return (*NEWSMORGUE, "rebuild", "--jobs", "2", "--quiet", "--archive", str(folder / "news.db"))

    def state(self, folder: Path) -> Hashable:
        with Archive.open(folder / "news.db") as archive:
            return digest_of_readings(archive.connection)

    def fault(self, folder: Path, wanted: Hashable) -> str | None:
        """Others see the readings of before or those of after, never any between."""
        return None if self.state(folder) in (self.before, wanted) else "its readings are neither the old nor the new"
