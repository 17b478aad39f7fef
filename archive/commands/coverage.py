"""``coverage``: what is known but missing, and why."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from archive import cli_options as options
from archive.commands.output import print_csv, print_json, print_rows, reading

SITES = ("site", "known", "stored", "share", "missing", "reasons", "sources", "oldest")
REASONS = ("reason", "missing", "oldest", "example", "detail")


@click.command()
@options.site_argument
@options.archive_option
@options.list_options
def coverage(site: str | None, archive: Path, *, listed_as: str | None) -> None:
    """Tell how much of what is known of each site is archived, and why the rest is not.

    With SITE, the reasons of that site one by one, each with the addresses that have waited longest.

    Example: newsmorgue coverage example.com
    """
    from archive.coverage import coverage as covered
    from archive.urls import site_of

    host = site_of(site if "://" in site else f"https://{site}") if site else None
    nothing = f"nothing is known of {host}" if host else "no site was crawled"
    with reading(archive) as opened:
        records = covered(opened.connection, host)
        if listed_as == "json":
            print_json(records)
        elif host is None:
            print_rows(map(_site_row, records), SITES, form=listed_as, nothing=nothing)
        elif listed_as == "csv":
            print_csv((row for record in records for row in _reason_rows(record)), REASONS)
        else:
            _print_site(next(records, None), nothing)


def _site_row(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **record,
        "share": f"{record['share']:.0%}",
        "reasons": {each["reason"]: each["missing"] for each in record["reasons"]},
        "sources": _by_source(record),
        "oldest": record["oldest"] and record["oldest"]["found_at"],
    }


def _by_source(record: Mapping[str, Any]) -> dict[str, str]:
    """Stored of known, by how they were found: ``feed 12/14, link 3/3``."""
    return {via: f"{each['stored']}/{each['known']}" for via, each in record["sources"].items()}


def _print_site(record: Mapping[str, Any] | None, nothing: str) -> None:
    if record is None:
        click.echo(nothing, err=True)
        return
    sources = ", ".join(f"{via} {share}" for via, share in _by_source(record).items())
    told = f"{record['stored']} of {record['known']} known articles are archived ({record['share']:.0%}): {sources}"
    click.echo(told, err=True)
    print_rows(map(_once, _reason_rows(record)), REASONS, nothing="nothing is missing")


def _reason_rows(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each example."""
    for each in record["reasons"]:
        for place, example in enumerate(each["examples"]):
            told = {"oldest": example["found_at"], "example": example["url"], "detail": example["detail"]}
            yield {"reason": each["reason"], "missing": each["missing"], "is_first": place == 0, **told}


def _once(row: Mapping[str, Any]) -> dict[str, Any]:
    """For people the reason and its count stand on the first of its rows."""
    return {**row} if row["is_first"] else {**row, "reason": "", "missing": None}
