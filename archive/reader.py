"""Reading an archive: every question that the commands, the web pages and Python programs ask of it."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, cast

from archive import accounts, captures, catalogue, copies, identity, search, site_lines
from archive.bodies import Bodies
from archive.errors import UsageError
from archive.records import Capture, Version
from archive.rows import (
    ArticleRow,
    CaptureRow,
    ChangeRow,
    FoundRow,
    RemovalRow,
    RowList,
    Rows,
    RunRow,
    SiteLineRow,
    SiteRow,
)
from archive.times import parse_when

Row = dict[str, Any]  # a row by column name; JSON columns are decoded to lists and mappings
ID = re.compile(r"[0-9a-f]{16}")
VERSION_COLUMNS = tuple(field.name for field in fields(Version))


class Reader:
    """What can be asked of an open archive. Times are ISO 8601 text in UTC, as in the file."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path
        self.bodies = Bodies(connection)
        self._site_marks: dict[str, frozenset[int]] = {}

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection to the file."""
        return self._connection

    def _id(self, ref: str) -> str:
        """The id of the article that ``ref`` names, as it is if it looks like one."""
        return ref if ID.fullmatch(ref) else catalogue.resolve(self.connection, ref)

    def article(self, ref: str) -> ArticleRow:
        """The article that ``ref`` names: an address in any known variant, an id, or the unique start of one.

        A row of ``articles``. Raises ``UsageError`` when there is none, or more than one.
        """
        row = catalogue.article(self.connection, catalogue.resolve(self.connection, ref))
        return cast("ArticleRow", row)

    def articles(
        self,
        *,
        site: str | None = None,
        at: str | None = None,
        since: str | None = None,
        limit: int | None = None,
        full: bool = False,
    ) -> Rows[ArticleRow]:
        """Articles, the newest first: rows of ``articles``, or with ``at`` the same fields as they stood then.

        ``since`` keeps those published, or where that is unknown first seen, at that time or later. ``full`` adds
        ``version_id``, ``text`` and ``markdown``, in order of id, which costs the same memory however many there are.
        """
        rows = catalogue.articles(self.connection, site=site, at=at, since=since, limit=limit, full=full)
        return Rows.of(ArticleRow, rows)

    def versions(self, article: str) -> RowList[Version]:
        """Every version of an article, named by its address or id, in order."""
        return RowList(catalogue.versions(self.connection, self._id(article)), VERSION_COLUMNS)

    def version(self, article: str, *, number: int | None = None, at: str | None = None) -> Version:
        """One version of an article, which its address or id names.

        That ``number``, the one that stood ``at`` a time, or without either the last.
        Raises ``UsageError`` when there is none.
        """
        return catalogue.version(self.connection, self._id(article), number=number, at=at)

    def at(self, time: str) -> "AsOf":
        """The archive as it stood at ``time``: ``archive.at("2026-01-13T12:00:00.000Z").article(url)``.

        Times that people type (``2026-01-13``, ``3d``) are understood; raises ``UsageError`` for what is none.
        """
        return AsOf(self, parse_when(time))

    def changes(
        self,
        *,
        since: str | None = None,
        until: str | None = None,
        kind: str | None = None,
        site: str | None = None,
        words: int | None = None,
        limit: int | None = None,
    ) -> Rows[ChangeRow]:
        """Rows of the view ``changes`` with ``site``, the newest first.

        ``kind`` is one or several apart by commas, ``words`` the least number of words that came and went, together;
        ``until`` is exclusive.
        """
        rows = catalogue.changes(
            self.connection, since=since, until=until, kind=kind, site=site, words=words, limit=limit
        )
        return Rows.of(ChangeRow, rows)

    def search(
        self,
        query: str,
        *,
        at: str | None = None,
        site: str | None = None,
        sort: str = "relevance",
        limit: int | None = 20,
    ) -> Rows[FoundRow]:
        """Articles that match, the best first: ``article_id, number, url, site, headline, published_at, snippet`` …

        Words, ``"a phrase"``, ``start*``, ``AND``, ``OR``, ``NOT``, ``-word``, brackets and ``headline:word`` mean what
        they do elsewhere; anything else is searched for as words. With ``at`` the texts as they stood then, else the
        latest. ``sort`` is ``relevance`` or ``newest``; of more than 50,000 matches the 50,000 stored last are ranked.
        """
        return Rows.of(FoundRow, search.search(self.connection, query, at=at, site=site, sort=sort, limit=limit))

    def removals(self, version_id: str) -> RowList[RemovalRow]:
        """What was stripped from the page of a version: ``position, kind, rule, path, text`` in page order."""
        rows = catalogue.removals(self.connection, version_id)
        return RowList(cast("list[RemovalRow]", rows), tuple(RemovalRow.__annotations__))

    def captures(self, article: str) -> RowList[CaptureRow]:
        """Every visit to an article, named by its address or id, in time order: rows of the view ``observations``."""
        rows = catalogue.captures(self.connection, self._id(article))
        return RowList(cast("list[CaptureRow]", rows), tuple(CaptureRow.__annotations__))

    def runs(self) -> Rows[RunRow]:
        """Rows of ``runs``, the newest first."""
        return Rows.of(RunRow, accounts.runs(self.connection))

    def sites(self) -> Rows[SiteRow]:
        """A row for each site: ``site, articles, versions, gone, visits, missing, first_seen_at, last_visited_at``."""
        return Rows.of(SiteRow, accounts.sites(self.connection))

    def site_lines(self, site: str) -> Rows[SiteLineRow]:
        """Rows of ``site_lines``: what recurs on a site, what is in force first."""
        return Rows.of(SiteLineRow, site_lines.lines(self.connection, site))

    def site_marks(self, site: str) -> frozenset[int]:
        """What is in force as the site's own, by the marks of ``pipelines.site_marks``."""
        if site not in self._site_marks:
            self._site_marks[site] = site_lines.marks_in_force(self.connection, site)
        return self._site_marks[site]

    def copies(self, article_id: str) -> Iterator[Row]:
        """The articles that say nearly the same, such as syndicated copies, the first seen first."""
        return copies.copies_of(self.connection, article_id)

    def stats(self) -> Row:
        """Numbers of the whole: counts by table, changes by kind, outcomes, bytes of bodies before and after."""
        return accounts.stats(self.connection, self.path)

    def owner(self, url: str) -> str | None:
        """The id of the article that ``url``, in any of its variants, belongs to."""
        return identity.find(self.connection, url)

    def validators(self, url: str, *, is_list: bool = False) -> tuple[str | None, str | None] | None:
        """``(etag, last_modified)`` of the newest page that ``url`` brought, or ``None`` where it is no use to ask."""
        return captures.validators(self.connection, url, is_list=is_list)

    def capture(self, capture_id: str) -> Capture:
        """One visit. Raises ``UsageError`` for an unknown id."""
        capture = captures.load(self.connection, capture_id)
        if capture is None:
            raise UsageError(f"there is no capture {capture_id}")
        return capture

    def page(self, version: Version) -> bytes:
        """The bytes of the page that a version was read from, or of the last one before that brought any.

        Raises ``UsageError`` when no visit up to then brought a page.
        """
        row = self.connection.execute(
            "SELECT body_id FROM readings JOIN captures ON captures.id = capture_id WHERE article_id = ? "
            "AND fingerprint = ? AND readings.fetched_at <= ? AND body_id IS NOT NULL "
            "ORDER BY readings.fetched_at DESC LIMIT 1",
            (version.article_id, version.fingerprint, version.seen_from),
        ).fetchone()
        if row is None:
            raise UsageError(f"no page is stored for version {version.number} of {version.article_id}")
        return self.body(row[0])

    def page_of(self, capture: Capture) -> tuple[bytes | None, bytes | None]:
        """The bytes that a visit brought, and what a browser made of them, if one did: that is what is read.

        Raises ``UsageError`` or ``ArchiveDamaged``, as ``body`` does.
        """
        brought = self.body(capture.body_id) if capture.body_id else None
        return brought, self.body(capture.rendered_id) if capture.rendered_id else None

    def body(self, body_id: str) -> bytes:
        """The bytes of a body, checked against its SHA-256. Raises ``UsageError`` or ``ArchiveDamaged``."""
        try:
            return self.bodies.get(body_id)
        except KeyError:
            raise UsageError(f"there is no body {body_id}") from None


@dataclass(frozen=True, slots=True)
class AsOf:
    """What can be asked of an archive as it stood at ``time``: what had been seen by then, and was not gone."""

    archive: Reader
    time: str

    def articles(
        self, *, site: str | None = None, since: str | None = None, limit: int | None = None, full: bool = False
    ) -> Rows[ArticleRow]:
        """As ``Reader.articles``, with the fields of then."""
        return self.archive.articles(site=site, at=self.time, since=since, limit=limit, full=full)

    def article(self, ref: str) -> Version:
        """The article that ``ref`` names, in the version that stood then. Raises ``UsageError`` when there was none."""
        return self.archive.version(self.archive.article(ref)["id"], at=self.time)

    def search(
        self, query: str, *, site: str | None = None, sort: str = "relevance", limit: int | None = 20
    ) -> Rows[FoundRow]:
        """As ``Reader.search``, in the texts of then."""
        return self.archive.search(query, at=self.time, site=site, sort=sort, limit=limit)
