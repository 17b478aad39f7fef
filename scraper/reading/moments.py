"""Times as pages write them, read into UTC with the precision that was given."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ,]{1,3}(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|"
    r"[+-]\d\d:?\d\d(?::\d\d)?|[+-]\d\d\b)?)?",
    re.IGNORECASE,
)
COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:T?(\d\d)(\d\d)(\d\d)?(Z)?)?(?!\d)")
YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[/.年년-]\s*(\d{1,2})\s*[/.月월-]\s*(\d{1,2})\s*(?:日|일)?(?!\d)")
DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?((?:19|20)\d\d|\d\d)(?!\d)")
CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})[:.h時](\d\d)(?::\d\d)?\s*(a\.?m\.?|p\.?m\.?)?\s*(Z|UTC|GMT|EST|EDT|CST|CDT|MST|"
    r"MDT|PST|PDT|BST|CEST|CET|IST|JST|[+-]\d\d:?\d\d)?(?![\w:])",
    re.IGNORECASE,
)
EPOCH = re.compile(r"\d{10}(?:\d{3})?")
ZONES = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "EST": -300,
    "EDT": -240,
    "CST": -360,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
    "BST": 60,
    "CET": 60,
    "CEST": 120,
    "JST": 540,
}

# Month names by number, as stems: a word that starts with one is that month. Latin, Cyrillic, Greek, Arabic, others.
MONTH_STEMS = {
    1: (
        "jan ene gen janv jän janu sty led sij sau tammi ocak jaan siječ янв січ студз ιαν يناير "
        "كانون_الثاني ינואר जनवरी มกราคม มค tháng_1 januari"
    ),
    2: "feb fév fev febr lut úno unor velj vas helmi şub sub veeb фев лют фев φεβ فبراير شباط פברואר फरवरी กุมภาพันธ์",
    3: "mar mär maa mrt mars mart bře bre ožu kovo март мар бер сак μαρ μάρ مارس آذار מרץ मार्च มีนาคม",
    4: "apr abr avr kwi dub trav bal huhti nis апр кві крас απρ أبريل إبريل نيسان אפריל अप्रैल เมษายน",
    5: (
        "may mai maj mag mayo mei maio maj kvě kve svib geg touko may mai май мая тра траў μαϊ μάι μαΐ "
        "مايو أيار מאי मई พฤษภาคม"
    ),
    6: "jun jui giu juin juni cze červn lip_ birž kesä haz июн чер чэр ιουν يونيو حزيران יוני जून มิถุนายน",
    7: "jul lug juil juli lip červen srp_ liep heinä tem июл лип ліп ιουλ يوليو تموز יולי जुलाई กรกฎาคม",
    8: "aug ago août aout sie srp kol rugp elo ağu agu авг сер жні αυγ αύγ أغسطس آب אוגוסט अगस्त สิงหาคม",
    9: "sep set sept wrz zář zar ruj rugs syys eyl сен вер σεπ سبتمبر أيلول ספטמבר सितंबर กันยายน",
    10: (
        "oct oki okt ott out paź paz říj rij list_ spa loka eki окт жов кас οκτ أكتوبر تشرين_الأول אוקטובר अक्टूबर ตุลาคม"
    ),
    11: "nov lis_ list stu lapkr marras kas ноя ное лис ліс νοε νοέ نوفمبر تشرين_الثاني נובמבר नवंबर พฤศจิกายน",
    12: "dec déc dez dic gru pro_ pros gruod joulu ara дек гру сне δεκ ديسمبر كانون_الأول דצמבר दिसंबर ธันวาคม",
}
WORD = r"([^\W\d_]{3,}(?:\s(?:الثاني|الأول))?)\.?"
DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|°|\.|-)?\s*(?:de |of |d['’])?\s*{WORD},?\s*(?:de |del |do "
    rf"|of |, ?)?((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
MONTH_DAY = re.compile(rf"(?<!\w){WORD}\s+(\d{{1,2}})(?:st|nd|rd|th)?\.?,?\s+((?:19|20)\d\d)(?!\d)", re.IGNORECASE)
DAY_MONTH_SHORT = re.compile(rf"(?<!\d)(\d{{1,2}})[ -]{WORD}[ -](\d\d)(?!\d)", re.IGNORECASE)
FIRST_YEAR = 1990  # the web's first; earlier dates on a page are about history
STEMS = sorted(
    ((stem.rstrip("_").replace("_", " "), month) for month, stems in MONTH_STEMS.items() for stem in stems.split()),
    key=lambda pair: -len(pair[0]),
)


@lru_cache(maxsize=2_000)
def month_of(word: str) -> int | None:
    """The number of the month whose name ``word`` is, in any language that is known here."""
    word = word.casefold()
    if len(word) > 14:
        return None
    return next((month for stem, month in STEMS if word.startswith(stem)), None)


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _offset(zone: str) -> int | None:
    """Minutes east of Greenwich."""
    zone = zone.upper()
    if zone in ZONES:
        return ZONES[zone]
    match = re.match(r"([+-])(\d\d):?(\d\d)?", zone)
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return (-minutes if match[1] == "-" else minutes) if minutes <= 14 * 60 else None


def _moment(day: str, hour: int, minute: int, second: int, zone: str | None) -> str:
    """A time: in UTC with Z when the zone is known, else local without one; a day when the clock makes no sense."""
    if hour > 23 or minute > 59 or second > 59:
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


def _iso(text: str) -> str | None:
    match = ISO.search(text)
    if not match or not (day := _day(int(match[1]), int(match[2]), int(match[3]))):
        return None
    if match[4] is None:
        return day
    return _moment(day, int(match[4]), int(match[5]), int(match[6] or 0), match[7])


def _epoch(text: str) -> str | None:
    if not EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC).isoformat().replace("+00:00", "Z")


def _with_clock(day: str | None, text: str) -> str | None:
    if not day or not (clock := CLOCK.search(text)):
        return day
    hour = int(clock[1])
    if half := (clock[3] or "").lower().replace(".", ""):
        if hour > 12:
            return day
        hour = hour % 12 + (12 if half == "pm" else 0)
    return _moment(day, hour, int(clock[2]), 0, clock[4])


def _named(text: str) -> tuple[str, str] | None:
    """A date with a month's name in ``text``, as a day, and what remains of the text for the clock."""
    for pattern, day_group, month_group, year_group in (
        (DAY_MONTH, 1, 2, 3),
        (MONTH_DAY, 2, 1, 3),
        (DAY_MONTH_SHORT, 1, 2, 3),
    ):
        for match in pattern.finditer(text):
            month = month_of(match[month_group])
            year = int(match[year_group])
            if month and (day := _day(year if year > 99 else 2000 + year, month, int(match[day_group]))):
                return day, text[: match.start()] + " " + text[match.end() :]
    return None


