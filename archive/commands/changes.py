"""``changes`` and ``diff``: what publishers changed, and how."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive import cli_options as options
from archive.commands.output import harmless, one_line, print_rows, reading
from archive.records import ChangeKind, Version

if TYPE_CHECKING:
    from archive.diff import Diff
    from archive.diff_renderings import Styled
    from archive.rows import ChangeRow


@click.command()
@options.archive_option
@options.since_option
@options.until_option
@click.option(
    "--kind",
    metavar="KIND,…",
    shell_complete=options.complete_kind,
    help=f"Only these kinds: {', '.join(ChangeKind)}.",
)
@options.site_option
@click.option("--words", type=click.IntRange(min=0), metavar="N", help="Only where N words or more came and went.")
@options.limit_option
@options.list_options
def changes(  # noqa: PLR0913 - one argument an option
    archive: Path,
    since: str | None,
    until: str | None,
    kind: str | None,
    site: str | None,
    words: int | None,
    limit: int | None,
    *,
    listed_as: str | None,
) -> None:
    """List changes, the newest first.

    Example: newsmorgue changes --kind silent,correction --since 7d --words 20
    """
    with reading(archive) as opened:
        rows = opened.changes(since=since, until=until, kind=kind, site=site, words=words, limit=limit)
        told = rows if listed_as else map(_with_headline, rows)
        columns = ("changed_at", "kind", "words_added", "words_removed", "headline", "article_id", "to_version", "url")
        print_rows(told, columns, form=listed_as, nothing="no changes", only_in_lines=frozenset({"url"}))


def _with_headline(row: "ChangeRow") -> dict[str, Any]:
    return {**row, "headline": row["headline_after"] or row["headline_before"]}


@click.command()
@options.article_argument
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
        _print(old, new, found)


def _fields(old: Version, new: Version) -> dict[str, list[object]]:
    """Fields beside the text that differ, as ``[before, after]``."""
    names = ("headline", "standfirst", "section", "authors", "published_at", "modified_at")
    pairs = {name: [getattr(old, name), getattr(new, name)] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _print(old: Version, new: Version, found: "Diff") -> None:
    """The difference for people: in colour where a terminal has colour, else with brackets."""
    from archive import diff_renderings

    if sys.stdout.isatty():
        from archive.commands.terminal import has_colour, print_difference

        render = diff_renderings.styled_lines if has_colour() else diff_renderings.marked_lines
        print_difference(_styled_heading(old, new), render(found))
        return
    click.echo(_title(old, new))
    for name, (before, after) in _fields(old, new).items():
        click.echo(harmless(f"{name}: {before or '-'} → {after or '-'}"))
    click.echo()
    for line in diff_renderings.plain_lines(found):
        click.echo(harmless(line))


def _title(old: Version, new: Version) -> str:
    return f"version {old.number} ({old.seen_from}) → version {new.number} ({new.seen_from}), {new.change}"


def _styled_heading(old: Version, new: Version) -> "Iterator[Styled]":
    yield [(_title(old, new), "bold")]
    for name, (before, after) in _fields(old, new).items():
        told = [(one_line(before) or "-", "red"), (" → ", ""), (one_line(after) or "-", "green")]
        yield [(f"{name}: ", "bold"), *told]
