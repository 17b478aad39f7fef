"""What the commands have in common that can work on a Dask cluster."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import UsageError

if TYPE_CHECKING:
    from scraper.cluster import Cluster


def dask_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options ``--dask`` and ``--parquet``."""
    dask = click.option(
        "--dask",
        is_flag=False,
        flag_value="local",
        metavar="[ADDRESS]",
        help="Read on the Dask cluster with this scheduler; without an address on one of this machine's own.",
    )
    parquet = click.option(
        "--parquet",
        metavar="FOLDER",
        type=click.Path(path_type=Path, file_okay=False),
        help="Write the articles as Parquet too when all is done, a file for each site.",
    )
    return dask(parquet(command))


def cluster_of(
    address: str | None, workers: int, parquet: Path | None
) -> "AbstractContextManager[Cluster] | AbstractContextManager[None]":
    """The cluster that ``--dask`` names, or none. Raises ``UsageError`` at once for what fails only at the end."""
    if parquet is not None:
        from archive.export.shards import prepare

        prepare(parquet)
    if address is None:
        return nullcontext()
    if address != "local" and "://" not in address:
        raise UsageError(
            f"--dask {address}: no address of a scheduler, such as tcp://queue.example:8786 "
            "(without an address write --dask=local, or --dask last)"
        )
    from scraper.cluster import cluster

    return cluster(address, workers)


def write_shards(archive: Path, folder: Path, *, quiet: bool) -> None:
    """Write the articles of an archive into ``folder``."""
    from archive.export.shards import write
    from archive.store import Archive

    with Archive.open(archive) as opened:
        articles = write(opened, folder)
    if not quiet:
        click.echo(f"{articles} articles written to {folder}", err=True)
