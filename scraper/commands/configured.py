"""The configuration that a command was given, or finds."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli_options import CONFIG_KEY, DEFAULT_CONFIG

if TYPE_CHECKING:
    from scraper.sites import Config


def config_of(ctx: click.Context) -> "Config | None":
    """What ``--config`` names, else ``newsmorgue.toml`` where there is one. Raises ``ConfigError``."""
    from scraper.sites import load_config

    path = ctx.meta.get(CONFIG_KEY) or (DEFAULT_CONFIG if Path(DEFAULT_CONFIG).is_file() else None)
    return load_config(path) if path else None
