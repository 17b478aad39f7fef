"""``verify``, ``backup`` and ``compact``: is it whole, is there a second copy, and could it be smaller?"""

import json
from pathlib import Path

import click

from archive import cli_options as options
from archive.errors import ArchiveDamaged, Degraded

QUIET = click.option("--quiet", is_flag=True, help="Show no progress.")


@click.command()
@options.archive_option
@click.option("--deep", is_flag=True, help="Also every body, visit, manifest and reading, and whether they agree.")
@options.json_option
@QUIET
def verify(archive: Path, *, deep: bool, as_json: bool, quiet: bool) -> None:
    """Check that the archive is whole, and name everything that is damaged. Changes nothing; exits with 5 on damage.

    Example: newsmorgue verify --deep
    """
    from archive.progress import shown
    from archive.verify import summary
    from archive.verify import verify as check

    count = 0
    with shown(quiet=quiet) as show:
        for damage in check(archive, deep=deep, show=show):
            count += 1
            told = json.dumps({"object": damage.object, "problem": damage.problem}, ensure_ascii=False)
            click.echo(told if as_json else f"{damage.object}: {damage.problem}")
    if count:
        raise ArchiveDamaged(f"{archive}: {count} {'object is' if count == 1 else 'objects are'} damaged")
    rows = ", ".join(f"{number} {table}" for table, number in summary(archive).items())
    click.echo(f"{archive} is whole: {rows}", err=as_json)


@click.command()
@click.argument("destination", type=click.Path(path_type=Path))
@click.option("--salvage", is_flag=True, help="From a damaged archive: keep everything that is undamaged.")
@options.archive_option
def backup(destination: Path, archive: Path, *, salvage: bool) -> None:
    """Copy the archive to DESTINATION, also while a run writes to it, and check the copy.

    With --salvage, a damaged archive is read page by page, whatever SQLite makes of it, and every visit, page and
    article that is undamaged goes into a new archive. Exits with 3 if anything was lost.

    Example: newsmorgue backup /backups/news-2026-01-13.db
    """
    from archive.backup import backup as copy

    if salvage:
        _salvage(archive, destination)
        return
    size = copy(archive, destination)
    click.echo(f"{destination}: {size} bytes, checked")


def _salvage(archive: Path, destination: Path) -> None:
    from archive.backup import salvaged

    saved = salvaged(archive, destination)
    click.echo(f"{destination}: " + ", ".join(f"{number} {table}" for table, number in saved.kept.items()))
    lost = {
        "bodies could not be saved": saved.lost_bodies,
        "runs may lack captures": saved.broken_runs,
        "articles were not whole; `newsmorgue rebuild` reads them again from their pages": saved.dropped_articles,
    }
    for what, ids in lost.items():
        if ids:
            click.echo(f"{len(ids)} {what}", err=True)
    if any(lost.values()):
        raise Degraded(f"{archive} was damaged; its events in {destination} name what was lost")


@click.command()
@options.archive_option
@options.json_option
@QUIET
def compact(archive: Path, *, as_json: bool, quiet: bool) -> None:
    """Make the archive smaller: pages lean on better ones, the search index and the file are tidied.

    Every page, text and visit stays what it is, bit for bit. It needs about as much free space as the archive has, for
    a while. Stopped or killed, the same command goes on from there.

    Example: newsmorgue compact
    """
    from dataclasses import asdict

    from archive.compact import compact as make_smaller
    from archive.progress import shown
    from archive.store import Archive

    with Archive.open(archive, write=True) as opened, shown(quiet=quiet) as show:
        saved = make_smaller(opened, show)
    if as_json:
        click.echo(json.dumps(asdict(saved)))
    else:
        click.echo(f"{archive}: {saved.file_before:,} bytes, now {saved.file_after:,}")
        click.echo(f"bodies: {saved.bodies_before:,} bytes, now {saved.bodies_after:,}; {saved.repacked:,} packed anew")
    if saved.damaged:
        raise ArchiveDamaged(f"{archive}: {len(saved.damaged)} bodies cannot be read; `newsmorgue verify` names them")
