"""What a shell may complete: the articles, sites and kinds of change that begin so.

It must be quick and never fail: the archive is read for a moment at most, and where it cannot be, nothing is offered.
"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from archive.cli_options import CONFIG_KEY, resolve_archive
from archive.commands.output import one_line
from archive.errors import NewsmorgueError
from archive.records import ChangeKind

MOST = 50  # more than anybody reads
WAIT = 0.2  # seconds for a file that another program holds
SCHEMES = ("https://", "https://www.", "http://", "http://www.")
END = "\U0010ffff"
HELP = 80  # characters of a headline
# bash puts what is offered on the line as it is, and addresses are what others wrote: no ;, &, $(…), `…`, *, quotes.
HARMLESS = re.compile(r"[\w./:@%+=,-]+")
BY_URL = (
    "SELECT urls.url, headline FROM urls JOIN articles ON articles.id = article_id "
    "WHERE urls.url >= :start AND urls.url < :end AND urls.kind = 'canonical' ORDER BY urls.url LIMIT :most"
)
BY_ID = "SELECT id, headline FROM articles WHERE id >= :start AND id < :end ORDER BY id LIMIT :most"
NEWEST = (
    "SELECT url, headline FROM articles WHERE published_at IS NOT NULL ORDER BY published_at DESC, id DESC LIMIT :most"
)
# Each site by one look into the index.
SITES = (
    "WITH RECURSIVE each_site (site) AS (SELECT min(site) FROM articles WHERE site >= :start UNION ALL "
    "SELECT (SELECT min(site) FROM articles WHERE site > each_site.site) FROM each_site WHERE each_site.site < :end) "
    "SELECT site, NULL FROM each_site WHERE site < :end LIMIT :most"
)
Found = list[tuple[str, str | None]]


def _archive_of(ctx: click.Context) -> Path:
    """The archive that the command would use; a hidden ``--archive`` of a subcommand that has none is the default."""
    given = ctx.params.get("archive")
    return resolve_archive(Path(given) if given else None, ctx.meta.get(CONFIG_KEY))


def _ask(ctx: click.Context, sql: str, start: str) -> Found:
    """What ``sql`` finds that begins with ``start``."""
    values = {"start": start, "end": start + END, "most": MOST}
    try:
        uri = f"{_archive_of(ctx).absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=WAIT)) as connection:
            return connection.execute(sql, values).fetchall()
    except (NewsmorgueError, sqlite3.Error, OSError):
        return []


def _items(found: Found) -> list[CompletionItem]:
    """What was found, with headlines as help where the shell shows any; nothing that the shell might take for more."""
    return [
        CompletionItem(value, help=one_line(headline)[:HELP] or None)
        for value, headline in found
        if HARMLESS.fullmatch(value)
    ]


def complete_article(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Addresses that begin so, with their scheme if it was typed and without it if not, or ids."""
    if not incomplete:
        return _items([(re.sub(r"^https?://", "", url), told) for url, told in _ask(ctx, NEWEST, "")])
    if incomplete.startswith(("http:", "https:")):
        return _items(_ask(ctx, BY_URL, incomplete))
    lead = "//" if incomplete.startswith("//") else ""  # bash takes what stands before a colon for another word
    bare = incomplete.removeprefix("//")
    found = [
        (lead + url.removeprefix(scheme), told) for scheme in SCHEMES for url, told in _ask(ctx, BY_URL, scheme + bare)
    ]
    is_id = re.fullmatch(r"[0-9a-f]{1,16}", bare) and not lead
    return _items([*found, *(_ask(ctx, BY_ID, bare) if is_id else [])][:MOST])


def complete_site(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Sites of the archive that begin so."""
    return _items(_ask(ctx, SITES, incomplete))


def complete_kinds(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Kinds of change, also behind those that stand already, apart by commas."""
    before, comma, last = incomplete.rpartition(",")
    taken = set(before.split(","))
    return [CompletionItem(before + comma + kind) for kind in ChangeKind if kind.startswith(last) and kind not in taken]
