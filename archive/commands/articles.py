"""``list``, ``show``, ``history`` and ``removals``: articles and their versions."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive import cli_options as options
from archive.commands.output import harmless, print_fields, print_json, print_rows, reading

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
@options.json_option
def list_articles(
    archive: Path, site: str | None, at: str | None, since: str | None, limit: int | None, *, as_json: bool
) -> None:
    """List articles, the newest first.

    Example: newsmorgue list --site example.com --since 7d
    """
    with reading(archive) as opened:
        rows = opened.articles(site=site, at=at, since=since, limit=limit)
        columns = ("id", "published_at", "site", "versions", "headline", "url")
        print_rows(rows, columns, as_json=as_json, nothing="no articles", only_in_lines=frozenset({"url"}))


@click.command()
@click.argument("article")
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
            click.echo(harmless(version.markdown))
        else:
            _show(opened, version)


def _show(opened: "Archive", version: "Version") -> None:
    fields: dict[str, Any] = {name: getattr(version, name) for name in SHOWN}
    article = opened.article(version.article_id)
    number = f"{version.number} of {article['versions']}"
    print_fields(fields | {"id": version.article_id, "number": number, "gone_at": article["gone_at"]})
    for copy in opened.copies(version.article_id):
        near = f"{copy['likeness']:.0%} the same, first seen {copy['first_seen_at'][:10]}"
        click.echo(f"{click.style('copy', bold=True)}  {harmless(copy['url'])} ({near})")
    click.echo("\n" + harmless(version.text))


@click.command()
@click.argument("article")
@options.archive_option
@options.json_option
def history(article: str, archive: Path, *, as_json: bool) -> None:
    """List every version of an article, and when each stood.

    Example: newsmorgue history https://example.com/story
    """
    with reading(archive) as opened:
        row = opened.article(article)
        versions = [asdict(version) for version in opened.versions(row["id"])]
        columns = (
            "number",
            "change",
            "seen_from",
            "last_confirmed_at",
            "seen_to",
            "words_added",
            "words_removed",
            "headline",
        )
        print_rows(versions, columns, as_json=as_json, nothing="no versions")
        if row["gone_at"] and not as_json:
            click.echo(f"gone since {row['gone_at']}")


@click.command()
@click.argument("article")
@options.archive_option
@options.at_option
@options.version_option
@options.json_option
def removals(article: str, archive: Path, at: str | None, number: int | None, *, as_json: bool) -> None:
    """List what was stripped from an article's page: navigation, dates, sign-ups and other furniture.

    Example: newsmorgue removals https://example.com/story --version 2
    """
    with reading(archive) as opened:
        version = opened.version(opened.article(article)["id"], number=number, at=at)
        rows = opened.removals(version.id)
        if as_json:
            print_json(rows)
        else:
            print_rows(rows, ("position", "kind", "rule", "text"), as_json=False, nothing="nothing was stripped")
