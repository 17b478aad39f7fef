"""``export``: articles in other forms."""

from pathlib import Path

import click

from archive import cli_options as options
from archive.commands.output import reading


@click.command()
@options.archive_option
@click.option("--format", "form", type=click.Choice(["jsonl", "csv", "markdown"]), default="jsonl", show_default=True)
@click.option("--output", default="-", show_default="standard output", help="A file, or for markdown a folder.")
@options.at_option
@options.site_option
@options.since_option
def export(archive: Path, form: str, output: str, at: str | None, site: str | None, since: str | None) -> None:
    """Write articles with their texts as JSON Lines, CSV or a folder of Markdown files.

    Example: newsmorgue export --format csv --output news.csv --site example.com
    """
    from archive.export import write

    with reading(archive) as opened:
        count = write(form, opened.articles(site=site, at=at, since=since, full=True), output)
    click.echo(f"{count} articles written", err=True)
