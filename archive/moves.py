"""Stories that moved: an address that redirects to one that is known already, where the very same story stands.

A redirect alone proves nothing, for what is deleted may lead to another story; that the story was seen at the old
address as it is at the new one does. The visits to both are one article's then, those before the redirect too.
"""

import sqlite3
from collections.abc import Iterable, Mapping

from archive.identity import Addresses
from archive.urls import url_key

SEEN = (
    "SELECT captures.url, final_url FROM captures JOIN readings ON readings.capture_id = captures.id "
    "WHERE captures.url = ? AND captures.fetched_at < ? AND readings.fingerprint = ?"
)
Kin = Mapping[str, frozenset[str]]  # by key: all keys under which its story stood


def kin_of(visits: Iterable[tuple[Addresses, str]]) -> Kin:
    """The keys that moves join, given addresses and fingerprint of visits that saw stories, in time order."""
    seen, kin = set[tuple[str, str]](), dict[str, frozenset[str]]()
    for page, fingerprint in visits:
        if not page.was_led:
            seen.add((page.asked, fingerprint))
        elif (page.asked, fingerprint) in seen:
            old, new = url_key(page.asked), page.key
            joined = kin.get(old, frozenset((old,))) | kin.get(new, frozenset((new,)))
            kin |= dict.fromkeys(joined, joined)
    return kin


def has_moved(connection: sqlite3.Connection, page: Addresses, fetched_at: str, fingerprint: str) -> bool:
    """Whether the story that a visit saw had been seen before, the very same, at the address that led it there."""
    if not page.was_led:
        return False
    rows = connection.execute(SEEN, (page.asked, fetched_at, fingerprint))
    return any(url_key(landed or asked) == url_key(asked) for asked, landed in rows)
