"""What can go wrong that a user can do something about. Each class carries its exit code.

::

    NewsmorgueError            1   never raised itself
    ├── UsageError             2   a wrong argument, or an article that is not there
    │   ├── ConfigError        2   newsmorgue.toml: says file and line
    │   ├── ArchiveMissing     2   no file at that path
    │   ├── ForeignFile        2   a file that is not a newsmorgue archive
    │   └── NewerSchema        2   written by a newer newsmorgue; left untouched
    ├── Degraded               3   done, but a site failed or an alarm is raised
    ├── ArchiveBusy            4   another run holds the archive
    ├── ArchiveDamaged         5   SQLite or a checksum says so
    └── NothingFetched         6   not one page could be fetched
"""


class NewsmorgueError(Exception):
    """Base of all; the message is one line, made for the person who reads it."""

    exit_code = 1


class UsageError(NewsmorgueError):
    """What was asked for cannot be done as asked."""

    exit_code = 2


class ConfigError(UsageError):
    """``newsmorgue.toml`` has a mistake."""

    def __init__(self, message: str, *, path: str, line: int | None = None) -> None:
        """``line`` counts from 1; ``None`` when the mistake has no one place."""
        place = f"{path}:{line}" if line is not None else path
        super().__init__(f"{place}: {message}")
        self.path, self.line = path, line


class ArchiveMissing(UsageError):
    """There is no archive at the path that was given."""


class ForeignFile(UsageError):
    """The file is not a newsmorgue archive; it was not touched."""


class NewerSchema(UsageError):
    """The archive was written by a newer newsmorgue; it was not touched."""


class Degraded(NewsmorgueError):
    """The work is done and stored, but something needs a look."""

    exit_code = 3


class ArchiveBusy(NewsmorgueError):
    """Another process is writing to this archive."""

    exit_code = 4


class ArchiveDamaged(NewsmorgueError):
    """The archive's file or contents do not check out."""

    exit_code = 5


class NothingFetched(NewsmorgueError):
    """Nothing at all could be fetched."""

    exit_code = 6
