"""Which article an address belongs to: the table ``urls`` holds every variant, found by its key.

Who owns an address is decided visit by visit, in time order, by ``identify`` and ``register``, called for each that
saw a story. What comes out of its time is decided again from all the visits that it touches (``archive.late``), so
that the order of arrival does not matter.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from archive.records import Article, Capture
from archive.urls import canonical_url, url_key

# Better kinds first: an address that is known as several is kept as the best.
KINDS = ("canonical", "amp", "print", "short", "requested", "same", "redirect")
RANK = {kind: rank for rank, kind in enumerate(KINDS)}
REDIRECT = "redirect"  # such an address led to the article once, and may lead elsewhere tomorrow
LOOK_UP = "SELECT key, url, article_id, kind FROM urls WHERE key IN (SELECT value FROM json_each(?))"
CONTEST = "INSERT OR IGNORE INTO contested_urls (key, article_id) VALUES (?, ?)"

# The number that a site's own system gave a story: five digits or more in one of the last two parts of its path.
NUMBER = re.compile(r"(?:^|[^0-9])([0-9]{5,15})(?=[^0-9]|$)")
DAY = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
LONG = 200  # characters of a text that no two stories have in common

Known = dict[str, list[tuple[str, str, str]]]  # by key: URL, article and kind of each address with that key


def article_id_of(url: str) -> str:
    """The id of the article whose canonical address is ``url``: 16 hex digits of the SHA-256 of its key."""
    return hashlib.sha256(url_key(url).encode()).hexdigest()[:16]


def same_story(site: str | None, landed: str, text: str) -> str | None:
    """What tells a story that has moved without a redirect: its site, its number, and its very text.

    Has the form of an address, ``id:example.com/10001/…``, and is known as one; ``None`` where there is no number, or
    little text.
    """
    if not site or len(text) < LONG:
        return None
    last = "/".join(urlsplit(landed).path.rsplit("/", 2)[-2:])
    numbers = [number for number in NUMBER.findall(last) if not DAY.fullmatch(number)]
    if not numbers:
        return None
    return f"id:{site}/{numbers[-1]}/{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def find(connection: sqlite3.Connection, url: str) -> str | None:
    """The article that ``url``, in any of its variants, belongs to."""
    row = connection.execute("SELECT article_id FROM urls WHERE key = ? LIMIT 1", (url_key(url),)).fetchone()
    return row[0] if row else None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Every address that a visit gives for its article: asked for, landed on, redirects between, named by the page.

    ``variants`` are pairs of URL and kind.
    """

    asked: str
    landed: str
    redirects: tuple[str, ...] = ()
    canonical: str | None = None
    variants: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, capture: Capture, article: Article | None) -> Self:
        """Those of a visit that read ``article``, or none."""
        landed = capture.final_url or capture.url
        if article is None:
            return cls(capture.url, landed, capture.redirects)
        variants = tuple((variant.url, variant.kind) for variant in article.variants)
        if article.part == 1 and (same := same_story(article.site, landed, article.text)):
            variants += ((same, "same"),)
        return cls(capture.url, landed, capture.redirects, article.url, variants)

    @classmethod
    def stored(cls, asked: str, final_url: str | None, redirects: str, told: str | None) -> Self:
        """Those of a stored visit: columns of its capture, and ``told`` from its reading."""
        landed = final_url or asked
        canonical, *variants = json.loads(told) if told else (landed,)
        return cls(asked, landed, tuple(json.loads(redirects)), canonical, tuple((url, kind) for url, kind in variants))

    def told(self) -> str | None:
        """What the page names, as JSON; ``None`` where that is the address it was found at, and no other."""
        if self.canonical == self.landed and not self.variants:
            return None
        return json.dumps([self.canonical, *self.variants], ensure_ascii=False)

    @property
    def key(self) -> str:
        """The key of the address that the article goes by: the canonical one, else where it was found."""
        return url_key(self.canonical or self.landed)

    @property
    def was_led(self) -> bool:
        """Whether a redirect led to another address than was asked for."""
        return url_key(self.asked) != url_key(self.landed)

    def claims(self) -> dict[str, str]:
        """Every address with its kind, the most telling last."""
        return dict(reversed(list(self._claims())))

    def _claims(self) -> Iterator[tuple[str, str]]:
        if self.canonical:
            yield self.canonical, "canonical"
        yield self.landed, "requested" if self.canonical else "canonical"
        yield from self.variants
        if self.was_led:
            yield self.asked, REDIRECT
            yield from ((url, REDIRECT) for url in self.redirects)
        else:
            yield self.asked, "requested"

    @property
    def keys(self) -> list[str]:
        """The keys of all of them."""
        return list(dict.fromkeys(url_key(url) for url in self.claims()))


