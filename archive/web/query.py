"""What a visitor asks a page for: parts of its address and its query, checked."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

from archive.errors import UsageError
from archive.records import ChangeKind
from archive.times import parse_when

LONGEST = 2000  # letters of one value
MOST_PAGES = 100_000
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class BadQuery(UsageError):
    """A value that means nothing: 400."""


class NotThere(UsageError):
    """Nothing of that name: 404."""


@dataclass(frozen=True, slots=True)
class Query:
    """One request: parts of the address by name, the query string, and ``base``, the address of the server."""

    parts: Mapping[str, str]
    string: str
    path: str
    base: str
    headers: Mapping[str, str]

    @property
    def values(self) -> dict[str, list[str]]:
        """The query string, taken apart."""
        try:
            return parse_qs(self.string, keep_blank_values=True, max_num_fields=200)
        except ValueError:
            raise BadQuery("the query has more parts than any page knows") from None

    def part(self, name: str) -> str:
        """A part of the address, decoded."""
        return unquote(self.parts[name])

    def all(self, name: str) -> list[str]:
        """Every value of that name that says something."""
        values = [CONTROL.sub(" ", value).strip() for value in self.values.get(name, ())]
        if any(len(value) > LONGEST for value in values):
            raise BadQuery(f"{name} is longer than {LONGEST} letters")
        return [value for value in values if value]

    def text(self, name: str) -> str | None:
        """The value of that name, or ``None``."""
        values = self.all(name)
        return values[-1] if values else None

    def when(self, name: str) -> str | None:
        """A time, as people write it."""
        value = self.text(name)
        try:
            return parse_when(value) if value else None
        except UsageError as error:
            raise BadQuery(str(error)) from None

    def number(self, name: str, default: int, *, most: int = MOST_PAGES) -> int:
        """A whole number from 1."""
        value = self.text(name)
        if value is None:
            return default
        if not re.fullmatch(r"[0-9]{1,7}", value) or not 1 <= int(value) <= most:
            raise BadQuery(f"{name} is no number from 1 to {most}")
        return int(value)

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of ``choices``, the first of them where nothing is said."""
        value = self.text(name)
        if value is not None and value not in choices:
            raise BadQuery(f"{name} is none of {', '.join(choices)}")
        return value or choices[0]

    def kinds(self) -> tuple[ChangeKind, ...]:
        """Kinds of change: ``kind=silent&kind=correction``, or apart by commas; none where none are named."""
        words = [word.strip() for value in self.all("kind") for word in value.split(",") if word.strip()]
        if unknown := [word for word in words if word not in set(ChangeKind)]:
            raise BadQuery(f"{unknown[0]!r} is no kind of change; there are {', '.join(ChangeKind)}")
        return tuple(dict.fromkeys(map(ChangeKind, words)))

    def refuse_unknown_sort(self, sorts: Collection[str]) -> None:
        """Raise for an order that the page does not have."""
        for name in ("sort", "_sort", "_sort_desc"):
            if (value := self.text(name)) and value not in sorts:
                raise BadQuery(f"there is no order {value!r} here")
