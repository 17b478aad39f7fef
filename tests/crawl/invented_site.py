"""An invented paper with as many different articles as a test asks for, to be served or saved."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

WHO = (
    *("The harbour board", "A retired pilot", "The ferry company", "Councillor Odile Marsh", "The school's head"),
    *(
        "A bakery in Cooper Lane",
        "The museum's keeper",
        "Trainer Ivo Lund",
        "The lifeboat crew",
        "Farmers on the marsh",
    ),
    *(
        "The theatre's director",
        "A group of neighbours",
        "The hospital trust",
        "Inspector Rhea Dunn",
        "The bus drivers",
    ),
    *("Archaeologists", "The swimming club", "A judge at the county court", "The reservoir's engineers", "Residents"),
)
DID = (
    *("has asked for", "voted against", "found fault with", "welcomed", "put off", "measured", "gave up", "repaired"),
    *(
        "counted the cost of",
        "signed a contract for",
        "drew up plans for",
        "lost patience with",
        "took a second look at",
    ),
    *("defended", "paid for", "withdrew its support from", "opened", "closed", "promised to look into", "wrote about"),
)
WHAT = (
    *("the eastern slipway", "a new timetable", "the winter programme", "two disused warehouses", "the old tollhouse"),
    *("a footbridge over the Penn", "the flood defences at Saltmarsh", "the annual regatta", "the library's roof"),
    *("a playing field behind the station", "the parish accounts", "the oyster beds", "a row of plane trees"),
    *(
        "the county's only observatory",
        "the night service to Orrin",
        "a mural by the late Tamsin Vale",
        "the weighbridge",
    ),
)
WHEN = (
    *(
        "on Monday",
        "after months of argument",
        "in front of some forty listeners",
        "without giving a reason",
        "last week",
    ),
    *("at a meeting that ran past midnight", "for the second time this year", "despite the rain", "before the season"),
    *("at a cost of £{} thousand", "by {} votes to seven", "for the first time in {} years", "with {} days to spare"),
)
AND = (
    *(
        "Nobody had expected it.",
        "The decision takes effect in spring.",
        "Work is to begin within weeks.",
        "A report follows.",
    ),
    *(
        "Others were less sure.",
        "It was not the only surprise.",
        "The figures were checked twice.",
        "Much depends on the tide.",
    ),
)
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


def sentence(chance: random.Random) -> str:
    when = chance.choice(WHEN).format(chance.randrange(12, 900))
    return f"{chance.choice(WHO)} {chance.choice(DID)} {chance.choice(WHAT)} {when}."


def paragraph(chance: random.Random) -> str:
    more = [chance.choice(AND)] if chance.random() < 0.4 else []
    return " ".join([sentence(chance) for _ in range(chance.choice((1, 2, 2, 3)))] + more)


def stories(count: int, *, seed: int = 1) -> tuple[Story, ...]:
    """``count`` stories of which no two share a paragraph."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        headline = f"{chance.choice(WHO)} {chance.choice(DID)} {chance.choice(WHAT)}"
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
