"""``search``: articles by their words."""

from pathlib import Path

import click

from archive import cli_options as options
from archive.commands.output import print_json, print_rows, reading

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
@options.json_option
def search(
    query: tuple[str, ...], archive: Path, at: str | None, site: str | None, sort: str, limit: int, *, as_json: bool
) -> None:
    """Search headlines, standfirsts, sections, bylines and texts, the best match first.

    Understands "a phrase", start*, AND, OR, NOT or -word, brackets, and headline:, standfirst:, section:, author: and
    text: before a word, a phrase or a bracket. After -- a query may begin with a minus.

    Example: newsmorgue search '"rare earth" NOT headline:mining' --at 2026-01-13
    """
    with reading(archive) as opened:
        rows = opened.search(" ".join(query), at=at, site=site, sort=sort, limit=limit)
        marked = (row | {"snippet": row["snippet"].translate(MARKS)} for row in rows)
        if as_json:
            print_json(marked)
        else:
            columns = ("published_at", "article_id", "headline", "snippet", "url")
            hidden = frozenset({"url"})
            print_rows(marked, columns, as_json=False, nothing="nothing found", only_in_lines=hidden)
