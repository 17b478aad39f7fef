"""``newsmorgue``: the commands that crawl and read pages, beside those of the archive.

Commands load what they need when they run, so that ``newsmorgue --help`` and the reading commands start at once.
"""

import click

from archive.cli import archive_commands
from archive.cli_errors import MorgueGroup
from scraper.commands.crawl import crawl
from scraper.commands.demo import demo
from scraper.commands.extract import extract
from scraper.commands.importing import import_
from scraper.commands.init import init
from scraper.commands.merging import merge
from scraper.commands.rebuild import rebuild
from scraper.commands.schedule import schedule
from scraper.commands.shared import workers
from scraper.commands.sites import sites


@click.group(cls=MorgueGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="newsmorgue")
def main() -> None:
    """Crawl news sites into a versioned SQLite archive that keeps every state of every article.

    Begin with: newsmorgue demo, or newsmorgue crawl https://your.paper.example/
    """


for command in (demo, init, crawl, import_, extract, merge, rebuild, schedule, workers, *archive_commands, sites):
    main.add_command(command)
