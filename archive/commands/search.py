"""``search``: articles by their words."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive import cli_options as options
from archive.commands.output import print_rows, reading

if TYPE_CHECKING:
    from archive.rows import FoundRow

MARKS = str.maketrans({"\2": "[", "\3": "]"})


@click.command()
@click.argument("query", nargs=-1, required=True)
@options.archive_option
@options.at_option
@options.site_option
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest"]),
    default="relevance",
    show_default=True,
    help="What comes first.",
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
@options.list_options
def search(
    query: tuple[str, ...],
    archive: Path,
    at: str | None,
    site: str | None,
    sort: str,
    limit: int,
    *,
    listed_as: str | None,
) -> None:
    """Search headlines, standfirsts, sections, bylines and texts, the best match first.

    Understands "a phrase", start*, AND, OR, NOT or -word, brackets, and headline:, standfirst:, section:, author: and
    text: before a word, a phrase or a bracket. After -- a query may begin with a minus.

    Example: newsmorgue search '"rare earth" NOT headline:mining' --at 2026-01-13
    """
    from archive.rows import Rows

    with reading(archive) as opened:
        rows = opened.search(" ".join(query), at=at, site=site, sort=sort, limit=limit)
        columns = ("published_at", "article_id", "headline", "snippet", "url")
        told = rows if listed_as is None and sys.stdout.isatty() else Rows(map(_marked, rows), rows.columns)
        print_rows(told, columns, form=listed_as, nothing="nothing found", only_in_lines=frozenset({"url"}))


def _marked(row: "FoundRow") -> dict[str, Any]:
    """With brackets about what was looked for; a terminal shows it in colour."""
    return {**row, "snippet": row["snippet"].translate(MARKS)}
