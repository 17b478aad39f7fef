"""``list``, ``show``, ``history`` and ``removals``: articles and their versions."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive import cli_options as options
from archive.commands.output import harmless, print_fields, print_rows, print_text, reading

if TYPE_CHECKING:
    from archive.records import Version
    from archive.store import Archive

SHOWN = (
    *("id", "url", "site", "headline", "standfirst", "section", "authors", "published_at", "modified_at", "language"),
    *(
        "tags",
        "image_url",
        "kind",
        "words",
        "paywalled",
        "number",
        "change",
        "seen_from",
        "last_confirmed_at",
        "seen_to",
    ),
)
STEPS = ("number", "change", "seen_from", "last_confirmed_at", "seen_to", "words_added", "words_removed", "headline")


@click.command("list")
@options.archive_option
@options.site_option
@options.at_option
@options.since_option
@options.limit_option
@options.list_options
def list_articles(
    archive: Path, site: str | None, at: str | None, since: str | None, limit: int | None, *, listed_as: str | None
) -> None:
    """List articles, the newest first.

    Example: newsmorgue list --site example.com --since 7d
    """
    with reading(archive) as opened:
        rows = opened.articles(site=site, at=at, since=since, limit=limit)
        columns = ("id", "published_at", "site", "versions", "headline", "url")
        print_rows(rows, columns, form=listed_as, nothing="no articles", only_in_lines=frozenset({"url"}))


@click.command()
@options.article_argument
@options.archive_option
@options.at_option
@options.version_option
@click.option("--raw", is_flag=True, help="The page's bytes, as they were fetched.")
@click.option("--markdown", is_flag=True, help="The story as Markdown.")
@options.json_option
def show(
    article: str, archive: Path, at: str | None, number: int | None, *, raw: bool, markdown: bool, as_json: bool
) -> None:
    """Show an article: its fields and its text. ARTICLE is its URL, in any known form, or its id.

    Example: newsmorgue show https://example.com/story --at 2026-01-13
    """
    if at and number:
        raise click.UsageError("--at and --version exclude each other")
    with reading(archive) as opened:
        version = opened.version(opened.article(article)["id"], number=number, at=at)
        if raw:
            click.echo(opened.page(version), nl=False)
        elif as_json:
            told = asdict(version) | {"copies": list(opened.copies(version.article_id))}
            click.echo(json.dumps(told, ensure_ascii=False))
        elif markdown:
            print_text(version.markdown)
        else:
            _show(opened, version)


def _show(opened: "Archive", version: "Version") -> None:
    article = opened.article(version.article_id)
    number = f"{version.number} of {article['versions']}"
    fields: dict[str, Any] = {name: getattr(version, name) for name in SHOWN}
    fields |= {"id": version.article_id, "number": number, "gone_at": article["gone_at"]}
    copies = [_copy(copy) for copy in opened.copies(version.article_id)]
    if sys.stdout.isatty():
        from archive.commands.story import show as show_story

        show_story(version, fields, copies)
        return
    print_fields(fields)
    for copy in copies:
        click.echo(f"copy  {copy}")
    click.echo("\n" + harmless(version.text))


def _copy(copy: Mapping[str, Any]) -> str:
    return f"{harmless(copy['url'])} ({copy['likeness']:.0%} the same, first seen {copy['first_seen_at'][:10]})"


@click.command()
@options.article_argument
@options.archive_option
@options.list_options
def history(article: str, archive: Path, *, listed_as: str | None) -> None:
    """List every version of an article, and when each stood.

    Example: newsmorgue history https://example.com/story
    """
    from archive.rows import RowList

    with reading(archive) as opened:
        row = opened.article(article)
        versions = opened.versions(row["id"])
        rows = RowList(map(asdict, versions), versions.columns)
        print_rows(rows, STEPS, form=listed_as, nothing="no versions")
        if row["gone_at"] and listed_as is None:
            click.echo(f"gone since {row['gone_at']}")


@click.command()
@options.article_argument
@options.archive_option
@options.at_option
@options.version_option
@options.list_options
def removals(article: str, archive: Path, at: str | None, number: int | None, *, listed_as: str | None) -> None:
    """List what was stripped from an article's page: navigation, dates, sign-ups and other furniture.

    Example: newsmorgue removals https://example.com/story --version 2
    """
    with reading(archive) as opened:
        version = opened.version(opened.article(article)["id"], number=number, at=at)
        columns = ("position", "kind", "rule", "text")
        print_rows(opened.removals(version.id), columns, form=listed_as, nothing="nothing was stripped")
