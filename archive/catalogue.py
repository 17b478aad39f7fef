"""Articles, versions, changes and removals as they are asked for."""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from archive.errors import UsageError
from archive.identity import find
from archive.records import ArticleKind, ChangeKind, Version

JSON_COLUMNS = frozenset({"authors", "tags", "evidence", "arguments", "counts", "headers", "redirects"})
ARTICLE_FIELDS = (
    "url, site, headline, standfirst, section, authors, published_at, modified_at, language, tags, image_url, words, "
    "kind, confidence, paywalled"
)
VERSION_FIELDS = (
    f"id, article_id, number, {ARTICLE_FIELDS}, correction, text, markdown, fingerprint, change, words_added, "
    "words_removed, similarity, seen_from, last_confirmed_at, seen_to, capture_id"
)
# The version as of a time, by index: versions_by_time.
AS_OF = "seen_from <= :at AND :at < coalesce(seen_to, '9999')"

# The rows of `articles` as they would have read at a time.
AS_OF_ARTICLES = (
    f"(SELECT article_id AS id, {ARTICLE_FIELDS}, text, markdown, versions.id AS version_id, "  # noqa: S608
    "(SELECT first_seen_at FROM articles WHERE articles.id = article_id) AS first_seen_at, "
    f"min(last_confirmed_at, :at) AS last_seen_at, NULL AS gone_at, number AS versions FROM versions WHERE {AS_OF})"
)
ARTICLE_COLUMNS = f"id, {ARTICLE_FIELDS}, first_seen_at, last_seen_at, gone_at, versions"
DATED = "coalesce(published_at, first_seen_at)"


def decode(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as a mapping, with JSON columns as lists and mappings and ``paywalled`` as true, false or ``None``."""
    values = {name: json.loads(row[name]) if name in JSON_COLUMNS and row[name] else row[name] for name in row.keys()}  # noqa: SIM118
    if values.get("paywalled") is not None:
        values["paywalled"] = bool(values["paywalled"])
    return values


def select(
    connection: sqlite3.Connection, sql: str, values: Mapping[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """The rows that ``sql`` gives, decoded, one at a time."""
    cursor = connection.cursor()
    cursor.row_factory = sqlite3.Row
    for row in cursor.execute(sql, values or {}):
        yield decode(row)


def resolve(connection: sqlite3.Connection, ref: str) -> str:
    """The id of the article that ``ref`` names. Raises ``UsageError`` when there is none, or more than one."""
    ref = ref.strip()
    if re.fullmatch(r"[0-9a-f]{4,16}", ref):
        ids = connection.execute(
            "SELECT id FROM articles WHERE id >= ? AND id < ? LIMIT 3", (ref, ref + "g")
        ).fetchall()
        if len(ids) > 1:
            raise UsageError(f"{ref} is the start of several ids: {ids[0][0]}, {ids[1][0]} …")
        if ids:
            return str(ids[0][0])
    found = find(connection, ref if "://" in ref else f"https://{ref}")
    if found is None:
        raise UsageError(f"no article {ref} in this archive; `newsmorgue list` shows what there is")
    return found


def article(connection: sqlite3.Connection, article_id: str) -> dict[str, Any]:
    """The row of ``articles`` with that id, which must be there."""
    return next(select(connection, "SELECT * FROM articles WHERE id = :id", {"id": article_id}))


def articles(
    connection: sqlite3.Connection,
    *,
    site: str | None,
    at: str | None,
    since: str | None,
    limit: int | None,
    full: bool,
) -> Iterator[dict[str, Any]]:
    """See ``Reader.articles``."""
    table = "latest" if at is None else AS_OF_ARTICLES
    wanted = f"{DATED} >= substr(:since, 1, length({DATED}))"  # days with days, instants with instants
    sql = (
        f"SELECT {ARTICLE_COLUMNS}{', version_id, text, markdown' if full else ''} FROM {table} "  # noqa: S608
        f"WHERE {_where({'site = :site': site, wanted: since})} "
        f"ORDER BY {'id' if full else f'{DATED} DESC, id'} LIMIT :limit"
    )
    return select(connection, sql, {"site": site, "at": at, "since": since, "limit": -1 if limit is None else limit})


def _where(conditions: Mapping[str, object]) -> str:
    """Those conditions whose value is there, so that SQLite may use an index for each."""
    return " AND ".join(sql for sql, value in conditions.items() if value is not None) or "1"


def to_version(row: Mapping[str, Any]) -> Version:
    """A row of ``VERSION_FIELDS``, decoded, as a record."""
    values = dict(row)
    values["authors"], values["tags"] = tuple(values["authors"]), tuple(values["tags"])
    values["kind"], values["change"] = ArticleKind(values["kind"]), ChangeKind(values["change"])
    return Version(**values)


def versions(connection: sqlite3.Connection, article_id: str) -> list[Version]:
    """Every version of an article in order."""
    sql = f"SELECT {VERSION_FIELDS} FROM versions WHERE article_id = :id ORDER BY number"  # noqa: S608
    return [to_version(row) for row in select(connection, sql, {"id": article_id})]


def version(connection: sqlite3.Connection, article_id: str, *, number: int | None, at: str | None) -> Version:
    """See ``Reader.version``."""
    where = AS_OF if at is not None else "(:number IS NULL OR number = :number)"
    sql = (
        f"SELECT {VERSION_FIELDS} FROM versions WHERE article_id = :id AND {where} "  # noqa: S608
        "ORDER BY seen_from DESC, number DESC LIMIT 1"
    )
    row = next(select(connection, sql, {"id": article_id, "number": number, "at": at}), None)
    if row is None:
        raise UsageError(f"article {article_id} " + (f"was not standing at {at}" if at else f"has no version {number}"))
    return to_version(row)


def changes(
    connection: sqlite3.Connection,
    *,
    since: str | None,
    until: str | None,
    kind: str | None,
    site: str | None,
    words: int | None,
    limit: int | None,
) -> Iterator[dict[str, Any]]:
    """See ``Reader.changes``."""
    kinds = [word.strip() for word in kind.split(",")] if kind else []
    if unknown := [word for word in kinds if word not in set(ChangeKind)]:
        raise UsageError(f"{unknown[0]!r} is no kind of change; there are {', '.join(ChangeKind)}")
    conditions = {
        "changed_at >= :since": since,
        "changed_at < :until": until,
        "words_added + words_removed >= :words": words,
        "articles.site = :site": site,
        "changes.kind IN (SELECT value FROM json_each(:kinds))": kind,
    }
    sql = (
        "SELECT changes.*, articles.site FROM changes JOIN articles ON articles.id = changes.article_id "  # noqa: S608
        f"WHERE {_where(conditions)} ORDER BY changed_at DESC, changes.article_id, to_version DESC LIMIT :limit"
    )
    values: dict[str, Any] = {"since": since, "until": until, "site": site, "kinds": json.dumps(kinds), "words": words}
    values["limit"] = -1 if limit is None else limit
    return select(connection, sql, values)


def removals(connection: sqlite3.Connection, version_id: str) -> list[dict[str, Any]]:
    """See ``Reader.removals``."""
    sql = "SELECT position, kind, rule, path, text FROM removals WHERE version_id = :id ORDER BY position, id"
    return list(select(connection, sql, {"id": version_id}))


def captures(connection: sqlite3.Connection, article_id: str) -> list[dict[str, Any]]:
    """See ``Reader.captures``."""
    sql = "SELECT * FROM observations WHERE article_id = :id ORDER BY fetched_at, capture_id"
    return list(select(connection, sql, {"id": article_id}))
