"""When the article was published and last changed, from the most explicit statement that makes sense."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from archive.records import Evidence
from scraper.reading.head import Head
from scraper.reading.jsonld import ARTICLE_TYPES, PAGE_TYPES, strings, types_of
from scraper.reading.moments import read_moment

PUBLISHED_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "date_published",
    "published_time",
    "publication_date",
    "publish-date",
    "publish_date",
    "publishdate",
    "published-date",
    "pubdate",
    "og:pubdate",
    "article.published",
    "rnews:datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "citation_date",
    "bt:pubdate",
    "displaydate",
    "originalpublicationdate",
    "article_date_original",
    "cre_date",
    "vr:published_time",
    "article:publish_date",
    "date.release",
    "datecreated",
    "creation_date",
    "created",
    "date",
    "shareaholic:article_published_time",
    "gtm-publishdate",
    "article:post_date",
    "release_date",
    "iso-8601-publish-date",
    "pub_date",
    "timestamp",
    "issued",
    "analyticsattributes.articledate",
    "ptime",
    "uploaddate",
    "og:article:publish_date",
    "video:release_date",
)
MODIFIED_META = (
    "article:modified_time",
    "og:updated_time",
    "og:article:modified_time",
    "datemodified",
    "date_modified",
    "dateupdated",
    "article:updated_time",
    "last-modified",
    "lastmod",
    "revision_date",
    "dcterms.modified",
    "dc.date.modified",
    "article:modified",
    "last_updated_date",
    "og:modified_time",
    "updated_time",
    "bt:moddate",
    "utime",
)
URL_DAY = re.compile(
    r"/((?:19|20)\d\d)[/_-](\d{1,2})[/_-](\d{1,2})(?:[/_-]|$)|(?<!\d)((?:20)\d\d)-(\d\d)-(\d\d)(?!\d)|"
    r"[/_-]((?:20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
)
URL_NAMED = re.compile(r"/((?:19|20)\d\d)/([a-z]{3})/(\d{1,2})(?:/|$)")

MOST_AHEAD = timedelta(hours=14)  # of UTC, by the calendar of Kiritimati

Found = tuple[str, str, str]
"""(moment, source, as printed)."""


def _metas(head: Head, names: Iterable[str]) -> Iterator[Found]:
    for name, value in head.metas(*names):
        if moment := read_moment(value):
            yield moment, f"meta:{name}", value


def _things(head: Head, *keys: str) -> Iterator[Found]:
    kinds = ARTICLE_TYPES | PAGE_TYPES
    others = [thing for thing in head.things if thing is not head.article and types_of(thing) & kinds]
    # A page with many dated objects lists other articles.
    for thing in [head.article, *(others if len(others) <= 3 else [])]:
        for key in keys:
            for value in strings(thing.get(key))[:1]:
                if moment := read_moment(value):
                    yield moment, f"json-ld:{key}", value


def url_day(url: str | None) -> str | None:
    """The day that an address names."""
    if not url:
        return None
    for match in URL_DAY.finditer(url):
        year, month, day = (part for part in match.groups() if part)
        if moment := read_moment(f"{year}-{int(month):02}-{int(day):02}"):
            return moment
    if named := URL_NAMED.search(url):
        return read_moment(f"{named[3]} {named[2]} {named[1]}")
    return None


def _last_day(latest: str) -> str:
    """The latest day that it was anywhere on Earth at ``latest``: a page prints its own zone's day."""
    return (datetime.fromisoformat(latest) + MOST_AHEAD).isoformat()[:10]


def _plausible(moment: str, last_day: str | None) -> bool:
    return last_day is None or moment[:10] <= last_day


def best(found: Iterable[Found], last_day: str | None = None) -> Found | None:
    """The first of ``found`` that is not in the future; a finer one of the same day from another source is better."""
    chosen: Found | None = None
    for candidate in found:
        if not _plausible(candidate[0], last_day):
            continue
        if chosen is None:
            chosen = candidate
            if chosen[0].endswith("Z"):
                break
        elif candidate[0][:10] == chosen[0][:10] and candidate[0].endswith("Z"):
            return candidate
    return chosen


def choose_times(
    head: Head, url: str | None, printed: Iterable[Found], latest: str | None = None
) -> tuple[str | None, str | None, list[Evidence]]:
    """``(published_at, modified_at, evidence)``; ``printed`` are the dates that stand in the page, best first.

    ``latest`` is when the page was seen: what claims to be later is not believed.
    """
    shown: list[Found] = []

    def seen() -> Iterator[Found]:
        """The printed dates, found only when nothing better is there, and only once."""
        if not shown:
            shown.extend(printed)
        return iter(shown)

    def published() -> Iterator[Found]:
        yield from _things(head, "datePublished")
        yield from _metas(head, PUBLISHED_META)
        yield from _things(head, "dateCreated", "uploadDate")
        day = url_day(url)
        for found in seen():
            if found[1] == "dom:time":
                yield found
        if day:
            yield day, "url", url or ""
        yield from (found for found in seen() if found[1] == "dom:text")

    def modified() -> Iterator[Found]:
        yield from _things(head, "dateModified")
        yield from _metas(head, MODIFIED_META)
        yield from (found for found in seen() if found[1] == "dom:modified")

    last_day = _last_day(latest) if latest else None
    first, last = best(published(), last_day), best(modified(), last_day)
    evidence = []
    if first is None and last is not None:
        first = last
    if first:
        evidence.append(Evidence("published_at", first[1], first[2]))
    if last:
        evidence.append(Evidence("modified_at", last[1], last[2]))
    return first[0] if first else None, last[0] if last else None, evidence
