"""What is kept: facts, readings, and the ways to look at them.

>>> import archive
>>> with archive.open("news.db") as news:  # doctest: +SKIP
...     for change in news.changes(kind="silent"):
...         print(change["changed_at"], change["headline_after"])

Importing this loads nothing else: what is needed comes with its first use.
"""

from importlib import import_module
from os import PathLike
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.diff import compare
    from archive.errors import NewsmorgueError
    from archive.reader import AsOf, Reader
    from archive.records import Version
    from archive.store import Archive

__all__ = ["Archive", "AsOf", "NewsmorgueError", "Reader", "Version", "compare", "open"]

HOMES = {
    "Archive": "archive.store",
    "AsOf": "archive.reader",
    "NewsmorgueError": "archive.errors",
    "Reader": "archive.reader",
    "Version": "archive.records",
    "compare": "archive.diff",
}


def open(path: str | PathLike[str], *, write: bool = False, create: bool = False) -> "Archive":  # noqa: A001 - as in io, gzip, dbm
    """Open the archive at ``path`` for reading, which may go on while a crawl writes; it is a context manager.

    With ``write`` it is opened as its one writer, with ``create`` made if it is not there. Raises ``NewsmorgueError``
    for what cannot be opened; see ``archive.store.Archive``.
    """
    from archive.store import Archive

    return Archive.open(path, write=write, create=create)


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)
