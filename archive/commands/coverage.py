"""``coverage``: what is known but missing, and why."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from archive import cli_options as options
from archive.commands.output import print_rows, reading

SITES = ("site", "known", "stored", "share", "missing", "reasons", "sources", "oldest")
REASONS = ("reason", "missing", "oldest", "example", "detail")


@click.command()
@click.argument("site", required=False)
@options.archive_option
@options.json_option
def coverage(site: str | None, archive: Path, *, as_json: bool) -> None:
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
        if as_json:
            print_rows(records, (), as_json=True, nothing=nothing)
        elif host is None:
            print_rows(map(_site_row, records), SITES, as_json=False, nothing=nothing)
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
    print_rows(_reason_rows(record), REASONS, as_json=False, nothing="nothing is missing")


def _reason_rows(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each example; the reason and its count stand on the first."""
    for each in record["reasons"]:
        for place, example in enumerate(each["examples"]):
            told = {"oldest": example["found_at"], "example": example["url"], "detail": example["detail"]}
            yield {"reason": each["reason"], "missing": each["missing"]} | told if not place else {"reason": "", **told}
