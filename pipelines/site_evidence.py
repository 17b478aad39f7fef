"""What recurs on a site: for each mark of several articles, on how many it stands, where, when and in what company.

Pure, and the same whatever order the sightings come in. It goes over the marks of all articles three times, in memory
that grows with what recurs and not with what does not: 100,000 articles take a second or two.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from pipelines.site_marks import BODY, MORE, ROLE_BITS, ROLES, Marked, Role, role_of

LINES, FURTHER = frozenset(map(int, BODY)), frozenset(map(int, MORE))  # plain numbers: asked for every line of a site
PLACE = attrgetter("article", "seen_at", "packed")
FEW_LINES = 4  # own lines under which nearly every place is the middle
FEWEST = 5  # articles on which a mark must stand to be looked at at all


@dataclass(frozen=True, slots=True)
class Sighting:
    """An article as a visit at ``seen_at`` read it: what ``Marked.pack`` gave, unpacked when it is asked for."""

    article: str
    seen_at: str
    packed: bytes

    @property
    def marked(self) -> Marked:
        """Section, day and marks."""
        return Marked.unpack(self.packed)

    @property
    def marks(self) -> tuple[int, ...]:
        """The marks alone."""
        return self.marked.marks

    @property
    def visited(self) -> int:
        """The day of the visit, as an ordinal."""
        return _ordinal(self.seen_at)


def _ordinal(time: str) -> int:
    return _ordinal_of_day(time[:10])


@lru_cache(maxsize=4_096)  # a number that is kept for each line of each article, so one object for all of a day
def _ordinal_of_day(day: str) -> int:
    return date.fromisoformat(day).toordinal()


@dataclass(slots=True)
class Evidence:
    """What is known of one mark. All but ``articles`` counts *works*: articles with the same own lines are one.

    ``keys`` are those of its works. ``sound`` are works of which at least half the lines are their own. ``first``,
    ``last`` and ``tail`` are works in which no own line comes before it, nothing at all comes after it, and no own line
    comes after it; ``middle`` those in which as many come before it as after, or one more or less. ``places`` counts
    the works by how many own lines come before it. ``days`` are when the works were published, or else first seen,
    ``visits`` when they were first seen with it, as ordinals. ``below`` are the marks of the lines right after it.
    """

    mark: int
    articles: int = 0
    keys: set[int] = field(default_factory=set)
    sound: int = 0
    first: int = 0
    last: int = 0
    tail: int = 0
    middle: int = 0
    places: Counter[int] = field(default_factory=Counter)
    sections: Counter[int] = field(default_factory=Counter)
    days: list[int] = field(default_factory=list)
    visits: list[int] = field(default_factory=list)
    below: Counter[int] = field(default_factory=Counter)
    first_seen_at: str = ""
    last_seen_at: str = ""
    example: str = ""  # the id of the first article that has it

    @property
    def role(self) -> Role:
        """What the mark stands for."""
        return role_of(self.mark)

    @property
    def works(self) -> int:
        """How many works it stands in."""
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A site's evidence by mark, and the whole that it is to be measured against, in works but for ``articles``.

    ``visits`` are of every visit that saw something new.
    """

    articles: int
    works: int
    sections: Counter[int]
    days: tuple[int, ...]
    visits: tuple[int, ...]
    evidence: tuple[Evidence, ...]


def _by_article(sightings: Iterable[Sighting]) -> list[list[Sighting]]:
    return [list(group) for _, group in groupby(sorted(set(sightings), key=PLACE), key=attrgetter("article"))]


