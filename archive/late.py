"""What came out of its time: whose addresses are whose, and which versions there are, is worked out anew.

Visits that were made after those that are known are simply added. For any other, the articles that it touches are taken
together, their visits are identified again in time order, and their versions are folded again: once for all that came
before the next commit, however many they are.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable

from archive import copies
from archive.content import Content
from archive.identity import Addresses, contestants, identify, look_up, owners, register
from archive.moves import kin_of
from archive.states import contents_of
from archive.versions import refold

STORIES = (
    "SELECT capture_id, article_id, fingerprint, captures.url, final_url, redirects, addresses "
    "FROM readings JOIN captures ON captures.id = capture_id "
    "WHERE article_id IN (SELECT value FROM json_each(?)) AND digest IS NOT NULL "
    "ORDER BY readings.fetched_at, capture_id"
)
OTHERS = "SELECT capture_id, article_id, key FROM readings WHERE key IN (SELECT value FROM json_each(?))"
KEYS = (
    "SELECT key FROM urls WHERE article_id IN (SELECT value FROM json_each(:articles)) UNION "
    "SELECT key FROM contested_urls WHERE article_id IN (SELECT value FROM json_each(:articles))"
)
Story = tuple[str, str, str, Addresses]


def _stories(connection: sqlite3.Connection, articles: Collection[str]) -> list[Story]:
    """Capture, article, fingerprint and addresses of each visit to the articles that saw a story, in time order."""
    rows = connection.execute(STORIES, (json.dumps(sorted(articles)),))
    return [
        (capture_id, article_id, fingerprint, Addresses.stored(*told))
        for capture_id, article_id, fingerprint, *told in rows
    ]


def _keys(connection: sqlite3.Connection, articles: Collection[str]) -> set[str]:
    """The keys of the addresses that the articles own, or name without owning them."""
    return {key for (key,) in connection.execute(KEYS, {"articles": json.dumps(sorted(articles))})}


def component(connection: sqlite3.Connection, articles: Collection[str]) -> set[str]:
    """``articles`` and all others that any of their addresses, or of those articles' addresses, has to do with."""
    found, fresh = set(articles), set(articles)
    while fresh:
        keys = _keys(connection, fresh) | {key for *_, page in _stories(connection, fresh) for key in page.keys}
        touched = owners(look_up(connection, keys)) | contestants(connection, keys)
        fresh = touched - found
        found |= fresh
    return found


def _identify_again(connection: sqlite3.Connection, articles: Collection[str]) -> set[str]:
    """Decide anew, in time order, whose the visits and addresses of these articles are; the articles that this changes.

    The articles must have nothing to do with any others.
    """
    listed = json.dumps(sorted(articles))
    stories, keys = _stories(connection, articles), _keys(connection, articles)
    connection.execute("PRAGMA defer_foreign_keys = on")  # articles that come of it are written last
    connection.execute("DELETE FROM urls WHERE article_id IN (SELECT value FROM json_each(?))", (listed,))
    connection.execute("DELETE FROM contested_urls WHERE article_id IN (SELECT value FROM json_each(?))", (listed,))
    kin = kin_of((page, fingerprint) for *_, fingerprint, page in stories)
    changed, before = set[str](), None
    article_id = ""
    for capture_id, was, _, page in stories:
        if page != before:  # the same addresses once more say nothing new
            others = kin.get(page.key, frozenset())
            known = look_up(connection, {*page.keys, *others})
            article_id = identify(page, known, sorted(others))
            register(connection, article_id, page, known)
            keys.update(known)
            before = page
        if article_id != was:
            changed |= {article_id, was}
            connection.execute("UPDATE readings SET article_id = ? WHERE capture_id = ?", (article_id, capture_id))
    return changed | _attach_again(connection, keys)


def _attach_again(connection: sqlite3.Connection, keys: Collection[str]) -> set[str]:
    """Give each visit to ``keys`` that saw no story to the article that owns the address now."""
    owner = {key: rows[0][1] for key, rows in look_up(connection, keys).items() if rows}
    changed = set[str]()
    for capture_id, was, key in connection.execute(OTHERS, (json.dumps(sorted(keys)),)).fetchall():
        if owner.get(key) != was:
            connection.execute("UPDATE readings SET article_id = ? WHERE capture_id = ?", (owner.get(key), capture_id))
            changed |= {each for each in (owner.get(key), was) if each}
    return changed


def forget_articles(connection: sqlite3.Connection, articles: Collection[str]) -> None:
    """Drop all that was read of these articles, their visits' readings too; they have nothing to do with any others."""
    listed = json.dumps(sorted(articles))
    versions = "SELECT id FROM versions WHERE article_id IN (SELECT value FROM json_each(:articles))"
    for table in ("removals", "links"):
        connection.execute(f"DELETE FROM {table} WHERE version_id IN ({versions})", {"articles": listed})  # noqa: S608
    for article_id in articles:
        copies.forget(connection, article_id)
    for table in ("versions", "readings", "urls", "contested_urls", "outdated_articles", "articles"):
        column = "id" if table == "articles" else "article_id"
        connection.execute(
            f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(:articles))",  # noqa: S608
            {"articles": listed},
        )


class Late:
    """The articles that visits came to out of their time, with all that is known of what they say."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._contents: dict[str, dict[str, Content]] = {}

    def __contains__(self, article_id: str) -> bool:
        return article_id in self._contents

    def hold(self, article_id: str, fresh: Iterable[Content] = ()) -> None:
        """Note an article before the row of one of its readings goes, or with what a new one says."""
        if article_id not in self._contents:
            self._contents[article_id] = contents_of(self._connection, article_id)
        self._contents[article_id].update((content.digest, content) for content in fresh)

    def forget(self) -> None:
        """Drop everything: the transaction is gone."""
        self._contents.clear()

    def flush(self) -> set[str]:
        """Bring all these articles to what their visits say; all articles that this concerns."""
        if not self._contents:
            return set()
        concerned = set(self._contents)
        connected = component(self._connection, concerned)
        for article_id in connected - concerned:
            self.hold(article_id)
        contents = {digest: content for each in self._contents.values() for digest, content in each.items()}
        concerned |= _identify_again(self._connection, connected)
        for article_id in sorted(concerned):
            refold(self._connection, article_id, contents)
        self._contents.clear()
        return concerned
