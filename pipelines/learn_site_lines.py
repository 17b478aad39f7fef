"""What a site's articles have in common is the site's: this stage notes what might be, and takes out what is known.

The marks that it notes are those of the article before anything is taken out, so that what is learned depends on the
pages alone, and never on what was known when they were read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from archive.records import Article, Block, BlockKind, Link, Outcome, Removal, Visit
from pipelines.require_substance import has_substance
from pipelines.site_marks import (
    BYLINE_RULE,
    EMPTIED_RULE,
    LINE_RULE,
    RULES,
    STANDFIRST_RULE,
    TITLE_RULE,
    mark_article,
    mark_of_byline,
    mark_of_standfirst,
    mark_of_title,
    marks_of_block,
    title_ends,
)

if TYPE_CHECKING:
    from archive.reader import Reader


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
    rules = {
        index: LINE_RULE
        for index, block in enumerate(article.blocks)
        if block.kind is not BlockKind.HEADING and not known.isdisjoint(marks_of_block(block))
    }
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
    # What would leave a story without its substance was the story, whatever it is elsewhere.
    return stripped if kept and (has_substance(stripped) or not has_substance(article)) else article


def _without_title_ends(article: Article, known: Collection[int]) -> Article:
    headline = article.headline or ""
    for start, stop in title_ends(headline):
        rest = (headline[:start] + headline[stop:]).strip()
        if any(map(str.isalnum, rest)) and mark_of_title(headline[start:stop]) in known:
            cut = _removal(TITLE_RULE, headline[start:stop].strip())
            return replace(article, headline=rest, removals=(*article.removals, cut))
    return article


def _without_standing_fields(article: Article, known: Collection[int]) -> Article:
    if article.standfirst and mark_of_standfirst(article.standfirst) in known:
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

    A story is never left without its substance: then its lines stay. Headings go only with all the text under them.
    """
    if not known:
        return article
    return _without_standing_fields(_without_title_ends(_without_lines(article, known), known), known)


class LearnSiteLines:
    """The stage. Without an archive nothing is known and nothing noted."""

    def __init__(self, archive: Reader | None = None) -> None:
        self._archive = archive
        self._known: dict[str, frozenset[int]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Learn from and for the archive that the spider was given."""
        return cls(crawler.spider.archive)

    def _of(self, site: str) -> frozenset[int]:
        if self._archive is not None and site not in self._known:
            self._known[site] = self._archive.site_marks(site)
        return self._known.get(site, frozenset())

    def process_item(self, item: Visit) -> Visit:
        """``item`` with its marks, and its article without what is known to be the site's."""
        article = item.article
        if self._archive is None or article is None or item.outcome is not Outcome.ARTICLE:
            return item
        marked = mark_article(article)
        stripped = strip_site_lines(article, self._of(article.site or ""))
        return replace(item, article=stripped, marks=marked.pack())
