"""Articles that were read by more than one reader, until all their captures are read by the same."""

import sqlite3

CAPTURES = (
    "SELECT capture_id FROM readings JOIN captures ON captures.id = capture_id "
    "WHERE article_id = ? AND reader <> ? AND body_id IS NOT NULL ORDER BY readings.fetched_at, capture_id"
)


def articles(connection: sqlite3.Connection) -> list[str]:
    """Those that are still to be read again."""
    return [found for (found,) in connection.execute("SELECT article_id FROM outdated_articles ORDER BY article_id")]


def captures(connection: sqlite3.Connection, article_id: str, reader: str) -> list[str]:
    """The captures of an article that another than ``reader`` has read, in time order."""
    return [found for (found,) in connection.execute(CAPTURES, (article_id, reader))]


def done(connection: sqlite3.Connection, article_id: str) -> None:
    """Note that all that can be read again has been."""
    connection.execute("DELETE FROM outdated_articles WHERE article_id = ?", (article_id,))
