"""What the passages of a page are: its headline, its standfirst, its story, and all that stands around them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from archive.records import RemovalKind
from scraper.reading.bios import without_bios
from scraper.reading.compare import Known, same
from scraper.reading.fact_lines import without_fact_lines
from scraper.reading.features import Context, Row, features_of
from scraper.reading.head import Head
from scraper.reading.jsonld import strings
from scraper.reading.kinds import HEADING
from scraper.reading.lead import find_lead, with_cards, without_lead
from scraper.reading.markup import plain
from scraper.reading.misnamed import without_misleading_names
from scraper.reading.model import load
from scraper.reading.next_article import without_next_articles
from scraper.reading.outline import Outline, Passage
from scraper.reading.standfirst import Standfirst, descriptions, find_standfirst
from scraper.reading.story import KEEP, Verdict, container, decide
from scraper.reading.surroundings import headline_place, headline_spot

HEADLINE = Verdict(RemovalKind.REPEAT, "headline")
FAR = -9.0  # the score of a passage that is far from all prose
LONGEST_CAPTION = 600  # characters
LONG_BODY = 300  # characters of an articleBody that is worth a comparison


@dataclass(frozen=True, slots=True)
class Layout:
    """``place`` is the index of the headline among the passages, ``top`` that of the node which holds the story.

    ``spot`` is ``place``, or where the headline is no passage, the last passage over it.
    ``label`` is the passage of a section label, ``known`` the fields that must not stand in the story.
    """

    found: Outline
    place: int | None
    spot: int | None
    top: int
    standfirst: Standfirst | None
    label: int | None
    known: Known
    verdicts: Sequence[Verdict]

    @property
    def kept(self) -> list[tuple[int, Passage]]:
        """The passages of the story, each with its place among all passages."""
        passages = self.found.passages
        return [(place, passages[place]) for place, verdict in enumerate(self.verdicts) if verdict is KEEP]


def context_of(head: Head, place: int | None) -> Context:
    """What the model is told of the page besides its passages."""
    body = " ".join(strings(head.article.get("articleBody"))[:1])
    return Context(place, same(plain(body)) if len(body) > LONG_BODY else "")


def _with_captions(passages: Sequence[Passage], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts, with captions kept that stand within the story: it is they that the Markdown shows."""
    kept = [index for index, verdict in enumerate(verdicts) if verdict is KEEP]
    if not kept:
        return list(verdicts)
    return [
        KEEP
        if verdict.rule == "caption" and kept[0] <= index <= kept[-1] and len(passages[index].text) < LONGEST_CAPTION
        else verdict
        for index, verdict in enumerate(verdicts)
    ]


def _with_opening(verdicts: Sequence[Verdict], first: Standfirst | None) -> Sequence[Verdict]:
    """The verdicts, with the story's first paragraph kept where the next one is, whatever its name made of it."""
    if first is None or not first.is_story or verdicts[first.places[-1] + 1] is not KEEP:
        return verdicts
    return [KEEP if index in first.places else verdict for index, verdict in enumerate(verdicts)]


def _without_printed_headline(
    passages: Sequence[Passage], verdicts: Sequence[Verdict], spot: int | None
) -> Sequence[Verdict]:
    """The verdicts, without the heading that prints the headline in other words: above all that is kept, an ``h1``."""
    first = next((at for at, verdict in enumerate(verdicts) if verdict is KEEP), None)
    if first is None or passages[first].kind is not HEADING or not (first == spot or passages[first].level == 1):
        return verdicts
    return [*verdicts[:first], HEADLINE, *verdicts[first + 1 :]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of a page before its passages are judged; ``rows`` are their features, as the model takes them.

    ``first`` is what stands for a standfirst: the standfirst, or the story's first paragraph in its place.
    """

    found: Outline
    place: int | None
    spot: int | None
    top: int
    first: Standfirst | None
    known: Known
    rows: Sequence[Row | None]

    @property
    def standfirst(self) -> Standfirst | None:
        """The standfirst, if that is what stands in its place."""
        return self.first if self.first and not self.first.is_story else None


def setting_of(head: Head, found: Outline, headline: str | None) -> Setting:
    """Where the headline, the standfirst and the story stand among the passages, and what each passage is like."""
    place = headline_place(found.passages, headline)
    spot = headline_spot(found, place, headline)
    found = without_misleading_names(found, spot)
    top = container(found)
    first = find_standfirst(found, descriptions(head), spot, top)
    told = first.places if first and not first.is_story else ()
    known = Known(headline, *(found.passages[index].text for index in told))
    return Setting(found, place, spot, top, first, known, features_of(found, context_of(head, place), top))


def lay_out(head: Head, found: Outline, headline: str | None, site_lines: Collection[str] = ()) -> Layout:
    """Tell the story of a page from what stands around it; ``site_lines`` are known to be the site's furniture."""
    setting = setting_of(head, found, headline)
    found, place, known, standfirst = setting.found, setting.place, setting.known, setting.standfirst
    score = load()
    scores = [score(row) if row else FAR for row in setting.rows]
    verdicts: Sequence[Verdict] = decide(found, scores, setting.top, known, site_lines)
    verdicts = _with_opening(without_next_articles(found, verdicts, place), setting.first)
    verdicts = _without_printed_headline(found.passages, verdicts, setting.spot)
    lead = find_lead(found.passages, verdicts, setting.spot, headline or "")
    if standfirst is None and lead.standfirst is not None:
        standfirst = Standfirst(found.passages[lead.standfirst].text, (lead.standfirst,), "dom:lead")
        verdicts = without_lead(verdicts, lead)
    return Layout(found, place, setting.spot, setting.top, standfirst, lead.section, known, verdicts)


def without_credits(layout: Layout, authors: Collection[str], section: str | None) -> Layout:
    """``layout`` with what tells of the article taken out of its story, and with its captions and cards told."""
    passages = layout.found.passages
    verdicts = without_fact_lines(passages, layout.verdicts, authors, section)
    verdicts = without_bios(passages, verdicts, authors)
    return replace(layout, verdicts=with_cards(passages, _with_captions(passages, verdicts)))
