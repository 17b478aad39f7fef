"""Telling how a run goes, on stderr: a live table on a terminal, else a plain line now and then, or nothing."""

import logging
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol, TextIO

from scraper.tally import Counts, Tally

if TYPE_CHECKING:
    from rich.table import Table

INTERVAL = 10.0  # seconds between two plain lines
MOST_SITES = 12  # that are shown at once: those that moved last
COLUMNS = ("discovered", "fetched", "new", "changed", "unchanged", "gone", "failed", "waiting")


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


class Moved:
    """Which sites have moved since one last asked."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def since_last(self, tally: Tally) -> list[tuple[str, Counts]]:
        """The sites that have been visited since, with their counts; none where there is only one site."""
        named = [(site, counts) for site, counts in tally.sites.items() if site]
        moved = [(site, counts) for site, counts in named if counts.fetched != self._seen.get(site, 0)]
        self._seen |= {site: counts.fetched for site, counts in moved}
        return moved if len(named) > 1 else []


class PlainLines:
    """One line each ten seconds, for logs and pipes, and one for each of several sites that moved."""

    def __init__(self, stream: TextIO, interval: float = INTERVAL) -> None:
        self._stream, self._interval = stream, interval
        self._last = time.monotonic()
        self._moved = Moved()

    def show(self, tally: Tally, waiting: int) -> None:
        """Write the lines when it is time."""
        if time.monotonic() - self._last < self._interval:
            return
        self._last = time.monotonic()
        lines = [f"{tally.line()}, {waiting} to go"]
        for site, counts in self._moved.since_last(tally):
            lines.append(f"  {site}: {counts}, {counts.fetched / tally.seconds:.1f}/s, {counts.waiting} to go")
        print(*lines, sep="\n", file=self._stream, flush=True)

    def close(self) -> None:
        """Nothing: the summary follows."""


class LoggedLines:
    """The same as events of a log, for those who collect them."""

    def __init__(self, logger: logging.Logger, interval: float = INTERVAL) -> None:
        self._logger, self._interval = logger, interval
        self._last = time.monotonic()
        self._moved = Moved()

    def show(self, tally: Tally, waiting: int) -> None:
        """Log when it is time."""
        if time.monotonic() - self._last < self._interval:
            return
        self._last = time.monotonic()
        total = asdict(tally.total) | {"waiting": waiting, "rate": round(tally.rate, 2), "bytes": tally.bytes}
        self._logger.info(
            "%s, %s to go", tally.line(), waiting, extra={"event": "progress", "fields": {"counts": total}}
        )
        for site, counts in self._moved.since_last(tally):
            extra = {"event": "progress", "fields": {"site": site, "counts": asdict(counts)}}
            self._logger.info("%s: %s", site, counts, extra=extra)

    def close(self) -> None:
        """Nothing: the summary follows."""


class LiveTable:
    """A bar of rich's over all, and a row for each of several sites."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console, Group
        from rich.live import Live
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        columns = (
            SpinnerColumn(),
            BarColumn(24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
        )
        self._bar = RichProgress(*columns)
        self._task = self._bar.add_task("run", total=None, rate="")
        self._group = Group
        self._order: list[str] = []
        self._moved = Moved()
        self._live = Live(self._bar, console=Console(file=stream), transient=True, refresh_per_second=4)
        self._live.start()

    def show(self, tally: Tally, waiting: int) -> None:
        """Move the bar, and show the sites that moved last."""
        rate = f"{tally.rate:.1f}/s · {tally.bytes / 1e6:.1f} MB"
        self._bar.update(self._task, completed=tally.visits, total=tally.visits + waiting, rate=rate)
        for site, _ in self._moved.since_last(tally):
            if site in self._order:
                self._order.remove(site)
            self._order.insert(0, site)
        shown = sorted(self._order[:MOST_SITES])
        if not tally.sites:
            self._live.update(self._bar)
            return
        rows = [(site, tally.sites[site]) for site in shown]
        if hidden := len([site for site in tally.sites if site]) - len(shown) if shown else 0:
            rows.append(
                (f"… and {hidden} more", sum((tally.sites[site] for site in self._order[MOST_SITES:]), Counts()))
            )
        self._live.update(self._group(self._bar, counts_table([*rows, ("all", tally.total)], tally.seconds)))

    def close(self) -> None:
        """Take it all away."""
        self._live.stop()


def counts_table(rows: Iterable[tuple[str, Counts]], seconds: float) -> "Table":
    """A row for each site with its counts and its visits a second."""
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(box=SIMPLE, padding=(0, 1))
    table.add_column("site", overflow="ellipsis", no_wrap=True)
    for column in (*COLUMNS, "rate"):
        table.add_column(column, justify="right")
    for name, counts in rows:
        numbers = [str(getattr(counts, column)) for column in COLUMNS]
        table.add_row(name, *numbers, f"{counts.fetched / seconds:.1f}/s", style="bold" if name == "all" else None)
    return table


def progress_for(stream: TextIO | None = None, *, quiet: bool = False) -> Progress:
    """What suits ``stream`` (stderr if not given)."""
    stream = stream or sys.stderr
    if quiet:
        return Silent()
    return LiveTable(stream) if stream.isatty() else PlainLines(stream)
