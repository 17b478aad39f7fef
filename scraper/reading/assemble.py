"""``read``: from bytes to an article, by way of everything else in this package."""

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from archive.records import Article, ArticleKind
from archive.urls import site_of
from scraper.reading.authors import choose_authors
from scraper.reading.blocks import block_of, data_blocks
from scraper.reading.bylines import printed_bylines
from scraper.reading.dump import read_dump
from scraper.reading.fields import (
    addresses,
    choose_correction,
    choose_image,
    choose_language,
    choose_paywall,
    choose_section,
    choose_tags,
)
from scraper.reading.head import head_of
from scraper.reading.headings import headings_of
from scraper.reading.headline import choose_headline
from scraper.reading.inline import links_of
from scraper.reading.layout import lay_out, without_credits
from scraper.reading.ledger import removals_of
from scraper.reading.outcome import kind_of
from scraper.reading.outline import outline
from scraper.reading.page import Page, parse
from scraper.reading.pictures import picture_evidence
from scraper.reading.published import choose_times
from scraper.reading.standfirst import evidence_of
from scraper.reading.surroundings import printed_section
from scraper.reading.vain_roles import without_vain_roles

LITTLE = 600  # characters of story under which the page's data is asked for more
UNSURE = 0.3  # the most that one may believe in a page of which only the beginning was read
READER = "1"


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
    head, found = head_of(page), without_vain_roles(outline(page.root))
    headline, titles = choose_headline(head, headings_of(head, found), page.url)
    layout = lay_out(head, found, headline, site_lines)
    authors, bylines = choose_authors(head, printed_bylines(found, layout.spot), page.url)
    section, sections = choose_section(head)
    if section is None:
        section, sections = printed_section(found, layout.place, layout.label)
    layout = without_credits(layout, authors, section)
    published_at, modified_at, dates = choose_times(head, page, found, layout.spot, latest)
    tags, topics = choose_tags(head)
    language, languages = choose_language(head)
    image_url, images = choose_image(head, page)
    paywalled, walls = choose_paywall(head)
    correction, notes = choose_correction(head, (passage.text for passage in found.passages if passage.role is None))
    url, variants, links = addresses(head, page)
    kept = layout.kept
    blocks = tuple(block_of(passage, found, page, place) for place, passage in kept)
    if sum(len(block.text) for block in blocks) < LITTLE:
        blocks = data_blocks(head, page, blocks, layout.known, len(found.passages))
    kind, confidence, reason = kind_of(head, found, blocks)
    if limit := page.limit or found.limit:
        kind, confidence, reason = ArticleKind.OTHER, min(confidence, UNSURE), f"read in part: {limit}"
    evidence = (
        *(titles, evidence_of(layout.standfirst), dates, bylines, sections, topics, languages, images),
        *(picture_evidence(head, layout), walls, notes, links),
    )
    return Article(
        url=url,
        site=site_of(url) if url else None,
        headline=headline,
        standfirst=layout.standfirst.text if layout.standfirst else None,
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
        removals=removals_of(found, layout.top, layout.verdicts),
        evidence=tuple(one for field in evidence for one in field),
        variants=variants,
        links=tuple(link for _, passage in kept for link in links_of(passage, page)),
    )


def read(
    page: bytes | str, url: str | None = None, *, content_type: str | None = None, site_lines: Collection[str] = ()
) -> Article:
    """The article on a page, or in a text dump; never raises, never fetches.

    ``page`` is the body as bytes or already text, ``url`` where it came from, ``content_type`` the HTTP header.
    A page without an article gives ``kind`` hub or other, low confidence and whatever text there is.
    """
    return read_page(parse(page, url, content_type), site_lines=site_lines)
