"""What every source gives: captures with their bytes, and a note of each thing that could not be taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from archive.records import Capture


@dataclass(frozen=True, slots=True)
class Taken:
    """One visit of the past. ``same_as`` is the payload digest of an earlier record, where this one has no bytes."""

    capture: Capture
    body: bytes | None = None
    payload: str | None = None
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was not imported: where it is, and why. ``faulty`` is false for what is simply no page."""

    name: str
    why: str
    faulty: bool = True


class Source(Protocol):
    """A file or folder that pages come from."""

    def __iter__(self) -> Iterator[Taken | Left]:
        """What it holds, in its own order."""
        ...
