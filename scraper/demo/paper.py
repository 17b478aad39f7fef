"""The stories of The Penmarrow Ledger and the editions that they make up."""

import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

SECTIONS = ("Town", "Trade", "Culture")
DAYS = (1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story as it stands on one day. ``status`` is what its address answers: 200, or 404 or 410 once deleted."""

    slug: str
    section: str
    headline: str
    standfirst: str
    author: str
    published: datetime
    text: str
    caption: str
    tags: tuple[str, ...] = ()
    day: int = 1
    number: int = 0
    modified: datetime | None = None
    correction: str | None = None
    status: int = 200
    touched: datetime | None = None

    @property
    def path(self) -> str:
        """Where the story stands: dated in Town and Trade, numbered in Culture."""
        if self.section == "Culture":
            return f"/culture/{self.slug}-{self.number}.html"
        return f"/{self.section.lower()}/{self.published:%Y/%m/%d}/{self.slug}"

    @property
    def last_change(self) -> datetime:
        """When the server last touched the page, whether or not the page says so."""
        return self.touched or self.modified or self.published


@dataclass(frozen=True, slots=True)
class Truth:
    """What happens overnight: what a second crawl is to find."""

    new: int
    changed: Counter[str]
    gone: int
    unchanged: int


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((files("scraper.demo") / "paper" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def stories() -> tuple[Story, ...]:
    """All stories as first written, the newest first."""
    loaded = [(section, story) for section in SECTIONS for story in _load(section.lower())["story"]]
    made = [
        Story(**{**story, "section": section, "tags": tuple(story["tags"]), "number": 41_200 + 7 * place})
        for place, (section, story) in enumerate(loaded)
    ]
    return tuple(sorted(made, key=lambda story: story.published, reverse=True))


@cache
def edits() -> dict[str, dict[str, Any]]:
    """What is done to stories between the two days, by slug."""
    return {edit["slug"]: edit for edit in _load("day_two")["edit"]}


def _edited(story: Story, edit: dict[str, Any]) -> Story:
    text = story.text
    for old, new in edit.get("replace", ()):
        if old not in text:
            raise ValueError(f"day_two.toml: {old!r} is not in {story.slug}")
        text = text.replace(old, new)
    return replace(
        story,
        text=text,
        headline=edit.get("headline", story.headline),
        modified=edit.get("modified", story.modified),
        correction=edit.get("correction"),
        status=edit.get("status", 200),
        touched=edit.get("modified", stories()[0].published + timedelta(hours=1)),
    )


def edition(day: int) -> tuple[Story, ...]:
    """The stories as they stand on ``day`` (1 or 2), the newest first, the deleted ones included."""
    there = [story for story in stories() if story.day <= day]
    if day == 1:
        return tuple(there)
    return tuple(_edited(story, edits()[story.slug]) if story.slug in edits() else story for story in there)


def truth() -> Truth:
    """What the second day changed, counted from the data."""
    kinds = Counter(edit["kind"] for edit in edits().values())
    gone = kinds.pop("gone")
    before = len(edition(1))
    return Truth(len(edition(2)) - before, kinds, gone, before - gone - kinds.total())
