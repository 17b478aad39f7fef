"""What stands between the headline and the story, on pages that name nothing: a section label, a standfirst.

And what stands after the story without a name: cards of other articles, a label over a date.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.records import RemovalKind
from scraper.reading.kinds import HEADING, PARAGRAPH
from scraper.reading.moments import read_moment
from scraper.reading.outline import Passage
from scraper.reading.story import KEEP, SENTENCE_END, Verdict

WINDOW = 6  # passages before the first paragraph that may be its lead
LABEL = 40  # characters of a section label at most
MOST_SHARED = 0.6  # of the words of a standfirst that its headline may have too
CREDITED = re.compile(r"\b(?:bild|foto|photo|image|picture|credit|quelle)\s?[:/©]|©|getty images", re.IGNORECASE)
SHORTEST, LONGEST = 60, 500  # characters of a standfirst
NOT_LEAD = frozenset(
    {RemovalKind.CAPTION, RemovalKind.BYLINE, RemovalKind.SIGNUP, RemovalKind.CONSENT, RemovalKind.LEGAL}
)


@dataclass(frozen=True, slots=True)
class Lead:
    """The places of the standfirst and of the section label among the passages."""

    standfirst: int | None = None
    section: int | None = None


def is_label(passage: Passage) -> bool:
    """Whether a passage is a short label in capitals, such as a section's name."""
    text = passage.text
    return 2 < len(text) <= LABEL and len(text.split()) <= 4 and text.isupper() and not any(map(str.isdigit, text))


def _is_standfirst(passages: Sequence[Passage], verdicts: Sequence[Verdict], index: int, headline: str) -> bool:
    """Whether a passage that was no story, or that has no full stop and a date below it, is a standfirst."""
    passage, verdict, text = passages[index], verdicts[index], passages[index].text
    dated = index + 1 < len(verdicts) and verdicts[index + 1].kind is RemovalKind.DATE
    return (
        SHORTEST <= len(text) <= LONGEST
        and passage.linked < 0.3 * len(text)
        and passage.kind in (PARAGRAPH, HEADING)
        and (verdict.kind is RemovalKind.OTHER or (verdict is KEEP and dated and not SENTENCE_END.search(text[-4:])))
        and passage.role not in NOT_LEAD
        and not CREDITED.search(text)
        and not _is_like(text, headline)
    )


def _is_like(text: str, headline: str) -> bool:
    """Whether most words of ``text`` are the headline's, which is then only told in another way."""
    words = set(text.lower().split())
    return len(words.intersection(headline.lower().split())) > MOST_SHARED * len(words)


def find_lead(passages: Sequence[Passage], verdicts: Sequence[Verdict], spot: int | None, headline: str) -> Lead:
    """The lead that the headline, at or over ``spot``, and the first paragraph have between them."""
    story = [
        index
        for index, verdict in enumerate(verdicts)
        if verdict is KEEP and passages[index].kind is not HEADING and len(passages[index].text) > SHORTEST
    ]
    if not story:
        return Lead()
    first = story[0] + (1 if _is_standfirst(passages, verdicts, story[0], headline) and len(story) > 2 else 0)
    start = max(first - WINDOW, 0 if spot is None else spot + 1)
    standfirst = next(
        (at for at in range(first - 1, start - 1, -1) if _is_standfirst(passages, verdicts, at, headline)), None
    )
    before = first if standfirst is None else standfirst
    labels = (at for at in range(before - 1, max(before - WINDOW, 0) - 1, -1) if is_label(passages[at]))
    return Lead(standfirst, next(labels, None))


def without_lead(verdicts: Sequence[Verdict], lead: Lead) -> list[Verdict]:
    """The verdicts, with the lead taken out of the story because it is in the fields."""
    taken = {
        lead.standfirst: Verdict(RemovalKind.REPEAT, "field-repeated"),
        lead.section: Verdict(RemovalKind.NAVIGATION, "section-label"),
    }
    return [taken.get(index, verdict) for index, verdict in enumerate(verdicts)]


def with_cards(passages: Sequence[Passage], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts, with cards after the story marked as such: a line or two with a date right below."""
    last = max((index for index, verdict in enumerate(verdicts) if verdict is KEEP), default=len(verdicts))
    marked = list(verdicts)
    for index in range(last + 1, len(verdicts) - 1):
        label, date = passages[index], passages[index + 1]
        if marked[index].kind is not RemovalKind.OTHER or len(label.text) >= 120:
            continue
        dated = marked[index + 1].kind is RemovalKind.DATE or (
            len(date.text) < 40 and read_moment(date.text, printed=True) is not None
        )
        if dated and not read_moment(label.text, printed=True):
            marked[index] = marked[index + 1] = Verdict(RemovalKind.RELATED, "card")
    return marked
