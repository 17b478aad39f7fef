"""When the article was published and last changed, from the most explicit statement that makes sense."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property

from archive.records import Evidence
from scraper.reading.date_metas import LIKE_PUBLISHED, MODIFIED_META, PUBLISHED_META
from scraper.reading.head import Head
from scraper.reading.hidden_dates import attribute_dates, script_dates
from scraper.reading.jsonld import ARTICLE_TYPES, PAGE_TYPES, Thing, strings, types_of
from scraper.reading.moments import Found, Order, read_moment
from scraper.reading.outline import Outline
from scraper.reading.page import Page
from scraper.reading.printed_dates import (
    BARELY,
    ENOUGH,
    Line,
    dated_lines,
    time_elements,
    weighed_lines,
)
from scraper.reading.shown_dates import shown_instead
from scraper.reading.url_dates import url_day

HOST = re.compile(r"^[a-z]+://[^/:?#]*\.([a-z]{2,})(?:[:/?#]|$)", re.IGNORECASE)
# Countries' domains that say nothing of the day's place: where the month comes first, and those in use everywhere.
WORLDWIDE = frozenset("us ph io co ai tv me fm gg cc ly so to vc ws".split())

# Weights of the sources in a page's markup beside those of its printed lines, which are up to 12.
TIME_WEIGHT = 6.0
EXPLICIT_WEIGHT = 8.0
URL_WEIGHT = 7.5
CHANGE = 4.5  # that the date of a change weighs less as that of publication
ATTRIBUTE_WEIGHT = 3.5
DOUBTFUL = -1.0
CERTAIN = 6.0  # weight of a line beside which attributes are not asked
BEFORE_HEADLINE, AFTER_HEADLINE = 4, 8  # passages

DATE_KEYS = frozenset({"datePublished", "dateCreated", "uploadDate", "dateModified"})
MOST_THINGS = 3

MOST_AHEAD = timedelta(hours=14)  # of UTC, by the calendar of Kiritimati


def month_order(head: Head, url: str | None, last_day: str | None = None) -> Order:
    """How the page writes 1/2/2026: by its country's domain, else by its language and region."""
    host = HOST.search(url or "")
    domain = host[1].lower() if host else ""
    if len(domain) == 2 and domain not in WORLDWIDE:
        return Order(False, last_day)
    locale = next((value for _, value in head.metas("og:locale")), "")
    language = (head.language or locale).lower().replace("_", "-")
    if language in ("", "en"):
        stated = locale.lower().replace("_", "-")
        return Order(stated in ("", "en-us") and bool(domain), last_day, is_guess=True)
    return Order(language.startswith(("en-us", "en-ph")), last_day)


def _metas(head: Head, names: Iterable[str], order: Order) -> Iterator[Found]:
    for name, value in head.metas(*names):
        if moment := read_moment(value, order):
            yield moment, f"meta:{name}", value


def _own_things(head: Head) -> list[Thing]:
    """The objects of the page's data that may date it: the article's, and the others unless they are many."""
    kinds = ARTICLE_TYPES | PAGE_TYPES
    dated = [thing for thing in head.things if thing is not head.article and not DATE_KEYS.isdisjoint(thing)]
    others = [thing for thing in dated if types_of(thing) & kinds]
    # A page with many dated objects lists other articles.
    return [head.article, *(others if len(others) <= MOST_THINGS else [])]


def _things(things: Iterable[Thing], order: Order, *keys: str) -> Iterator[Found]:
    for thing in things:
        for key in keys:
            for value in strings(thing.get(key))[:1]:
                if moment := read_moment(value, order):
                    yield moment, f"json-ld:{key}", value


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


