"""Stories on several pages, made one: each page is a visit and a reading of its own, a version holds the text of all.

The page that a story begins on gives the fields. A sighting of the story begins with a visit to it and takes in the
first visit to each further page after that; a page that is not visited again stands as it was seen last, one that was
not visited yet as it is seen first. So a change on the second page makes a version, and a crawl that is cut off between
two pages does not. Pure.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from archive.content import SEPARATOR, Content, unpack_blocks
from archive.fingerprint import fingerprint_of
from archive.history import Observation
from archive.records import Outcome, RemovalKind
from archive.words import count_words

MOST_PARTS = 60
LONG = 40  # characters of a paragraph that is not taken twice


@dataclass(frozen=True, slots=True)
class PartRow:
    """Which page of a story a visit saw, and the key of the address of the page after it."""

    number: int
    next_key: str | None


Removals = list[tuple[int, str, str, str, str]]


@dataclass(slots=True)
class _Story:
    """A story that grows page by page."""

    layout: list[Any] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    markdown: list[str] = field(default_factory=list)
    removals: Removals = field(default_factory=list)
    links: list[tuple[int, str, str]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    places: int = 0

    def add(self, content: Content) -> None:
        """One more page: what an earlier one has already becomes a removal."""
        repeats: Removals = []
        layout = json.loads(content.blocks)
        for place, (told, (_, text)) in enumerate(
            zip(layout, unpack_blocks(content.blocks, content.text), strict=True)
        ):
            if self.texts and len(text) >= LONG and text in self.known:
                repeats.append((self.places + place, RemovalKind.REPEAT.value, "parts:repeat", "", text))
                continue
            self.layout.append(told)
            self.texts += [text] if isinstance(told[1], int) else []
        cut = {text for *_, text in repeats}
        self.markdown += [part for part in content.markdown.split(SEPARATOR) if part not in cut]
        moved: Removals = [(self.places + place, *rest) for place, *rest in content.removals]  # type: ignore[misc]
        self.removals += sorted((*moved, *repeats), key=lambda removal: removal[0])
        self.links += [(len(self.links) + place, url, text) for place, (_, url, text) in enumerate(content.links)]
        self.known |= set(self.texts)
        self.places += 1 + max([len(layout), *(removal[0] for removal in content.removals)])


def join(contents: Sequence[Content]) -> Content:
    """The story whose pages say ``contents``, in order: the fields of the first, the text and the removals of all."""
    first = contents[0]
    if len(contents) == 1:
        return first
    story = _Story()
    for content in contents:
        story.add(content)
    text = SEPARATOR.join(story.texts)
    layout = json.dumps(story.layout, ensure_ascii=False, separators=(",", ":"))
    fingerprint = fingerprint_of(
        headline=first.headline,
        standfirst=first.standfirst,
        section=first.section,
        authors=json.loads(first.authors),
        published_at=first.published_at,
        blocks=unpack_blocks(layout, text),
    )
    return replace(
        first,
        words=count_words(text),
        text=text,
        markdown=SEPARATOR.join(story.markdown),
        blocks=layout,
        correction=next((content.correction for content in contents if content.correction), None),
        fingerprint=fingerprint,
        removals=tuple(story.removals),
        links=tuple(story.links),
    )


@dataclass(slots=True)
class _Sighting:
    """A visit to the first page, or a later one to another, with what the further pages said after it."""

    head: Observation
    is_first: bool = False  # it saw the first page
    seen: set[str] = field(default_factory=set)
    last: Observation | None = None  # the newest visit to a further page that brought a page


class _Joiner:
    """Joins the visits to one story's pages, in time order."""

    def __init__(
        self, parts: Mapping[str, PartRow], digests: Mapping[str, str], contents: Mapping[str, Content]
    ) -> None:
        self._parts, self._digests, self._contents = parts, digests, contents
        self._latest: dict[str, tuple[Content, str | None] | None] = {}  # None: gone
        self._earliest: dict[str, tuple[Content, str | None]] = {}  # of all times
        self._first: tuple[Content, str | None] | None = None
        self._landed: str | None = None
        self._sighting: _Sighting | None = None
        self.observations: list[Observation] = []
        self.joined: dict[str, Content] = {}  # by capture

    def _told(self, seen: Observation) -> tuple[Content, str | None]:
        row = self._parts.get(seen.capture_id)
        return self._contents[self._digests[seen.capture_id]], row.next_key if row else None

    def know(self, seen: Observation, keys: Iterable[str]) -> None:
        """Remember what a further page said when it was seen first."""
        if seen.fingerprint is not None:
            for key in keys:
                self._earliest.setdefault(key, self._told(seen))

    def see_first(self, seen: Observation) -> None:
        """A visit to the page that the story begins on, or one that saw no story."""
        self.close()
        if seen.fingerprint is not None:
            self._first, self._landed = self._told(seen), seen.landed
        elif seen.outcome is not Outcome.NOT_MODIFIED or self._first is None:
            self.observations.append(seen)
            return
        self._sighting = _Sighting(seen, is_first=seen.fingerprint is not None)

    def see_further(self, seen: Observation, keys: Iterable[str]) -> None:
        """A visit to another page."""
        if self._first is None:
            return
        if self._sighting is None or not self._sighting.seen.isdisjoint(keys):
            self.close()
            self._sighting = _Sighting(seen)
        self._sighting.seen.update(keys)
        if seen.fingerprint is not None:
            self._sighting.last = seen
            self._latest.update(dict.fromkeys(keys, self._told(seen)))
        elif seen.outcome is Outcome.GONE:
            self._latest.update(dict.fromkeys(keys))

    def close(self) -> None:
        """End a sighting: what the pages say together is what was seen."""
        sighting, self._sighting = self._sighting, None
        if sighting is None or self._first is None:
            return
        content = self._together(*self._first)
        seen = sighting.head
        if not sighting.is_first:
            if sighting.last is None:  # nothing but confirmations
                seen = replace(
                    seen, outcome=Outcome.NOT_MODIFIED, fingerprint=None, address=self._landed or seen.address
                )
                self.observations.append(seen)
                return
            seen = sighting.last
        address = self._landed or seen.address
        self.joined[seen.capture_id] = content
        self.observations.append(
            replace(seen, outcome=Outcome.ARTICLE, fingerprint=content.fingerprint, address=address, landed=address)
        )

    def _together(self, first: Content, next_key: str | None) -> Content:
        contents, met = [first], set[str]()
        while next_key and next_key not in met and len(met) < MOST_PARTS:
            met.add(next_key)
            told = self._latest[next_key] if next_key in self._latest else self._earliest.get(next_key)
            if told is None:
                break
            content, next_key = told
            contents.append(content)
        return join(contents)


