"""Articles out of an archive in other forms, one form a file; all stream, however large the archive is."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from archive.errors import UsageError
from archive.export import atom, csv, datapackage, jsonl, jsonld, markdown, parquet, warc
from archive.export.selection import Selection
from archive.reader import Reader
from archive.times import just_after

Record = Mapping[str, Any]  # the fields of an article with text, markdown, times and version
Writer = Callable[[Reader, Selection, str], int]


def _articles(write: Callable[[Iterable[Record], str], int]) -> Writer:
    """A writer of articles as a writer of a selection."""

    def written(archive: Reader, wanted: Selection, output: str) -> int:
        found = archive.articles(site=wanted.site, at=wanted.at, since=wanted.since, full=True)
        return write(found, output)

    return written


def _changes(archive: Reader, wanted: Selection, output: str) -> int:
    found = archive.changes(site=wanted.site, since=wanted.since, until=wanted.at and just_after(wanted.at))
    subject = f"Changes of {wanted.site}" if wanted.site else "Changes of all sites"
    return atom.write(found, output, subject=subject)


# Each writes to a path (a file, or for the tree a folder; "-" is standard output) and returns how much it wrote.
FORMATS: Mapping[str, Writer] = {
    "jsonl": _articles(jsonl.write),
    "csv": _articles(csv.write),
    "parquet": _articles(parquet.write),
    "jsonld": _articles(jsonld.write),
    "markdown": _articles(markdown.write),
    "atom": _changes,
    "warc": warc.write,
}


def write(
    form: str,
    archive: Reader,
    output: str | Path,
    *,
    at: str | None = None,
    site: str | None = None,
    since: str | None = None,
) -> int:
    """Export to ``output`` in ``form``, with a ``datapackage.json`` beside a file; how many articles that were.

    For ``atom`` it is how many changes, for ``warc`` how many records. Raises ``UsageError`` for a form that is
    unknown, a library that is missing and an output that cannot be written.
    """
    if form not in FORMATS:
        raise UsageError(f"{form!r} is no form of export; there are {', '.join(FORMATS)}")
    place = Path(output)
    try:
        if same_file(place, archive.path):
            raise UsageError(f"{output} is the archive itself")
        count = FORMATS[form](archive, Selection(at=at, site=site, since=since), str(output))
        if form in datapackage.MEDIA and str(output) != "-" and place.is_file():
            datapackage.describe(place, form)
    except BrokenPipeError:
        raise
    except OSError as error:
        where = error.filename if form == "markdown" and error.filename else output  # else it is a name of the moment
        raise UsageError(f"cannot write {where}: {error.strerror or error}") from None
    return count


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same file that is there."""
    return one.exists() and other.exists() and one.samefile(other)
