"""Invented news sites for measurements of storage: templates, articles and the edits of articles, from a seed alone.

A page is 60 to 120 KB, as news pages are: inline style and scripts, a long menu, meta tags, JSON-LD, the story between
advertisement slots, lists of other articles that differ from page to page, and what a server puts in anew at each
request (a nonce, a build time, view counts). Texts are drawn from a vocabulary with Zipf's frequencies, so that they
compress about as prose does.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

SYLLABLES = "ba be bor ca cor da den dro el fa fer ga gol har hin ika jo kar la lem lin ma mer mo na nor ost pa per \
ral ren ro sal sen sti ta ter tor ul va ver wen win za zel".split()
EDITED = "The figure in the second paragraph was given wrongly and has been set right."


@dataclass(frozen=True)
class Story:
    """An article of an invented site, in one of its revisions."""

    path: str
    headline: str
    standfirst: str
    author: str
    section: str
    paragraphs: tuple[str, ...]
    published_at: str
    modified_at: str


@dataclass
class Vocabulary:
    """Words of an invented language; frequent ones come often."""

    words: list[str]
    weights: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    @classmethod
    def of(cls, chance: Random, size: int = 9000) -> "Vocabulary":
        found: dict[str, None] = {}
        while len(found) < size:
            length = 1 + (len(found) > 60) + (len(found) > 600) * (chance.random() < 0.7)
            found["".join(chance.choices(SYLLABLES, k=length)) + chance.choice(["", "", "s", "n", "d"])] = None
        return cls(list(found))

    def sentence(self, chance: Random, least: int = 9, most: int = 26) -> str:
        words = chance.choices(self.words, cum_weights=self.weights, k=chance.randint(least, most))
        return " ".join(words).capitalize() + chance.choice([".", ".", ".", ",” they said."])

    def title(self, chance: Random) -> str:
        return " ".join(chance.choices(self.words[40:], k=chance.randint(5, 10))).capitalize()


def _hex(chance: Random, digits: int) -> str:
    return f"{chance.getrandbits(4 * digits):0{digits}x}"


class InventedSite:
    """One site: ``page(article, revision)`` gives the bytes of a visit, always the same for the same seed."""

    def __init__(self, seed: int, articles: int) -> None:
        chance = Random(seed)
        self.host = f"www.{''.join(chance.choices(SYLLABLES, k=3))}{seed}.example"
        self.seed, self.chance = seed, chance
        self.vocabulary = Vocabulary.of(chance)
        self.sections = [self.vocabulary.words[60 + number] for number in chance.sample(range(400), 8)]
        self.authors = [
            " ".join(name.capitalize() for name in chance.sample(self.vocabulary.words[100:], 2)) for _ in range(14)
        ]
        self.classes = [
            f"{self.vocabulary.words[number]}-{_hex(chance, 5)}" for number in chance.sample(range(3000), 90)
        ]
        self.style, self.script, self.menu, self.foot = self._style(), self._script(), self._menu(), self._foot()
        self.stories = [self.tell(self.chance, number) for number in range(articles)]

    def _style(self) -> str:
        chance = self.chance
        rules = (
            f".{name}{chance.choice(['', ' a', ':hover', ' li', '>div', '::before'])}{{"
            + ";".join(
                f"{chance.choice(['margin', 'padding', 'width', 'top', 'line-height', 'font-size', 'max-width'])}:"
                f"{chance.randint(0, 96)}{chance.choice(['px', 'rem', '%', 'em'])}"
                for _ in range(chance.randint(2, 6))
            )
            + f";color:#{_hex(chance, 6)}}}"
            for name in self.classes * 3
        )
        return "".join(rules)

    def _script(self) -> str:
        chance, words = self.chance, self.vocabulary.words
        lines = (
            f"function {_hex(chance, 4)}_{words[chance.randrange(900)]}(e,t,n){{var r=e.{words[chance.randrange(90)]}"
            f'||{chance.randint(0, 999)};return r>{chance.randint(0, 99)}?t("{words[chance.randrange(3000)]}",r):n('
            f'window.{words[chance.randrange(500)]}.push({{id:"{_hex(chance, 8)}",v:r}}))}}'
            for _ in range(chance.randint(90, 190))
        )
        return "".join(lines)

    def _menu(self) -> str:
        chance = self.chance
        entries = (
            f'<li class="{chance.choice(self.classes)}"><a class="{chance.choice(self.classes[:9])}" '
            f'href="https://{self.host}/{section}/{word}/" data-track="nav|{section}|{word}">'
            f"{word.capitalize()}</a></li>"
            for section in self.sections
            for word in chance.sample(self.vocabulary.words[:2000], chance.randint(6, 13))
        )
        return f"<nav><ul>{''.join(entries)}</ul></nav>"

    def _foot(self) -> str:
        lines = (f"<p>{self.vocabulary.sentence(self.chance)}</p>" for _ in range(20))
        return f"<footer>{self._menu()}{''.join(lines)}</footer>"

    def tell(self, chance: Random, number: int) -> Story:
        """A story by ``chance``, published on a day that its number gives."""
        words = self.vocabulary
        headline, section = words.title(chance), chance.choice(self.sections)
        when = f"2026-{1 + number % 12:02}-{1 + number % 28:02}T{chance.randrange(24):02}:{chance.randrange(60):02}:00Z"
        paragraphs = tuple(
            " ".join(words.sentence(chance) for _ in range(chance.randint(1, 4))) for _ in range(chance.randint(8, 20))
        )
        slug = headline.lower().replace(" ", "-")
        path = f"/{section}/{when[:10].replace('-', '/')}/{slug}-{_hex(chance, 6)}"
        return Story(
            path, headline, words.sentence(chance), chance.choice(self.authors), section, paragraphs, when, when
        )

    def story(self, number: int, revision: int) -> Story:
        """An article after so many edits: a sentence more, a paragraph reworded, now and then another headline."""
        story = self.stories[number]
        for edit in range(1, revision + 1):
            chance = Random(f"{self.seed} {number} {edit}")
            paragraphs = list(story.paragraphs)
            paragraphs[chance.randrange(len(paragraphs))] = self.vocabulary.sentence(chance)
            paragraphs.insert(chance.randrange(len(paragraphs)), self.vocabulary.sentence(chance))
            headline = self.vocabulary.title(chance) if chance.random() < 0.2 else story.headline
            story = Story(
                story.path, headline, story.standfirst, story.author, story.section, tuple(paragraphs),
                story.published_at, f"{story.published_at[:11]}2{edit % 4}:{chance.randrange(60):02}:00Z",
            )  # fmt: skip
        return story

    def _teasers(self, chance: Random, stories: Sequence[Story]) -> str:
        return "".join(
            f'<article class="{self.classes[number % 7]}"><a href="https://{self.host}{story.path}">'
            f'<img loading="lazy" alt="" src="https://img.{self.host}/{_hex(Random(story.path), 12)}-320x180.webp" '
            f'srcset="https://img.{self.host}/{_hex(Random(story.path), 12)}-640x360.webp 2x">'
            f'<h3 class="{self.classes[11]}">{story.headline}</h3></a>'
            f'<span class="{self.classes[12]}">{chance.randint(2, 900)} comments</span></article>'
            for number, story in enumerate(stories)
        )

    def page(self, number: int, revision: int) -> bytes:
        """The page as it is served at the visit of that revision: with what is new at each request."""
        story, chance = self.story(number, revision), Random(f"{self.seed} {number} {revision} request")
        address = f"https://{self.host}{story.path}"
        picture = f"https://img.{self.host}/{_hex(Random(story.path), 12)}"
        facts = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": address,
            "headline": story.headline,
            "description": story.standfirst,
            "image": [f"{picture}-{size}.webp" for size in ("1200x675", "1200x900", "1200x1200")],
            "datePublished": story.published_at,
            "dateModified": story.modified_at,
            "author": {"@type": "Person", "name": story.author},
        }
        metas = "".join(
            f'<meta property="og:{name}" content="{value}"><meta name="twitter:{name}" content="{value}">'
            for name, value in (("title", story.headline), ("description", story.standfirst), ("image", picture))
        )
        body = "".join(
            f'<p class="{self.classes[3]}">{text}</p>'
            + (
                f'<div class="{self.classes[5]}" id="ad-{_hex(chance, 8)}" data-slot="{place}"></div>'
                * (place % 4 == 3)
            )
            for place, text in enumerate(story.paragraphs)
        )
        read, related = chance.sample(self.stories, min(10, len(self.stories))), self._related(story)
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{story.headline} - {self.host}</title>'
            f'<link rel="canonical" href="{address}"><meta name="csrf" content="{_hex(chance, 40)}">{metas}'
            f'<style>{self.style}</style><script type="application/ld+json">{json.dumps(facts)}</script>'
            f'<script nonce="{_hex(chance, 24)}">window.page={{id:"{_hex(Random(story.path), 10)}",built:'
            f"{1767200000 + chance.randrange(9_000_000)},views:{chance.randrange(90_000)}}};"
            f"{self.script}</script></head>"
            f"<body>{self.menu}<main><article><h1>{story.headline}</h1>"
            f'<p class="{self.classes[2]}">{story.standfirst}</p>'
            f'<p class="{self.classes[4]}">By <a rel="author" href="/by/{story.author.replace(" ", "-")}">'
            f"{story.author}</a>"
            f' <time datetime="{story.modified_at}">{story.modified_at}</time></p>{body}</article></main>'
            f"<aside><h2>Most read</h2>{self._teasers(chance, read)}</aside>"
            f"<section><h2>Related</h2>{self._teasers(chance, related)}</section>{self.foot}"
            f"<!-- served {_hex(chance, 16)} --></body></html>"
        ).encode()

    def _related(self, story: Story) -> list[Story]:
        return [other for other in self.stories if other.section == story.section and other.path != story.path][:8]


def visits(sites: int, articles: int, revisions: int) -> Iterator[tuple[str, str, str, bytes]]:
    """Site, address, time and bytes of each visit, in the order of time: every first revision, then every second …

    The sites take turns, as they do in a crawl.
    """
    press = [InventedSite(seed, articles) for seed in range(sites)]
    for revision in range(revisions):
        for number in range(articles):
            for site in press:
                story = site.stories[number]
                when = f"2026-{1 + revision:02}-{1 + number // 24 % 28:02}T{number % 24:02}:{site.seed:02}:00.000Z"
                yield site.host, f"https://{site.host}{story.path}", when, site.page(number, revision)
