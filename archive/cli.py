"""The commands for those who read and keep an archive; ``scraper.cli`` mounts them beside those that crawl."""

import click

from archive.cli_errors import MorgueGroup
from archive.commands.accounts import runs, sites, stats
from archive.commands.articles import history, list_articles, removals, show
from archive.commands.changes import changes, diff
from archive.commands.completion import completion
from archive.commands.coverage import coverage
from archive.commands.export import export
from archive.commands.health import health
from archive.commands.keeping import backup, compact, verify
from archive.commands.search import search
from archive.commands.serve import serve

archive_commands: tuple[click.Command, ...] = (
    *(list_articles, show, history, diff, changes, search, removals),
    *(export, runs, sites, stats, coverage, health, verify, backup, compact, serve, completion),
)


@click.group(cls=MorgueGroup)
def main() -> None:
    """Read and keep an archive of news."""


for command in archive_commands:
    main.add_command(command)
