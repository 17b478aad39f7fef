"""What a reading says of an article: its row in ``readings``, and the versions that follow from it."""

import json
import sqlite3
from collections.abc import Iterable

from archive import readings, site_lines
from archive.content import Content
from archive.first_versions import FirstVersions, Waiting
from archive.history import NO_STORY, Observation, Span, step
from archive.history import State as Fold
from archive.identity import Known, attach, contestants, find, identify, look_up, owners, register
from archive.late import Late
from archive.moves import has_moved
from archive.readings import Reading
from archive.records import ChangeKind, Outcome, Stored
from archive.states import contents_of, keep_state
from archive.urls import url_key
from archive.versions import Current, append, confirm, current, is_on_several_pages, refold

FOLDED = NO_STORY | {Outcome.ARTICLE, Outcome.NOT_MODIFIED, Outcome.GONE}  # outcomes that the fold looks at
PAGES = json.dumps(sorted(FOLDED - {Outcome.NOT_MODIFIED}))  # of these, the ones that brought a page or its end
FEW = 16  # visits: an article with more of them is folded once a commit when visits come out of their time
OUTDATED = "INSERT OR IGNORE INTO outdated_articles (article_id) VALUES (?)"
VISITED = (
    "INSERT INTO site_learning (site, pending, visited) "
    "SELECT DISTINCT site, 0, 1 FROM articles WHERE id IN (SELECT value FROM json_each(?)) "
    "ON CONFLICT (site) DO UPDATE SET visited = 1"
)


def what_was_stored(connection: sqlite3.Connection, capture_id: str) -> Stored:
    """What the archive knows of a capture that it had already."""
    row = connection.execute("SELECT outcome, article_id FROM readings WHERE capture_id = ?", (capture_id,)).fetchone()
    if row is None:
        return Stored(capture_id, Outcome.FETCHED)
    number = connection.execute("SELECT versions FROM articles WHERE id = ?", (row[1],)).fetchone()
    return Stored(capture_id, Outcome(row[0]), row[1], number[0] if number else None)


