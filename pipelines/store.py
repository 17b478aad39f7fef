"""The last stage: what has been read goes into the archive."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from archive.records import Stored, Visit

if TYPE_CHECKING:  # the stages load without SQLite: reading a page needs their rules, not their store
    from archive.store import Archive


class Store:
    """The stage; ``last`` says what storing the newest visit did."""

    def __init__(self, archive: Archive, told: Callable[[Visit, Stored], None] | None = None) -> None:
        """``told`` is called with each visit and what storing it did."""
        self._archive, self._told = archive, told
        self.last: Stored | None = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Write to the archive that the spider was given, and tell it what came of each visit."""
        return cls(crawler.spider.archive, crawler.spider.stored)

    def process_item(self, item: Visit) -> Visit:
        """Record ``item``; it comes back unchanged."""
        self.last = self._archive.record(item)
        if self._told is not None:
            self._told(item, self.last)
        return item
