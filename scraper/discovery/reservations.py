"""What publishers say about keeping and mining: ``noarchive``, and the TDM Reservation Protocol (W3C, 2024). Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree
from protego import Protego

NOARCHIVE = re.compile(r"\bnoarchive\b", re.IGNORECASE)
MAX_RULES = 500
MAX_FILE = 256_000  # bytes
ROBOTS_NAMES = frozenset(("robots", "newsmorgue"))


@dataclass(frozen=True, slots=True)
class Reservations:
    """The rules of a tdmrep.json in its order: the first whose location fits an address holds."""

    rules: tuple[tuple[Protego, bool], ...] = ()

    def reserved(self, url: str) -> bool:
        """Whether the rights of mining ``url`` are reserved."""
        return next((reserved for location, reserved in self.rules if not location.can_fetch(url, "tdm")), False)


def _is_set(value: Any) -> bool:
    return str(value).strip() == "1"


def parse_reservations(body: bytes) -> Reservations:
    """The rules of the file at ``/.well-known/tdmrep.json``; none for anything that is no such file."""
    try:
        document = json.loads(body[: MAX_FILE + 1]) if len(body) <= MAX_FILE else None
    except (ValueError, RecursionError):
        document = None
    rules = []
    for rule in document[:MAX_RULES] if isinstance(document, list) else ():
        location = rule.get("location") if isinstance(rule, dict) else None
        if isinstance(location, str) and location.startswith("/") and not re.search(r"\s", location):
            pattern = Protego.parse(f"User-agent: *\nDisallow: {location}")  # locations are written as in robots.txt
            rules.append((pattern, _is_set(rule.get("tdm-reservation"))))
    return Reservations(tuple(rules))


Metas = tuple[tuple[str, str], ...]


def metas_of(root: etree._Element | None) -> Metas:
    """Name, in lower case, and content of each ``<meta>`` of a page."""
    if root is None:
        return ()
    return tuple((meta.get("name", "").strip().lower(), meta.get("content", "")) for meta in root.iter("meta"))


def says_noarchive(headers: Mapping[str, str], metas: Metas) -> bool:
    """Whether the answer's ``X-Robots-Tag`` or the page's ``<meta name=robots>`` says ``noarchive``."""
    said = [headers.get("x-robots-tag", "")]
    said += [content for name, content in metas if name in ROBOTS_NAMES]
    return any(NOARCHIVE.search(words) for words in said)


def is_reserved(headers: Mapping[str, str], metas: Metas, url: str, reservations: Reservations | None) -> bool:
    """Whether mining is reserved: the page's own word counts before that of its headers, both before the file's."""
    own = [content for name, content in metas if name == "tdm-reservation"]
    if own:
        return _is_set(own[0])
    if "tdm-reservation" in headers:
        return _is_set(headers["tdm-reservation"])
    return reservations is not None and reservations.reserved(url)
