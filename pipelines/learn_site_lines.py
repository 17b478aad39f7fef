"""What a site's articles have in common is the site's: this stage notes what might be, and takes out what is known.

The marks that it notes are those of the article before anything is taken out, so that what is learned depends on the
pages alone, and never on what was known when they were read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Protocol, Self

from archive.records import Article, Block, BlockKind, Link, Outcome, Removal, Visit
from pipelines.site_marks import (
    BYLINE_RULE,
    EMPTIED_RULE,
    LINE_RULE,
    RULES,
    STANDFIRST_RULE,
    TITLE_RULE,
    is_heading,
    mark_article,
    mark_of_byline,
    mark_of_title,
    marks_of_block,
    marks_of_standfirst,
    title_ends,
    title_of,
)


class KnowsSites(Protocol):
    """What knows the sites' own lines: an archive, or what stands for it in another process."""

    def site_marks(self, site: str) -> frozenset[int]:
        """What is in force as the site's own, by its marks."""
        ...


def _removal(rule: str, text: str, position: int = 0) -> Removal:
    return Removal(RULES[rule], rule, text, position)


def _emptied(blocks: Sequence[Block], taken: Collection[int]) -> set[int]:
    """Headings that have no text under them once ``taken`` is out: down to the next of their level or above."""
    gone: set[int] = set()
    has_text, deepest = False, 0
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if index in taken:
            continue
        if block.kind is not BlockKind.HEADING:
            has_text, deepest = True, 0
        elif has_text or (deepest and block.level < deepest):
            has_text, deepest = False, block.level
        else:
            gone.add(index)
    return gone


def _kept_links(links: Sequence[Link], kept: Sequence[Block], taken: Sequence[Block]) -> tuple[Link, ...]:
    """``links`` without those that stand in ``taken`` alone."""
    here = "\n".join(block.markdown or "" for block in kept)
    there = "\n".join(block.markdown or "" for block in taken)
    return tuple(link for link in links if f"]({link.url}" not in there or f"]({link.url}" in here)


def _without_lines(article: Article, known: frozenset[int]) -> Article:
    title = title_of(article.headline)
    found = [
        index
        for index, block in enumerate(article.blocks)
        if not known.isdisjoint(marks_of_block(block, title, article.site))
    ]
    rules: dict[int, str] = {}
    for index in reversed(found):
        if index + 1 in rules or index + 1 == len(article.blocks) or not is_heading(article.blocks[index]):
            rules[index] = LINE_RULE
    if not rules:
        return article
    emptied = _emptied(article.blocks, rules) - _emptied(article.blocks, ())
    rules |= dict.fromkeys(emptied, EMPTIED_RULE)
    kept = tuple(block for index, block in enumerate(article.blocks) if index not in rules)
    taken = tuple(article.blocks[index] for index in rules)
    stripped = replace(
        article,
        blocks=kept,
        links=_kept_links(article.links, kept, taken),
        removals=(
            *article.removals,
            *(_removal(rule, article.blocks[at].text, at) for at, rule in sorted(rules.items())),
        ),
    )
    return stripped if any(block.kind is not BlockKind.HEADING for block in kept) else article


def _without_title_ends(article: Article, known: Collection[int]) -> Article:
    headline = article.headline or ""
    for start, stop in title_ends(headline):
        rest = (headline[:start] + headline[stop:]).strip()
        if any(map(str.isalnum, rest)) and mark_of_title(headline[start:stop]) in known:
            cut = _removal(TITLE_RULE, headline[start:stop].strip())
            return replace(article, headline=rest, removals=(*article.removals, cut))
    return article


def _without_standing_fields(article: Article, known: frozenset[int]) -> Article:
    if article.standfirst and not known.isdisjoint(marks_of_standfirst(article)):
        cut = _removal(STANDFIRST_RULE, article.standfirst)
        article = replace(article, standfirst=None, removals=(*article.removals, cut))
    standing = [name for name in article.authors if mark_of_byline(name) in known]
    if standing:
        cuts = tuple(_removal(BYLINE_RULE, name) for name in standing)
        authors = tuple(name for name in article.authors if name not in standing)
        article = replace(article, authors=authors, removals=(*article.removals, *cuts))
    return article


def strip_site_lines(article: Article, known: frozenset[int]) -> Article:
    """``article`` without what is its site's by the marks in ``known``; each piece becomes a removal.

    An article is never left with nothing: then its lines stay. A heading goes only with the line below it, or
    with all the text under it.
    """
    if not known:
        return article
    return _without_standing_fields(_without_title_ends(_without_lines(article, known), known), known)


class LearnSiteLines:
    """The stage. Without anything that knows the sites, nothing is noted."""

    def __init__(self, sites: KnowsSites | None = None) -> None:
        self._sites = sites

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Learn from and for the archive that the spider was given."""
        return cls(crawler.spider.archive)

    def process_item(self, item: Visit) -> Visit:
        """``item`` with its marks, and its article without what is known to be the site's."""
        article = item.article
        if self._sites is None or article is None or item.outcome is not Outcome.ARTICLE:
            return item
        marked = mark_article(article)
        stripped = strip_site_lines(article, self._sites.site_marks(article.site or ""))
        return replace(item, article=stripped, marks=marked.pack())
