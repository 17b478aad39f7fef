"""Search, with filters."""

import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from archive.catalogue import decode
from archive.reader import Reader
from archive.records import ChangeKind
from archive.web.page import Entry, Page
from archive.web.pages.changes import site_names
from archive.web.query import Query
from archive.web.streams import tally_of_kinds

SORTS = ("relevance", "newest")
PER_PAGE = 20
MOST_PAGES = 50
SECONDS = 0.25  # for going through matches that the other filters may leave out
EXTRA = "SELECT section, authors, language, change, words, standfirst FROM versions WHERE article_id = ? AND number = ?"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a match must be besides: all that is given."""

    section: str | None
    author: str | None
    language: str | None
    since: str | None
    until: str | None
    kinds: tuple[ChangeKind, ...]

    def words(self) -> str:
        """What of it the index can find: words of the section and of the byline."""
        quoted = {"section": self.section, "authors": self.author}
        return "".join(f'{name}:"{value.replace(chr(34), " ")}"' for name, value in quoted.items() if value)

    def lets(self, row: Mapping[str, Any]) -> bool:
        """Whether a row has what is asked for."""
        dated = row["published_at"] or row["seen_from"]
        return (
            (self.since is None or dated >= self.since[: len(dated)])
            and (self.until is None or dated < self.until[: len(dated)])
            and (not self.kinds or row["change"] in self.kinds)
            and (self.language is None or _speaks(row["language"], self.language))
        )


def _speaks(language: str | None, wanted: str) -> bool:
    tag, wanted = (language or "").lower(), wanted.lower()
    return tag == wanted or tag.startswith(wanted + "-")


def search(reader: Reader, query: Query) -> Page:
    """``/search?q=&at=&site=…``: articles that match, the best first."""
    text, at, site = query.text("q"), query.when("at"), query.text("site")
    filters = Filters(
        query.text("section"),
        query.text("author"),
        query.text("language"),
        query.when("since"),
        query.when("until"),
        query.kinds(),
    )
    page, sort = query.number("page", 1, most=MOST_PAGES), query.choice("sort", SORTS)
    asked = f"{filters.words()}({text})" if text and filters.words() else text or filters.words()
    rows, more, cut = _found(reader, asked, at, site, filters, page, sort) if asked else ([], False, False)
    shown = {"kinds": list(ChangeKind), "tally": tally_of_kinds(reader.connection, None), "sites": site_names(reader)}
    return Page(
        template="search",
        title=f"Search: {text}" if text else "Search",
        data={"q": text, "at": at, "site": site, "found": rows, "page": page, "more": more, "cut": cut},
        shown={**shown, "filters": filters, "sorts": SORTS, "sort": sort},
        entries=[_entry(row) for row in rows],
    )


def _found(
    reader: Reader, asked: str, at: str | None, site: str | None, filters: Filters, page: int, sort: str
) -> tuple[list[dict[str, Any]], bool, bool]:
    """The matches of that page, whether there are more, and whether time ran out before all were looked at."""
    deadline = time.monotonic() + SECONDS
    cut = False

    def wanted() -> Iterator[dict[str, Any]]:
        nonlocal cut
        for row in reader.search(asked, at=at, site=site, sort=sort, limit=None):
            full = row | decode(dict(reader.connection.execute(EXTRA, (row["article_id"], row["number"])).fetchone()))
            if filters.lets(full):
                yield full
            if time.monotonic() > deadline:
                cut = True
                return

    start, rows = (page - 1) * PER_PAGE, list[dict[str, Any]]()
    try:
        rows.extend(islice(wanted(), start, start + PER_PAGE + 1))
    except sqlite3.OperationalError as error:  # the time that a page may take has run out
        if "interrupted" not in str(error):
            raise
        cut = True
    return rows[:PER_PAGE], len(rows) > PER_PAGE, cut


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        id=f"found {row['article_id']} {row['number']}",
        path=f"/article/{row['article_id']}/{row['number']}",
        title=row["headline"] or row["url"],
        updated=row["seen_from"],
        summary=row["snippet"].translate({2: None, 3: None}),
        original=row["url"],
        published=row["published_at"],
        authors=tuple(row["authors"]),
        language=row["language"],
    )
