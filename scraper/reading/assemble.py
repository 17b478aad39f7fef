"""``read``: from bytes to an article, by way of everything else in this package."""

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from archive.records import Article, Evidence
from archive.urls import site_of
from scraper.reading.authors import choose_authors
from scraper.reading.bios import without_bios
from scraper.reading.blocks import block_of, data_blocks
from scraper.reading.bylines import printed_bylines
from scraper.reading.compare import Known, same
from scraper.reading.dump import read_dump
from scraper.reading.features import Context, features_of
from scraper.reading.fields import (
    addresses,
    choose_correction,
    choose_image,
    choose_language,
    choose_paywall,
    choose_section,
    choose_tags,
)
from scraper.reading.head import Head, head_of
from scraper.reading.headings import headings_of
from scraper.reading.headline import choose_headline
from scraper.reading.inline import links_of
from scraper.reading.jsonld import strings
from scraper.reading.lead import find_lead, with_cards, without_lead
from scraper.reading.ledger import removals_of
from scraper.reading.markup import plain
from scraper.reading.model import score
from scraper.reading.next_article import without_next_articles
from scraper.reading.outcome import kind_of
from scraper.reading.outline import Passage, outline
from scraper.reading.page import Page, parse
from scraper.reading.published import choose_times
from scraper.reading.standfirst import Standfirst, descriptions, evidence_of, find_standfirst
from scraper.reading.story import KEEP, Verdict, container, decide
from scraper.reading.surroundings import headline_place, kicker

LITTLE = 600  # characters of story under which the page's data is asked for more
READER = "1"


def context_of(head: Head, place: int | None) -> Context:
    """What the model is told of the page besides its passages."""
    body = " ".join(strings(head.article.get("articleBody"))[:1])
    return Context(place, same(plain(body)) if len(body) > 300 else "")


def with_captions(passages: Sequence[Passage], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts, with captions kept that stand within the story: it is they that the Markdown shows."""
    kept = [index for index, verdict in enumerate(verdicts) if verdict is KEEP]
    if not kept:
        return list(verdicts)
    return [
        KEEP
        if verdict.rule == "caption" and kept[0] <= index <= kept[-1] and len(passages[index].text) < 600
        else verdict
        for index, verdict in enumerate(verdicts)
    ]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without the cyclic collector, which takes a tenth of a reading: its thousands of small objects have no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@collector_paused()
def read_page(page: Page, *, site_lines: Collection[str] = (), latest: str | None = None) -> Article:
    """The article of a parsed page. ``site_lines`` are lines known to be the site's furniture.

    ``latest`` is when the page was seen, in ISO 8601: no date after it is believed.
    """
    if page.root is None:
        return read_dump(page, site_lines)
    head = head_of(page)
    found = outline(page.root)
    headline, evidence = choose_headline(head, headings_of(head, found), page.url)
    place = headline_place(found.passages, headline)
    top = container(found)
    given = descriptions(head)
    standfirst = find_standfirst(found, given, place, top)
    known = Known(headline, standfirst.text if standfirst else None)
    scores = [score(row) if row else -9.0 for row in features_of(found, context_of(head, place), top)]
    verdicts = without_next_articles(found, decide(found, scores, top, known, site_lines), place)
    lead = find_lead(found.passages, verdicts, place)
    if standfirst is None and lead.standfirst is not None:
        standfirst = Standfirst(found.passages[lead.standfirst].text, (lead.standfirst,), "dom:lead")
        verdicts = without_lead(verdicts, lead)
    authors, who = choose_authors(head, printed_bylines(found, place), page.url)
    verdicts = without_bios(found.passages, verdicts, authors)
    verdicts = with_cards(found.passages, with_captions(found.passages, verdicts))
    published_at, modified_at, when = choose_times(head, page, found, place, latest)
    section, where = choose_section(head)
    if section is None and lead.section is not None:
        section = found.passages[lead.section].text
        where = [Evidence("section", "dom:label", section)]
    elif section is None and (section := kicker(found, place)):
        where = [Evidence("section", "dom:kicker", section)]
    tags, about = choose_tags(head)
    language, tongue = choose_language(head)
    image_url, picture = choose_image(head, page)
    paywalled, wall = choose_paywall(head)
    correction, note = choose_correction(head, (passage.text for passage in found.passages if passage.role is None))
    url, variants, address = addresses(head, page)
    kept = [passage for passage, verdict in zip(found.passages, verdicts, strict=True) if verdict is KEEP]
    blocks = tuple(block_of(passage, found, page) for passage in kept)
    if sum(len(block.text) for block in blocks) < LITTLE:
        blocks = data_blocks(head, page, blocks, known)
    kind, confidence, reason = kind_of(head, found, blocks)
    return Article(
        url=url,
        site=site_of(url) if url else None,
        headline=headline,
        standfirst=standfirst.text if standfirst else None,
        section=section,
        authors=authors,
        published_at=published_at,
        modified_at=modified_at,
        language=language,
        tags=tags,
        image_url=image_url,
        kind=kind,
        confidence=confidence,
        paywalled=paywalled,
        correction=correction,
        reason=reason,
        blocks=blocks,
        removals=removals_of(found, top, verdicts),
        evidence=(
            *evidence,
            *evidence_of(standfirst),
            *when,
            *who,
            *where,
            *about,
            *tongue,
            *picture,
            *wall,
            *note,
            *address,
        ),
        variants=variants,
        links=tuple(link for passage in kept for link in links_of(passage, page)),
    )


def read(
    page: bytes | str, url: str | None = None, *, content_type: str | None = None, site_lines: Collection[str] = ()
) -> Article:
    """The article on a page, or in a text dump; never raises, never fetches.

    ``page`` is the body as bytes or already text, ``url`` where it came from, ``content_type`` the HTTP header.
    A page without an article gives ``kind`` hub or other, low confidence and whatever text there is.
    """
    return read_page(parse(page, url, content_type), site_lines=site_lines)
