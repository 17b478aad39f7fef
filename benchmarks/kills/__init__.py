"""``kill -9`` at random moments: then the archive verifies, and the same command leaves what it leaves undisturbed.

``python -m benchmarks kills --what crawl,merge,rebuild,compact,migrate --times N``. Each subject is a module of this
package with a class ``Subject``.
"""

import argparse
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Hashable, Sequence
from pathlib import Path
from random import Random
from typing import Self

from archive.errors import UsageError
from archive.verify import verify

SUBJECTS = ("crawl", "merge", "rebuild", "compact", "migrate")
NEWSMORGUE = (sys.executable, "-m", "scraper")
PATIENCE = 4  # runs for each that is to be killed


class Killed:
    """What is killed: entered once, then used in many folders. Each module has its own as ``Subject``."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what entering made."""

    def prepare(self, folder: Path) -> Path:
        """Lay out the folder as it is before the command; where the archive is, or will be."""
        raise NotImplementedError

    def command(self, folder: Path) -> Sequence[str]:
        """The command, to be run as often as it takes."""
        raise NotImplementedError

    def state(self, folder: Path) -> Hashable:
        """What counts of the archive when the command is done."""
        raise NotImplementedError

    def fault(self, folder: Path, wanted: Hashable) -> str | None:  # noqa: ARG002 - for those that override it
        """What is wrong with what a kill left, damage aside; ``wanted`` is the final state."""
        return None


def subject(name: str) -> Killed:
    module = importlib.import_module(f"benchmarks.kills.{name}")
    made: Killed = module.Subject()
    return made


def run(command: Sequence[str], *, kill_after: float | None = None) -> bool:
    """Run the command, or kill it and all that it started; whether it was killed before its end."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    try:
        _, errors = process.communicate(timeout=kill_after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: {process.returncode}: {errors.decode()}")
    return False


def damage_of(archive: Path) -> list[str]:
    """What ``verify --deep`` says; nothing of an archive that was not begun."""
    if not archive.exists() or not archive.stat().st_size:
        return []
    try:
        return [f"{damage.object}: {damage.problem}" for damage in verify(archive, deep=True)]
    except UsageError as error:  # its schema is still to be made
        return [] if "older schema" in str(error) else [str(error)]


def trials(tested: Killed, times: int, chance: Random, folder: Path) -> tuple[int, list[str]]:
    """How many runs were killed before their end, and what went wrong; one that ended first is not of the ``times``."""
    tested.prepare(folder)
    started = time.perf_counter()
    run(tested.command(folder))
    seconds, wanted = time.perf_counter() - started, tested.state(folder)
    killed, wrong = 0, []
    for number in range(PATIENCE * times):
        if killed == times:
            break
        shutil.rmtree(folder)
        archive = tested.prepare(folder)
        moment = chance.uniform(0, seconds)
        if run(tested.command(folder), kill_after=moment):
            killed += 1
        else:
            seconds = moment  # the first run was slower, for its caches were cold
        wrong += [f"{number}, killed after {moment:.2f} s: {damage}" for damage in damage_of(archive)]
        if fault := tested.fault(folder, wanted):
            wrong.append(f"{number}, killed after {moment:.2f} s: {fault}")
        run(tested.command(folder))
        wrong += [f"{number}, killed after {moment:.2f} s, then finished: {damage}" for damage in damage_of(archive)]
        if tested.state(folder) != wanted:
            wrong.append(f"{number}, killed after {moment:.2f} s: the final state is another")
    return killed, wrong


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks kills")
    parser.add_argument("--what", default=",".join(SUBJECTS))
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    failed = False
    for name in options.what.split(","):
        with tempfile.TemporaryDirectory() as folder, subject(name) as tested:
            killed, wrong = trials(tested, options.times, Random(options.seed), Path(folder) / "work")
        failed |= bool(wrong)
        print(f"{name}: killed {killed} times of {options.times}, {len(wrong)} faults", flush=True)
        for line in wrong:
            print(f"  {line}")
    if failed:
        sys.exit(1)
