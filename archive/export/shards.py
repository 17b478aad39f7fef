"""The articles as a folder of Parquet files, one a site: what DuckDB, pandas and Dask read as one table."""

from pathlib import Path
from urllib.parse import quote

from archive.errors import UsageError
from archive.export import parquet
from archive.reader import Reader

UNNAMED = "no-site"  # pages from files


def prepare(folder: Path) -> None:
    """Make the folder. Raises ``UsageError`` where that cannot be, or where pyarrow is missing."""
    try:
        import pyarrow.parquet  # noqa: F401 - is it there?
    except ImportError:
        raise UsageError("parquet needs pyarrow: pip install 'newsmorgue[parquet]'") from None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {folder}: {error.strerror or error}") from None


def write(archive: Reader, folder: Path) -> int:
    """Write every site's articles, in their latest versions, to ``SITE.parquet`` in ``folder``; how many there were.

    A file is replaced when its successor is complete; files of other names are left alone.
    """
    count = 0
    try:
        for row in list(archive.sites()):
            if row["articles"]:
                count += _write_site(archive, folder, row["site"])
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from None
    return count


def _write_site(archive: Reader, folder: Path, site: str) -> int:
    place = folder / f"{quote(site, safe='') or UNNAMED}.parquet"
    return parquet.write(archive.articles(site=site, full=True), str(place))
