"""``changes`` and ``diff``: what publishers changed, and how."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from archive import cli_options as options
from archive.commands.output import harmless, print_rows, print_styled, reading
from archive.records import ChangeKind, Version


@click.command()
@options.archive_option
@options.since_option
@options.until_option
@click.option("--kind", metavar="KIND,…", help=f"Only these kinds: {', '.join(ChangeKind)}.")
@options.site_option
@click.option("--words", type=click.IntRange(min=0), metavar="N", help="Only where N words or more came and went.")
@options.limit_option
@options.json_option
def changes(  # noqa: PLR0913 - one argument an option
    archive: Path,
    since: str | None,
    until: str | None,
    kind: str | None,
    site: str | None,
    words: int | None,
    limit: int | None,
    *,
    as_json: bool,
) -> None:
    """List changes, the newest first.

    Example: newsmorgue changes --kind silent,correction --since 7d --words 20
    """
    with reading(archive) as opened:
        rows = opened.changes(since=since, until=until, kind=kind, site=site, words=words, limit=limit)
        told = (
            rows if as_json else (row | {"headline": row["headline_after"] or row["headline_before"]} for row in rows)
        )
        columns = ("changed_at", "kind", "words_added", "words_removed", "headline", "article_id", "to_version", "url")
        print_rows(told, columns, as_json=as_json, nothing="no changes", only_in_lines=frozenset({"url"}))


def _with_headline(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"headline": row["headline_after"] or row["headline_before"]}


@click.command()
@click.argument("article")
@click.argument("before", type=click.IntRange(min=1), required=False)
@click.argument("after", type=click.IntRange(min=1), required=False)
@options.archive_option
@click.option("--html", "as_html", is_flag=True, help="An HTML fragment.")
@options.json_option
def diff(article: str, before: int | None, after: int | None, archive: Path, *, as_html: bool, as_json: bool) -> None:
    """Show what changed between two versions of an article: the last two, or those named.

    Example: newsmorgue diff https://example.com/story 1 3
    """
    from archive import diff_renderings
    from archive.diff import compare

    with reading(archive) as opened:
        article_id = opened.article(article)["id"]
        new = opened.version(article_id, number=after)
        old = opened.version(article_id, number=before or max(new.number - 1, 1))
    found = compare(old.text, new.text)
    if as_json:
        fields = {
            "article_id": article_id,
            "from_version": old.number,
            "to_version": new.number,
            "fields": _fields(old, new),
        }
        click.echo(json.dumps(fields | diff_renderings.as_data(found), ensure_ascii=False))
    elif as_html:
        click.echo(diff_renderings.as_html(found))
    else:
        _print_heading(old, new)
        if sys.stdout.isatty():
            print_styled(diff_renderings.styled_lines(found))
        else:
            for line in diff_renderings.plain_lines(found):
                click.echo(harmless(line))


def _fields(old: Version, new: Version) -> dict[str, list[object]]:
    """Fields beside the text that differ, as ``[before, after]``."""
    names = ("headline", "standfirst", "section", "authors", "published_at", "modified_at")
    pairs = {name: [getattr(old, name), getattr(new, name)] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _print_heading(old: Version, new: Version) -> None:
    click.echo(f"version {old.number} ({old.seen_from}) → version {new.number} ({new.seen_from}), {new.change}")
    for name, (before, after) in _fields(old, new).items():
        click.echo(harmless(f"{name}: {before or '-'} → {after or '-'}"))
    click.echo()
