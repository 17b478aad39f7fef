"""Which article an address belongs to: the table ``urls`` holds every variant, found by its key."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache

from archive import urls
from archive.records import Article, Capture

# Better kinds first: an address that is known as several is kept as the best.
KINDS = ("canonical", "amp", "print", "short", "requested", "redirect")
RANK = {kind: rank for rank, kind in enumerate(KINDS)}
REDIRECT = "redirect"  # such an address led to the article once, and may lead elsewhere tomorrow

url_key = lru_cache(maxsize=65536)(urls.url_key)
canonical_url = lru_cache(maxsize=65536)(urls.canonical_url)


def article_id_of(url: str) -> str:
    """The id of the article whose canonical address is ``url``: 16 hex digits of the SHA-256 of its key."""
    return hashlib.sha256(url_key(url).encode()).hexdigest()[:16]


def find(connection: sqlite3.Connection, url: str, *, but_redirects: bool = False) -> str | None:
    """The article that ``url``, in any of its variants, belongs to."""
    row = connection.execute(
        "SELECT article_id, kind FROM urls WHERE key = ? ORDER BY kind", (url_key(url),)
    ).fetchall()
    return next((article_id for article_id, kind in row if not (but_redirects and kind == REDIRECT)), None)


def _claims(capture: Capture, article: Article) -> Iterator[tuple[str, str]]:
    """Every address that a visit gives for an article, with its kind, the most telling first."""
    landed = capture.final_url or capture.url
    if article.url:
        yield article.url, "canonical"
    yield landed, "requested" if article.url else "canonical"
    yield from ((variant.url, variant.kind) for variant in article.variants)
    if url_key(capture.url) != url_key(landed):
        yield capture.url, REDIRECT
        yield from ((url, REDIRECT) for url in capture.redirects)
    else:
        yield capture.url, "requested"


def identify(connection: sqlite3.Connection, capture: Capture, article: Article) -> str:
    """The id of the article that a visit saw: a known one if any of its addresses is known, else a new one.

    The canonical address decides; when that is new, an address that once was the article's own (not a mere redirect)
    keeps it one article.
    """
    landed = capture.final_url or capture.url
    known = find(connection, article.url or landed)
    for url in (landed, capture.url, *(variant.url for variant in article.variants)):
        known = known or find(connection, url, but_redirects=True)
    return known or article_id_of(article.url or landed)


def register(connection: sqlite3.Connection, article_id: str, capture: Capture, article: Article) -> list[str]:
    """Note every address of the visit under its article; return those that are new to the archive, as given."""
    new: list[str] = []
    for url, kind in dict(reversed(list(_claims(capture, article)))).items():
        if _note(connection, article_id, url, kind):
            new.append(url)
    return new


def _note(connection: sqlite3.Connection, article_id: str, url: str, kind: str) -> bool:
    stored, key = canonical_url(url), url_key(url)
    rows = connection.execute("SELECT url, article_id, kind FROM urls WHERE key = ?", (key,)).fetchall()
    others = [row for row in rows if row[1] != article_id]
    if any(row[2] != REDIRECT for row in others):
        return False  # another article's own address
    if others:  # what was a mere redirect leads here now
        connection.execute("UPDATE urls SET article_id = ?, kind = ? WHERE key = ?", (article_id, kind, key))
        return False
    same = next((row for row in rows if row[0] == stored), None)
    if same is None:
        connection.execute(
            "INSERT INTO urls (url, article_id, kind, key) VALUES (?, ?, ?, ?)", (stored, article_id, kind, key)
        )
    elif RANK.get(kind, len(KINDS)) < RANK.get(same[2], len(KINDS)):
        connection.execute("UPDATE urls SET kind = ? WHERE url = ?", (kind, stored))
    return same is None


def adopt(connection: sqlite3.Connection, article_id: str, new: Iterable[str]) -> bool:
    """Give the article those earlier visits to its ``new`` addresses that belonged to none; whether there were any."""
    adopted = 0
    for url in new:
        adopted += connection.execute(
            "UPDATE readings SET article_id = ? WHERE article_id IS NULL "
            "AND capture_id IN (SELECT id FROM captures WHERE url = ?)",
            (article_id, url),
        ).rowcount
    return adopted > 0
