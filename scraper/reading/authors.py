"""The authors: who the page's data names, or who its bylines print."""

import re
from collections.abc import Iterator

from archive.records import Evidence, RemovalKind
from scraper.reading.compare import same
from scraper.reading.head import Head
from scraper.reading.jsonld import resolve, strings
from scraper.reading.names import clean_names
from scraper.reading.outline import Outline
from scraper.reading.surroundings import NEAR
from scraper.reading.titles import site_names

BY = re.compile(
    r"^(?:by|von|par|por|di|av|af|door|text|texte|autor|autore|auteur|author|written by|posted by|от|"
    r"автор)\b\s*:?\s*\S",
    re.IGNORECASE,
)
AUTHOR_META = (
    "author",
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


def printed_bylines(found: Outline, place: int | None) -> Iterator[tuple[str, str]]:
    """``(source, text)`` of what looks like a byline near the headline."""
    start = max((place or 0) - 6, 0)
    stop = (place or 0) + NEAR + 3
    for passage in found.passages[start:stop]:
        if passage.role is RemovalKind.BYLINE and len(passage.text) < 160:
            yield "dom:byline", passage.text
    for passage in found.passages[start:stop]:
        if BY.match(passage.text) and len(passage.text) < 120:
            yield "dom:by", passage.text


def choose_authors(head: Head, bylines: Iterator[tuple[str, str]]) -> tuple[tuple[str, ...], list[Evidence]]:
    """The names of the authors, from the first source that names more than the site itself."""
    given: list[tuple[str, list[str]]] = [("json-ld:author", strings(resolve(head.things, head.article.get("author"))))]
    given += [(f"meta:{name}", [value for _, value in head.metas(name)]) for name in AUTHOR_META]
    given += [(source, [text]) for source, text in bylines]
    given.append(("json-ld:creator", strings(head.article.get("creator"))))
    houses = {same(name) for name in site_names(head)}
    house: tuple[tuple[str, ...], list[Evidence]] = ((), [])
    for source, printed in given:
        names = clean_names(printed)
        people = tuple(name for name in names if same(name) not in houses)
        if people:
            return people, [Evidence("authors", source, "; ".join(printed))]
        if names and not house[0]:
            house = (names, [Evidence("authors", source, "; ".join(printed))])
    return house
