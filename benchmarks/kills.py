"""kill -9 at random moments: the archive verifies each time, and the end is that of an undisturbed run.

``python -m benchmarks kills`` takes some minutes; ``--kills N`` (30) says how many of each.
"""

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from archive.digests import digests
from archive.store import Archive
from archive.verify import verify
from pipelines import build_stages, run_stages
from scraper.observe import observe, read_by
from scraper.settle import settle
from tests.crawl.invented_site import as_it_is, at_end
from tests.crawl.test_settle import PROMO, visit

EDIT = "It was later withdrawn by those who had asked for it."
NEWSMORGUE = [sys.executable, "-c", "from scraper.cli import main; main()"]


def state(path: Path) -> dict[str, str]:
    """What the archive reads, in digests."""
    with Archive.open(path) as archive:
        return digests(archive.connection)


def seconds_of(command: list[str]) -> float:
    """How long the command takes undisturbed."""
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def kill_at(command: list[str], seconds: float) -> bool:
    """Start the command and kill it after so long; whether it was still running."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def assert_whole(path: Path) -> None:
    damage = list(verify(path, deep=True))
    assert not damage, damage[:3]


def made_by_other_rules(path: Path) -> None:
    """An archive whose readings a rebuild changes: a site's own pattern took out what it will find."""
    pages = [visit(number, 1, as_it_is) for number in range(30)] + [
        visit(number, day, at_end(line)) for day, line in ((2, PROMO), (3, EDIT)) for number in range(30)
    ]
    with Archive.open(path, write=True, create=True) as archive:
        archive.reader = read_by()
        archive.begin_run("benchmark")
        rules = {"tidewater.example": ["^It was"]}
        stages = build_stages(archive, rules)
        for capture, body in pages:
            run_stages(stages, observe(capture, body).visit)
        settle(archive, rules)
        archive.end_run({}, 0)


def kill_rebuild(folder: Path, kills: int, chance: random.Random) -> tuple[int, int]:
    """Kill rebuilds that change every article; how many were hit, of how many."""
    first, path, whole = (folder / name for name in ("first.db", "news.db", "whole.db"))
    made_by_other_rules(first)
    for copy in (path, whole):
        copyfile(first, copy)
    command = [*NEWSMORGUE, "rebuild", "--jobs", "2", "--quiet", "--archive"]
    usual = seconds_of([*command, str(whole)])
    before, after, hit = state(first), state(whole), 0
    assert before != after
    for _ in range(kills):
        hit += kill_at([*command, str(path)], chance.uniform(0.3, 1.0) * usual)
        assert_whole(path)
        assert state(path) in (before, after)
        if state(path) == after:
            copyfile(first, path)
            for ending in ("-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
    seconds_of([*command, str(path)])
    assert_whole(path)
    assert state(path) == after
    return hit, kills


KILLED: dict[str, Callable[[Path, int, random.Random], tuple[int, int]]] = {"rebuild": kill_rebuild}


def main(options: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks kills")
    parser.add_argument("--kills", type=int, default=30, help="of each command")
    chosen = parser.parse_args(options)
    for name, kill in KILLED.items():
        with TemporaryDirectory() as folder:
            hit, kills = kill(Path(folder), chosen.kills, random.Random(1))
        print(f"{name}: {kills} kills, {hit} while it ran; whole each time, and in the end as undisturbed")
