"""What every source gives: captures with their bytes, and a note of each thing that could not be taken."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from archive.records import Capture, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What a revisit refers to, where it has no bytes: a payload digest, an address, a time; any may be unknown."""

    digest: str | None = None
    url: str | None = None
    fetched_at: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """One visit of the past.

    ``payloads`` are digests that the record's payload is known by. ``earlier`` is set for a revisit. ``derived`` pages
    were made from others (``conversion``) and are wanted only where those are not there. ``rendered`` is what a browser
    made of the page.
    """

    capture: Capture
    body: bytes | None = None
    payloads: tuple[str, ...] = ()
    earlier: Earlier | None = None
    derived: bool = False
    rendered: bytes | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was not imported: where it is, and why. ``faulty`` is false for what is simply no page."""

    name: str
    why: str
    faulty: bool = True
    payloads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A page that was read elsewhere: ``visit`` is what it says with the ``marks`` that were in force by site."""

    taken: Taken
    visit: Visit
    marks: Mapping[str, frozenset[int]] = field(default_factory=dict)


Place = tuple[int, int]  # a byte of a file, and how many unpacked bytes after it


@dataclass(slots=True)
class Bound:
    """How much a part of a source may hold: what is found, and the bytes of its pages."""

    found: int = 200
    bytes: int = 8 * 1024 * 1024

    def count(self, found: Taken | Left) -> None:
        """Count one more."""
        self.found -= 1
        if isinstance(found, Taken):
            self.bytes -= len(found.body or b"") + len(found.rendered or b"")

    @property
    def is_reached(self) -> bool:
        """Whether it is time to end the part."""
        return self.found <= 0 or self.bytes <= 0


class Source(Protocol):
    """A file or folder that pages come from."""

    def __iter__(self) -> Iterator[Taken | Left]:
        """What it holds, in its own order."""
        ...
