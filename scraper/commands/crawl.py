"""``newsmorgue crawl``."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli_options import archive_option, since_option
from archive.errors import UsageError
from scraper.commands.configured import config_of
from scraper.commands.reporting import report
from scraper.commands.shared import crawl_shared, redis_option, shared_options
from scraper.commands.watched import watched
from scraper.stopping import end_on_sigterm

if TYPE_CHECKING:
    from scraper.progress import Progress

UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
FORMATS, LEVELS = ("text", "json"), ("debug", "info", "warning", "error")  # as in scraper.logs


def parse_duration(words: str) -> float:
    """Seconds of ``90``, ``30m``, ``2h`` or ``1d``. Raises ``UsageError`` for anything else."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd]?)", words.strip().lower())
    if not match or not float(match[1]):
        raise UsageError(f"{words!r} is no length of time: try 90s, 30m or 2h")
    return float(match[1]) * UNITS[match[2]]


@click.command()
@click.argument("sites", nargs=-1, metavar="[SITE|URL]...")
@archive_option
@since_option
@click.option("--limit", type=click.IntRange(min=1), help="At most so many articles a site.")
@click.option("--max-time", metavar="TIME", help="Stop after so long: 90s, 30m, 2h.")
@click.option("--full", is_flag=True, help="Look again at everything known, due or not.")
@redis_option
@shared_options
@click.option("--quiet", is_flag=True, help="No progress and no summary; errors only.")
@click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object.")
@click.option("--metrics", metavar="FILE", type=click.Path(path_type=Path), help="Write figures for Prometheus.")
@click.option("--log-format", type=click.Choice(FORMATS), help="Log events as lines of text or JSON.")
@click.option(
    "--log-level", type=click.Choice(LEVELS), help="Log from there on. [default: info once a log is asked for]"
)
@click.option("--log-file", metavar="FILE", type=click.Path(path_type=Path), help="Log to a file, not standard error.")
@click.pass_context
def crawl(  # noqa: PLR0913, PLR0917 - one argument an option
    ctx: click.Context,
    /,
    sites: tuple[str, ...],
    archive: Path,
    since: str | None,
    limit: int | None,
    max_time: str | None,
    redis: str | None,
    metrics: Path | None,
    log_format: str | None,
    log_level: str | None,
    log_file: Path | None,
    *,
    full: bool,
    quiet: bool,
    as_json: bool,
    **shared: Any,
) -> None:
    """Crawl sites into the archive: those named, by name or address, or all of newsmorgue.toml.

    With --redis any number of workers share one crawl, each with its own archive, to be merged: see docs/scaling.md.

    Example: newsmorgue crawl https://example.org/ --limit 50 --max-time 10m
    """
    end_on_sigterm()
    from scraper.sites import choose_sites

    progress = _telling(log_format, log_level, log_file, quiet=quiet)
    if redis:
        given = {"limit": limit, "since": since, "full": full, "max_time": max_time}
        crawl_shared(ctx, redis, sites, archive=archive, given=given, shared=shared, progress=progress,
                     quiet=quiet, as_json=as_json)  # fmt: skip
        return
    if shared["seed"] or shared["stay"] or shared["worker"] or shared["known"]:
        raise UsageError("--seed, --worker, --stay and --known go with --redis")
    is_logged = bool(log_format) and not log_file  # then all that goes to standard error is an event
    with watched(ctx, archive, metrics, is_logged=is_logged) as watch:
        config = config_of(ctx)
        watch.configure(config)
        chosen = choose_sites(config, sites)
        seconds = parse_duration(max_time) if max_time else None
        from scraper.crawl import Plan
        from scraper.crawl import crawl as run
        from scraper.reactor import leave_if_held_up

        browser = config.browser if config else None
        plan = Plan(
            sites=chosen, limit=limit, since=since, full=full, max_seconds=seconds, browser=browser, arguments=sites
        )
        summary = watch.summary = run(archive, plan, progress, watch.started)
    report(summary, as_json=as_json, quiet=quiet or is_logged, tell_problems=not is_logged)
    if summary.stopped:
        leave_if_held_up(summary.exit_code)
    ctx.exit(summary.exit_code)


def _telling(form: str | None, level: str | None, file: Path | None, *, quiet: bool) -> "Progress":
    """Begin to log if that was asked for; the progress that goes with it."""
    from scraper.logs import LOGGER, start_logging
    from scraper.progress import LoggedLines, progress_for

    if not (form or level or file):
        start_logging(level="error")
        return progress_for(quiet=quiet)
    start_logging(form or "text", "error" if quiet and not file else level or "info", file)
    return LoggedLines(LOGGER) if not file and not quiet else progress_for(quiet=quiet)
