"""Days of calendars other than the Gregorian, where newspapers print them: Persian, Buddhist, by eras."""

import re
from datetime import date

from scraper.reading.month_names import JALALI

ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}  # the year before each one's first
ERA_DAY = re.compile(rf"({'|'.join(ERAS)})\s*(\d{{1,3}}|元)\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日")
JALALI_DAY = re.compile(rf"(?<!\d)(\d{{1,2}})\s+({'|'.join(JALALI)})\s*(?:ماه\s*)?،?\s*(1[34]\d\d)(?!\d)")
# From 1990 to 2032; until then the years of the Islamic lunar calendar are higher.
JALALI_NUMBERS = re.compile(r"(?<!\d)(13[7-9]\d|1369|140\d|141[01])[/-](\d{1,2})[/-](\d{1,2})(?!\d)")
BEFORE_BUDDHA = 543  # years that the Thai calendar is ahead
BUDDHIST = range(2440, 2640)  # its years that are of 1900 or later
# Proleptic ordinal of the day before 1 Farvardin 1 without its leap days; leap years by the 33-year cycle, which is
# the observed calendar from 1799 to 2124 but for the odd day.
JALALI_START = 226_894


def jalali_day(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of one in the Persian solar calendar.

    >>> jalali_day(1399, 1, 1)
    datetime.date(2020, 3, 20)
    """
    if not (1 <= month <= 12 and 1 <= day <= 31 - (month > 6)):
        return None
    in_year = 31 * (month - 1) - max(month - 7, 0) + day
    return date.fromordinal(JALALI_START + 365 * (year - 1) + (8 * year + 21) // 33 + in_year)


def common_year(year: int) -> int:
    """``year`` of the common era, where it was counted from the Buddha.

    >>> common_year(2569), common_year(2026)
    (2026, 2026)
    """
    return year - BEFORE_BUDDHA if year in BUDDHIST else year


def foreign_day(text: str) -> tuple[date, int, int] | None:
    """A day by an era or the Persian calendar in ``text``, with the place where it starts and ends."""
    try:
        if not (is_ascii := text.isascii()) and (era := ERA_DAY.search(text)):
            year = ERAS[era[1]] + (1 if era[2] == "元" else int(era[2]))
            return date(year, int(era[3]), int(era[4])), era.start(), era.end()
        if not is_ascii and (named := JALALI_DAY.search(text)):
            found, match = jalali_day(int(named[3]), JALALI[named[2]], int(named[1])), named
        elif numbers := JALALI_NUMBERS.search(text):
            found, match = jalali_day(int(numbers[1]), int(numbers[2]), int(numbers[3])), numbers
        else:
            return None
    except ValueError:
        return None
    return (found, match.start(), match.end()) if found else None
