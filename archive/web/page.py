"""What a page function gives: data for the template, for JSON and for feeds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.reader import Reader
from archive.web.query import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed. ``id`` is any text that stays the same for ever; ``path`` leads to the page here."""

    id: str
    path: str
    title: str
    updated: str
    summary: str = ""
    text: str = ""
    original: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page before it is written. ``data`` is what its JSON has; ``shown`` what only the template needs.

    A page with ``entries`` can be had as a feed.
    """

    template: str
    title: str
    data: Mapping[str, Any]
    shown: Mapping[str, Any] = field(default_factory=dict)
    entries: Sequence[Entry] | None = None
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer that is no page: bytes as they are, or a redirection."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


PageFunction = Callable[[Reader, Query], Page | Raw]


def redirect(location: str, headers: Mapping[str, str] | None = None) -> Raw:
    """To another page."""
    return Raw(302, {"Location": location, "Content-Type": "text/plain; charset=utf-8", **(headers or {})})
