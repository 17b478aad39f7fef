"""Times as feeds and sitemaps print them: RFC 822, W3C date and time, or a day."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

from archive.times import to_text

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _iso(printed: str) -> str | None:
    try:
        moment = datetime.fromisoformat(printed)
    except ValueError:
        return None
    return to_text(moment) if moment.tzinfo else moment.isoformat(timespec="seconds")


def _rfc822(printed: str) -> str | None:
    try:
        moment = parsedate_to_datetime(printed)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return to_text(moment) if moment.tzinfo else moment.isoformat(timespec="seconds")


def parse_time(printed: str | None) -> str | None:
    """``printed`` as UTC text; a day stays a day, a time without an offset stays without ``Z``; ``None`` if unclear.

    >>> parse_time("Tue, 13 Jan 2026 10:30:00 +0100"), parse_time("2026-01-13"), parse_time("soon")
    ('2026-01-13T09:30:00.000Z', '2026-01-13', None)
    """
    printed = (printed or "").strip()
    if not printed or len(printed) > 64:
        return None
    if DAY.fullmatch(printed):
        return printed
    try:
        return _iso(printed) or _rfc822(printed)
    except OverflowError:
        return None