def look_up(connection: sqlite3.Connection, keys: Collection[str]) -> Known:
    """What is known of the addresses with these keys."""
    known: Known = {key: [] for key in keys}
    for key, *address in connection.execute(LOOK_UP, (json.dumps(list(keys)),)):
        known[key].append((address[0], address[1], address[2]))
    return known


def contestants(connection: sqlite3.Connection, keys: Collection[str]) -> set[str]:
    """The articles whose pages name addresses with these keys, which belong to others."""
    rows = connection.execute(
        "SELECT article_id FROM contested_urls WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),)
    )
    return {article_id for (article_id,) in rows}


def owners(known: Known) -> set[str]:
    """The articles that own these addresses."""
    return {article_id for rows in known.values() for _, article_id, _ in rows}


def identify(page: Addresses, known: Mapping[str, list[tuple[str, str, str]]], kin: Iterable[str] = ()) -> str:
    """The id of the article that a visit saw: a known one if any of its addresses is known, else a new one.

    The canonical address decides, and ``kin``, the keys under which the same story stood before or after a move (see
    ``archive.moves``); when those are new, an address that once was the article's own (not a mere redirect) keeps it
    one article.
    """
    for key in (page.key, *kin):
        for _, article_id, _ in known.get(key, ()):
            return article_id
    for url in (page.landed, page.asked, *(url for url, _ in page.variants)):
        for _, article_id, kind in known.get(url_key(url), ()):
            if kind != REDIRECT:
                return article_id
    return article_id_of(page.canonical or page.landed)


def register(
    connection: sqlite3.Connection, article_id: str, page: Addresses, known: Known
) -> tuple[list[str], set[str]]:
    """Note every address of the visit under its article.

    Returns the keys that came to it, and the articles that some of them came from.
    """
    came, former = list[str](), set[str]()
    for url, kind in page.claims().items():
        key = url_key(url)
        rows = known[key]
        if not rows:
            came.append(key)
        elif rows[0][1] != article_id:
            if any(row[2] != REDIRECT for row in rows):  # another article's own address
                connection.execute(CONTEST, (key, article_id))
                continue
            former.add(rows[0][1])
            came.append(key)
            connection.execute(CONTEST, (key, rows[0][1]))
            connection.execute("UPDATE urls SET article_id = ?, kind = ? WHERE key = ?", (article_id, kind, key))
            known[key] = [(row[0], article_id, kind) for row in rows]
            continue
        _note(connection, article_id, (canonical_url(url), key, kind), rows)
    return came, former


def _note(
    connection: sqlite3.Connection, article_id: str, address: tuple[str, str, str], rows: list[tuple[str, str, str]]
) -> None:
    """Write one address (URL, key and kind) of an article that may own its key, if it is new or better than it was."""
    url, key, kind = address
    same = next((place for place, row in enumerate(rows) if row[0] == url), None)
    if same is None:
        connection.execute(
            "INSERT INTO urls (url, article_id, kind, key) VALUES (?, ?, ?, ?)", (url, article_id, kind, key)
        )
        rows.append((url, article_id, kind))
    elif RANK.get(kind, len(KINDS)) < RANK.get(rows[same][2], len(KINDS)):
        connection.execute("UPDATE urls SET kind = ? WHERE url = ?", (kind, url))
        rows[same] = (url, article_id, kind)


def attach(connection: sqlite3.Connection, article_id: str, keys: Collection[str]) -> bool:
    """Give the article the visits to ``keys`` that saw no story; whether there were any that were not its own."""
    moved = 0
    for key in keys:
        moved += connection.execute(
            "UPDATE readings SET article_id = ? WHERE key = ? AND article_id IS NOT ?", (article_id, key, article_id)
        ).rowcount
    return moved > 0
