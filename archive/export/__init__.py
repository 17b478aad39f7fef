"""Articles out of an archive in other forms, one form a file; all stream, however large the archive is."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from archive.errors import UsageError
from archive.export import csv, jsonl, markdown

Record = Mapping[str, Any]  # the fields of an article with text, markdown, times and version

# Each writes records to a path (a file, or for the tree a folder; "-" is standard output) and returns how many.
FORMATS: Mapping[str, Callable[[Iterable[Record], str], int]] = {
    "jsonl": jsonl.write,
    "csv": csv.write,
    "markdown": markdown.write,
}


def write(form: str, records: Iterable[Record], output: str | Path) -> int:
    """Write ``records`` in ``form`` to ``output``; how many there were.

    Raises ``UsageError`` for a form that is unknown and an output that cannot be written.
    """
    if form not in FORMATS:
        raise UsageError(f"{form!r} is no form of export; there are {', '.join(FORMATS)}")
    try:
        return FORMATS[form](records, str(output))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"cannot write {error.filename or output}: {error.strerror or error}") from None
