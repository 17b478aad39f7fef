"""Lines that are never the story: by the built-in rules, and by those that a site's entry names."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any, Self

from archive.records import Article, Block, BlockKind, Removal, RemovalKind, Visit
from pipelines.line_rules import LONGEST_LINE, match_line, tidy_line

# Quotes, code and tables say what they say; a heading that is a date structures a chronicle.
LINE_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.HEADING})
SitePattern = re.Pattern[str]


def _why(block: Block, site_patterns: Collection[SitePattern]) -> tuple[RemovalKind, str] | None:
    if block.kind not in LINE_KINDS or (len(block.text) > LONGEST_LINE and not site_patterns):
        return None
    line = tidy_line(block.text)
    if any(pattern.search(line) for pattern in site_patterns):
        return RemovalKind.OTHER, "site:strip_lines"
    rule = match_line(line)
    if rule is None or (rule.kind is RemovalKind.DATE and block.kind is BlockKind.HEADING):
        return None
    return rule.kind, f"line:{rule.name}"


def strip_lines(article: Article, site_patterns: Iterable[SitePattern] = ()) -> Article:
    """``article`` without the blocks that are furniture by what they say; each becomes a removal."""
    patterns = tuple(site_patterns)
    kept: list[Block] = []
    removals = list(article.removals)
    for block in article.blocks:
        if why := _why(block, patterns):
            removals.append(Removal(*why, text=block.text, position=block.position))
        else:
            kept.append(block)
    if len(kept) == len(article.blocks):
        return article
    removals.sort(key=attrgetter("position"))
    return replace(article, blocks=tuple(kept), removals=tuple(removals))


class StripLines:
    """The stage; ``site_patterns`` are regular expressions by site, from ``strip_lines`` in ``newsmorgue.toml``."""

    def __init__(self, site_patterns: Mapping[str, Iterable[str]] | None = None) -> None:
        self._patterns = {
            site: tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
            for site, patterns in (site_patterns or {}).items()
        }

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Take the patterns of the spider's sites."""
        return cls(crawler.spider.strip_lines)

    def process_item(self, item: Visit) -> Visit:
        """``item`` with its article stripped."""
        if item.article is None:
            return item
        return replace(item, article=strip_lines(item.article, self._patterns.get(item.article.site or "", ())))
