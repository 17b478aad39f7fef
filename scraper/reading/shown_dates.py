"""The day that stands at the headline, where it is believed instead of what the page's data say."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from scraper.reading.moments import Found
from scraper.reading.printed_dates import EITHER_WAY, ENOUGH, READ, Line, turned_day, weighed_lines

CERTAIN = 6.0  # weight of a line that is believed against data
# What midnight east of Greenwich is in UTC: systems that keep moments write a day so.
MIDNIGHT_ELSEWHERE = re.compile(r"T(?:1[1-9]|2[0-3]):(?:00|30):00Z$")
MACHINE = re.compile(r"\d{4}-\d\d-\d\dT\d")
TODAY = 2  # days before the last one that the page can name, in which a date may be the visitor's own


def days_between(earlier: str, later: str) -> int:
    """The days from one moment's to another's."""
    return (date.fromisoformat(later[:10]) - date.fromisoformat(earlier[:10])).days


def _is_before(line: Line, moment: str) -> bool:
    """Whether the day of a line is earlier than ``moment``, by more than zones explain."""
    shown = line.dated.moment
    # The edition of the next day has a date alone, the story of the day before a time.
    is_edition = len(moment) == 10 < len(shown)
    return days_between(shown, moment) > (0 if is_edition else 1)


def _midnight(lines: Sequence[Line], place: int | None, first: Found) -> Found | None:
    """The day after ``first``, where that is a midnight told in UTC and the page prints the day alone."""
    if not MIDNIGHT_ELSEWHERE.search(first[0]):
        return None
    next_day = (date.fromisoformat(first[0][:10]) + timedelta(1)).isoformat()
    if all(line.dated.moment != next_day for line in lines):
        return None
    weighed = weighed_lines(lines, place)
    return next((found for weight, found in weighed if weight >= ENOUGH and found[0] == next_day), None)


def shown_instead(
    lines: Sequence[Line], place: int | None, first: Found, last: Found | None, last_day: str | None
) -> Found | None:
    """What the ``lines`` at the headline show, if it is believed instead of ``first``, the publication in the data.

    A midnight told in UTC is the day that is printed. An earlier day was overwritten by a migration or a new edition:
    that is believed of data which say nothing of a change, or put publication at it or after it. A later one is when
    a page appeared whose data date its making, and tell of no change. Numbers in the data that can be read both ways
    are read as the line has them. What templates hide in a line counts for nothing.
    """
    if not lines:
        return None
    if midnight := _midnight(lines, place, first):
        return midnight
    if not any(_is_before(line, first[0]) or days_between(first[0], line.dated.moment) > 1 for line in lines):
        return None
    for weight, shown in weighed_lines(lines, place):
        if weight >= CERTAIN and shown[1] == "dom:text":
            line = next(line for line in lines if line.text[:READ] == shown[2])
            return shown if _is_believed(line, first, last, last_day) else None
    return None


def _is_believed(line: Line, first: Found, last: Found | None, last_day: str | None) -> bool:
    if MACHINE.match(line.text, line.dated.start):
        return False
    if turned_day(line.dated.moment) == first[0][:10]:
        return EITHER_WAY.match(first[2]) is not None and not _is_either_way(line)
    if last is None and _is_after(line.dated.moment, first[0], last_day):
        return True
    is_changed = last is not None and first[0][:10] < last[0][:10]
    return not is_changed and _is_before(line, first[0])


def _is_after(shown: str, first: str, last_day: str | None) -> bool:
    """Whether a day is later than the data say, and not that of the visit, which some pages print."""
    return days_between(first, shown) > 1 and (last_day is None or days_between(shown, last_day) > TODAY)


def _is_either_way(line: Line) -> bool:
    """Whether the day of a line is in numbers that some read the other way round; with dots the day comes first."""
    day = line.text[line.dated.start : line.dated.end]
    return "." not in day and EITHER_WAY.match(day) is not None