def _numeric(text: str, *, month_first: bool) -> tuple[str, str] | None:
    if match := YEAR_FIRST.search(text):
        parts = int(match[1]), int(match[2]), int(match[3])
    elif match := DAY_FIRST.search(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if second > 12 or (month_first and first <= 12):
            first, second = second, first
        parts = (year if year > 99 else 2000 + year, second, first)
    else:
        return None
    day = _day(*parts)
    return (day, text[: match.start()] + " " + text[match.end() :]) if day else None


def read_moment(text: str | None, *, month_first: bool = False) -> str | None:
    """The time that ``text`` holds: ``2026-01-13``, ``2026-01-13T09:30:00`` (zone unknown) or ``…Z`` (UTC).

    ``month_first`` reads 1/2/2026 as the second of January. ``None`` when it holds none since 1990.

    >>> read_moment("2026-01-13T09:30:00+01:00"), read_moment("13 janvier 2026"), read_moment("Jan 13, 2026 9:30 pm")
    ('2026-01-13T08:30:00Z', '2026-01-13', '2026-01-13T21:30:00')
    """
    if not text or len(text) > 300:
        return None
    text = " ".join(text.split())
    found = _iso(text) or _epoch(text)
    if not found and (pair := _named(text) or _numeric(text, month_first=month_first)):
        found = _with_clock(pair[0], pair[1])
    if not found and (match := COMPACT.search(text)) and (day := _day(int(match[1]), int(match[2]), int(match[3]))):
        found = _moment(day, int(match[4]), int(match[5]), int(match[6] or 0), match[7]) if match[4] else day
    return found if found and int(found[:4]) >= FIRST_YEAR else None