class Statements:
    """What a page states of its times; the costlier ways of looking are used once, when they are asked for."""

    def __init__(self, head: Head, page: Page, found: Outline, place: int | None, last_day: str | None) -> None:
        self.head, self.page, self.found, self.place, self.last_day = head, page, found, place, last_day
        self.order = month_order(head, page.url, last_day)

    @cached_property
    def things(self) -> list[Thing]:
        """The objects of the page's data that may date it."""
        return _own_things(self.head)

    @cached_property
    def times(self) -> list[tuple[float, Found]]:
        """The ``time`` elements, weighed."""
        return time_elements(self.head, self.order)

    @cached_property
    def lines(self) -> list[tuple[float, Found]]:
        """The printed lines, weighed."""
        return weighed_lines(dated_lines(self.found, self.order), self.place)

    @cached_property
    def near(self) -> list[Line]:
        """The lines with a date close to the headline."""
        if self.place is None:
            return []
        return dated_lines(self.found, self.order, range(self.place - BEFORE_HEADLINE, self.place + AFTER_HEADLINE + 1))

    @cached_property
    def attributes(self) -> list[tuple[bool, Found]]:
        """The dates in attributes."""
        return attribute_dates(self.page.root, self.order) if self.page.root is not None else []

    def published_by_data(self) -> Iterator[Found]:
        """When the article was published, by what the page says to machines, the most explicit first."""
        yield from _things(self.things, self.order, "datePublished")
        yield from _metas(self.head, PUBLISHED_META, self.order)
        yield from _metas(self.head, (name for name in self.head.meta if LIKE_PUBLISHED.search(name)), self.order)
        yield from _things(self.things, self.order, "dateCreated", "uploadDate")

    def published_by_markup(self) -> Iterator[Found]:
        """When it was published, by what stands in the page, the likeliest first."""
        weighed = [(TIME_WEIGHT + weight, found) for weight, found in self.times if found[1] == "dom:time"]
        # The date of a change is better than a doubtful one.
        weighed += [(weight - CHANGE * (found[1] == "dom:modified"), found) for weight, found in self.lines]
        if day := url_day(self.page.url):
            weighed.append((URL_WEIGHT, (day, "url", self.page.url or "")))
        if all(weight < CERTAIN for weight, _ in weighed):
            weighed += [
                (EXPLICIT_WEIGHT if explicit else ATTRIBUTE_WEIGHT, found)
                for explicit, found in self.attributes
                if found[1] != "dom:modified"
            ]
        weighed.sort(key=lambda pair: -pair[0])
        if likely := [found for weight, found in weighed if weight >= ENOUGH]:
            yield from likely
            return
        if self.page.root is not None:
            yield from script_dates(self.page.root, self.order)
        yield from (found for weight, found in weighed if weight >= BARELY)
        # A picture is filed under the day on which its article is made, unless it is from the archive.
        yield from ((day, "meta:og:image", url) for _, url in self.head.metas("og:image") if (day := url_day(url)))

    def modified(self) -> Iterator[Found]:
        """When it was last changed."""
        yield from _things(self.things, self.order, "dateModified")
        yield from _metas(self.head, MODIFIED_META, self.order)
        yield from (found for weight, found in self.times if weight > -1 and found[1] == "dom:modified")
        if "lines" in self.__dict__ or any(line.is_modified for line in self.near):
            lines = self.lines if "lines" in self.__dict__ else weighed_lines(self.near, self.place)
            yield from (found for weight, found in lines if weight >= BARELY and found[1] == "dom:modified")
        if "attributes" in self.__dict__:
            yield from (found for _, found in self.attributes if found[1] == "dom:modified")

    def doubtful_change(self) -> Iterator[Found]:
        """The day of a change that a page tells at its foot, as wikis do."""
        yield from (found for weight, found in self.lines if weight > DOUBTFUL and found[1] == "dom:modified")


def choose_times(
    head: Head, page: Page, found: Outline, place: int | None, latest: str | None = None
) -> tuple[str | None, str | None, list[Evidence]]:
    """``(published_at, modified_at, evidence)``; ``place`` is the headline's index among the passages.

    ``latest`` is when the page was seen: what claims to be later is not believed.
    """
    last_day = _last_day(latest) if latest else None
    stated = Statements(head, page, found, place, last_day)
    first = best(stated.published_by_data(), last_day)
    if first is None:
        first = best(stated.published_by_markup(), last_day)
        last = best(stated.modified(), last_day)
    else:
        last = best(stated.modified(), last_day)
        first = shown_instead(stated.near, place, first, last, last_day) or first
    if first is None:
        first = last = last or best(stated.doubtful_change(), last_day)
    evidence = []
    if first:
        evidence.append(Evidence("published_at", first[1], first[2]))
    if last:
        evidence.append(Evidence("modified_at", last[1], last[2]))
    return first[0] if first else None, last[0] if last else None, evidence
