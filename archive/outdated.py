"""Articles that were read by more than one reader, until all their captures are read by the same."""

import sqlite3
from collections.abc import Mapping

from archive.readings import read_by

SITE = "SELECT site FROM articles WHERE id = ?"
CAPTURES = (
    "SELECT capture_id FROM readings JOIN captures ON captures.id = capture_id "
    "WHERE article_id = ? AND reader <> ? AND body_id IS NOT NULL ORDER BY readings.fetched_at, capture_id"
)


def articles(connection: sqlite3.Connection) -> list[str]:
    """Those that are still to be read again."""
    return [found for (found,) in connection.execute("SELECT article_id FROM outdated_articles ORDER BY article_id")]


def captures(connection: sqlite3.Connection, article_id: str, reader: str, own_rules: Mapping[str, str]) -> list[str]:
    """The captures of an article that another than ``reader``, with its site's own rules, has read, in time order."""
    (site,) = connection.execute(SITE, (article_id,)).fetchone() or (None,)
    now = read_by(reader, own_rules, site)
    return [found for (found,) in connection.execute(CAPTURES, (article_id, now))]


def done(connection: sqlite3.Connection, article_id: str) -> None:
    """Note that all that can be read again has been."""
    connection.execute("DELETE FROM outdated_articles WHERE article_id = ?", (article_id,))
