"""What every source gives: captures with their bytes, and a note of each thing that could not be taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from archive.records import Capture


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


class Source(Protocol):
    """A file or folder that pages come from."""

    def __iter__(self) -> Iterator[Taken | Left]:
        """What it holds, in its own order."""
        ...
