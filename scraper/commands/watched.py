"""What a crawl tells those who watch over it: a watchdog by pings, Prometheus by a file, whatever becomes of it."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli_errors import INTERRUPTED
from archive.errors import NewsmorgueError, UsageError

if TYPE_CHECKING:
    from scraper.pings import Pings
    from scraper.sites import Config
    from scraper.summary import Summary


@dataclass(slots=True)
class Watch:
    """One run of ``archive`` and who is told of it. ``summary`` is set when the run has come to one."""

    archive: Path
    metrics: Path | None
    pings: "Pings | None" = None
    summary: "Summary | None" = None
    began: float = field(default_factory=time.time)

    def configure(self, config: "Config | None") -> None:
        """Take from the configuration what no option said. Raises ``UsageError`` where the metrics have no place."""
        from scraper.pings import Pings

        self.pings = Pings.of(**(config.pings if config else {}))
        if self.metrics is None and config and config.metrics:
            self.metrics = Path(config.path).parent / config.metrics
        if self.metrics and not self.metrics.absolute().parent.is_dir():
            missing, self.metrics = self.metrics.parent, None
            raise UsageError(f"there is no folder {missing} to write the metrics into")  # now, not after hours

    def started(self, run_id: str) -> None:
        """The run holds the archive."""
        from scraper.logs import event, set_run

        set_run(run_id)
        event(logging.INFO, "run_started", f"crawl into {self.archive}")
        if self.pings:
            self.pings.started()

    def ended(self, exit_code: int, words: str) -> None:
        """The run, or the attempt at one, is over. Raises ``UsageError`` if the metrics cannot be written."""
        from scraper.logs import event
        from scraper.metrics import Ended, prometheus, write_metrics

        counts = self.summary.counts() if self.summary else {}
        level = logging.INFO if exit_code == 0 else logging.WARNING
        event(level, "run_ended", words.partition("\n")[0], exit_code=exit_code, counts=counts)
        if self.pings:
            self.pings.ended(exit_code, words)
        if self.metrics:
            end = Ended(
                archive=self.archive, exit_code=exit_code, started=self.began, ended=time.time(), summary=self.summary
            )
            write_metrics(self.metrics, prometheus(end))


def code_of(error: BaseException) -> int:
    """The exit code that ``error`` leads to."""
    if isinstance(error, NewsmorgueError):
        return error.exit_code
    if isinstance(error, sqlite3.Error):
        from archive.connection import to_newsmorgue_error

        return to_newsmorgue_error(error, "the archive").exit_code
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    return error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else 1


@contextmanager
def watched(ctx: click.Context, archive: Path, metrics: Path | None, *, is_logged: bool) -> Iterator[Watch]:
    """Tell of the end of what is done within, also when it fails. An error that ``is_logged`` is not told twice."""
    watch = Watch(archive, metrics)
    try:
        watch.configure(None)
        yield watch
    except BaseException as error:
        from scraper.logs import event

        code = code_of(error)
        if code == 1:
            event(logging.ERROR, "internal_error", f"{type(error).__name__}: {error}")
        try:
            watch.ended(code, str(error) or type(error).__name__)
        except UsageError as also:
            event(logging.ERROR, "metrics_failed", str(also))
        if is_logged and isinstance(error, NewsmorgueError):
            ctx.exit(code)
        raise
    assert watch.summary is not None
    watch.ended(watch.summary.exit_code, _words(watch.summary))


def _words(summary: "Summary") -> str:
    from scraper.commands.reporting import problems, site_line
    from scraper.summary import in_words

    return "\n".join([in_words(summary), *map(site_line, summary.sites), *problems(summary)])
