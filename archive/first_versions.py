"""First versions of articles, which wait a little to be written together.

The index of words is brought to disk at each statement that adds to it: for many versions at once that takes half of
what it takes for each alone. Whoever asks for what an article says has to have them written before.
"""

import sqlite3

from archive.content import Content
from archive.history import Span, State
from archive.versions import Folded, rows_of_version, upsert_article, write_versions

MOST = 64  # versions
MOST_CHARACTERS = 4_000_000  # of their texts

Waiting = tuple[tuple[str, Span, Content], ...]


class FirstVersions:
    """Those of one connection: article, span and content of each."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: dict[str, tuple[Span, Content]] = {}
        self._characters = 0

    def __contains__(self, article_id: str) -> bool:
        return article_id in self._waiting

    @property
    def are_many(self) -> bool:
        """Whether it is time to write them."""
        return len(self._waiting) >= MOST or self._characters >= MOST_CHARACTERS

    def add(self, article_id: str, span: Span, content: Content) -> None:
        """Write an article that was never seen before; its version follows."""
        upsert_article(self._connection, article_id, [span], State(span=span), content)
        self._hold(article_id, span, content)

    def _hold(self, article_id: str, span: Span, content: Content) -> None:
        self._waiting[article_id] = span, content
        self._characters += len(content.text)

    def write(self) -> None:
        """Write all that wait, or, if anything fails, none."""
        if not self._waiting:
            return
        self._connection.execute("SAVEPOINT first_versions")
        try:
            self._write()
        except BaseException:
            if self._connection.in_transaction:  # a full disk ends it of itself
                self._connection.execute("ROLLBACK TO first_versions")
                self._connection.execute("RELEASE first_versions")
            raise
        self._connection.execute("RELEASE first_versions")
        self.forget()

    def _write(self) -> None:
        rows = [
            rows_of_version(self._connection, article_id, Folded([span], [content], State(span=span)), 0)
            for article_id, (span, content) in self._waiting.items()
        ]
        write_versions(self._connection, rows)

    def waiting(self) -> Waiting:
        """What waits, for ``restore``."""
        return tuple((article_id, *version) for article_id, version in self._waiting.items())

    def restore(self, waiting: Waiting) -> None:
        """Let those wait that did before what was written since was rolled back."""
        self.forget()
        for version in waiting:
            self._hold(*version)

    def forget(self) -> None:
        """Drop them: they are written, or the transaction is gone that they belong to."""
        self._waiting.clear()
        self._characters = 0
