"""``newsmorgue sites``: the archive's account of its sites, and a trial of their rules."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive import cli_options as options
from archive.commands import accounts
from archive.commands.output import one_line, reading
from archive.errors import Degraded, UsageError
from scraper.commands.configured import config_of

if TYPE_CHECKING:
    from scraper.rules_check import Checked, PageChange
    from scraper.sites import Site

EVERY = "\0"  # --check without a site
SHORT = 100  # characters of a paragraph that are shown


@click.command()
@click.option(
    "--lines",
    "lines_of",
    metavar="SITE",
    shell_complete=options.complete_site,
    help="The lines that recur on that site, and whether they are its own.",
)
@click.option(
    "--check",
    metavar="[SITE]",
    is_flag=False,
    flag_value=EVERY,
    help="Try the rules of newsmorgue.toml on stored pages, and show what they would change.",
)
@click.option("--live", is_flag=True, help="With --check: on some pages of the live site, which are kept nowhere.")
@options.archive_option
@options.list_options
@click.pass_context
def sites(
    ctx: click.Context, archive: Path, lines_of: str | None, check: str | None, listed_as: str | None, *, live: bool
) -> None:
    """List the sites in the archive: articles, versions, visits, and what is known but missing.

    With --lines, what a site's articles have in common instead: on how many of them each line stands, whether it is
    taken out of them all, and why, or why not.

    With --check, what the rules of a site would change, if its pages were read with them: fields before and after,
    paragraphs that go or come. Nothing is written; rebuild does. A rule that matches nothing ends it with 3.

    Example: newsmorgue sites --check ledger
    """
    if check is None:
        if live:
            raise UsageError("--live goes with --check")
        assert accounts.sites.callback is not None
        accounts.sites.callback(archive=archive, site=lines_of, listed_as=listed_as)
        return
    if listed_as == "csv":
        raise UsageError("what --check finds is no table: --json has it for programs")
    from scraper.rules_check import check as check_stored
    from scraper.rules_check import check_live

    chosen = _chosen(ctx, check)
    if live:
        found = [check_live(site) for site in chosen]
    else:
        with reading(archive) as opened:
            found = [check_stored(opened, site) for site in chosen]
    for each in found:
        _print(each, as_json=listed_as == "json")
    idle = [f"{each.site}: {rule} matches nothing" for each in found for rule in each.idle]
    if idle:
        raise Degraded("; ".join(idle))


def _chosen(ctx: click.Context, named: str) -> "tuple[Site, ...]":
    from scraper.sites import choose_sites

    config = config_of(ctx)
    if config is None:
        raise UsageError("there is no newsmorgue.toml here whose rules could be tried; --config names one")
    known = {site.name for site in config.sites} | {site.url.rstrip("/") for site in config.sites}
    if named != EVERY and named.rstrip("/") not in known:
        raise UsageError(
            f"{named} is no site of {config.path}: it has {', '.join(sorted(s.name for s in config.sites))}"
        )
    return choose_sites(config, () if named == EVERY else (named,))


def _print(checked: "Checked", *, as_json: bool) -> None:
    if as_json:
        for change in checked.changes:
            click.echo(json.dumps(change.to_json(checked.site), ensure_ascii=False))
        told = {"site": checked.site, "pages": checked.pages, "changed": len(checked.changes)}
        click.echo(json.dumps(told | {"matches": dict(sorted(checked.matches.items())), "idle": checked.idle}))
        return
    for change in checked.changes:
        _print_change(change)
    for rule, count in sorted(checked.matches.items()):
        click.echo(f"{count:>6}  {rule}")
    for untried in checked.untried:
        click.echo(f"{checked.site}: {untried}", err=True)
    click.echo(f"{checked.site}: {len(checked.changes)} of {checked.pages} pages would read otherwise")


def _print_change(change: "PageChange") -> None:
    click.echo(change.url)
    for name, (before, after) in change.fields.items():
        click.echo(f"  {name}: {one_line(before) or 'none'} -> {one_line(after) or 'none'}")
    for sign, paragraphs in (("-", change.stripped), ("+", change.restored)):
        for paragraph in paragraphs:
            click.echo(f"  {sign} {one_line(paragraph)[:SHORT]}")
    if change.outcome:
        click.echo(f"  {change.outcome}")
