"""The one place that reads the clock, and the one form that times are written in."""

import re
from datetime import UTC, datetime, timedelta

from archive.errors import UsageError

RELATIVE = re.compile(r"(\d+)\s*(m|h|d|w)(?:\s+ago)?", re.IGNORECASE)
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def to_text(moment: datetime) -> str:
    """``moment`` (aware) as ``2026-01-13T09:30:00.000Z``: UTC with milliseconds, so that texts sort as times."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_of(text: str) -> datetime:
    """The moment that an ISO 8601 text tells, aware; UTC where it names no zone. Raises ``ValueError`` for no time."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def now() -> str:
    """The present time as text."""
    return to_text(datetime.now(UTC))


def just_after(time: str) -> str:
    """The first time, as text, that is later than ``time``."""
    return to_text(datetime.fromisoformat(time) + timedelta(milliseconds=1))


def parse_when(words: str, *, reference: datetime | None = None) -> str:
    """What a user typed as a time: ``2026-01-13`` (its first instant, UTC), an ISO time, ``3d``, ``yesterday``.

    Raises ``UsageError`` for anything else.
    """
    try:
        return to_text(_moment(words.strip(), reference or datetime.now(UTC)))
    except (ValueError, OverflowError):
        raise UsageError(f"{words!r} is no time: try 2026-01-13, 2026-01-13T09:30Z, 3d or yesterday") from None


def _moment(words: str, reference: datetime) -> datetime:
    midnight = reference.replace(hour=0, minute=0, second=0, microsecond=0)
    named = {"now": reference, "today": midnight, "yesterday": midnight - timedelta(days=1)}
    if words.lower() in named:
        return named[words.lower()]
    if match := RELATIVE.fullmatch(words):
        return reference - timedelta(**{UNITS[match[2].lower()]: int(match[1])})
    return moment_of(words)
