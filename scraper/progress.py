"""Telling how a crawl goes, on stderr: a live bar on a terminal, else a plain line now and then, or nothing."""

import sys
import time
from typing import Protocol, TextIO

from archive.records import Outcome
from scraper.tally import Tally

INTERVAL = 10.0  # seconds between two plain lines


class Progress(Protocol):
    """Shows a tally."""

    def show(self, tally: Tally, waiting: int) -> None:
        """Called twice a second or so; ``waiting`` is how many addresses are still to be visited."""

    def close(self) -> None:
        """The run has ended."""


class Silent:
    """For ``--quiet``."""

    def show(self, tally: Tally, waiting: int) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class PlainLines:
    """One line each ten seconds, for logs and pipes."""

    def __init__(self, stream: TextIO, interval: float = INTERVAL) -> None:
        self._stream, self._interval = stream, interval
        self._last = time.monotonic()

    def show(self, tally: Tally, waiting: int) -> None:
        """Write the line when it is time."""
        if time.monotonic() - self._last >= self._interval:
            self._last = time.monotonic()
            print(f"{tally.line()}, {waiting} to go", file=self._stream, flush=True)

    def close(self) -> None:
        """Nothing: the summary follows."""


class LiveBar:
    """A bar of rich's, with counts and rate."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        columns = (
            SpinnerColumn(),
            BarColumn(24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
        )
        self._bar = RichProgress(*columns, console=Console(file=stream), transient=True)
        self._bar.start()
        self._task = self._bar.add_task("crawl", total=None, counts="")

    def show(self, tally: Tally, waiting: int) -> None:
        """Move the bar."""
        counts = (
            f"[bold]{tally.outcomes[Outcome.ARTICLE]}[/] articles · "
            f"{tally.outcomes[Outcome.NOT_MODIFIED]} not modified · {tally.rate:.1f}/s"
        )
        self._bar.update(self._task, completed=tally.visits, total=tally.visits + waiting, counts=counts)

    def close(self) -> None:
        """Take the bar away."""
        self._bar.stop()


def progress_for(stream: TextIO | None = None, *, quiet: bool = False) -> Progress:
    """What suits ``stream`` (stderr if not given)."""
    stream = stream or sys.stderr
    if quiet:
        return Silent()
    return LiveBar(stream) if stream.isatty() else PlainLines(stream)
