"""Workers as processes, and what they leave."""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from click.testing import CliRunner

from archive.store import Archive
from benchmarks.shared.press import Asked
from scraper.cli import main
from scraper.commands.shared import VARIABLE

NEWSMORGUE = (sys.executable, "-m", "scraper")
CONTENT = (
    "SELECT versions.article_id, number, url, site, headline, standfirst, section, authors, published_at, language, "
    "text, markdown, fingerprint, change FROM versions ORDER BY 1, 2"
)


class Crew:
    """Workers of one frontier; their shards lie in ``folder``."""

    def __init__(self, folder: Path, url: str, *, lease: str = "60s") -> None:
        self.folder, self.lease = folder, lease
        folder.mkdir(parents=True, exist_ok=True)
        self._url = url
        self._environment = os.environ | {VARIABLE: url, "PYTHONPATH": str(Path(__file__).parents[2])}
        self._started: list[subprocess.Popen[str]] = []

    def write_config(self, bases: Iterable[str], **keys: object) -> None:
        lines = [f"{key} = {value}" for key, value in keys.items()]
        lines += [f'[[site]]\nurl = "{base}/"' for base in bases]
        (self.folder / "newsmorgue.toml").write_text("\n".join(lines) + "\n")

    def run(self, *words: str, code: int = 0) -> str:
        """Run a command in this process, and return what it says on standard output."""
        with contextlib.chdir(self.folder):
            done = CliRunner().invoke(main, words, env={VARIABLE: self._url})
        assert done.exit_code == code, (words, done.exit_code, done.output, done.exception)
        return done.stdout

    def seed(self, *words: str) -> None:
        self.run("crawl", "--seed", "--config", "newsmorgue.toml", *words)

    def start(self, name: str, *words: str, **environment: str) -> subprocess.Popen[str]:
        command = [*NEWSMORGUE, "crawl", "--worker", name, "--lease", self.lease, "--archive", "news.db", "--quiet"]
        command += words
        errors = (self.folder / f"{name}.err").open("a")
        with errors:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self._environment | environment,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                text=True,
            )
        self._started.append(process)
        return process

    def finish(self, workers: Iterable[subprocess.Popen[str]], seconds: float = 600) -> None:
        for worker in workers:
            worker.wait(seconds)

    def errors(self) -> str:
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.err")))

    def stop(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.wait()

    def merge(self, name: str = "merged.db") -> Path:
        shards = sorted(str(path.name) for path in self.folder.glob("news.*.db"))
        self.run("merge", *shards, "--into", name, "--quiet")
        return self.folder / name

    def state(self) -> list[dict[str, object]]:
        lines = self.run("workers", "--json").splitlines()
        return [json.loads(line) for line in lines]


def content_of(archive: Path) -> tuple[str, int]:
    """A digest of articles and versions without their times, and how many articles there are."""
    found, count = hashlib.sha256(), 0
    with closing(Archive.open(archive)) as opened:
        for row in opened.connection.execute(CONTENT):
            found.update(json.dumps(tuple(row), ensure_ascii=False).encode())
            count += 1
    return found.hexdigest(), count


def gaps_of(asked: Sequence[Asked]) -> dict[str, list[float]]:
    """Seconds between two requests, by host."""
    times = defaultdict(list)
    for each in asked:
        times[each.host].append(each.when)
    return {host: [b - a for a, b in pairwise(all_)] for host, all_ in times.items()}


def handovers_of(asked: Sequence[Asked]) -> tuple[int, int]:
    """How often hosts changed hands, and how often a worker came back to a host between two requests of another.

    Only what shows within two lease times counts as coming back: see ``overlaps_of``.
    """
    last: dict[str, int] = {}
    count = 0
    for each in asked:
        if each.process and last.setdefault(each.host, each.process) != each.process:
            count += 1
            last[each.host] = each.process
    return count, len(last)


def overlaps_of(asked: Sequence[Asked], apart: float) -> list[tuple[Asked, Asked]]:
    """Requests of two workers to one host that lie less than ``apart`` seconds apart."""
    found, last = [], {}
    for each in asked:
        before = last.get(each.host)
        if before and each.process and before.process != each.process and each.when - before.when < apart:
            found.append((before, each))
        if each.process:
            last[each.host] = each
    return found


def repeated(asked: Iterable[Asked]) -> int:
    """Visits beyond the first of each address; those aside that each holder of a host makes, such as robots.txt."""
    own = ("/robots.txt", "/.well-known/")
    visits = Counter((each.host, each.path) for each in asked if not each.path.startswith(own))
    return sum(count - 1 for count in visits.values())
