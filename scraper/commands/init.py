"""``newsmorgue init``."""

from pathlib import Path

import click

from archive.cli_options import DEFAULT_CONFIG
from archive.errors import NothingFetched, UsageError


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option(
    "--config", type=click.Path(path_type=Path), default=DEFAULT_CONFIG, show_default=True, help="The file to write."
)
@click.option("--force", is_flag=True, help="Overwrite the file if there is one.")
def init(urls: tuple[str, ...], config: Path, *, force: bool) -> None:
    """Look at sites and write newsmorgue.toml with the feeds, sitemaps and sections found.

    Example: newsmorgue init https://example.org/ https://example.com/
    """
    if config.exists() and not force:
        raise UsageError(f"{config} is there already; --force overwrites it")
    from scraper.prospect import prospect, to_toml

    found = [prospect(url) for url in urls]
    seen = [each for each in found if each.problem is None]
    for each in found:
        if each.problem:
            click.echo(f"newsmorgue: {each.problem}", err=True)
    if not seen:
        raise NothingFetched("no site could be looked at; nothing was written")
    try:
        config.write_text(to_toml(seen), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {config}: {error.strerror or error}") from None
    for each in seen:
        counts = f"{len(each.feeds)} feeds, {len(each.sitemaps)} sitemaps, {len(each.sections)} sections"
        click.echo(f"{each.site.name}: {counts}")
    click.echo(f"Wrote {config}. Next: newsmorgue crawl --config {config}")
    if len(seen) < len(found):
        raise click.exceptions.Exit(3)
