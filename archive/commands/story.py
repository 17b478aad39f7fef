"""An article as it reads on a terminal: headline, standfirst, byline and the story, set to a measure."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.console import JustifyMethod, RenderableType
from rich.markdown import Heading, Markdown
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from archive.commands.output import harmless, one_line
from archive.commands.terminal import MEASURE, page

if TYPE_CHECKING:
    from archive.records import Version

UNSPOKEN = frozenset({"headline", "standfirst", "authors", "section", "published_at", "site"})


class _Heading(Heading):
    """A heading on the left, where headings of newspapers stand."""

    LEVEL_ALIGN: ClassVar[dict[str, JustifyMethod]] = dict.fromkeys(Heading.LEVEL_ALIGN, "left")


class _Story(Markdown):
    """A story's Markdown as the web pages read it: what looks like HTML is text, of which nothing may be lost."""

    elements: ClassVar[dict[str, Any]] = Markdown.elements | {"heading_open": _Heading}

    def __init__(self, story: str) -> None:
        super().__init__("")
        self.parsed = MarkdownIt("commonmark", {"html": False}).enable("table").parse(story)
        for token in self.parsed:
            token.children = [_described(child) for child in token.children or ()]


def _described(token: Token) -> Token:
    """A picture as its description, in its place; anything else as it is."""
    return Token("text", "", 0, content=f"[{token.content or 'picture'}]") if token.type == "image" else token


def show(version: "Version", fields: Mapping[str, Any], copies: list[str]) -> None:
    """A version to be read; below the story the ``fields`` that its head does not have, and its ``copies``."""
    story = harmless(version.markdown or version.text)
    parts = [*_head(version), Text(), _Story(story), Text(), Rule(style="dim")]
    page([*parts, _fields({**fields, "copies": copies})], width=MEASURE)


def _head(version: "Version") -> Iterator[RenderableType]:
    place = " · ".join(harmless(part) for part in (version.site, version.section) if part)
    yield Text(place, "dim")
    yield Text(one_line(version.headline or version.url), "bold")
    if version.standfirst:
        yield Text(one_line(version.standfirst), "italic")
    dates = [one_line(version.published_at)]
    if version.modified_at and version.modified_at != version.published_at:
        dates.append(f"changed {one_line(version.modified_at)}")
    line = " · ".join(part for part in (one_line(version.authors), *dates) if part)
    if line:
        yield Padding(Text(line, "cyan"), (1, 0, 0, 0))


def _fields(fields: Mapping[str, Any]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold", style="dim")
    for name, value in fields.items():
        if name not in UNSPOKEN and value not in (None, "", [], ()):
            grid.add_row(name.replace("_", " "), one_line(value))
    return grid
