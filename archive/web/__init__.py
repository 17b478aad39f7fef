"""The archive as a website: a Datasette plugin whose pages stand beside Datasette's tables, SQL and JSON.

``archive.web.serving`` makes a Datasette that has it. In a Datasette whose metadata do not name an archive under
``plugins.newsmorgue`` it does nothing. What is shown where: docs/web.md.
"""

from collections.abc import Awaitable, Callable, Generator
from typing import Any
from urllib.parse import quote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.web.guard import App, guarded
from archive.web.names import STATIC, config_of
from archive.web.trouble import tell
from archive.web.wording import FILTERS


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """The pages, each with the address that it answers."""
    if config_of(datasette) is None:
        return []
    from archive.web.routes import routes

    return routes()


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    """Checks and headers around every answer, Datasette's own included."""
    config = config_of(datasette)
    return guarded(config["hosts"]) if config else lambda app: app


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Datasette) -> None:
    """What templates say times, numbers and addresses with."""
    if config_of(datasette) is not None:
        env.filters.update(FILTERS)
        env.trim_blocks = env.lstrip_blocks = True


@hookimpl
def extra_template_vars(datasette: Datasette) -> dict[str, Any]:
    """What every template may need, Datasette's own included."""
    config = config_of(datasette)
    if config is None:
        return {}
    names = {"archive_name": config["name"], "tables_path": f"/{quote(config['database'])}"}
    return names | {"static_path": STATIC}


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Generator[None, Any, None]:
    """One page for everything that goes wrong, and no traceback on the terminal for what a visitor typed."""
    outcome = yield
    if config_of(datasette) is not None:
        outcome.force_result([tell(datasette, request, exception)])
