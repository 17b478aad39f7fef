"""Names that the plugin and its Datasette share."""

from typing import Any

PLUGIN = "newsmorgue"
STATIC = "/-/static-plugins/archive.web"  # where Datasette shows static/


def config_of(datasette: Any) -> dict[str, Any] | None:
    """What ``serving`` told the plugin: ``database``, ``name``, ``hosts``; ``None`` in another Datasette."""
    config: dict[str, Any] | None = datasette.plugin_config(PLUGIN)
    return config
