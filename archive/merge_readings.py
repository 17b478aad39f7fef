"""What another archive read of its captures, taken over where reading them again here would say the same."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from archive import captures, observing
from archive.content import Content
from archive.merge import absent, chunks
from archive.records import Article, Outcome, Visit
from archive.states import contents_of
from archive.store import Archive

READING = "SELECT outcome, article_id, digest, reason, reader, marks FROM readings WHERE capture_id = ?"


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading as the source has it; ``content`` where the visit saw a story."""

    capture_id: str
    visit: Visit
    content: Content | None
    reader: str

    @property
    def site(self) -> str:
        """The site of the story, or ``""``."""
        return self.content.site if self.content else ""

    @property
    def marks(self) -> bytes | None:
        """What of the story might recur on its site."""
        return self.visit.marks


def readings_of(archive: Archive, source: sqlite3.Connection) -> Iterator[Kept]:
    """The readings that the archive has not, article by article, each in time order."""
    ordered = source.execute("SELECT capture_id FROM readings ORDER BY article_id, fetched_at, capture_id")
    article: tuple[str | None, dict[str, Content]] = (None, {})
    for chunk in chunks(row[0] for row in ordered):
        for capture_id in absent(archive.connection, "readings", "capture_id", chunk):
            outcome, article_id, digest, reason, reader, marks = source.execute(READING, (capture_id,)).fetchone()
            if digest and article[0] != article_id:
                article = (article_id, contents_of(source, article_id))
            capture = captures.load(source, capture_id)
            assert capture is not None
            content = article[1][digest] if digest else None
            story = Article(url=content.url, reason=reason) if content else None
            yield Kept(
                capture_id,
                Visit(capture=capture, article=story, outcome=Outcome(outcome), marks=marks),
                content,
                reader,
            )


def keep_reading(archive: Archive, kept: Kept) -> None:
    """Add a reading to the archive, and bring its article up to date."""
    if kept.content is None:
        observing.observe(archive.connection, kept.capture_id, kept.visit, kept.reader)
    else:
        observing._observe_story(archive.connection, kept.capture_id, kept.visit, kept.content)
