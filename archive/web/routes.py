"""Which page answers which address, and how an answer is written."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Request, Response

from archive.reader import Reader
from archive.web import feeds, policies
from archive.web.names import config_of
from archive.web.page import Page, PageFunction, Raw
from archive.web.pages import accounts, articles, changes, differences, home, memento, search, topics
from archive.web.query import BadQuery, NotThere, Query

MILLISECONDS = 6000  # a page may ask SQLite for this long, in all
FORMAT = r"(?:\.(?P<format>json|atom))?$"
JSON = r"(?:\.(?P<format>json))?$"
SORTS: dict[PageFunction, tuple[str, ...]] = {search.search: search.SORTS}
PAGES: tuple[tuple[str, PageFunction], ...] = (
    (r"/(?:index)?" + FORMAT, home.home),
    (r"/search" + FORMAT, search.search),
    (r"/changes" + FORMAT, changes.changes),
    (r"/runs" + FORMAT, accounts.runs),
    (r"/about" + JSON, accounts.about),
    (r"/site/(?P<site>[^/]+?)" + FORMAT, accounts.site),
    (r"/author/(?P<name>[^/]+?)" + FORMAT, topics.author),
    (r"/section/(?P<name>[^/]+?)" + FORMAT, topics.section),
    (r"/article/(?P<article>[^/]+?)/diff" + JSON, differences.difference),
    (r"/article/(?P<article>[^/]+?)/(?P<number>[0-9]{1,7})/raw$", memento.framed),
    (r"/article/(?P<article>[^/]+?)/(?P<number>[0-9]{1,7})" + JSON, articles.permalink),
    (r"/article/(?P<url>(?:https?:|https?%3[Aa]).+)$", articles.by_address),
    (r"/article/(?P<article>[^/]+?)" + FORMAT, articles.article),
    (r"/timegate/(?P<url>.+)$", memento.timegate),
    (r"/timemap/link/(?P<url>.+)$", memento.timemap),
    (r"/memento/(?P<stamp>[0-9]{14})/(?P<url>.+)$", memento.memento),
    (r"/framed/(?P<capture>[0-9a-f]{8,64})$", memento.disarmed),
    (r"/robots\.txt$", accounts.robots),
)
Answer = Callable[..., Awaitable[Response]]


def routes() -> list[tuple[str, Answer]]:
    """For ``register_routes``: a pattern for the raw path, and what answers it."""
    return [("^" + pattern, _answering(function)) for pattern, function in PAGES]


def _answering(function: PageFunction) -> Answer:
    async def answer(request: Request, datasette: Any) -> Response:
        parts = {name: value for name, value in request.url_vars.items() if value is not None}
        written = parts.pop("format", "html")
        base = f"{request.scheme}://{request.host}"
        query = Query(parts, request.query_string, request.path, base, request.headers)
        query.refuse_unknown_sort(SORTS.get(function, ()))
        try:
            page = await _read(datasette, function, query)
        except NotThere as error:
            if written != "html" and "url" not in parts:
                raise
            return await _nothing(datasette, request, str(error))
        if isinstance(page, Raw):
            return _raw(page)
        return await _written(datasette, request, query, page, written)

    return answer


async def _nothing(datasette: Any, request: Request, words: str) -> Response:
    """A 404 that we write ourselves: Datasette would first try the address in another spelling."""
    context = {"status": 404, "words": words, "title": "Not in this archive"}
    html = await datasette.render_template("newsmorgue/error.html", context, request)
    return Response.html(html, status=404, headers=_headers())


async def _read(datasette: Any, function: PageFunction, query: Query) -> Page | Raw:
    """Run a page function in one of Datasette's threads: one state of the archive, and no longer than is allowed."""
    config = config_of(datasette)
    assert config is not None
    database = datasette.get_database(config["database"])

    def in_thread(connection: Any) -> Page | Raw:
        with sqlite_timelimit(connection, MILLISECONDS):
            connection.execute("BEGIN")
            try:
                return function(Reader(connection, Path(database.path)), query)
            finally:
                connection.execute("ROLLBACK")

    found: Page | Raw = await database.execute_fn(in_thread)
    return found


def _headers(**more: str) -> dict[str, str]:
    return {"Content-Security-Policy": policies.OWN, "Cache-Control": "no-cache", **more}


def _raw(raw: Raw) -> Response:
    headers = _headers() | dict(raw.headers)
    content_type = headers.pop("Content-Type")
    return Response(raw.body, status=raw.status, headers=headers, content_type=content_type)


async def _written(datasette: Any, request: Request, query: Query, page: Page, written: str) -> Response:
    if written == "atom":
        if page.entries is None:
            raise BadQuery("this page has no feed")
        body = feeds.atom(page, query)
        return Response(body, headers=_headers(), content_type="application/atom+xml; charset=utf-8")
    if written == "json":
        if page.entries is None:
            return Response(_json(page.data), headers=_headers(), content_type="application/json; charset=utf-8")
        body = _json(feeds.json_feed(page, query))
        return Response(body, headers=_headers(), content_type="application/feed+json; charset=utf-8")
    context = {**page.data, **page.shown, "title": page.title, "query": query}
    context["feed"] = _feed_path(query) if page.entries is not None else None
    context["json_path"] = f"{_bare(query.path)}.json{'?' + query.string if query.string else ''}"
    html = await datasette.render_template(f"newsmorgue/{page.template}.html", context, request)
    return Response.html(html, headers=_headers())


def _bare(path: str) -> str:
    return "/index" if path in ("/", "/index") else path


def _feed_path(query: Query) -> str:
    string = re.sub(r"(^|&)page=[^&]*", "", query.string).lstrip("&")
    return f"{_bare(query.path)}.atom{'?' + string if string else ''}"


def _default(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(type(value).__name__)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_default)
