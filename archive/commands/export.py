"""``export``: articles in other forms."""

from pathlib import Path

import click

from archive import cli_options as options
from archive.commands.output import reading

FORMS = {  # what is counted, by form
    "jsonl": "articles",
    "csv": "articles",
    "parquet": "articles",
    "jsonld": "articles",
    "markdown": "articles",
    "atom": "changes",
    "warc": "records",
}


@click.command()
@options.archive_option
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="jsonl", show_default=True)
@click.option("--output", default="-", show_default="standard output", help="A file, or for markdown a folder.")
@options.at_option
@options.site_option
@options.since_option
def export(archive: Path, form: str, output: str, at: str | None, site: str | None, since: str | None) -> None:
    """Write articles with their texts, the changes as a feed, or every visit with its bytes as WARC.

    A file takes its name once it is whole; a datapackage.json beside it says what it holds.

    Example: newsmorgue export --format csv --output news.csv --site example.com
    """
    from archive.export import write

    with reading(archive) as opened:
        count = write(form, opened, output, at=at, site=site, since=since)
    click.echo(f"{count} {FORMS[form]} written", err=True)
