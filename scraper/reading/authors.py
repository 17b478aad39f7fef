"""The authors: who the page's data names, or who its bylines print."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from archive.records import Evidence
from scraper.reading.head import Head
from scraper.reading.jsonld import resolve, strings, types_of
from scraper.reading.markup import plain
from scraper.reading.names import clean_names
from scraper.reading.titles import domain_names, site_names, title_key

# Meta names that say who wrote the page. Plain ``author`` is as often who owns the site, and comes after what is
# printed.
TELLING_META = (
    "article:author",
    "og:article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "citation_author",
    "article:author_name",
    "cxenseparse:author",
    "article.author",
)
FAMILY_FIRST = frozenset({"citation_author", "parsely-author", "dc.creator", "dcterms.creator"})
REVERSED = re.compile(r"([^\W\d_][\w'’.-]+), ([^\W\d_][\w'’.-]*(?: [^\W\d_]\.?)?)")
DOMAIN = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|info|eu|[a-z]{2})", re.IGNORECASE)
HOUSES = frozenset({"organization", "newsmediaorganization", "corporation", "website", "brand"})

Source = tuple[str, tuple[str, ...], str]
"""Where names come from, the names, and the string as printed."""


def _named(value: Any) -> str | None:
    """The name of an author's object: its ``name``, or its given and its family name."""
    if isinstance(value, dict) and not value.get("name"):
        parts = [*strings(value.get("givenName"))[:1], *strings(value.get("familyName"))[:1]]
        return " ".join(parts) or None
    return next(iter(strings(value)), None)


def declared_authors(head: Head, key: str = "author") -> list[tuple[str, bool]]:
    """The names that JSON-LD gives, each with whether it is an organisation's."""
    value = resolve(head.things, head.article.get(key))
    named: list[tuple[str, bool]] = []
    for author in value if isinstance(value, list) else [value]:
        if isinstance(author, str | dict) and (name := _named(author)) and "://" not in name:
            is_house = isinstance(author, dict) and bool(types_of(author) & HOUSES)
            named.append((plain(name), is_house))
    return named


def _from_data(head: Head, key: str = "author", *, houses: bool = False) -> Iterator[Source]:
    """The authors of JSON-LD; organisations only with persons, or when ``houses`` says so."""
    named = declared_authors(head, key)
    if houses or not all(is_house for _, is_house in named):
        names = [name for name, _ in named]
        yield f"json-ld:{key}", clean_names(names, declared=True), "; ".join(names)


def _from_meta(head: Head, keys: Sequence[str]) -> Iterator[Source]:
    for name in keys:
        values = [plain(value) for _, value in head.metas(name)]
        if values:
            turned = [REVERSED.sub(r"\2 \1", value) if REVERSED.fullmatch(value) else value for value in values]
            yield f"meta:{name}", clean_names(turned if name in FAMILY_FIRST else values), "; ".join(values)


def _printed(bylines: Iterator[tuple[str, tuple[str, ...]]], *, full: bool) -> Iterator[Source]:
    """Printed bylines; only ``full`` names where the data names an organisation."""
    for source, names in bylines:
        chosen = tuple(name for name in names if not full or " " in name)
        if chosen:
            yield source, chosen, ", ".join(chosen)


def choose_authors(
    head: Head,
    bylines: Iterator[tuple[str, tuple[str, ...]]],
    url: str | None = None,
    standing: Sequence[str] = (),
) -> tuple[tuple[str, ...], list[Evidence]]:
    """The names of the authors, from the first source that names more than the site itself.

    ``bylines`` are printed ones, ``(source, names)``, asked for only when the data names nobody; one that the page
    marks comes first of them and before the meta author, which is as often the site's owner.
    ``standing`` are bylines known to stand on every page of the site, and so to name nobody.
    """
    houses = {title_key(name) for name in (*site_names(head), *domain_names(url), *standing)}
    full = any(is_house for _, is_house in declared_authors(head))
    sources = chain(
        _from_data(head),
        _from_meta(head, TELLING_META),
        _printed(islice(bylines, 1), full=full),
        _from_meta(head, ("author",)),
        _printed(bylines, full=full),
        _from_data(head, "creator", houses=True),
        _from_data(head, houses=True),
    )
    house: Source | None = None
    for source, names, raw in sources:
        if any(title_key(name) not in houses and not DOMAIN.fullmatch(name) for name in names):
            people = tuple(name for name in names if title_key(name) not in houses)
            return people, [Evidence("authors", source, raw)]
        if names and (house is None or source == "json-ld:author"):
            house = (source, names, raw)
    return (house[1], [Evidence("authors", house[0], house[2])]) if house else ((), [])
