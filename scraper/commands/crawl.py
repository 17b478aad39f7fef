"""``newsmorgue crawl``."""

import re
from pathlib import Path

import click

from archive.cli_options import archive_option, since_option
from archive.errors import UsageError
from scraper.commands.configured import config_of
from scraper.commands.reporting import report
from scraper.stopping import end_on_sigterm

UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}


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
@click.option("--quiet", is_flag=True, help="No progress and no summary; errors only.")
@click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object.")
@click.pass_context
def crawl(  # noqa: PLR0913 - one argument an option
    ctx: click.Context,
    sites: tuple[str, ...],
    archive: Path,
    since: str | None,
    limit: int | None,
    max_time: str | None,
    *,
    full: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Crawl sites into the archive: those named, by name or address, or all of newsmorgue.toml.

    Example: newsmorgue crawl https://example.org/ --limit 50 --max-time 10m
    """
    end_on_sigterm()
    from scraper.sites import choose_sites

    config = config_of(ctx)
    chosen = choose_sites(config, sites)
    seconds = parse_duration(max_time) if max_time else None
    from scraper.crawl import Plan
    from scraper.crawl import crawl as run
    from scraper.progress import progress_for
    from scraper.reactor import leave_if_held_up

    browser = config.browser if config else None
    plan = Plan(
        sites=chosen, limit=limit, since=since, full=full, max_seconds=seconds, browser=browser, arguments=sites
    )
    summary = run(archive, plan, progress_for(quiet=quiet))
    report(summary, as_json=as_json, quiet=quiet)
    if summary.stopped:
        leave_if_held_up(summary.exit_code)
    ctx.exit(summary.exit_code)
