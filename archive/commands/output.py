"""Results on standard output: a table for a person at a terminal, plain lines for a pipe, JSON for programs."""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from archive.store import Archive

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
Row = Mapping[str, Any]
# How columns are headed in tables, where room is short; elsewhere they have their full names.
LABELS = {
    "article_id": "article",
    "changed_at": "seen",
    "ended_at": "ended",
    "exit_code": "exit",
    "last_confirmed_at": "confirmed",
    "last_visited_at": "last visit",
    "number": "version",
    "published_at": "published",
    "seen_from": "from",
    "seen_to": "to",
    "started_at": "started",
    "to_version": "version",
    "usually_new": "usually",
    "words_added": "+",
    "words_removed": "-",
}
NUMBERS = frozenset(
    "articles exit_code fresh gone known missing new now number pages position runs seen share "
    "stored to_version usual usually_new versions visits words_added words_removed".split()
)
WORDY = frozenset(
    {"arguments", "counts", "detail", "example", "headline", "line", "measure", "reason", "reasons", "rule", "snippet"}
    | {"sources", "text", "verdict"}
)


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


def print_json(rows: Iterable[Row]) -> int:
    """Each row as a line of JSON; how many there were."""
    count = 0
    for row in rows:
        click.echo(json.dumps(dict(row), ensure_ascii=False))
        count += 1
    return count


def print_rows(
    rows: Iterable[Row],
    columns: Sequence[str],
    *,
    as_json: bool,
    nothing: str,
    only_in_lines: frozenset[str] = frozenset(),
) -> None:
    """``rows`` as JSON with all columns, or those ``columns`` as a table or lines; ``nothing`` if none come.

    Columns ``only_in_lines`` are for programs; in a table they would leave too little room for the others.
    """
    if as_json:
        print_json(rows)
        return
    if sys.stdout.isatty():
        count = _print_table(rows, [column for column in columns if column not in only_in_lines])
    else:
        count = _print_lines(rows, columns)
    if not count:
        click.echo(nothing, err=True)


def _print_lines(rows: Iterable[Row], columns: Sequence[str]) -> int:
    """A line a row, the values two spaces apart, ``-`` for none, as they come."""
    count = 0
    for row in rows:
        click.echo("  ".join(one_line(row.get(column)) or "-" for column in columns))
        count += 1
    return count


def _print_table(rows: Iterable[Row], columns: Sequence[str]) -> int:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE, pad_edge=False)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column in NUMBERS else "left"
        table.add_column(
            LABELS.get(column, column.replace("_", " ")),
            justify=justify,
            overflow="fold",
            no_wrap=column not in WORDY,
        )
    for row in rows:
        table.add_row(*(Text(one_line(row.get(column))) for column in columns))
    if table.row_count:
        Console().print(table)
    return table.row_count


def print_fields(fields: Row) -> None:
    """Names and values, a line each; empty ones are left out."""
    width = max((len(name) for name in fields), default=0)
    for name, value in fields.items():
        if value not in (None, "", [], ()):
            click.echo(f"{click.style(name.replace('_', ' ').ljust(width), bold=True)}  {one_line(value)}")


def print_styled(lines: Iterable[Sequence[tuple[str, str]]]) -> None:
    """Lines of pieces with rich styles, on a terminal."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line in lines:
        console.print(Text.assemble(*((harmless(text), style) for text, style in line)))
