"""The headline: the candidate that a small model finds most like one, by where it stands and who agrees.

A candidate is a text that stands somewhere on the page for a title, as it stands there or less the site's name: in a
heading, JSON-LD, meta or ``title``. Its row of numbers says which places have it verbatim, how near the others come,
and how it is printed. ``benchmarks/train_headline.py`` makes the model's file.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from archive.records import Evidence
from scraper.reading.candidates import NAMES, Candidates, candidates_of, given_titles, printed_slot, rows_of
from scraper.reading.head import Head
from scraper.reading.headings import Heading
from scraper.reading.model import compiled
from scraper.reading.titles import SOURCES, site_names, title_key, told_titles

MODEL = Path(__file__).with_name("headline_model.json")
TELLING = frozenset({"og", "ld", "tw"})
GENERIC = frozenset("home homepage untitled news article blog index startseite accueil inicio".split())


def is_no_headline(text: str, places: set[str], prints: Sequence[Heading]) -> bool:
    """Whether a text is a headline only if there is no other: "Home", signs alone, or a logo that no data confirms."""
    if text.casefold() in GENERIC or not any(map(str.isalnum, text)):
        return True
    return bool(prints) and places.isdisjoint(TELLING) and all(heading.home for heading in prints)


@cache
def _model() -> Callable[[Sequence[float]], float]:
    data = json.loads(MODEL.read_text(encoding="utf-8"))
    return compiled(data, NAMES, MODEL)


def certain(found: Candidates, told: Sequence[tuple[str, str]], headings: Sequence[Heading]) -> str | None:
    """The headline where no model is needed: what all places say, or a breadcrumb's ``h1`` stands for."""
    given = {text for text, _ in given_titles(found, told, printed_slot(headings)).values()}
    return given.pop() if len(given) == 1 else below_breadcrumb(found, headings)


def below_breadcrumb(found: Candidates, headings: Sequence[Heading]) -> str | None:
    """The lower heading that the data has too, where each ``h1`` is a logo or the last step of a breadcrumb."""
    tops = [heading for heading in headings if heading.level == 1 and not heading.part]
    if not tops or not all(heading.crumb or heading.home for heading in tops):
        return None
    both = [
        (heading.part, heading.order, text)
        for text, (places, prints) in found.items()
        if places & {"og", "ld"}
        for heading in prints
        if heading.level > 1
    ]
    return min(both)[2] if both else None


def spelled_out(text: str, found: Candidates) -> str:
    """``text``, or where it joins a label and a title that the markup sets apart, as the data spell the two."""
    places, prints = found[text]
    if places & TELLING or not prints:
        return text
    parts = {(part.level, part.order) for _, others in found.values() for part in others if part.part}
    if all((heading.level, heading.order) not in parts for heading in prints):
        return text
    key = title_key(text)
    spelt = [other for other, (told, _) in found.items() if told & TELLING and title_key(other) == key]
    return max(spelt, key=lambda other: len(found[other][0]), default=text)


def _evidence(text: str, found: Candidates, told: Sequence[tuple[str, str]]) -> Evidence:
    places, prints = found[text]
    if prints:
        return Evidence("headline", f"dom:h{prints[0].level}", text)
    place = min(places, key=lambda name: (name.endswith("-"), name)).removesuffix("-")
    raw = next((other for name, other in told if name == place and text in other), text)
    return Evidence("headline", SOURCES.get(place, place if place == "title" else f"meta:{place}"), raw)


def choose_headline(
    head: Head, headings: Sequence[Heading], url: str | None = None, names: Sequence[str] = ()
) -> tuple[str | None, list[Evidence]]:
    """The headline and where it came from.

    ``headings`` are those of ``headings_of``, ``url`` is the page's address, whose words a headline shares. ``names``
    are what is known of the site from other pages: its name, or what its titles end in ("News | Harbour Post").
    """
    told = told_titles(head)
    known = [*names, *site_names(head)]
    found = candidates_of(told, headings, known)
    for text in [text for text, where in found.items() if is_no_headline(text, *where)]:
        if len(found) > 1:
            del found[text]
    if not found:
        return None, []
    headings = [heading for heading in headings if heading.text in found]
    if not (text := certain(found, told, headings) or ""):
        rows, score = rows_of(found, told, headings, known, url or ""), _model()
        text = spelled_out(max(rows, key=lambda candidate: score(rows[candidate])), found)
    return text, [_evidence(text, found, told)]