@dataclass(frozen=True, slots=True)
class Joined:
    """What the visits to an article's pages come to: as if each sighting had been of one long page."""

    observations: list[Observation]
    digests: dict[str, str]
    contents: dict[str, Content]


def join_parts(
    observations: Iterable[Observation],
    parts: Mapping[str, PartRow],
    digests: Mapping[str, str],
    contents: Mapping[str, Content],
) -> Joined:
    """Join the pages of one article. ``parts`` and ``digests`` are by capture, ``contents`` by digest.

    An article of which nobody saw the first page is as it was seen.
    """
    ordered = sorted(observations, key=lambda seen: seen.place)
    further = {
        key
        for seen in ordered
        if (row := parts.get(seen.capture_id)) and row.number > 1
        for key in (seen.address, seen.landed)
        if key
    }
    if not any(seen.fingerprint and not _is_further(seen, parts, further) for seen in ordered):
        return Joined(ordered, dict(digests), dict(contents))
    joiner = _Joiner(parts, digests, contents)
    others = [seen for seen in ordered if _is_further(seen, parts, further)]
    for seen in others:
        joiner.know(seen, _keys(seen))
    for seen in ordered:
        if _is_further(seen, parts, further):
            joiner.see_further(seen, _keys(seen))
        else:
            joiner.see_first(seen)
    joiner.close()
    told = {capture_id: content.digest for capture_id, content in joiner.joined.items()}
    made = {content.digest: content for content in joiner.joined.values()}
    return Joined(joiner.observations, dict(digests) | told, dict(contents) | made)


def _keys(seen: Observation) -> set[str]:
    return {key for key in (seen.address, seen.landed) if key}


def _is_further(seen: Observation, parts: Mapping[str, PartRow], further: set[str]) -> bool:
    """Whether a visit was to another page than the first."""
    row = parts.get(seen.capture_id)
    if row is not None:
        return row.number > 1
    return seen.fingerprint is None and seen.address in further


def rows_of(rows: Iterable[tuple[str, int, str | None]]) -> Iterator[tuple[str, PartRow]]:
    """Rows of ``readings`` by capture."""
    for capture_id, number, next_key in rows:
        yield capture_id, PartRow(number, next_key)
