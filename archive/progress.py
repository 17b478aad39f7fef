"""Telling how long work goes, on stderr: a live bar on a terminal, else a plain line now and then, or nothing.

The work calls ``show(what, done, total)`` as often as it likes, with ``total`` ``None`` where nobody knows.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Show = Callable[[str, int, int | None], None]

INTERVAL = 10.0  # seconds between two plain lines
FRAME = 0.1  # seconds between two moves of the bar


def silent(_what: str, _done: int, _total: int | None) -> None:
    """Show nothing."""


class Lines:
    """One line each ten seconds, for logs and pipes: ``readings: 1200 of 40000, 310/s``."""

    def __init__(self, stream: TextIO, interval: float = INTERVAL) -> None:
        self._stream, self._interval = stream, interval
        self._last = self._started = time.monotonic()
        self._what = ""

    def show(self, what: str, done: int, total: int | None) -> None:
        """Write the line when it is time."""
        moment = time.monotonic()
        if what != self._what:
            self._what, self._started = what, moment
        if moment - self._last >= self._interval:
            self._last = moment
            of = "" if total is None else f" of {max(total, done)}"
            rate = done / max(moment - self._started, 0.001)
            print(f"{what}: {done}{of}, {rate:.0f}/s", file=self._stream, flush=True)

    def close(self) -> None:
        """Nothing: the summary follows."""


class Bar:
    """A bar of rich's for what is being done, with count, rate and time."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn())
        rate = TextColumn("{task.fields[rate]}")
        self._bar = Progress(*columns, rate, TimeElapsedColumn(), console=Console(file=stream), transient=True)
        self._bar.start()
        self._task = self._bar.add_task("", total=None, rate="")
        self._what, self._shown, self._started = "", 0.0, time.monotonic()

    def show(self, what: str, done: int, total: int | None) -> None:
        """Move the bar, if it was not moved just now."""
        moment = time.monotonic()
        if what != self._what:
            self._what, self._started, self._shown = what, moment, 0.0
            self._bar.reset(self._task, description=what, total=total, rate="")
        if moment - self._shown >= FRAME or done == total:
            self._shown = moment
            rate = f"{done / max(moment - self._started, 0.001):.0f}/s"
            self._bar.update(self._task, completed=done, total=total and max(total, done), rate=rate)

    def close(self) -> None:
        """Take the bar away."""
        self._bar.stop()


@contextmanager
def shown(stream: TextIO | None = None, *, quiet: bool = False) -> Iterator[Show]:
    """What suits ``stream`` (stderr if not given), until the work is done."""
    stream = stream or sys.stderr
    if quiet:
        yield silent
        return
    told = Bar(stream) if stream.isatty() else Lines(stream)
    try:
        yield told.show
    finally:
        told.close()
