"""The stories of an invented paper and all that becomes of them, instant by instant: what an archive is held to."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from benchmarks.invented_prose import paragraph, sentence, title

SECTIONS = ("Town", "Sport", "Business", "Culture")
AUTHORS = ("Ada Penrose", "Milan Okafor", "Ruth Ellery", "Jon Szabo", "Noor Haddad", "Piers Lindqvist", "Wanda Achebe")
LAYOUTS = 4
HOURS = 3  # between two instants
FIRST_DAY = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=4)  # the last one is today


@dataclass(frozen=True)
class Story:
    """An article as the publisher has it at one instant. ``layout`` says which of the site's templates prints it."""

    number: int
    headline: str
    standfirst: str
    section: str
    author: str
    published: datetime
    paragraphs: tuple[str, ...]
    layout: int
    slug: str
    modified: datetime | None = None

    @property
    def path(self) -> str:
        """Where it stands."""
        if self.layout % 2:
            return f"/{self.section.lower()}/{self.slug}-{100_000 + self.number}"
        return f"/{self.published:%Y/%m/%d}/{self.slug}-{self.number}.html"


def _slug(chance: Random) -> str:
    return "-".join(re.findall(r"[a-z]+", title(chance).lower())[:7])


def tell(chance: Random, number: int, instant: int) -> Story:
    """A new story."""
    published = FIRST_DAY + timedelta(hours=HOURS * instant, minutes=chance.randrange(150))
    return Story(
        number=number,
        headline=title(chance),
        standfirst=sentence(chance),
        section=SECTIONS[number % len(SECTIONS)],
        author=chance.choice(AUTHORS),
        published=published,
        paragraphs=tuple(paragraph(chance) for _ in range(chance.randrange(5, 12))),
        layout=number // len(SECTIONS) % LAYOUTS,
        slug=_slug(chance),
    )


def _reworded(story: Story, chance: Random) -> Story:
    lines = list(story.paragraphs)
    lines[chance.randrange(len(lines))] = paragraph(chance)
    return replace(story, paragraphs=tuple(lines))


def _longer(story: Story, chance: Random) -> Story:
    return replace(story, paragraphs=(*story.paragraphs, paragraph(chance)))


def _shorter(story: Story, chance: Random) -> Story:
    lines = list(story.paragraphs)
    del lines[chance.randrange(1, len(lines))]
    return replace(story, paragraphs=tuple(lines))


def _renamed(story: Story, chance: Random) -> Story:
    return replace(story, headline=title(chance))


def _corrected(story: Story, chance: Random) -> Story:
    note = f"Correction: an earlier version of this article misstated a figure. {sentence(chance)}"
    return replace(story, paragraphs=(*_reworded(story, chance).paragraphs, note))


def _a_number_changed(story: Story, chance: Random) -> Story:
    line = f"{sentence(chance)[:-1]}, {chance.randrange(20, 90)} of them in all."
    return replace(story, paragraphs=(story.paragraphs[0], line, *story.paragraphs[2:]))


def _rebylined(story: Story, chance: Random) -> Story:
    return replace(story, author=chance.choice([name for name in AUTHORS if name != story.author]))


def _new_standfirst(story: Story, chance: Random) -> Story:
    return replace(story, standfirst=sentence(chance))


EDITS = (_reworded, _longer, _shorter, _renamed, _corrected, _a_number_changed, _rebylined, _new_standfirst)


@dataclass
class Life:
    """``at[instant][number]`` is a story as it stands then, or ``None`` while it is deleted.

    ``hidden[instant]`` says which stories show something else for that instant alone: a wall, a challenge, an error.
    ``paths[number]`` are all addresses that a story ever had, the newest last.
    """

    at: list[dict[int, Story | None]] = field(default_factory=list)
    hidden: list[dict[int, str]] = field(default_factory=list)
    paths: dict[int, list[str]] = field(default_factory=dict)

    def states(self, number: int) -> list[Story | None]:
        """What the story was at each instant from its first on, without repetitions; unseen while hidden."""
        seen: list[Story | None] = []
        for instant, stories in enumerate(self.at):
            if number in stories and number not in self.hidden[instant]:
                state = stories[number]
                if not seen or _told(seen[-1]) != _told(state):
                    seen.append(state)
        return seen


def _told(story: Story | None) -> object:
    """What makes another version of a story: not when it was modified, nor where it stands."""
    return story and (story.headline, story.standfirst, story.author, story.paragraphs)


class Author:
    """Who writes the life of a paper: ``live`` gives it, the same for the same seed."""

    def __init__(self, seed: int, articles: int, instants: int) -> None:
        self.chance, self.articles, self.instants = Random(seed), articles, instants
        self.life = Life()
        self.now: dict[int, Story | None] = {}
        self.before: dict[int, Story] = {}  # to go back to

    def live(self) -> Life:
        """All instants, one after the other."""
        for instant in range(self.instants):
            self._write(instant)
            if instant:
                self._change(instant)
            self.life.at.append(dict(self.now))
            self.life.hidden.append(self._hide() if 0 < instant < self.instants - 1 else {})
        return self.life

    def _write(self, instant: int) -> None:
        share = self.articles // 2 if not instant else (self.articles - self.articles // 2) // (self.instants - 1)
        wanted = self.articles if instant == self.instants - 1 else min(self.articles, len(self.now) + share)
        for number in range(len(self.now), wanted):
            story = tell(self.chance, number, instant)
            self.now[number] = story
            self.life.paths[number] = [story.path]

    def _change(self, instant: int) -> None:
        standing = [number for number, story in self.now.items() if story is not None]
        for number in self.chance.sample(standing, min(12, len(standing))):
            self._edit(number, instant)
        if instant % 3 == 0:
            gone = self.chance.choice(standing)
            self.before[gone], self.now[gone] = self.now[gone] or self.before[gone], None
        if instant % 7 == 0:
            for number in [number for number, story in self.now.items() if story is None][:1]:
                self.now[number] = self.before[number]
        if instant % 4 == 0:
            self._move(self.chance.choice([number for number in standing if self.now[number] is not None]))

    def _edit(self, number: int, instant: int) -> None:
        story = self.now[number]
        if story is None:
            return
        if number in self.before and self.chance.random() < 0.3:
            edited = replace(self.before[number], slug=story.slug)
        else:
            edited = self.chance.choice(EDITS)(story, self.chance)
        when = FIRST_DAY + timedelta(hours=HOURS * instant + 2, minutes=self.chance.randrange(59))
        self.before[number] = story
        self.now[number] = replace(edited, modified=when if self.chance.random() < 0.6 else story.modified)
        self._remember(number)

    def _move(self, number: int) -> None:
        story = self.now[number]
        assert story is not None
        self.now[number] = replace(story, slug=_slug(self.chance))
        self._remember(number)

    def _remember(self, number: int) -> None:
        story = self.now[number]
        assert story is not None
        paths = self.life.paths[number]
        if story.path in paths:
            paths.remove(story.path)
        paths.append(story.path)

    def _hide(self) -> dict[int, str]:
        standing = [number for number, story in self.now.items() if story is not None]
        kinds = ("wall", "challenge", "error", "soft 404")
        return {number: self.chance.choice(kinds) for number in self.chance.sample(standing, min(6, len(standing)))}
