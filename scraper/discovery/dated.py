"""Lists of one day, month or year: ``/2026/01/``, ``/archive?date=2026-01-13``, ``sitemap-2026-01.xml``. Pure.

They lead back in time: the address of one gives those of earlier ones, which a backfill (``--since``) asks for.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

YEAR = r"(?P<year>(?:19[89]|20[0-4])\d)"
# In a path at its end, or in the name or query of a sitemap: year, month and day as far as they are given.
IN_PATH = re.compile(rf"(?<![\d]){YEAR}(?:(?P<a>[/_-]?)(?P<month>0[1-9]|1[0-2]|[1-9](?!\d))"
                     rf"(?:(?P<b>[/_-]?)(?P<day>0[1-9]|[12]\d|3[01]|[1-9](?!\d)))?)?(?!\d)")  # fmt: skip
BEHIND = re.compile(
    r"/?(?:index\.\w{2,5}|[\w-]*sitemap[\w-]*\.xml(?:\.gz)?)?|\.html?|\.xml(?:\.gz)?"
)  # what may stand behind the date of a list
IN_QUERY = tuple(
    re.compile(rf"(?:^|&)(?:{names})=(?P<{part}>{digits})(?=&|$)", re.IGNORECASE)
    for part, names, digits in (
        ("year", "year|yyyy|y|jahr|annee|ano", r"(?:19[89]|20[0-4])\d"),
        ("month", "month|mm|m|monat|mois|mes", r"\d{1,2}"),
        ("day", "day|dd|d|tag|jour|dia", r"\d{1,2}"),
    )
)
IN_DATE = re.compile(rf"(?:^|&)[a-z_]{{0,16}}=(?:{IN_PATH.pattern})(?=&|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DatedList:
    """The list of one period; ``places`` are where in ``url`` its year, month and day stand."""

    url: str
    year: int
    month: int | None
    day: int | None
    places: tuple[tuple[int, int], ...]

    @property
    def first(self) -> date:
        """The first day of the period."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day of the period."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def earlier(self, count: int) -> Iterator["DatedList"]:
        """The same list of the ``count`` periods before."""
        here = self
        for _ in range(count):
            before = here.first - timedelta(days=1)
            if before.year < 1980:
                return
            here = here.of(before)
            yield here

    def of(self, day: date) -> "DatedList":
        """The same list of the period that ``day`` lies in."""
        url = self.url
        values = (day.year, day.month, day.day)[: len(self.places)]
        for (start, end), value in sorted(zip(self.places, values, strict=True), reverse=True):
            padded = self.url[start] == "0" or (end - start == 2 and not self._is_bare)
            url = url[:start] + (f"{value:02}" if padded else str(value)) + url[end:]
        return dated_list(url) or self

    @property
    def _is_bare(self) -> bool:
        """Whether one of its numbers is written with a single digit, so that none is padded."""
        return any(end - start == 1 for start, end in self.places)


def _of_match(url: str, offset: int, match: re.Match[str]) -> DatedList | None:
    groups = {name: match[name] for name in ("year", "month", "day") if match[name]}
    places = tuple((offset + match.start(name), offset + match.end(name)) for name in groups)
    return _checked(url, {name: int(value) for name, value in groups.items()}, places)


def _checked(url: str, numbers: dict[str, int], places: tuple[tuple[int, int], ...]) -> DatedList | None:
    found = DatedList(url, numbers["year"], numbers.get("month"), numbers.get("day"), places)
    try:
        _ = found.first, found.last
    except ValueError:
        return None
    return found


def _in_query(url: str, query: str, offset: int) -> DatedList | None:
    if (match := IN_DATE.search(query)) and match["month"]:
        return _of_match(url, offset, match)
    numbers, places = dict[str, int](), list[tuple[int, int]]()
    for part, pattern in zip(("year", "month", "day"), IN_QUERY, strict=True):
        if not (match := pattern.search(query)):
            break
        numbers[part] = int(match[part])
        places.append((offset + match.start(part), offset + match.end(part)))
    return _checked(url, numbers, tuple(places)) if numbers else None


@lru_cache(maxsize=4096)
def dated_list(url: str) -> DatedList | None:
    """The period that the list at ``url`` is of, judged by its address alone; ``None`` if it names none.

    >>> found = dated_list("https://e.example/news/2026/01/")
    >>> found and [str(found.last), next(found.earlier(1)).url]
    ['2026-01-31', 'https://e.example/news/2025/12/']
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    start = url.find(parts.path, len(parts.scheme) + 3 + len(parts.netloc)) if parts.path else 0
    for match in IN_PATH.finditer(parts.path):
        if BEHIND.fullmatch(parts.path, match.end()):
            return _of_match(url, start, match)
    return _in_query(url, parts.query, url.find("?") + 1) if parts.query else None
