"""``runs``, ``sites`` and ``stats``: the accounts of an archive."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive import cli_options as options
from archive.commands.output import print_fields, print_rows, reading

if TYPE_CHECKING:
    from archive.store import Archive


@click.command()
@options.archive_option
@options.list_options
def runs(archive: Path, *, listed_as: str | None) -> None:
    """List the runs that wrote to the archive, the newest first.

    Example: newsmorgue runs --json
    """
    with reading(archive) as opened:
        columns = ("id", "command", "arguments", "started_at", "ended_at", "exit_code", "counts")
        print_rows(opened.runs(), columns, form=listed_as, nothing="no runs")


@click.command()
@click.option(
    "--lines",
    "site",
    metavar="SITE",
    shell_complete=options.complete_site,
    help="The lines that recur on that site, and whether they are its own.",
)
@options.archive_option
@options.list_options
def sites(archive: Path, site: str | None, *, listed_as: str | None) -> None:
    """List the sites in the archive: articles, versions, visits, and what is known but missing.

    With --lines, what a site's articles have in common instead: on how many of them each line stands, whether it is
    taken out of them all, and why, or why not.

    Example: newsmorgue sites --lines example.com
    """
    with reading(archive) as opened:
        if site is not None:
            _print_lines(opened, site, listed_as)
            return
        columns = ("site", "articles", "versions", "gone", "missing", "visits", "last_visited_at")
        print_rows(opened.sites(), columns, form=listed_as, nothing="no sites")


def _print_lines(archive: "Archive", site: str, listed_as: str | None) -> None:
    from archive.urls import site_of

    host = site_of(site if "://" in site else f"https://{site}")
    rows = [{**row, "in_force": bool(row["in_force"])} for row in archive.site_lines(host)]
    if listed_as is None:
        rows = [{**row, "in_force": "yes" if row["in_force"] else "no", "share": f"{row['share']:.0%}"} for row in rows]
    columns = ("in_force", "kind", "articles", "seen", "share", "first_seen_at", "last_seen_at", "reason", "line")
    print_rows(rows, columns, form=listed_as, nothing=f"no line recurs on {host}")


@click.command()
@click.option("--digest", is_flag=True, help="Add a digest of all readings: equal for archives that read the same.")
@options.archive_option
@options.list_options
def stats(archive: Path, *, digest: bool, listed_as: str | None) -> None:
    """Show the archive in numbers.

    Example: newsmorgue stats
    """
    with reading(archive) as opened:
        numbers = opened.stats()
        if digest:
            from archive.digests import digest_of_readings

            numbers["digest"] = digest_of_readings(opened.connection)
    if listed_as == "json":
        click.echo(json.dumps(numbers, ensure_ascii=False))
    elif listed_as or sys.stdout.isatty():
        print_rows(_measures(numbers), ("measure", "value"), form=listed_as, nothing="no numbers")
    else:
        print_fields({name: value if value != {} else None for name, value in numbers.items()})


def _measures(numbers: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each number; those of a tally have its name before theirs."""
    for name, value in numbers.items():
        if isinstance(value, Mapping):
            yield from ({"measure": f"{name}.{kind}", "value": number} for kind, number in value.items())
        else:
            yield {"measure": name, "value": value}
