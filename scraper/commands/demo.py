"""``newsmorgue demo``."""

from pathlib import Path

import click


@click.command()
@click.option("--dir", "folder", type=click.Path(path_type=Path, file_okay=False), default="demo", show_default=True)
def demo(folder: Path) -> None:
    """Serve an invented newspaper, crawl it, let a day pass, crawl again, and show what changed.

    Needs no network and no configuration. Example: newsmorgue demo --dir /tmp/ledger
    """
    from scraper.demo.tour import tour

    for line in tour(folder):
        click.echo(line)
