"""``newsmorgue extract``: one page, without an archive."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import Degraded, UsageError

if TYPE_CHECKING:
    from archive.records import Article


@click.command()
@click.argument("sources", metavar="FILE|URL|-...", nargs=-1, required=True)
@click.option("--url", help="The page's address, where the source does not say it.")
@click.option(
    "--format", "form", type=click.Choice(["json", "markdown", "text", "html"]), default="text", show_default=True
)
@click.option(
    "--explain",
    is_flag=True,
    help="Show what became of each piece of the page and why, and where each field came from.",
)
def extract(sources: tuple[str, ...], url: str | None, form: str, *, explain: bool) -> None:
    """Read one page and print its article.

    A page is a file, an address, or - for standard input: HTML, or the text dump of a page. With --explain the HTML
    is a document that shows the page's pieces in colour; other forms get it beside them on standard error.

    Example: newsmorgue extract saved.html --url https://example.com/news/ferry --format json --explain
    """
    from archive.records import Outcome
    from archive.times import now
    from scraper.extract import extract as extract_page

    poor = []
    for source in sources:
        page, address, content_type = _page_of(source)
        article, outcome = extract_page(page, url or address, content_type, latest=now())
        _show(article, form, explain=explain)
        if outcome is not Outcome.ARTICLE:
            poor.append(f"{source}: no article ({outcome}{': ' + article.reason if article.reason else ''})")
    if poor:
        raise Degraded("; ".join(poor))


def _page_of(source: str) -> tuple[bytes, str | None, str | None]:
    """The bytes of ``source``, its address and its content type, as far as they are known."""
    if source == "-":
        return sys.stdin.buffer.read(), None, None
    if "://" in source:
        from scraper.fetch import fetch

        return fetch(source)
    try:
        return Path(source).read_bytes(), None, None
    except OSError as error:
        raise UsageError(f"{source}: {error.strerror or error}") from None


def _show(article: "Article", form: str, *, explain: bool) -> None:
    from scraper.extract import RENDERINGS, to_record

    if form == "json":
        record = to_record(article, explain=explain)
        click.echo(json.dumps(record, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))
    elif form == "html" and explain:
        from scraper.explain.document import to_document

        click.echo(to_document(article))
    else:
        if not (explain and form == "text" and sys.stdout.isatty() and sys.stderr.isatty()):
            click.echo(RENDERINGS[form](article))  # else the explanation has all of it
        if explain:
            from scraper.explain.terminal import show

            show(article, sys.stderr)  # beside the article, not in it
