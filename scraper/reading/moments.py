"""Times as pages write them, read into UTC with the precision that was given."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from scraper.reading.calendars import common_year, foreign_day
from scraper.reading.month_names import month_of

YEAR = r"(?:1[6-9]|2[045])\d\d"  # of the common era, or as Buddhists count
ISO = re.compile(
    rf"(?<!\d)({YEAR})-(\d{{1,2}})-(\d{{1,2}})(?:[T ,]{{1,3}}(\d{{1,2}}):(\d\d)(?::(\d{{1,2}})(?:[.,]\d+)?)?"
    r"\s*(?:([ap])\.?m\b\.?\s*)?(Z\b|(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d\d)?)?|[+-]\d\d:?\d\d(?::\d\d)?|[+-]\d\d\b)?)?(?!\d)",
    re.IGNORECASE,
)
COMPACT = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:T?(\d\d):?(\d\d)(?::?(\d\d))?(Z|[+-]\d\d:?\d\d)?)?(?!\d)"
)
YEAR_FIRST = re.compile(rf"(?<!\d)({YEAR})\s*[/.年년-]\s*(\d{{1,2}})\s*[/.月월-]\s*(\d{{1,2}})(?:\s*(?:日|일))?(?!\d)")
DAY_FIRST = re.compile(rf"(?<![\d.])(\d{{1,2}})\s?([./|-])\s?(\d{{1,2}})\s?\2\s?({YEAR}|\d\d)(?![\d])(?!\.\d)")
CLOCK = re.compile(
    r"(?<![\d/.])(?:(오전|오후|上午|下午|午前|午後)\s*)?(\d{1,2})\s*(?:[:.h]|時|点|點|시)\s*(\d\d)(?:\s*[:分분]\s*(\d\d)?)?"
    r"(?:[.,]\d{3})?\s*([ap]\.?\s?m\b\.?)?\s*\(?((?:UTC|GMT)\s?[+-]\d{1,2}(?::?\d\d)?|[A-Z]{1,5}\b|(?<=\s)[+-]\d\d:?\d\d)?(?![\w:])",
    re.IGNORECASE,
)
EPOCH = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d+)?")  # seconds or milliseconds, 2001 to 2033
ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "BST": 60, "CET": 60, "MEZ": 60, "WEST": 60, "CEST": 120, "MESZ": 120, "EET": 120,
    "SAST": 120, "EEST": 180, "MSK": 180, "PKT": 300, "WIB": 420, "SGT": 480, "HKT": 480, "JST": 540, "KST": 540,
    "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
}  # fmt: skip
LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0965\u0970-\u09e5\u0a00-\u0d65\u0e31-\u0e4e\u102b-\u103e\u17b4-\u17d3])"
NAME = rf"(?:{LETTER}{{1,3}}\.{LETTER}|{LETTER}{{2,14}})(?:\s(?:الثاني|الأول|fómhair))?"
WORD = rf"({NAME})\.?"
DAY_MONTH = re.compile(
    rf"(?<![\d.])(\d{{1,2}})(?:st|nd|rd|th|er|an|º|ª|°|\.|-)?\s*(?:de |d['’]|of |den |ta['’] )?\s*{WORD}"
    rf"(?:\s?/\s?{LETTER}{{3,14}})?[,،]?[\s-]*"  # the month of the Levant, and that of the Maghreb
    rf"(?:de |del |do |of |ve |พ\.ศ\.|ค\.ศ\.)?\s*({YEAR}|['’]?\d\d(?![:.h]\d))(?![\d])",
    re.IGNORECASE,
)
DAY_YEAR = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?(?:\.|\s*[,،]|\s)\s*"
    rf"(?:\d\d:\d\d:\d\d\s(?:[A-Z]{{3,5}}|[+-]\d{{4}})\s)?({YEAR})(?!\d)",
    re.IGNORECASE,
)
MONTH_BEFORE = re.compile(rf"{WORD}\s*$")
LONGEST_NAME = 24  # characters, with what stands between it and the day
MONTH_THEN_DAY = re.compile(rf"({YEAR})[\s.,]*(?:m\.\s*)?{WORD}\s*(\d{{1,2}})(?!\d)", re.IGNORECASE)
GLUED = re.compile(r"(?<=[a-z])[A-Z]\w+$")  # a month after a word that ended without a space
ANY_DIGIT = re.compile(r"\d")
DIGIT = re.compile(r"[^\D0-9]")  # one that is not ASCII's
LATVIAN = re.compile(rf"({YEAR})\.\s*gada\s*(\d{{1,2}})\.\s*{WORD}", re.IGNORECASE)
VIETNAMESE = re.compile(rf"(\d{{1,2}})\s+tháng\s+(\d{{1,2}}),?\s+(?:năm\s+)?({YEAR})", re.IGNORECASE)
# Each with the groups of its day, month and year.
NAMED = (
    (DAY_MONTH, 1, 2, 3), (MONTH_THEN_DAY, 3, 2, 1), (LATVIAN, 2, 3, 1), (VIETNAMESE, 1, 2, 3)
)  # fmt: skip
EARLIEST = 1700  # year: newspapers are not older, and machines state days of digitized ones
EARLIEST_PRINTED = 1990  # the web's first year; earlier dates in a page's text are about history
NO_DAYS = frozenset(
    {"1970-01-01", "1969-12-31", "1900-01-01", "1899-12-31", "1899-12-30", "1753-01-01"}
)  # a system's zero


Found = tuple[str, str, str]
"""(moment, source, as printed)."""


@dataclass(frozen=True, slots=True)
class Order:
    """How a page writes dates: whether 1/2/2026 is the second of January, and the last day that it can name.

    ``is_guess`` says that the page states no region, so that other dates on it know better.
    """

    month_first: bool = False
    last_day: str | None = None
    is_guess: bool = False


DAY_THEN_MONTH = Order()


@dataclass(frozen=True, slots=True)
class Dated:
    """A time in a text: as ISO 8601, and where its day stands."""

    moment: str
    start: int
    end: int


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(common_year(year), month, day).isoformat()
    except ValueError:
        return None


def _offset(zone: str) -> int | None:
    """Minutes east of Greenwich."""
    zone = zone.upper().replace(" ", "")
    if zone in ZONES:
        return ZONES[zone]
    match = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?(?::\d\d)?", zone)
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return (-minutes if match[1] == "-" else minutes) if minutes <= 14 * 60 else None


def _moment(day: str, hour: int, minute: int, second: int, zone: str | None) -> str:
    """A time: in UTC with Z when the zone is known, else local without one; a day when the clock makes no sense.

    Midnight to the second is how systems write a day without a time, so it is that day, in the page's own zone.
    """
    if hour > 23 or minute > 59 or second > 59 or hour == minute == second == 0:
        return day
    local = datetime.combine(date.fromisoformat(day), datetime.min.time()).replace(
        hour=hour, minute=minute, second=second
    )
    offset = _offset(zone) if zone else None
    if offset is None:
        return local.isoformat()
    try:
        return (local - timedelta(minutes=offset)).replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return day


def _hour(hour: int, half: str) -> int:
    """An hour of the day, from one of a half where ``half`` is ``a`` or ``p``; 24, which is none, if it was no such."""
    if not half:
        return hour
    return hour % 12 + (12 if half == "p" else 0) if hour <= 12 else 24


def _iso(text: str) -> Dated | None:
    match = ISO.search(text) if "-" in text else None
    if not match or not (day := _day(int(match[1]), int(match[2]), int(match[3]))):
        return None
    if match[4] is not None:
        hour = _hour(int(match[4]), (match[7] or "").lower())
        day = _moment(day, hour, int(match[5]), int(match[6] or 0), match[8])
    return Dated(day, match.start(), match.end())


def _epoch(text: str) -> Dated | None:
    if not EPOCH.fullmatch(text):
        return None
    return Dated(datetime.fromtimestamp(int(text[:10]), UTC).isoformat().replace("+00:00", "Z"), 0, len(text))


def _compact(text: str) -> Dated | None:
    match = COMPACT.search(text)
    if not match or not (day := _day(int(match[1]), int(match[2]), int(match[3]))):
        return None
    if match[4]:
        day = _moment(day, int(match[4]), int(match[5]), int(match[6] or 0), match[7])
    return Dated(day, match.start(), match.end())


def _with_clock(found: Dated | None, text: str) -> Dated | None:
    """The day that was found, with the clock time that stands in the rest of the text."""
    if found is None:
        return None
    clock = CLOCK.search(text, found.end) or CLOCK.search(text, 0, found.start)
    if not clock and ":" in text[found.start : found.end]:
        clock = CLOCK.search(text, found.start, found.end)
    if not clock:
        return found
    half = (clock[5] or "")[:1].lower()
    if clock[1]:
        half = "p" if clock[1] in ("오후", "下午", "午後") else "a"
    hour = _hour(int(clock[2]), half)
    return Dated(_moment(found.moment, hour, int(clock[3]), int(clock[4] or 0), clock[6]), found.start, found.end)


def _century(year: str) -> int:
    digits = year.strip("'’")
    return int(digits) if len(digits) > 2 else 2000 + int(digits)


def _month(word: str) -> tuple[int | None, int]:
    """The month that ``word`` names, and where in it the name starts: a word may stick to one before it."""
    if word.isdecimal():
        return int(word), 0
    if month := month_of(word):
        return month, 0
    glued = GLUED.search(word)
    return (month_of(glued[0]), glued.start()) if glued else (None, 0)


def _month_first(text: str) -> Dated | None:
    """A date whose month is named before its day."""
    for match in DAY_YEAR.finditer(text):
        begin = max(match.start() - LONGEST_NAME, 0)
        if before := MONTH_BEFORE.search(text[begin : match.start()]):
            month, glue = _month(before[1])
            if month and (day := _day(int(match[2]), month, int(match[1]))):
                return Dated(day, begin + before.start() + glue, match.end())
    return None


def _month_within(text: str) -> Dated | None:
    """A date whose month is named between its day and its year."""
    for pattern, day_group, month_group, year_group in NAMED:
        for match in pattern.finditer(text):
            month, glue = _month(match[month_group])
            if month and (day := _day(_century(match[year_group]), month, int(match[day_group]))):
                start = match.start(month_group) + glue if glue else match.start()
                return Dated(day, start, match.end())
    return None


def _named(text: str) -> Dated | None:
    """A date with a month's name in ``text``: of two that stick together ("May 3, 2020June 4, 2021") the first."""
    within, before = _month_within(text), _month_first(text)
    return before if before and (within is None or before.start < within.start < before.end) else within or before


