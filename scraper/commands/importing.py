"""``newsmorgue import``: pages of the past."""

from pathlib import Path

import click

from archive import cli_options as options
from scraper.commands.clustered import cluster_of, dask_options, write_shards
from scraper.commands.configured import config_of
from scraper.commands.reporting import report


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--url-prefix", metavar="U", help="Address of the folder, for pages that do not say their own.")
@dask_options
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Workers of --dask without an address.")
@options.archive_option
@options.json_option
@click.option("--quiet", is_flag=True, help="Show no progress and no summary.")
@click.pass_context
def import_(  # noqa: PLR0913 - one argument an option
    ctx: click.Context,
    paths: tuple[str, ...],
    url_prefix: str | None,
    dask: str | None,
    parquet: Path | None,
    jobs: int | None,
    archive: Path,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Import WARC files, folders of saved HTML, and text dumps.

    A PATH may be an address of WARC files that fsspec understands, such as s3://bucket/2026/*.warc.gz.

    Pages take the same steps as in a crawl, and the rules of newsmorgue.toml hold. What is imported twice is
    stored once; an older state of an article takes its place in that article's history.

    Example: newsmorgue import crawl.warc.gz saved/ --url-prefix https://example.com/
    """
    from scraper.progress import progress_for
    from scraper.rebuild.reading_again import usual_jobs
    from scraper.replay.import_run import import_pages
    from scraper.sites import rules_of

    config = config_of(ctx)
    rules = rules_of(config.sites) if config else None
    with cluster_of(dask, jobs or usual_jobs(), parquet) as cluster:
        progress = progress_for(quiet=quiet)
        summary, faulty, others = import_pages(
            archive, paths, url_prefix=url_prefix, rules=rules, progress=progress, cluster=cluster
        )
    if parquet is not None and not summary.stopped:
        write_shards(archive, parquet, quiet=quiet)
    for each in faulty:
        click.echo(f"newsmorgue: {each.name}: {each.why}", err=True)
    if others and not quiet:
        click.echo(f"left as no pages: {others} records", err=True)
    report(summary, as_json=as_json, quiet=quiet)
    ctx.exit(summary.exit_code)
