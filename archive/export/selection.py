"""What of an archive is exported."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The state as of the time ``at``, of one ``site``, ``since`` a time; ``None`` is no bound.

    ``since`` is about publication for articles, about the change for changes, and about the visit for WARC.
    """

    at: str | None = None
    site: str | None = None
    since: str | None = None