def _recurring(articles: Sequence[Sequence[Sighting]]) -> set[int]:
    """Marks of at least ``FEWEST`` articles: those that a sketch with room for all might have, then counted exactly."""
    size = 1 << max(10, sum(len(seen[-1].packed) // 8 for seen in articles).bit_length() + 1)
    sketch = bytearray(size)
    for marks in map(_all_marks, articles):
        for mark in marks:
            place = mark >> ROLE_BITS & size - 1
            if sketch[place] < FEWEST:
                sketch[place] += 1
    counts: Counter[int] = Counter()
    for marks in map(_all_marks, articles):
        counts.update(mark for mark in marks if sketch[mark >> ROLE_BITS & size - 1] >= FEWEST)
    return {mark for mark, count in counts.items() if count >= FEWEST}


def _all_marks(sightings: Sequence[Sighting]) -> set[int]:
    return set().union(*(seen.marks for seen in sightings)) if len(sightings) > 1 else set(sightings[0].marks)


# A line of a body: the recurring marks that it has, of which an own line has none.
_Entry = tuple[int, ...]


def _body(marks: Sequence[int], recurring: set[int]) -> list[_Entry]:
    body: list[_Entry] = []
    for mark in marks:
        role = mark & ROLES
        if role in LINES:
            body.append((mark,) if mark in recurring else ())
        elif role in FURTHER and mark in recurring and body:
            body[-1] += (mark,)
    return body


def _own_key(marks: Sequence[int], recurring: set[int]) -> int:
    """What the article alone says: two addresses of one text, and a text printed twice, have one key."""
    own = frozenset([mark for mark in marks if mark & ROLES in LINES and mark not in recurring])
    return hash(own)  # of integers: the same in every process


class _Gathering:
    """Evidence under way."""

    def __init__(self, recurring: set[int]) -> None:
        self.recurring = recurring
        self.evidence: dict[int, Evidence] = {}
        self.all_works: set[int] = set()
        self.sections: Counter[int] = Counter()
        self.days: list[int] = []
        self.visits: list[int] = []

    def take(self, sightings: Sequence[Sighting]) -> None:
        """Count one article; where a mark stands is where its newest visit with that mark saw it."""
        newest = sightings[-1].marked
        key, visited = _own_key(newest.marks, self.recurring), sightings[0].visited
        marks = set(newest.marks) if len(sightings) == 1 else _all_marks(sightings)
        body = _body(newest.marks, self.recurring)
        if key not in self.all_works:
            self.all_works.add(key)
            self.sections[newest.section] += 1
            self.days.append(newest.day or visited)
            self.visits.extend(seen.visited for seen in sightings)
        fresh = {mark for mark in marks & self.recurring if self._note(mark, sightings, key)}
        for mark in fresh:
            found = self.evidence[mark]
            found.sections[newest.section] += 1
            found.days.append(newest.day or visited)
        self._place(body, fresh)
        for earlier in reversed(sightings[:-1]):
            if fresh:
                self._place(_body(earlier.marks, self.recurring), fresh)
        for mark in fresh:  # fields, which stand in no body
            self.evidence[mark].sound += 1

    def _note(self, mark: int, sightings: Sequence[Sighting], key: int) -> bool:
        """Count an article for ``mark``; whether it is a work that was not counted yet."""
        found = self.evidence.setdefault(mark, Evidence(mark, example=sightings[0].article))
        times = [seen.seen_at for seen in sightings if len(sightings) == 1 or mark in seen.marks]
        found.first_seen_at = min(found.first_seen_at or times[0], times[0])
        found.last_seen_at = max(found.last_seen_at, times[-1])
        found.articles += 1
        if key in found.keys:
            return False
        found.keys.add(key)
        found.visits.append(_ordinal(times[0]))
        return True

    def _place(self, body: Sequence[_Entry], fresh: set[int]) -> None:
        """Note where in ``body`` the marks of ``fresh`` stand, and take those that do out of it."""
        own = body.count(())
        is_sound, before = 2 * own >= len(body), 0
        for index, entry in enumerate(body):
            if not entry:
                before += 1
                continue
            for mark in fresh.intersection(entry):
                found = self.evidence[mark]
                found.sound += is_sound
                found.first += before == 0
                found.last += index == len(body) - 1
                found.tail += before == own
                found.middle += own >= FEW_LINES and -1 <= 2 * before - own <= 1
                found.places[before] += 1
                found.below.update(body[index + 1] if index + 1 < len(body) else ())
                fresh.discard(mark)


def recurrence(sightings: Iterable[Sighting]) -> Recurrence:
    """What recurs among all ``sightings`` of a site."""
    articles = _by_article(sightings)
    gathering = _Gathering(_recurring(articles))
    for seen in articles:
        gathering.take(seen)
    return Recurrence(
        articles=len(articles),
        works=len(gathering.all_works),
        sections=gathering.sections,
        days=tuple(sorted(gathering.days)),
        visits=tuple(sorted(gathering.visits)),
        evidence=tuple(sorted(gathering.evidence.values(), key=lambda found: (-found.works, found.mark))),
    )
