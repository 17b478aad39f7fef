"""``newsmorgue merge``: several archives made one."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive import cli_options as options
from scraper.commands.configured import config_of

if TYPE_CHECKING:
    from scraper.merge import Merged


@click.command()
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--into",
    "destination",
    metavar="DEST",
    required=True,
    type=click.Path(path_type=Path),
    help="The archive that they go into; made if it is not there.",
)
@options.config_option
@options.json_option
@click.option("--quiet", is_flag=True, help="Show no progress and no summary.")
@click.pass_context
def merge(ctx: click.Context, sources: tuple[Path, ...], destination: Path, *, as_json: bool, quiet: bool) -> None:
    """Merge archives into one: every visit, page and version of them all.

    Nothing can conflict: what several archives have is stored once, and histories of the same article become one. The
    order of the sources does not matter; merged again, only what is new is added. A run may be writing to a source.

    Example: newsmorgue merge worker-1.db worker-2.db --into news.db
    """
    from archive.progress import shown
    from scraper.merge import merge as merge_archives
    from scraper.sites import rules_of

    config = config_of(ctx)
    rules = rules_of(config.sites) if config else None
    with shown(quiet=quiet) as show:
        merged = merge_archives(destination, sources, rules=rules, show=show)
    if as_json:
        for path, taken in merged.taken.items():
            click.echo(
                json.dumps(
                    {
                        "source": str(path),
                        "captures": taken.captures,
                        "bodies": taken.bodies,
                        "readings": taken.readings,
                    }
                )
            )
    elif not quiet:
        _tell(merged, destination)
    if merged.trouble:
        click.echo(f"newsmorgue: {merged.trouble}", err=True)
    ctx.exit(merged.exit_code)


def _tell(merged: "Merged", destination: Path) -> None:
    for path, taken in merged.taken.items():
        click.echo(f"{path}: {taken.captures} new captures, {taken.bodies} new bodies", err=True)
    if not merged.taken:
        click.echo(f"{destination} has all of it already", err=True)
    elif merged.read_again:
        click.echo(f"{merged.read_again} pages were read again, with what their sites have taught together", err=True)
