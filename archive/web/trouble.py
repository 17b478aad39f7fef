"""Pages for what goes wrong."""

import logging
import sqlite3
from typing import Any

from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError

from archive.errors import ArchiveDamaged, NewsmorgueError, UsageError
from archive.web import policies
from archive.web.names import config_of
from archive.web.query import NotThere

log = logging.getLogger(__name__)
TOO_LONG = "This took too long. Ask for less: one site, a shorter time, fewer words."


def described(exception: Exception) -> tuple[int, str]:  # noqa: PLR0911 - one line a cause
    """The status and the words for what went wrong."""
    if isinstance(exception, NotThere):
        return 404, str(exception)
    if isinstance(exception, UsageError):
        return 400, str(exception)
    if isinstance(exception, ArchiveDamaged):
        return 500, str(exception)
    if isinstance(exception, Base400):
        words = str(exception.args[0]) if exception.args else ""
        return exception.status, words if words and words != "404" else "There is no such page."
    if isinstance(exception, DatasetteError):
        # What it raises itself is about the question, whatever status it has for it.
        if exception.message_is_html:
            return 503, TOO_LONG
        return 400 if exception.status == 500 else exception.status, str(exception.message)
    if isinstance(exception, sqlite3.OperationalError) and "interrupted" in str(exception):
        return 503, TOO_LONG
    if isinstance(exception, sqlite3.OperationalError) and getattr(exception, "sqlite_errorcode", 0) == 1:
        return 400, f"SQLite cannot make sense of that: {exception}"
    return 500, str(exception) if isinstance(exception, NewsmorgueError | sqlite3.Error) else "Something went wrong."


async def tell(datasette: Any, request: Request, exception: Exception) -> Response:
    """The page, or the JSON, that says what went wrong; what is our own fault goes to the log as well."""
    status, words = described(exception)
    config = config_of(datasette)
    if (
        status == 500
        and config
        and isinstance(exception, ValueError)
        and request.path.startswith(f"/{config['database']}")
    ):
        status, words = 400, "Datasette cannot make sense of that address."  # of options that it does not check
    if status == 500:
        log.error("no answer to %s", request.path, exc_info=exception)
    headers = {"Content-Security-Policy": policies.OWN, "Cache-Control": "no-store"}
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "status": status, "error": words}, status=status, headers=headers)
    html = await datasette.render_template(
        "newsmorgue/error.html", {"status": status, "words": words, "title": HEADINGS.get(status, "Error")}, request
    )
    return Response.html(html, status=status, headers=headers)


HEADINGS = {
    400: "That cannot be asked",
    403: "Not allowed",
    404: "Not in this archive",
    500: "Something went wrong",
    503: "That took too long",
}
