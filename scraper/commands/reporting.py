"""What a run did, in words or as JSON."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scraper.summary import SiteSummary, Summary


def site_line(site: "SiteSummary") -> str:
    """``harbourpost.example: 36 new, 3 changed (1 correction, 2 silent), 1 gone, 30 unchanged; 75 fetched``."""
    from scraper.summary import in_words

    line = f"{in_words(site)}; {site.fetched} fetched"
    waiting = f", {site.waiting} still to visit" if site.waiting else ""
    return f"{site.site}: {line}{waiting}" if site.site else f"{line}{waiting}"


def problems(summary: "Summary") -> Iterator[str]:
    """What went wrong, a line each."""
    for site in summary.sites:
        if site.problem:
            yield f"{site.site}: {site.problem}"
    yield from summary.errors
    for alarm in summary.alarms:
        yield alarm.line()
    if summary.stopped:
        yield f"stopped by {summary.stopped}; run again to go on"


def report(summary: "Summary", *, as_json: bool, quiet: bool = False, tell_problems: bool = True) -> None:
    """Print the summary: a line a site on standard output (or one JSON object), problems on standard error.

    ``quiet`` leaves out the lines; without ``tell_problems``, which a log has told, the problems too.
    """
    if as_json:
        click.echo(json.dumps(summary.to_json(), ensure_ascii=False))
    elif not quiet and summary.exit_code != 6:
        for site in summary.sites:
            click.echo(site_line(site))
    for problem in problems(summary) if tell_problems else ():
        click.echo(f"newsmorgue: {problem}", err=True)
