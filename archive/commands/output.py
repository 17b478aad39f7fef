"""Results on standard output: a table for a person at a terminal, plain lines for a pipe, JSON and CSV for programs."""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from archive.store import Archive

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
Row = Mapping[str, Any]


@contextmanager
def reading(path: Path) -> Iterator["Archive"]:
    """The archive at ``path``, open for reading."""
    from archive.store import Archive

    with Archive.open(path) as archive:
        yield archive


def harmless(text: str) -> str:
    """``text`` from the web without the characters that command a terminal or turn the direction of writing."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(value: Any) -> str:
    """A value as one line: nothing for ``None``, lists with commas, times to the minute."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(one_line, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    text = harmless(" ".join(str(value).split()))
    return text[:16].replace("T", " ") if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+Z", text) else text


def print_json(rows: Iterable[Row]) -> None:
    """Each row as a line of JSON."""
    for row in rows:
        click.echo(json.dumps(dict(row), ensure_ascii=False))


def print_csv(rows: Iterable[Row], columns: Sequence[str]) -> None:
    """CSV as ``export`` writes it: a header, and no cell that a spreadsheet would calculate."""
    from archive.export.csv import write_rows
    from archive.export.output import text_output

    with text_output("-") as file:
        write_rows(rows, columns, file)


def print_rows(
    rows: Iterable[Row],
    columns: Sequence[str],
    *,
    form: str | None = None,
    nothing: str,
    only_in_lines: frozenset[str] = frozenset(),
) -> None:
    """``rows`` as JSON or CSV (``form``) with all that they have, else ``columns`` of them as a table or lines.

    ``nothing`` is told if none come. Columns ``only_in_lines`` are for programs; in a table they would leave too little
    room for the others.
    """
    if form == "json":
        print_json(rows)
    elif form == "csv":
        print_csv(rows, getattr(rows, "columns", columns))
    elif not (_print_table(rows, columns, only_in_lines) if sys.stdout.isatty() else _print_lines(rows, columns)):
        click.echo(nothing, err=True)


def _print_table(rows: Iterable[Row], columns: Sequence[str], left_out: frozenset[str]) -> int:
    from archive.commands.terminal import print_table

    return print_table(rows, [column for column in columns if column not in left_out])


def _print_lines(rows: Iterable[Row], columns: Sequence[str]) -> int:
    """A line a row, the values two spaces apart, ``-`` for none, as they come; how many there were."""
    count = 0
    for row in rows:
        click.echo("  ".join(one_line(row.get(column)) or "-" for column in columns))
        count += 1
    return count


def print_text(text: str) -> None:
    """``text`` from the web; on a terminal through the pager if it is longer than the screen."""
    if sys.stdout.isatty():
        from rich.text import Text

        from archive.commands.terminal import page

        page([Text(harmless(text))])
    else:
        click.echo(harmless(text))


def print_fields(fields: Row) -> None:
    """Names and values, a line each; empty ones are left out."""
    width = max((len(name) for name in fields), default=0)
    for name, value in fields.items():
        if value not in (None, "", [], ()):
            click.echo(f"{name.replace('_', ' ').ljust(width)}  {one_line(value)}")
