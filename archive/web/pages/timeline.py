"""An article and its versions in short: without their texts."""

import re
from collections.abc import Mapping
from typing import Any

from archive import catalogue
from archive.catalogue import select
from archive.errors import UsageError
from archive.reader import Reader
from archive.records import Version
from archive.web.query import NotThere, Query

LONGEST_ID = 16
VERSIONS = (
    "SELECT number, change, headline, seen_from, last_confirmed_at, seen_to, words, words_added, words_removed, "
    "similarity FROM versions WHERE article_id = :id ORDER BY number"
)


def article_row(reader: Reader, ref: str) -> dict[str, Any]:
    """The article with that id, or the unique start of one."""
    if not re.fullmatch(r"[0-9a-f]{4,16}", ref):
        raise NotThere(f"{ref[:80]} is no article of this archive.")
    sql = "SELECT * FROM articles WHERE id >= :low AND id < :high LIMIT 2"
    found = list(select(reader.connection, sql, {"low": ref, "high": ref + "g"}))
    if len(found) != 1:
        raise NotThere(f"There is no article {ref} in this archive." if not found else f"{ref} starts several ids.")
    return found[0]


def numbered_version(reader: Reader, row: Mapping[str, Any], query: Query) -> Version:
    """The version of the article ``row`` whose number the address names."""
    try:
        return reader.version(row["id"], number=int(query.part("number")))
    except UsageError:
        raise NotThere(f"This article has no version {query.part('number')}.") from None


def by_address(reader: Reader, url: str) -> str:
    """The id of the article with that address, in any variant."""
    try:
        return catalogue.resolve(reader.connection, url)
    except UsageError:
        raise NotThere(f"No article with the address {url[:200]}.") from None


def timeline(reader: Reader, article_id: str) -> list[dict[str, Any]]:
    """Every version in order: what it is called, when it stood, how it differs."""
    return list(select(reader.connection, VERSIONS, {"id": article_id}))
