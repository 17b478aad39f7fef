"""An invented paper with as many different articles as a test asks for, to be served or saved."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from benchmarks.invented_prose import paragraph, title

SECTIONS = ("Town", "Sport", "Business", "Culture", "Weather")


@dataclass(frozen=True)
class Story:
    number: int
    headline: str
    section: str
    paragraphs: tuple[str, ...]

    @property
    def path(self) -> str:
        slug = "-".join(self.headline.lower().split()[:5])
        return f"/{self.section.lower()}/2025/{1 + self.number % 9:02}/{1 + self.number % 27:02}/{slug}-{self.number}"


def stories(count: int, *, seed: int = 1) -> tuple[Story, ...]:
    """``count`` stories of which no two share a paragraph."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        headline = title(chance)
        texts = tuple(paragraph(chance) for _ in range(chance.randrange(4, 10)))
        made.append(Story(number, headline, SECTIONS[number % len(SECTIONS)], texts))
    return tuple(made)


Furnish = Callable[[Story, Sequence[str]], Sequence[str]]
"""What a site makes of a story's paragraphs when it prints them."""


def as_it_is(_: Story, paragraphs: Sequence[str]) -> Sequence[str]:
    return paragraphs


def at_end(*lines: str) -> Furnish:
    return lambda _, paragraphs: [*paragraphs, *lines]


def in_the_middle(line: str) -> Furnish:
    return lambda _, paragraphs: [*paragraphs[: len(paragraphs) // 2], line, *paragraphs[len(paragraphs) // 2 :]]


def page(story: Story, furnish: Furnish = as_it_is, *, base: str = "", title: str = "", byline: str = "") -> bytes:
    """The page of a story: headline, section, date and paragraphs, each a bare ``<p>``."""
    body = "".join(f"<p>{escape(each)}</p>" for each in furnish(story, story.paragraphs))
    name = escape(story.headline + title)
    author = f'<meta name="author" content="{escape(byline)}">' if byline else ""
    return (
        f'<!doctype html><html lang="en"><head><title>{name}</title><link rel="canonical" href="{base}{story.path}">'
        f'<meta property="article:section" content="{story.section}"><meta property="og:title" content="{name}">'
        f'<meta property="og:type" content="article">{author}'
        f'<meta property="article:published_time" content="2025-{1 + story.number % 9:02}-{1 + story.number % 27:02}">'
        f"</head><body><nav><a href='/'>Home</a> <a href='/about'>About</a></nav><main><article><h1>{name}</h1>{body}"
        f"</article></main><footer>All rights reserved.</footer></body></html>"
    ).encode()


def lines_of(text: str) -> Iterator[str]:
    return (line for line in text.split("\n\n") if line)