def _numeric(text: str, order: Order) -> Dated | None:
    for match in YEAR_FIRST.finditer(text):
        if day := _day(int(match[1]), int(match[2]), int(match[3])):
            return Dated(day, match.start(), match.end())
    for match in DAY_FIRST.finditer(text):
        first, second, year = int(match[1]), int(match[3]), _century(match[4])
        turned = _day(year, first, second), _day(year, second, first)
        # Dots stand in dates of languages that write the day first.
        month_first = order.month_first and match[2] != "."
        likely, other = turned if month_first else reversed(turned)
        if likely and order.last_day and other and likely > order.last_day >= other:
            likely = other
        if day := likely or other:
            return Dated(day, match.start(), match.end())
    return None


def _ascii_digit(match: re.Match[str]) -> str:
    return str(unicodedata.digit(match[0]))


def _foreign(text: str) -> Dated | None:
    found = foreign_day(text)
    return Dated(found[0].isoformat(), found[1], found[2]) if found else None


def find_moment(text: str, order: Order = DAY_THEN_MONTH, *, printed: bool = False) -> Dated | None:
    """The first time in ``text``, a line of at most 300 characters, and where it stands.

    ``printed`` is text for readers, in which a bare number is no date and one before 1990 is history.
    """
    if not ANY_DIGIT.search(text):
        return None
    if not text.isascii():
        text = DIGIT.sub(_ascii_digit, text)
    found = _iso(text) or _with_clock(_foreign(text) or _named(text) or _numeric(text, order), text)
    if found is None and not printed:
        found = _epoch(text) or _compact(text)
    if found is None or found.moment[:10] in NO_DAYS:
        return None
    return found if int(found.moment[:4]) >= (EARLIEST_PRINTED if printed else EARLIEST) else None


def read_moment(text: str | None, order: Order = DAY_THEN_MONTH, *, printed: bool = False) -> str | None:
    """The time that ``text`` holds: ``2026-01-13``, ``2026-01-13T09:30:00`` (zone unknown) or ``…Z`` (UTC).

    A time of exactly midnight is a day. ``None`` when there is none since 1700, or 1990 if it is ``printed``.

    >>> read_moment("2026-01-13T09:30:00+01:00"), read_moment("13 janvier 2026"), read_moment("Jan 13, 2026 9:30 pm")
    ('2026-01-13T08:30:00Z', '2026-01-13', '2026-01-13T21:30:00')
    >>> read_moment("2026-01-13T00:00:00+01:00")
    '2026-01-13'
    """
    if not text or len(text) > 300:
        return None
    found = find_moment(" ".join(text.split()), order, printed=printed)
    return found.moment if found else None
