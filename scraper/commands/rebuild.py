"""``newsmorgue rebuild``."""

import json
from pathlib import Path

import click

from archive import cli_options as options
from scraper.commands.clustered import cluster_of, dask_options, write_shards
from scraper.commands.configured import config_of


@click.command()
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes that read. [default: one a processor]")
@dask_options
@options.site_option
@options.archive_option
@options.json_option
@click.option("--quiet", is_flag=True, help="No progress and no summary; errors only.")
@click.pass_context
def rebuild(  # noqa: PLR0913 - one argument an option
    ctx: click.Context,
    jobs: int | None,
    dask: str | None,
    parquet: Path | None,
    site: str | None,
    archive: Path,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Make every article, version and search entry again from the pages that were kept.

    With the same newsmorgue this changes nothing. After an upgrade, or with other rules, all pages are read by the new
    reader, and no version begins that the pages do not show. Until all is done everybody sees the articles of before.
    Stopped or killed, the next rebuild goes on.

    Example: newsmorgue rebuild --jobs 4
    """
    from scraper.progress import progress_for
    from scraper.rebuild.reading_again import usual_jobs
    from scraper.rebuild.rebuilding import rebuild as run
    from scraper.sites import rules_of

    config = config_of(ctx)
    rules = rules_of(config.sites) if config else None
    jobs = jobs or usual_jobs()
    with cluster_of(dask, jobs, parquet) as cluster:
        progress = progress_for(quiet=quiet)
        done = run(archive, jobs=jobs, site=site, rules=rules, progress=progress, cluster=cluster)
    if parquet is not None and not done.stopped:
        write_shards(archive, parquet, quiet=quiet)
    for unread in done.damaged:
        click.echo(f"newsmorgue: {unread.problem}", err=True)
    if done.stopped:
        click.echo("newsmorgue: stopped; the articles are as before, and the next rebuild goes on from here", err=True)
    if as_json:
        told = {"run_id": done.run_id, "reader": done.reader, "exit_code": done.exit_code}
        click.echo(json.dumps(told | done.counts()))
    elif not quiet and not done.stopped:
        click.echo(f"{done.captures} captures read, {done.changed} articles read otherwise than before")
    ctx.exit(done.exit_code)
