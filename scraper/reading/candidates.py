"""The texts that may be the headline, and a row of numbers for each: who has it, who comes near, how it is printed."""

import re
import unicodedata
from collections.abc import Sequence

from scraper.reading.compare import alike
from scraper.reading.headings import Heading
from scraper.reading.titles import SEPARATOR, title_key, without_suffix

PLACES = ("h1", "ld", "og", "tw", "title")
NAMES = (
    *(f"like_{place}" for place in PLACES),
    *"within_ld within_og within_title is_ld is_og cut_title cut_tw".split(),
    *"agreeing verbatim present near slot slot_part h1 h1_first h1_cut h1_crumb h1_named level part_only".split(),
    *"relative_length length words count h1_count address rough separated with_site".split(),
)
ROUGH = re.compile(r"\s[:?!,.](?:\s|$)|[\u200b\u00ad]|[?!:]\S? :|:$")
WORD = re.compile(r"[a-z0-9]{3,}")
SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "å": "a", "æ": "ae"})

Candidates = dict[str, tuple[set[str], list[Heading]]]
"""By text: the places that tell it (``og``, or ``og-`` less the site's name), and the headings that print it."""


def candidates_of(told: Sequence[tuple[str, str]], headings: Sequence[Heading], names: Sequence[str]) -> Candidates:
    """All texts that may be the headline, with where they stand."""
    found: Candidates = {}
    texts = list(dict.fromkeys([*(h.text for h in headings if not h.part and not h.home), *(text for _, text in told)]))
    names = [*names, *(heading.text for heading in headings if heading.home)]
    for heading in headings:
        found.setdefault(heading.text, (set(), []))[1].append(heading)
    cuts: dict[str, str] = {}
    for place, text in told:
        found.setdefault(text, (set(), []))[0].add(place)
        if text not in cuts:
            cuts[text] = without_suffix(text, [other for other in texts if other != text], names) or text
        if cuts[text] != text:
            found.setdefault(cuts[text], (set(), []))[0].add(f"{place}-")
    return found


def printed_slot(headings: Sequence[Heading]) -> Heading | None:
    """The heading that stands where a headline does: an ``h1`` that is no logo, or what a breadcrumb's stands for."""
    whole = [heading for heading in headings if not heading.part]
    first = [heading for heading in whole if heading.level == 1 and not heading.home and not heading.crumb]
    if first:
        return min(first, key=lambda heading: (not heading.named, heading.cut))
    below = next((heading for heading in whole if heading.level > 1), None)
    if below and (below.named or any(heading.crumb for heading in whole)):
        return below
    return whole[0] if whole else None


def _folded(text: str) -> set[str]:
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(SPELLED)).encode("ascii", "ignore").decode()
    return set(WORD.findall(text))


def given_titles(
    found: Candidates, told: Sequence[tuple[str, str]], slot: Heading | None
) -> dict[str, tuple[str, str]]:
    """By place: the text that it gives, less the site's name, and its key."""
    given: dict[str, str] = {"h1": slot.text} if slot else {}
    for place, text in told:
        given.setdefault(place, text)
    for text, (places, _) in found.items():
        for place in places:
            if place.endswith("-") and len(text) < len(given[place[:-1]]):
                given[place[:-1]] = text
    return {place: (given[place], title_key(given[place])) for place in PLACES if place in given}


def _agreement(text: str, key: str, given: dict[str, tuple[str, str]]) -> dict[str, float]:
    """How near each place comes to ``text``: 1 verbatim, 0.95 but for typography, -1 when the place gives nothing."""
    return {
        place: -1.0
        if place not in given
        else 1.0
        if given[place][0] == text
        else 0.95
        if given[place][1] == key
        else alike(key, given[place][1])
        for place in PLACES
    }


def _within(key: str, other: tuple[str, str] | None) -> float:
    if other is None or other[1] == key:
        return 0.0
    return 1.0 if key in other[1] else -1.0 if other[1] in key else 0.0


def _standing(prints: Sequence[Heading], slot: Heading | None) -> list[float]:
    """How a text is printed."""
    tops = [heading for heading in prints if heading.level == 1]
    sound = [heading for heading in tops if not (heading.crumb or heading.home or heading.part)]
    there = [heading for heading in prints if slot and (heading.order, heading.level) == (slot.order, slot.level)]
    return [
        float(any(not heading.part for heading in there)),
        float(any(heading.part for heading in there)),
        float(bool(sound)),
        float(any(heading.order == 0 for heading in sound)),
        float(bool(tops) and all(heading.cut for heading in tops)),
        float(any(heading.crumb for heading in tops)),
        float(any(heading.named for heading in tops)),
        float(min((heading.level for heading in prints), default=9)),
        float(bool(prints) and all(heading.part for heading in prints)),
    ]


def rows_of(
    found: Candidates, told: Sequence[tuple[str, str]], headings: Sequence[Heading], names: Sequence[str], url: str
) -> dict[str, list[float]]:
    """A row of numbers for each candidate, in the order of ``NAMES``."""
    slot = printed_slot(headings)
    given = given_titles(found, told, slot)
    sites = tuple(key for name in names if (key := title_key(name)))
    address = _folded(url)
    longest = max(map(len, found))
    tops = float(len({heading.order for heading in headings if heading.level == 1}))
    rows = {}
    for text, (places, prints) in found.items():
        key = title_key(text)
        near = _agreement(text, key, given)
        words = _folded(text) if address else set()
        rows[text] = [
            *near.values(),
            *(_within(key, given.get(place)) for place in ("ld", "og", "title")),
            *(float(place in places) for place in ("ld", "og", "title-", "tw-")),
            float(sum(value >= 0.95 for value in near.values())),
            float(sum(value == 1 for value in near.values())),
            float(len(given)),
            sum(max(value, 0.0) for value in near.values()),
            *_standing(prints, slot),
            len(text) / longest,
            float(len(text)),
            float(text.count(" ") + 1),
            float(len(found)),
            tops,
            len(words & address) / len(words) if words else -1.0,
            float(len(ROUGH.findall(text))),
            float(SEPARATOR.search(text) is not None),
            float(key.startswith(sites) or key.endswith(sites)),
        ]
    return rows
