"""``runs``, ``sites`` and ``stats``: the accounts of an archive."""

import json
from pathlib import Path

import click

from archive import cli_options as options
from archive.commands.output import print_fields, print_rows, reading


@click.command()
@options.archive_option
@options.json_option
def runs(archive: Path, *, as_json: bool) -> None:
    """List the runs that wrote to the archive, the newest first.

    Example: newsmorgue runs --json
    """
    with reading(archive) as opened:
        columns = ("id", "command", "arguments", "started_at", "ended_at", "exit_code", "counts")
        print_rows(opened.runs(), columns, as_json=as_json, nothing="no runs")


@click.command()
@options.archive_option
@options.json_option
def sites(archive: Path, *, as_json: bool) -> None:
    """List the sites in the archive: articles, versions, visits, and what is known but missing.

    Example: newsmorgue sites
    """
    with reading(archive) as opened:
        columns = ("site", "articles", "versions", "gone", "missing", "visits", "last_visited_at")
        print_rows(opened.sites(), columns, as_json=as_json, nothing="no sites")


@click.command()
@options.archive_option
@options.json_option
def stats(archive: Path, *, as_json: bool) -> None:
    """Show the archive in numbers.

    Example: newsmorgue stats
    """
    with reading(archive) as opened:
        numbers = opened.stats()
    if as_json:
        click.echo(json.dumps(numbers, ensure_ascii=False))
    else:
        print_fields({name: value if value != {} else None for name, value in numbers.items()})
