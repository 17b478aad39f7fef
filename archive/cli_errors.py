"""How errors leave the command line: one line on stderr and the right exit code, no traceback for a user's mistake."""

import errno
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from archive.errors import NewsmorgueError

INTERRUPTED = 130


@contextmanager
def errors_told() -> Iterator[None]:
    """Tell newsmorgue's and SQLite's errors in one line and exit with their code; a closed pipe ends in silence."""
    try:
        yield
    except NewsmorgueError as error:
        _tell(error)
        raise click.exceptions.Exit(error.exit_code) from None
    except sqlite3.Error as error:
        from archive.connection import to_newsmorgue_error

        told = to_newsmorgue_error(error, "the archive")
        _tell(told)
        raise click.exceptions.Exit(told.exit_code) from None
    except KeyboardInterrupt:
        raise click.exceptions.Exit(INTERRUPTED) from None
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise
        # Whoever read the output has seen enough. What is still buffered must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(0) from None


def _tell(error: NewsmorgueError) -> None:
    click.echo(f"newsmorgue: {' '.join(str(error).split())}", err=True)


@contextmanager
def private_files() -> Iterator[None]:
    """Make files that nobody else can read: archives, what lies beside them, exports."""
    before = os.umask(0o077)
    os.umask(before | 0o077)
    try:
        yield
    finally:
        os.umask(before)


class MorgueGroup(click.Group):
    """A group of commands whose errors are told in one line; the first word of a mistyped command is matched."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named; what it writes is for its user alone."""
        with private_files(), errors_told():
            result = super().invoke(ctx)
            sys.stdout.flush()  # here, where a closed pipe is handled
            return result
