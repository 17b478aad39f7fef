"""Lines about the author that stand under a story without saying so in their names."""

import re
from collections.abc import Collection, Sequence

from archive.records import BlockKind, RemovalKind
from scraper.reading.outline import Passage
from scraper.reading.story import KEEP, Verdict

LONGEST = 700  # characters of a short biography
LAST = 4  # paragraphs from the end among which one may stand
# What such a line says of its subject, right after the name.
OCCUPATION = re.compile(
    r"\W{0,3}(?:,[^,]{2,80},)?\s*(?:is|was|has|writes?|covers?|reports?|works?|joined|contributed|edits|leads|lives|"
    r"ist|war|schreibt|arbeitet|berichtet|est|écrit|couvre|es|escribe|cubre|trabaja|è|scrive|lavora|é|escreve|cobre|"
    r"is|schrijft|werkt|är|er)\b",
    re.IGNORECASE,
)
PREFIX = re.compile(r"(?:about|über|à propos de|sobre|su|over|by|von)?\W*", re.IGNORECASE)


def _is_bio(text: str, authors: Collection[str]) -> bool:
    start = PREFIX.match(text)
    at = start.end() if start else 0
    return any(text.startswith(name, at) and OCCUPATION.match(text, at + len(name)) for name in authors)


def without_bios(passages: Sequence[Passage], verdicts: Sequence[Verdict], authors: Collection[str]) -> list[Verdict]:
    """The verdicts, with what is said of the story's own ``authors`` at its end taken out."""
    kept = [index for index, verdict in enumerate(verdicts) if verdict is KEEP]
    bios = {
        index
        for index in kept[-LAST:]
        if authors
        and passages[index].kind is BlockKind.PARAGRAPH
        and len(passages[index].text) <= LONGEST
        and index != kept[0]
        and _is_bio(passages[index].text, authors)
    }
    bio = Verdict(RemovalKind.BYLINE, "author-bio")
    return [bio if index in bios else verdict for index, verdict in enumerate(verdicts)]
