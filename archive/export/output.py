"""Where an export goes: standard output, or a file that appears only once it is whole and on the disk."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from archive.errors import UsageError


@contextmanager
def text_output(output: str) -> Iterator[TextIO]:
    """A UTF-8 text file for ``output``; ``-`` is standard output. Lines end as they are written."""
    if output == "-":
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        yield sys.stdout
        sys.stdout.flush()
        return
    with binary_output(output) as file:
        text = io.TextIOWrapper(cast("io.BufferedWriter", file), encoding="utf-8", newline="")
        try:
            yield text
        finally:
            text.detach()  # writes what is left, and leaves the file open


@contextmanager
def binary_output(output: str) -> Iterator[BinaryIO]:
    """A file for ``output``; ``-`` is standard output, which must not be a terminal.

    A regular file is written under another name beside it and takes its name only when all is written, so that a
    reader never sees half of it. Devices and pipes are written to as they are.
    """
    if output == "-":
        if sys.stdout.isatty():
            raise UsageError("these are bytes that a terminal cannot show: name a file with --output")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(output).resolve()
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as file:
            yield file
        return
    with _whole(path) as file:
        yield file


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name[:200]}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
