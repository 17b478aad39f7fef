"""Options that many commands share, each with the same name, meaning and default everywhere."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from archive.errors import ConfigError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_ARCHIVE = "news.db"
DEFAULT_CONFIG = "newsmorgue.toml"
CONFIG_KEY = "newsmorgue.config"


def archive_of_config(config: Path) -> Path | None:
    """The ``archive`` that a ``newsmorgue.toml`` names, beside that file unless it is absolute; ``None`` if none.

    Raises ``ConfigError`` for a file that cannot be read.
    """
    import tomllib

    try:
        named = tomllib.loads(config.read_text(encoding="utf-8")).get("archive")
    except OSError as error:
        raise ConfigError(error.strerror or str(error), path=str(config)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(error), path=str(config)) from None
    return config.parent / named if isinstance(named, str) and named else None


def resolve_archive(archive: Path | None, config: Path | None) -> Path:
    """The archive to use: what was given, else what the configuration names, else ``news.db``.

    ``config`` is used when given, else ``newsmorgue.toml`` where there is one.
    """
    if archive is not None:
        return archive
    if config is None and Path(DEFAULT_CONFIG).is_file():
        config = Path(DEFAULT_CONFIG)
    return (archive_of_config(config) if config else None) or Path(DEFAULT_ARCHIVE)


def _remember(ctx: click.Context, _: click.Parameter, value: Path | None) -> Path | None:
    ctx.meta[CONFIG_KEY] = value
    return value


def _resolve(ctx: click.Context, _: click.Parameter, value: Path | None) -> Path | None:
    if ctx.resilient_parsing:  # a shell asks what could stand here: nothing is an error
        return value
    from archive.cli_errors import errors_told

    with errors_told():
        return resolve_archive(value, ctx.meta.get(CONFIG_KEY))


def config_option(command: Command) -> Command:
    """``--config``, which ``scraper.commands.configured`` finds in the context."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        is_eager=True,
        expose_value=False,
        callback=_remember,
        help=f"Configuration that may name the archive. [default: {DEFAULT_CONFIG} if it exists]",
    )(command)


def archive_option(command: Command) -> Command:
    """``--archive`` as the argument ``archive`` (a path) and ``--config``, which may name it."""
    archive = click.option(
        "--archive",
        type=click.Path(path_type=Path),
        envvar="NEWSMORGUE_ARCHIVE",
        callback=_resolve,
        help=f"The archive. [default: $NEWSMORGUE_ARCHIVE, else {DEFAULT_ARCHIVE}]",
    )
    return archive(config_option(command))


def _parse_time(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
    if ctx.resilient_parsing:
        return None
    from archive.cli_errors import errors_told
    from archive.times import parse_when

    with errors_told():
        return parse_when(value) if value is not None else None


def list_options(command: Command) -> Command:
    """``--json`` and ``--csv`` as the argument ``listed_as``: ``json``, ``csv``, or ``None`` for people."""
    as_csv = click.option(
        "--csv", "listed_as", flag_value="csv", help="CSV with a header; no cell that a spreadsheet would calculate."
    )
    return click.option("--json", "listed_as", flag_value="json", help="One JSON object a line.")(as_csv(command))


def _complete_article(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    from archive.shell import complete_article

    return complete_article(ctx, parameter, incomplete)


def complete_site(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Sites of the archive."""
    from archive import shell

    return shell.complete_site(ctx, parameter, incomplete)


def complete_kind(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Kinds of change, apart by commas."""
    from archive.shell import complete_kinds

    return complete_kinds(ctx, parameter, incomplete)


json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
site_option = click.option(
    "--site", metavar="SITE", shell_complete=complete_site, help="Only this site, such as example.com."
)
article_argument = click.argument("article", shell_complete=_complete_article)
site_argument = click.argument("site", required=False, shell_complete=complete_site)
at_option = click.option(
    "--at", metavar="TIME", callback=_parse_time, help="As it stood then: 2026-01-13, 3d, yesterday."
)
since_option = click.option(
    "--since", metavar="TIME", callback=_parse_time, help="Since then: 2026-01-13, 3d, yesterday."
)
until_option = click.option(
    "--until", metavar="TIME", callback=_parse_time, help="Before then: 2026-01-13, 3d, yesterday."
)
limit_option = click.option("--limit", type=click.IntRange(min=1), help="At most so many. [default: all]")
version_option = click.option("--version", "number", type=click.IntRange(min=1), metavar="N", help="That version.")
