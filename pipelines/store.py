"""The last stage: what has been read goes into the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from archive.records import Stored, Visit

if TYPE_CHECKING:  # the stages load without SQLite: reading a page needs their rules, not their store
    from archive.store import Archive


class Store:
    """The stage; ``last`` says what storing the newest visit did."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.last: Stored | None = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Write to the archive that the spider was given."""
        return cls(crawler.spider.archive)

    def process_item(self, item: Visit) -> Visit:
        """Record ``item``; it comes back unchanged."""
        self.last = self._archive.record(item)
        return item
