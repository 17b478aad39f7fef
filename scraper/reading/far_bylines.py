"""Who wrote an article, where no byline stands at its headline: a line that says so elsewhere, a note on a name."""

import re
from collections.abc import Iterator

from scraper.reading.bios import LONGEST, OCCUPATION
from scraper.reading.outline import Outline, Passage
from scraper.reading.printed_names import is_full_name, printed_names

# Lines that begin so name the author wherever they stand.
SIGNED = re.compile(
    r"(?:(?:this |the )?(?:post|article|story) (?:was )?|text )?(?:written|contributed|submitted|words) by\b|"
    r"(?:text|beitrag|artikel)(?:\s?:| von\b)|autor(?:en|in|es|a)?\b(?:\s?:| )|authors?\s?:|auteurs?\s?:|"
    r"gespeichert von\b|geschrieben von\b|escrito por\b|écrit par\b|scritto da\b",
    re.IGNORECASE,
)
# What notes say of people, and not of companies.
PERSON = re.compile(
    r"\b(?:he|she|his|her|er|sie|ihr|ihre[mnrs]?|sein|elle|lui|ella|su|lei)\b|writ(?:er|es)|author|editor|journalist|"
    r"reporter|redakt|autor|schreib|periodista|rédact|giornalist|creator|coach",
    re.IGNORECASE,
)
LINE = 100  # characters of such a line
ABOVE, BELOW = 2, 6  # passages over and under the headline among which a name may stand alone
SHORTEST_NAME, LONGEST_NAME = 5, 40  # characters


def _signed(found: Outline) -> set[tuple[str, ...]]:
    """The names of all lines that begin like a signature, as they are printed."""
    signed = set()
    for passage in found.passages:
        if len(passage.text) < LINE and passage.role is None and SIGNED.match(passage.text):
            names = printed_names(SIGNED.sub("by", passage.text, count=1), marked=False)
            if names and all(is_full_name(name) and name in passage.text for name in names):
                signed.add(names)
    return signed


def _is_note(passage: Passage, name: str) -> bool:
    """Whether a passage says who ``name`` is."""
    text = passage.text
    if not (len(name) + 10 < len(text) < LONGEST and text.startswith(name) and OCCUPATION.match(text, len(name))):
        return False
    return PERSON.search(text, len(name)) is not None


def _noted(found: Outline, place: int | None) -> str | None:
    """A name that stands alone near the headline, and of which the page says who that is."""
    here = place or 0
    for passage in found.passages[max(here - ABOVE, 0) : here + BELOW]:
        name = passage.text
        is_name = SHORTEST_NAME <= len(name) <= LONGEST_NAME and is_full_name(name)
        if is_name and any(_is_note(other, name) for other in found.passages):
            return name
    return None


def far_bylines(found: Outline, place: int | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """``(source, names)`` of the only line of the page that says who wrote it, and of a name that a note explains."""
    signed = _signed(found)
    if len(signed) == 1:
        yield "dom:signed", signed.pop()
    if name := _noted(found, place):
        yield "dom:note", (name,)
