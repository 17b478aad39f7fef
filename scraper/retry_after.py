"""``Retry-After``: when a server asks to be left alone for a while, by RFC 9110 §10.2.3. Pure."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 86_400.0  # seconds; who asks for more is asked again after a day
PUSHBACK = frozenset((429, 503))


def retry_after(header: str | None, at: datetime) -> float | None:
    """Seconds from ``at`` until the server may be asked again; ``None`` if the header does not say.

    >>> retry_after("120", datetime.now(UTC)), retry_after("soon", datetime.now(UTC))
    (120.0, None)
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:12]), LONGEST))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - at).total_seconds() + 1.0, 0.0), LONGEST)  # dates have whole seconds: be late, not early
