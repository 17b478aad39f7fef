"""What is known but missing, and why: the table ``frontier`` and the view ``missing``, site by site."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from archive.catalogue import select

EXAMPLES = 3
# Known is what was taken for an article and did not turn out to be a list, and what is archived.
KNOWN = """
    SELECT frontier.site, frontier.found_via, count(*) AS known,
           sum(EXISTS (SELECT 1 FROM urls WHERE urls.url = frontier.url)) AS stored
    FROM frontier
    WHERE (:site IS NULL OR frontier.site = :site)
      AND (EXISTS (SELECT 1 FROM urls WHERE urls.url = frontier.url)
           OR (frontier.kind = 'article' AND coalesce(frontier.outcome, '') NOT IN ('article', 'hub')))
    GROUP BY 1, 2 ORDER BY 1, 2
"""
REASONS = """
    SELECT site, reason, count(*) AS missing, min(found_at) AS oldest
    FROM missing WHERE (:site IS NULL OR site = :site) GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2
"""
OLDEST = """
    SELECT url, headline, published_at, found_via, found_in, found_at, visited_at, reason, detail
    FROM missing WHERE site = :site AND (:reason IS NULL OR reason = :reason) ORDER BY found_at, url LIMIT :most
"""


def _share(stored: int, known: int) -> float:
    return round(stored / known, 4) if known else 1.0


def coverage(
    connection: sqlite3.Connection, site: str | None = None, examples: int = EXAMPLES
) -> Iterator[dict[str, Any]]:
    """A record for each site that was crawled, or for that one.

    ``known``, ``stored`` and ``missing`` count addresses, ``share`` is stored by known; ``sources`` has the same by how
    they were found, ``reasons`` what is missing by why, with the oldest of them, and ``oldest`` the oldest of all.
    """
    reasons: dict[str, list[dict[str, Any]]] = {}
    for row in select(connection, REASONS, {"site": site}):
        reasons.setdefault(row.pop("site"), []).append(row)
    sources: dict[str, dict[str, dict[str, Any]]] = {}
    for row in select(connection, KNOWN, {"site": site}):
        via, known, stored = row["found_via"], row["known"], row["stored"]
        numbers = {"known": known, "stored": stored, "missing": known - stored, "share": _share(stored, known)}
        sources.setdefault(row["site"], {})[via] = numbers
    for name in sorted(sources):
        yield _record(connection, name, sources[name], reasons.get(name, []), examples)


def _record(
    connection: sqlite3.Connection,
    site: str,
    sources: dict[str, dict[str, Any]],
    reasons: list[dict[str, Any]],
    examples: int,
) -> dict[str, Any]:
    known, stored = (sum(each[name] for each in sources.values()) for name in ("known", "stored"))
    for reason in reasons:
        of_reason = {"site": site, "reason": reason["reason"], "most": examples}
        reason["examples"] = list(select(connection, OLDEST, of_reason))
    oldest = next(select(connection, OLDEST, {"site": site, "reason": None, "most": 1}), None) if reasons else None
    numbers = {"known": known, "stored": stored, "missing": known - stored, "share": _share(stored, known)}
    return {"site": site} | numbers | {"reasons": reasons, "sources": sources, "oldest": oldest}
