"""The explanation as lines of text: with colours on a terminal that has them, with labels everywhere."""

from collections.abc import Iterator
from typing import TextIO

from archive.records import Article
from scraper.explain import GROUPS, KEPT, fields_of, pieces_of, verdict_of

# Names of the terminal's own sixteen colours, which its owner has made readable.
STYLES = {
    "kept": "green",
    "field": "bold cyan",
    "about": "blue",
    "elsewhere": "magenta",
    "asks": "yellow",
    "rest": "red",
}
RAW = 100  # characters of what was printed, per field
REMOVED = 300  # characters of a stripped piece; the whole stands in the JSON and in the HTML


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit].rstrip()}…"


def styled_lines(article: Article) -> Iterator[tuple[str, str]]:
    """``(style, line)`` of the explanation; the style is one of rich, ``""`` for plain text."""
    yield "bold", verdict_of(article)
    yield "", ""
    yield "bold", "fields"
    for row in fields_of(article):
        printed = f" {_short(row.raw, RAW)!r}" if row.raw and row.raw != row.value else ""
        yield "", f"  {row.name:<13} {row.value}"
        if row.source:
            yield "dim", f"  {'':<13} from {row.source}{printed}"
    yield "", ""
    yield "bold", "the page, in order"
    for piece in pieces_of(article):
        style = STYLES[piece.group]
        yield style, f"  {piece.fate}  [{piece.place}]"
        text = piece.text if piece.group == KEPT else _short(piece.text, REMOVED)
        for line in text.split("\n"):
            yield style if piece.group != KEPT else "", f"      {line}"
    yield "", ""
    yield "bold", "colours"
    for group, meaning in GROUPS.items():
        yield STYLES[group], f"  {meaning}"


def plain_lines(article: Article) -> Iterator[str]:
    """The same without colours and their legend."""
    for _, line in styled_lines(article):
        if line == "colours":
            return
        yield line


def show(article: Article, stream: TextIO) -> None:
    """Write the explanation to ``stream``; in colour where it is a terminal and ``NO_COLOR`` is not set."""
    if not stream.isatty():
        stream.writelines(f"{line}\n" for line in plain_lines(article))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False)
    lines = styled_lines(article) if console.color_system else (("", line) for line in plain_lines(article))
    for style, line in lines:
        console.print(Text(line, style=style), soft_wrap=True)
