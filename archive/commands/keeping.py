"""``verify`` and ``backup``: is it whole, and is there a second copy?"""

import json
from pathlib import Path

import click

from archive import cli_options as options
from archive.errors import ArchiveDamaged


@click.command()
@options.archive_option
@click.option("--deep", is_flag=True, help="Every body, capture and manifest, and each version against its readings.")
@options.json_option
def verify(archive: Path, *, deep: bool, as_json: bool) -> None:
    """Check that the archive is whole, and name everything that is damaged. Changes nothing; exits with 5 on damage.

    Example: newsmorgue verify --deep
    """
    from archive.verify import summary
    from archive.verify import verify as check

    count = 0
    for damage in check(archive, deep=deep):
        count += 1
        told = json.dumps({"object": damage.object, "problem": damage.problem}, ensure_ascii=False)
        click.echo(told if as_json else f"{damage.object}: {damage.problem}")
    if count:
        raise ArchiveDamaged(f"{archive}: {count} {'object is' if count == 1 else 'objects are'} damaged")
    rows = ", ".join(f"{number} {table}" for table, number in summary(archive).items())
    click.echo(f"{archive} is whole: {rows}", err=as_json)


@click.command()
@click.argument("destination", type=click.Path(path_type=Path))
@options.archive_option
def backup(destination: Path, archive: Path) -> None:
    """Copy the archive to DESTINATION, also while a run writes to it, and check the copy.

    Example: newsmorgue backup /backups/news-2026-01-13.db
    """
    from archive.backup import backup as copy

    size = copy(archive, destination)
    click.echo(f"{destination}: {size} bytes, checked")
