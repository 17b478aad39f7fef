"""Lines that name the author, or say who that is, and stand in a story without a name of their own."""

import re
from collections.abc import Collection, Sequence

from archive.records import BlockKind, RemovalKind
from scraper.reading.compare import same
from scraper.reading.outline import Passage
from scraper.reading.story import KEEP, Verdict

LONGEST = 700  # characters of a short biography
LONGEST_NAME = 80  # characters of a line that is a name
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


def _is_name(text: str, names: Collection[str]) -> bool:
    return len(text) <= LONGEST_NAME and same(text) in names


def without_bios(passages: Sequence[Passage], verdicts: Sequence[Verdict], authors: Collection[str]) -> list[Verdict]:
    """The verdicts, with lines that are an author's name, and what is said of the ``authors`` at the end, taken out."""
    if not authors:
        return list(verdicts)
    kept = [index for index, verdict in enumerate(verdicts) if verdict is KEEP]
    names = {same(name) for name in authors} | {same("".join(authors))}
    told = list(verdicts)
    for index in kept:
        if _is_name(passages[index].text, names):
            told[index] = Verdict(RemovalKind.BYLINE, "author-name")
    for index in kept[max(-LAST, 1 - len(kept)) :] if len(kept) > 1 else ():
        passage = passages[index]
        if passage.kind is BlockKind.PARAGRAPH and len(passage.text) <= LONGEST and _is_bio(passage.text, authors):
            told[index] = Verdict(RemovalKind.BYLINE, "author-bio")
    return told
