"""Lines that are never the story: by the built-in rules, and by those that a site's entry names."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, Self

from archive.records import Article, Block, BlockKind, Removal, RemovalKind, Visit
from pipelines.line_rules import LONGEST_LINE, match_line, tidy_line
from pipelines.site_rules import RulesOf

# Quotes, code and tables say what they say; a heading that is a date structures a chronicle.
LINE_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.HEADING})
SitePattern = re.Pattern[str]


@lru_cache(maxsize=1024)
def compiled(patterns: tuple[str, ...]) -> tuple[SitePattern, ...]:
    """The patterns of a site, ready for use."""
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


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
    """The stage; ``rules`` by site are those of ``newsmorgue.toml``, of which it heeds ``strip_lines``."""

    def __init__(self, rules: RulesOf | None = None) -> None:
        self._rules = {site: rules for site, rules in (rules or {}).items() if rules}

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Take the patterns of the spider's sites."""
        return cls(crawler.spider.rules)

    def process_item(self, item: Visit) -> Visit:
        """``item`` with its article stripped."""
        if item.article is None:
            return item
        return replace(item, article=strip_lines(item.article, self._patterns_for(item, item.article.site or "")))

    def _patterns_for(self, item: Visit, site: str) -> tuple[SitePattern, ...]:
        rules = self._rules.get(site)
        return compiled(rules.at(item.capture.fetched_at).strip_lines) if rules else ()
