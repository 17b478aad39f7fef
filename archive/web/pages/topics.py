"""Pages of an author and of a section."""

import re
from typing import Any

from archive.reader import Reader
from archive.web.page import Page
from archive.web.pages import entries
from archive.web.query import NotThere, Query
from archive.web.streams import page_of_articles

WORD = re.compile(r"[^\W_]")
# The index knows the words of every byline; which of them are this author is then looked at one by one.
BY_INDEX = (
    "id IN (SELECT article_id FROM versions_fts CROSS JOIN versions ON docid = versions_fts.rowid "
    "WHERE versions_fts MATCH :match) AND "
)
IS_AUTHOR = "EXISTS (SELECT 1 FROM json_each(articles.authors) WHERE value = :name)"


def author(reader: Reader, query: Query) -> Page:
    """What an author wrote, as its bylines say."""
    name = query.part("name")
    values: dict[str, Any] = {"name": name, "match": 'authors : "' + name.replace('"', '""').replace("\0", " ") + '"'}
    where = (BY_INDEX if WORD.search(name) else "") + IS_AUTHOR
    return _topic(reader, query, "author", name, where, values)


def section(reader: Reader, query: Query) -> Page:
    """What stands in a section; of one site with ``?site=``."""
    name, site = query.part("name"), query.text("site")
    where = "section = :name" + (" AND site = :site" if site else "")
    return _topic(reader, query, "section", name, where, {"name": name, "site": site})


def _topic(reader: Reader, query: Query, sort: str, name: str, where: str, values: dict[str, Any]) -> Page:
    page = query.number("page", 1)
    articles, more = page_of_articles(reader.connection, where, values, page)
    if not articles:
        raise NotThere(f"No articles by {name}." if sort == "author" else f"No articles in {name}.")
    return Page(
        template="topic",
        title=f"Articles by {name}" if sort == "author" else f"Section {name}",
        data={sort: name, "articles": articles, "page": page, "more": more},
        shown={"name": name, "sort": sort, "site": values.get("site")},
        entries=[entries.of_article(row) for row in articles],
    )
