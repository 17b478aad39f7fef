"""A run's figures for Prometheus, as a file for the textfile collector of node_exporter."""

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive.connection import open_reading
from archive.errors import NewsmorgueError, UsageError

if TYPE_CHECKING:
    from scraper.summary import Summary

Labels = dict[str, str]
Sample = tuple[Labels, float]
LAST_SUCCESS = (
    "SELECT max(CAST(strftime('%s', ended_at) AS INTEGER)) FROM runs WHERE command = 'crawl' AND exit_code = 0"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended. Times are seconds since 1970; ``summary`` is missing where the run did not come to one."""

    archive: Path
    exit_code: int
    started: float
    ended: float
    summary: "Summary | None" = None


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _metric(name: str, told: str, samples: Iterable[Sample]) -> Iterator[str]:
    samples = list(samples)
    if samples:
        yield f"# HELP newsmorgue_{name} {told}"
        yield f"# TYPE newsmorgue_{name} gauge"
    for labels, value in samples:
        pairs = ",".join(f'{label}="{_escaped(each)}"' for label, each in labels.items())
        yield f"newsmorgue_{name}{{{pairs}}} {value:g}" if value < 1e6 else f"newsmorgue_{name}{{{pairs}}} {value:.3f}"


def _of_run(run: Ended, label: Labels) -> Iterator[str]:
    yield from _metric("run_exit_code", "Exit code of the last run.", [(label, run.exit_code)])
    yield from _metric("run_start_timestamp_seconds", "When the last run began.", [(label, run.started)])
    yield from _metric("run_end_timestamp_seconds", "When the last run ended.", [(label, run.ended)])
    yield from _metric("run_duration_seconds", "How long the last run took.", [(label, run.ended - run.started)])


def _of_sites(summary: "Summary", label: Labels) -> Iterator[str]:
    articles, changes, visits, waiting, up = [], [], [], [], []
    for site in summary.sites:
        named = label | {"site": site.site}
        kinds = {"new": site.new, "changed": sum(site.changed.values()), "gone": site.gone, "unchanged": site.unchanged}
        articles += [(named | {"state": state}, count) for state, count in kinds.items()]
        changes += [(named | {"kind": kind}, count) for kind, count in sorted(site.changed.items())]
        visits += [(named | {"outcome": outcome}, count) for outcome, count in sorted(site.visits.items())]
        waiting.append((named, site.waiting))
        up.append((named, float(site.problem is None)))
    yield from _metric("run_articles", "Articles that the last run looked at, by what became of them.", articles)
    yield from _metric("run_changes", "New versions of known articles in the last run, by kind of change.", changes)
    yield from _metric("run_visits", "Visits of the last run, by outcome.", visits)
    yield from _metric("site_waiting", "Addresses that are known and still to be visited.", waiting)
    yield from _metric("site_up", "1 if the last run found nothing wrong with the site, else 0.", up)


def _of_archive(path: Path, label: Labels) -> Iterator[str]:
    with closing(open_reading(path)) as connection:
        (success,) = connection.execute(LAST_SUCCESS).fetchone()
        (articles, versions) = connection.execute(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM versions)"
        ).fetchone()
    yield from _metric("archive_articles", "Articles in the archive.", [(label, articles)])
    yield from _metric("archive_versions", "Versions of articles in the archive.", [(label, versions)])
    yield from _metric("archive_bytes", "Size of the archive's file.", [(label, path.stat().st_size)])
    if success is not None:
        told = "When a crawl last ended with exit code 0."
        yield from _metric("last_success_timestamp_seconds", told, [(label, success)])


def prometheus(run: Ended) -> str:
    """All figures in the text format. What cannot be had, as of an archive that cannot be read, is left out."""
    label = {"archive": str(run.archive.absolute())}
    lines = [*_of_run(run, label), *(_of_sites(run.summary, label) if run.summary else ())]
    with suppress(NewsmorgueError, sqlite3.Error, OSError):
        lines += list(_of_archive(run.archive, label))
    return "\n".join(lines) + "\n"


def write_metrics(path: Path, text: str) -> None:
    """Put ``text`` in the place of the file at once, readable by whoever collects it. Raises ``UsageError``."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                os.fchmod(file.fileno(), 0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(f"cannot write the metrics {path}: {error.strerror or error}") from None