class Observer:
    """Takes readings, in whatever order they come, and keeps articles and versions to what all of them say."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._late = Late(connection)
        self._firsts = FirstVersions(connection)
        self._visited: set[str] = set()

    def add(self, reading: Reading) -> Stored:
        """Write the reading of a new capture, and bring its article's versions up to date."""
        if reading.content is not None:
            return self._add_story(reading, reading.content)
        article_id = find(self._connection, reading.addresses.asked)
        readings.insert(self._connection, reading, article_id)
        if article_id is None or reading.outcome not in FOLDED:
            return Stored(reading.capture_id, reading.outcome, article_id)
        if article_id in self._firsts:
            self._firsts.write()
        self._visited.add(article_id)
        if article_id in self._late or not self._is_newest(article_id, reading):
            return self._came_late(reading, article_id)
        if reading.outcome in NO_STORY and not is_on_several_pages(self._connection, article_id):
            return Stored(reading.capture_id, reading.outcome, article_id)
        is_whole = not is_on_several_pages(self._connection, article_id)
        if is_whole and reading.outcome is Outcome.NOT_MODIFIED and (number := self._confirmed(article_id, reading)):
            return Stored(reading.capture_id, reading.outcome, article_id, number)
        return self._folded(reading, [article_id])

    def _add_story(self, reading: Reading, content: Content) -> Stored:
        page = reading.addresses
        known = look_up(self._connection, page.keys)
        article_id = identify(page, known)
        concerned = owners(known) | contestants(self._connection, known.keys()) | {article_id}
        if any(each in self._firsts for each in concerned):
            self._firsts.write()
        last = current(self._connection, article_id)
        in_time = all(each not in self._late and self._is_newest(each, reading) for each in concerned)
        in_time = in_time and not self._brings_together(reading, content, article_id, known)
        if last is None:
            self._firsts.add(article_id, _first_span(reading, content), content)
        elif last.reader != reading.reader:
            self._connection.execute(OUTDATED, (article_id,))
        readings.insert(self._connection, reading, article_id)
        site_lines.note(
            self._connection, content.site, article_id, reading.capture_id, reading.fetched_at, reading.marks
        )
        keys, former = register(self._connection, article_id, page, known)
        moved = attach(self._connection, article_id, keys)
        self._visited.add(article_id)
        if not in_time:
            return self._came_late(reading, article_id)
        if reading.part or (last is not None and is_on_several_pages(self._connection, article_id)):
            return self._folded(reading, [article_id, *sorted(former)])
        if not moved and last is None:
            return Stored(reading.capture_id, reading.outcome, article_id, 1, ChangeKind.NEW)
        if not moved and last is not None and last.seen_to is None:
            if last.fingerprint == content.fingerprint:
                return self._seen_again(reading, article_id, last, content)
            if append(self._connection, article_id, last, _first_span(reading, content), content):
                return self._stored(reading)
        return self._folded(reading, [article_id, *sorted(former)])

    def _brings_together(self, reading: Reading, content: Content, article_id: str, known: Known) -> bool:
        """Whether the visit shows that what was taken for another article is this one, which has moved."""
        page = reading.addresses
        others = {owner for _, owner, _ in known[url_key(page.asked)]} - {article_id}
        return bool(others) and has_moved(self._connection, page, reading.fetched_at, content.fingerprint)

    def _seen_again(self, reading: Reading, article_id: str, last: Current, content: Content) -> Stored:
        confirm(self._connection, article_id, last.id, reading.fetched_at)
        if last.digest != content.digest:
            keep_state(self._connection, article_id, last.id, reading.capture_id, content)
        return Stored(reading.capture_id, reading.outcome, article_id, last.number)

    def add_again(self, reading: Reading) -> Stored:
        """Replace the reading of a capture, and bring the versions of its article up to date."""
        self._firsts.write()
        row = self._connection.execute(
            "SELECT article_id, marks, reader FROM readings WHERE capture_id = ?", (reading.capture_id,)
        ).fetchone()
        article_id, marks, reader = row or (None, None, reading.reader)
        if article_id is not None:
            self._late.hold(article_id, [reading.content] if reading.content else ())
        self._connection.execute("DELETE FROM readings WHERE capture_id = ?", (reading.capture_id,))
        if article_id is None:
            return self.add(reading)
        readings.insert(self._connection, reading, article_id)
        self._visited.add(article_id)
        if reading.marks != marks:
            site_lines.note_article(self._connection, article_id)
        if reading.reader != reader:
            self._connection.execute(OUTDATED, (article_id,))
        return self._came_late(reading, article_id)

    def flush(self) -> None:
        """Bring up to date what waits for the commit."""
        self._firsts.write()
        self._visited |= self._late.flush()

    def note_visited(self) -> None:
        """Note which sites were visited, for what is worked out when the run ends."""
        if self._visited:
            self._connection.execute(VISITED, (json.dumps(sorted(self._visited)),))
            self._visited.clear()

    def write_if_many(self) -> None:
        """Write what waits to be written together, if it is enough."""
        if self._firsts.are_many:
            self._firsts.write()

    def waiting(self) -> Waiting:
        """What waits to be written together, for ``restore``."""
        return self._firsts.waiting()

    def restore(self, waiting: Waiting) -> None:
        """What was added since ``waiting`` is rolled back."""
        self._firsts.restore(waiting)

    def forget(self) -> None:
        """The transaction is gone, and all that was added in it."""
        self._firsts.forget()
        self._late.forget()
        self._visited.clear()

    def _is_newest(self, article_id: str, reading: Reading) -> bool:
        """Whether no other visit to the article is as late as this one."""
        later = self._connection.execute(
            "SELECT 1 FROM readings WHERE article_id = ? AND fetched_at >= ? AND capture_id <> ? LIMIT 1",
            (article_id, reading.fetched_at, reading.capture_id),
        ).fetchone()
        return later is None

    def _confirmed(self, article_id: str, reading: Reading) -> int | None:
        """The number of the current version, confirmed by a 304, if that is plain without a look at all visits.

        It is when the last page that came was the story, at this very address.
        """
        known = current(self._connection, article_id)
        if known is None or known.seen_to is not None:
            return None
        last = self._connection.execute(
            "SELECT readings.outcome, captures.url FROM readings JOIN captures ON captures.id = readings.capture_id "
            "WHERE article_id = ? AND readings.fetched_at < ? "
            "AND readings.outcome IN (SELECT value FROM json_each(?)) ORDER BY readings.fetched_at DESC LIMIT 1",
            (article_id, reading.fetched_at, PAGES),
        ).fetchone()
        if last != (Outcome.ARTICLE.value, reading.addresses.asked):
            return None
        confirm(self._connection, article_id, known.id, reading.fetched_at)
        return known.number

    def _came_late(self, reading: Reading, article_id: str) -> Stored:
        """Fold now where that is cheap, so that the caller learns what came of it; else before the next commit."""
        self._firsts.write()
        self._late.hold(article_id, [reading.content] if reading.content else ())
        visits = self._connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM readings WHERE article_id = ? LIMIT ?)", (article_id, FEW + 1)
        ).fetchone()[0]
        if visits > FEW:
            return Stored(reading.capture_id, reading.outcome, article_id)
        self.flush()
        return self._stored(reading)

    def _folded(self, reading: Reading, articles: Iterable[str]) -> Stored:
        self._firsts.write()
        for article_id in articles:
            contents = contents_of(self._connection, article_id)
            fresh = {reading.content.digest: reading.content} if reading.content else {}
            refold(self._connection, article_id, contents | fresh)
        return self._stored(reading)

    def _stored(self, reading: Reading) -> Stored:
        """What the archive has made of a reading."""
        (article_id,) = self._connection.execute(
            "SELECT article_id FROM readings WHERE capture_id = ?", (reading.capture_id,)
        ).fetchone()
        opened = self._connection.execute(
            "SELECT number, change FROM versions WHERE article_id = ? AND capture_id = ?",
            (article_id, reading.capture_id),
        ).fetchone()
        if opened:
            return Stored(reading.capture_id, reading.outcome, article_id, opened[0], ChangeKind(opened[1]))
        row = self._connection.execute("SELECT versions, gone_at FROM articles WHERE id = ?", (article_id,)).fetchone()
        if row is None:  # read anew, and no visit saw a story any more
            return Stored(reading.capture_id, reading.outcome)
        change = ChangeKind.GONE if reading.outcome is Outcome.GONE and row[1] == reading.fetched_at else None
        return Stored(reading.capture_id, reading.outcome, article_id, row[0], change)


def _first_span(reading: Reading, content: Content) -> Span:
    seen = Observation(
        fetched_at=reading.fetched_at,
        capture_id=reading.capture_id,
        outcome=Outcome.ARTICLE,
        address=url_key(reading.addresses.asked),
        fingerprint=content.fingerprint,
        landed=url_key(reading.addresses.landed),
    )
    span = step(Fold(), seen).span
    assert span is not None
    return span
