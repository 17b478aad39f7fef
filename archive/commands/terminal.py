"""Results for a person at a terminal: tables, differences in colour, a pager for what is longer than the screen.

Loaded only there. ``NO_COLOR`` and ``TERM=dumb`` leave no colour, so nothing is said by colour alone.
"""

import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Literal

import click
from rich.box import SIMPLE
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from archive.commands.output import harmless, one_line

if TYPE_CHECKING:
    from archive.diff_renderings import Styled

GAP = 2  # cells between columns
NARROWEST = 20  # cells of a column of words
TOGETHER = 1000  # rows of a table
MEASURE = 80  # cells of a line of prose: longer ones are hard to read
PLAIN_TERMINALS = frozenset({"dumb", "emacs", "unknown"})
# How columns are headed, where room is short; elsewhere they have their full names.
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
    "stored to_version usual usually_new value versions visits words_added words_removed".split()
)
WORDY = frozenset(
    {"arguments", "counts", "detail", "example", "headline", "line", "measure", "reason", "reasons", "rule", "snippet"}
    | {"sources", "text", "verdict"}
)
# Kinds of change, states of health and exit codes that call for a look.
STYLES = {
    **dict.fromkeys(("silent", "template", "high", "low", "3"), "yellow"),
    **dict.fromkeys(("gone", "alarm", "dead", "1", "4", "5", "6"), "red"),
    "correction": "magenta",
    "headline": "blue",
    "new": "green",
    "returned": "cyan",
    "restored": "cyan",
}
STYLED = frozenset({"kind", "change", "state", "verdict", "exit_code"})
COLUMN_STYLES = {"words_added": "green", "words_removed": "red", "id": "dim", "article_id": "dim"}
MATCH = re.compile("\2([^\3]*)\3")


def console() -> Console:
    """The terminal, as it is and as ``NO_COLOR``, ``TERM`` and ``COLUMNS`` describe it."""
    return Console(highlight=False, emoji=False, markup=False)


def has_colour() -> bool:
    """Whether the terminal shows colours and its user wants them."""
    terminal = console()
    return terminal.color_system is not None and not terminal.no_color


def page(parts: Iterable[RenderableType], *, width: int | None = None) -> None:
    """Print ``parts`` as they come, through ``$PAGER`` (or less) if they are longer than the screen.

    They are ``width`` cells wide at most. Links are only underlined.
    """
    terminal = console()
    cells = min(width, terminal.width) if width else terminal.width
    texts, head = (_rendered(terminal, part, cells) for part in parts), ""
    room = math.inf if os.environ.get("TERM", "dumb") in PLAIN_TERMINALS else terminal.height
    for text in texts:
        head += text
        if head.count("\n") >= room:
            click.echo_via_pager(chain([head], texts), color=True)
            return
    click.echo(head, nl=False, color=True)


def _rendered(terminal: Console, part: RenderableType, cells: int) -> str:
    with terminal.capture() as captured:
        terminal.print(_Unlinked(part), width=cells)
    return captured.get()


class _Unlinked:
    """What ``part`` shows, without the codes that make links of it: not every pager lets them pass."""

    def __init__(self, part: RenderableType) -> None:
        self.part = part

    def __rich_console__(self, console: Console, options: Any) -> Iterable[Segment]:
        return Segment.strip_links(console.render(self.part, options))


def print_table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> int:
    """A table of ``columns``, or where the terminal is too narrow for that a list of each row's; how many rows.

    Of very many rows every ``TOGETHER`` are a table of their own, so that the first are seen at once.
    """
    count = 0

    def tables() -> Iterator[Table]:
        nonlocal count
        cells = ([_cell(column, row.get(column)) for column in columns] for row in rows)
        while some := list(islice(cells, TOGETHER)):
            count += len(some)
            yield _as_table(columns, some) if _fits(columns, some) else _as_lists(columns, some)

    page(tables())
    return count


def _label(column: str) -> str:
    return LABELS.get(column, column.replace("_", " "))


def _fits(columns: Sequence[str], cells: Sequence[Sequence[Text]]) -> bool:
    """Whether no column would have to be cut; those of words want no more than ``NARROWEST``."""
    needed = GAP * (len(columns) + 1)
    for place, column in enumerate(columns):
        widest = max(cell_len(_label(column)), *(row[place].cell_len for row in cells))
        needed += min(widest, NARROWEST) if column in WORDY else widest
    return needed <= console().width


def _as_table(columns: Sequence[str], cells: Sequence[Sequence[Text]]) -> Table:
    table = Table(box=SIMPLE, pad_edge=False, padding=(0, GAP - 1, 0, 0))
    for column in columns:
        justify: Literal["left", "right"] = "right" if column in NUMBERS else "left"
        style = COLUMN_STYLES.get(column)
        table.add_column(_label(column), justify=justify, overflow="fold", no_wrap=column not in WORDY, style=style)
    for row in cells:
        table.add_row(*row)
    return table


def _as_lists(columns: Sequence[str], cells: Sequence[Sequence[Text]]) -> Table:
    grid = Table.grid(padding=(0, GAP))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for row in cells:
        for column, cell in zip(columns, row, strict=True):
            if cell:
                grid.add_row(_label(column), cell)
        grid.add_row()
    return grid


def _cell(column: str, value: Any) -> Text:
    if column == "snippet":
        return _passage(str(value))
    text = one_line(value)
    return Text(text, STYLES.get(text, "") if column in STYLED else "")


def _passage(snippet: str) -> Text:
    """A passage with what was looked for in bold, or in brackets where nothing is bold."""
    if console().color_system is None:
        return Text(one_line(MATCH.sub(r"[\1]", snippet)))
    passage = Text()
    for place, part in enumerate(MATCH.split(snippet)):
        passage.append(harmless(re.sub(r"\s+", " ", part)), "bold yellow" if place % 2 else "")
    return passage


def print_difference(heading: Iterable["Styled"], lines: Iterable["Styled"]) -> None:
    """Lines of pieces with rich styles; those of ``lines`` begin with their mark, below which they are indented."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for (mark, style), *pieces in lines:
        grid.add_row(Text(mark.strip(), style), _assembled(pieces))
    page([*map(_assembled, heading), Text(), grid], width=MEASURE)


def _assembled(pieces: Iterable[tuple[str, str]]) -> Text:
    return Text.assemble(*((harmless(text), style) for text, style in pieces))
