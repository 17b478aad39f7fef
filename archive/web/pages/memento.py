"""Raw captures, and the way to them in time: Memento (RFC 7089)."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import quote, unquote

from archive.catalogue import select
from archive.reader import Reader
from archive.urls import is_web_url, url_key
from archive.web import policies
from archive.web.disarm import disarm
from archive.web.page import Page, Raw, redirect
from archive.web.pages.timeline import article_row, numbered_version
from archive.web.query import BadQuery, NotThere, Query
from archive.web.wording import IRI, memento_path

# Captures with a page, of an address in any writing of it (scheme, www., a last slash).
CAPTURES = (
    "SELECT id, url, fetched_at, body_id, content_type FROM captures WHERE url IN (SELECT value FROM json_each(:urls)) "
    "AND body_id IS NOT NULL AND (status IS NULL OR status BETWEEN 200 AND 299) ORDER BY fetched_at, id"
)
# The page that a version was read from, or the last one before.
OF_VERSION = (
    "SELECT captures.id, captures.url, captures.fetched_at FROM readings "
    "JOIN captures ON captures.id = readings.capture_id WHERE readings.article_id = :article "
    "AND readings.fingerprint = :fingerprint AND readings.fetched_at <= :seen "
    "AND captures.body_id IS NOT NULL ORDER BY readings.fetched_at DESC LIMIT 1"
)
BY_ID = "SELECT body_id, content_type FROM captures WHERE id = :id"
SHOWN_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)


def original_of(query: Query) -> str:
    """The address that is asked about: the rest of the path, and the query string, which is its own."""
    url = query.parts["url"]
    if re.match(r"https?%3[Aa]", url):
        url = unquote(url)
    url = re.sub(r"^(https?):/+", r"\1://", url) + (f"?{query.string}" if query.string else "")
    if not is_web_url(url):
        raise BadQuery(f"{url[:200]!r} is no address of the web")
    return url


def captures_of(reader: Reader, url: str) -> list[dict[str, Any]]:
    """Every capture with a page of that address, in the order of time."""
    key = url_key(url)
    known = reader.connection.execute("SELECT url FROM urls WHERE key = ?", (key,)).fetchall()
    written = {
        f"{scheme}://{www}{key}{slash}" for scheme in ("https", "http") for www in ("", "www.") for slash in ("", "/")
    }
    urls = json.dumps([url, *(row[0] for row in known), *written])
    found = list(select(reader.connection, CAPTURES, {"urls": urls}))
    if not found:
        raise NotThere(f"No page of {url[:200]} is kept here.")
    return found


def _moment(capture: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(capture["fetched_at"]).astimezone(UTC)


def _stamp(capture: Mapping[str, Any]) -> str:
    return re.sub(r"[^0-9]", "", capture["fetched_at"])[:14]


def _http_date(capture: Mapping[str, Any]) -> str:
    return format_datetime(_moment(capture).replace(microsecond=0), usegmt=True)


def _iri(url: str) -> str:
    return quote(url, safe=IRI)


def _links(query: Query, url: str, captures: Sequence[Mapping[str, Any]], shown: Mapping[str, Any] | None) -> list[str]:
    """The links that lead from here to everywhere else, as RFC 7089 names them."""
    times = f'from="{_http_date(captures[0])}"; until="{_http_date(captures[-1])}"'
    lines = [
        f'<{_iri(url)}>; rel="original"',
        f'<{query.base}/timegate/{_iri(url)}>; rel="timegate"',
        f'<{query.base}/timemap/link/{_iri(url)}>; rel="timemap"; type="application/link-format"; {times}',
    ]
    places = {0: "first", len(captures) - 1: "last"}
    if shown is not None:
        here = next((n for n, capture in enumerate(captures) if capture["id"] == shown["id"]), 0)
        for place, word in ((here - 1, "prev"), (here + 1, "next")):
            if 0 <= place < len(captures):
                places[place] = f"{places[place]} {word}" if place in places else word
        places.setdefault(here, "")
    if len(captures) == 1:
        places = {0: "first last"}
    return lines + [_memento_link(query, captures[place], word) for place, word in sorted(places.items())]


def _memento_link(query: Query, capture: Mapping[str, Any], word: str) -> str:
    relation = f"{word} memento".strip()
    return f'<{query.base}{memento_path(capture)}>; rel="{relation}"; datetime="{_http_date(capture)}"'


def timegate(reader: Reader, query: Query) -> Raw:
    """To the capture that stood at ``Accept-Datetime``: the last one up to then, or else the first."""
    url = original_of(query)
    captures = captures_of(reader, url)
    wanted = query.headers.get("accept-datetime")
    chosen = captures[-1]
    if wanted:
        try:
            moment = parsedate_to_datetime(wanted)
        except (ValueError, IndexError):
            raise BadQuery(f"Accept-Datetime: {wanted[:80]!r} is no HTTP date") from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        earlier = [capture for capture in captures if _moment(capture).replace(microsecond=0) <= moment]
        chosen = earlier[-1] if earlier else captures[0]
    links = ", ".join(_links(query, url, captures, chosen))
    return redirect(query.base + memento_path(chosen), {"Vary": "accept-datetime", "Link": links})


def timemap(reader: Reader, query: Query) -> Raw:
    """Every capture of an address, in link format (RFC 6690)."""
    url = original_of(query)
    captures = captures_of(reader, url)
    head = [line.replace('rel="timemap"', 'rel="self"') for line in _links(query, url, captures, None)[:3]]
    last = len(captures) - 1
    words = (f"{'first' * (n == 0)} {'last' * (n == last)}".strip() for n in range(len(captures)))
    lines = [_memento_link(query, capture, word) for capture, word in zip(captures, words, strict=True)]
    body = ",\n".join([*head, *lines]) + "\n"
    return Raw(200, {"Content-Type": "application/link-format; charset=utf-8"}, body.encode())


def memento(reader: Reader, query: Query) -> Raw:
    """A page as it came, byte for byte, in a sandbox."""
    url = original_of(query)
    captures = captures_of(reader, url)
    stamp = query.parts["stamp"]
    chosen = next((capture for capture in captures if _stamp(capture) == stamp), None)
    if chosen is None:
        earlier = [capture for capture in captures if _stamp(capture) <= stamp]
        return redirect(query.base + memento_path(earlier[-1] if earlier else captures[0]))
    headers = {
        "Memento-Datetime": _http_date(chosen),
        "Link": ", ".join(_links(query, url, captures, chosen)),
        **_archived_headers(chosen["content_type"]),
    }
    return Raw(200, headers, reader.body(chosen["body_id"]))


def disarmed(reader: Reader, query: Query) -> Raw:
    """The page of a capture for the frame: less its scripts and what it would fetch."""
    capture = next(select(reader.connection, BY_ID, {"id": query.parts["capture"]}), None)
    if capture is None or capture["body_id"] is None:
        raise NotThere("No such capture.")
    headers = _archived_headers(capture["content_type"])
    body = reader.body(capture["body_id"])
    return Raw(200, headers, disarm(body) if "octet" not in headers["Content-Type"] else body)


def _archived_headers(content_type: str | None) -> dict[str, str]:
    """Those that keep an archived page harmless."""
    return {
        "Content-Security-Policy": policies.ARCHIVED,
        "X-Frame-Options": "SAMEORIGIN",
        **_type_headers(content_type),
    }


def _type_headers(content_type: str | None) -> dict[str, str]:
    """The type that a capture had, if a browser may show it; anything else is a download."""
    bare = (content_type or "text/html").partition(";")[0].strip().lower()
    if bare not in SHOWN_TYPES:
        return {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}
    charset = CHARSET.search(content_type or "")
    return {"Content-Type": f"{bare}; charset={charset[1]}" if charset else bare}


def framed(reader: Reader, query: Query) -> Page:
    """The page that a version was read from, in a frame that can do nothing."""
    row = article_row(reader, query.part("article"))
    version = numbered_version(reader, row, query)
    values = {"article": row["id"], "fingerprint": version.fingerprint, "seen": version.seen_from}
    capture = next(select(reader.connection, OF_VERSION, values), None)
    if capture is None:
        raise NotThere(f"No page is kept for version {version.number}.")
    return Page(
        template="raw",
        title=f"Page of {version.headline or version.url}",
        data={"article": row, "capture": capture},
        shown={"version": version, "memento": memento_path(capture), "framed": f"/framed/{capture['id']}"},
    )
