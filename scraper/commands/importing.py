"""``newsmorgue import``: pages of the past."""

from pathlib import Path

import click

from archive import cli_options as options
from scraper.commands.configured import config_of
from scraper.commands.reporting import report


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url-prefix", metavar="U", help="Address of the folder, for pages that do not say their own.")
@options.archive_option
@options.json_option
@click.option("--quiet", is_flag=True, help="Show no progress and no summary.")
@click.pass_context
def import_(
    ctx: click.Context, paths: tuple[Path, ...], url_prefix: str | None, archive: Path, *, as_json: bool, quiet: bool
) -> None:
    """Import WARC files, folders of saved HTML, and text dumps.

    Pages take the same steps as in a crawl, and the rules of newsmorgue.toml hold. What is imported twice is
    stored once; an older state of an article takes its place in that article's history.

    Example: newsmorgue import crawl.warc.gz saved/ --url-prefix https://example.com/
    """
    from scraper.progress import progress_for
    from scraper.replay.import_run import import_pages
    from scraper.sites import rules_of

    config = config_of(ctx)
    rules = rules_of(config.sites) if config else None
    summary, faulty, others = import_pages(
        archive, paths, url_prefix=url_prefix, rules=rules, progress=progress_for(quiet=quiet)
    )
    for each in faulty:
        click.echo(f"newsmorgue: {each.name}: {each.why}", err=True)
    if others and not quiet:
        click.echo(f"left as no pages: {others} records", err=True)
    report(summary, as_json=as_json, quiet=quiet)
    ctx.exit(summary.exit_code)
