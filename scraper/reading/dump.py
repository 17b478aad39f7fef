"""Text dumps: pages that someone saved as plain text, one paragraph a line.

Their form: perhaps a section label, perhaps a headline, a standfirst, a date, then the story; after it what the page
showed besides: dates in a column, cards of other articles (label and date), a consent sentence.
"""

from collections.abc import Collection
from itertools import islice

from archive.records import Article, ArticleKind, Block, BlockKind, Evidence, Removal, RemovalKind
from archive.urls import canonical_url, site_of
from pipelines.line_rules import match_line
from scraper.reading.moments import read_moment
from scraper.reading.names import clean_names
from scraper.reading.page import Page
from scraper.reading.story import SENTENCE_END

MOST_READ = 50_000  # lines of a text; each is looked at for being a date, a label, furniture
MOST_LINES = 2_000  # of a text without prose that are kept
LABEL = 40  # characters of a section label at most
PARAGRAPH = 160  # characters from which a line is a paragraph whatever it ends with


def is_date(line: str) -> bool:
    """Whether ``line`` is a date and nothing else."""
    return (
        len(line) <= 60
        and read_moment(line, printed=True) is not None
        and not SENTENCE_END.search(line.rstrip("."))
        and sum(map(str.isalpha, line)) < 30
    )


def is_label(line: str) -> bool:
    """Whether ``line`` is a short label in capitals or title case, without a full stop."""
    return (
        len(line) <= LABEL
        and len(line.split()) <= 4
        and line[0].isupper()
        and not SENTENCE_END.search(line)
        and not is_date(line)
    )


def is_headline(line: str) -> bool:
    """Whether a line that stands alone before the story is short enough for a headline; else it is a standfirst."""
    return len(line) <= 110 and len(line.split()) <= 14


def is_paragraph(line: str) -> bool:
    """Whether ``line`` is prose."""
    return len(line) >= PARAGRAPH or (len(line) >= 60 and bool(SENTENCE_END.search(line[-4:])))


def _story_range(lines: list[str]) -> tuple[int, int]:
    """The half-open range of lines from the first to the last paragraph that no rule takes."""
    places = [index for index, line in enumerate(lines) if is_paragraph(line) and match_line(line) is None]
    return (places[0], places[-1] + 1) if places else (len(lines), len(lines))


def _lead(lines: list[str]) -> tuple[dict[str, str], list[Removal]]:
    """The fields that stand before the story, and what of it is nothing."""
    fields: dict[str, str] = {}
    stripped: list[Removal] = []
    for index, line in enumerate(lines):
        if is_date(line):
            fields.setdefault("published_at", line)
        elif (rule := match_line(line)) is not None:
            if rule.kind is RemovalKind.BYLINE:
                fields.setdefault("authors", line)
            else:
                stripped.append(Removal(rule.kind, rule.name, line, index))
        elif is_label(line) and "section" not in fields and (line.isupper() or index + 1 < len(lines)):
            fields["section"] = line
        else:
            fields.setdefault("rest", "")
            fields["rest"] += ("\n" if fields["rest"] else "") + line
    return fields, stripped


def _titles(rest: str) -> tuple[str | None, str | None, list[str]]:
    """``(headline, standfirst, more)`` of the lines before the story that are neither label nor date."""
    lines = rest.split("\n") if rest else []
    if not lines:
        return None, None, []
    if len(lines) == 1:
        return (lines[0], None, []) if is_headline(lines[0]) else (None, lines[0], [])
    return lines[0], lines[1], lines[2:]


def _tail(lines: list[str], start: int) -> list[Removal]:
    """Removals for what stands after the story; a label with a date below it is a card."""
    removals = []
    index = 0
    while index < len(lines):
        line, after = lines[index], lines[index + 1] if index + 1 < len(lines) else ""
        if is_date(line):
            removals.append(Removal(RemovalKind.DATE, "trailing-date", line, start + index))
        elif (rule := match_line(line)) is not None:
            removals.append(Removal(rule.kind, rule.name, line, start + index))
        elif after and is_date(after):
            removals.append(Removal(RemovalKind.RELATED, "card", f"{line}\n{after}", start + index))
            index += 1
        else:
            removals.append(Removal(RemovalKind.OTHER, "after-story", line, start + index))
        index += 1
    return removals


def _story(lines: list[str], start: int, site_lines: Collection[str]) -> tuple[list[Block], list[Removal]]:
    """Blocks and removals of the lines between the first and the last paragraph; ``start`` is the first's number."""
    blocks, removals = [], []
    for place, line in enumerate(lines, start):
        if line in site_lines:
            removals.append(Removal(RemovalKind.OTHER, "site-line", line, place))
        elif is_date(line):
            removals.append(Removal(RemovalKind.DATE, "date-line", line, place))
        elif rule := match_line(line):
            removals.append(Removal(rule.kind, rule.name, line, place))
        elif is_paragraph(line) or len(line) > 90:
            blocks.append(Block(BlockKind.PARAGRAPH, line, position=place))
        else:
            blocks.append(Block(BlockKind.HEADING, line, 2, position=place))
    return blocks, removals


def _no_story(page: Page, lines: list[str]) -> Article:
    url = canonical_url(page.url) if page.url else None
    return Article(
        url=url,
        site=site_of(url) if url else None,
        kind=ArticleKind.OTHER,
        reason="no prose" if lines else "empty or binary",
        blocks=tuple(Block(BlockKind.PARAGRAPH, line, position=place) for place, line in enumerate(lines[:MOST_LINES])),
    )


def read_dump(page: Page, site_lines: Collection[str] = ()) -> Article:
    """The article in a page without markup; ``kind`` other when there is no prose in it."""
    squeezed = (" ".join(line.split()) for line in page.text.splitlines())
    lines = list(islice(filter(None, squeezed), MOST_READ + 1))
    limit = f"more than {MOST_READ:,} lines" if len(lines) > MOST_READ else page.limit
    start, stop = _story_range(lines)
    if start == len(lines):
        return _no_story(page, lines)
    fields, stripped = _lead(lines[:start])
    headline, standfirst, more = _titles(fields.get("rest", ""))
    blocks, removals = _story(lines[start:stop], start, site_lines)
    url = canonical_url(page.url) if page.url else None
    section, printed = fields.get("section"), fields.get("published_at")
    shown = {"headline": headline, "standfirst": standfirst, "section": section, "published_at": printed}
    return Article(
        url=url,
        site=site_of(url) if url else None,
        headline=headline,
        standfirst=standfirst,
        section=section,
        authors=clean_names([fields["authors"]]) if "authors" in fields else (),
        published_at=read_moment(printed, printed=True),
        kind=ArticleKind.OTHER if limit else ArticleKind.ARTICLE,
        confidence=0.3 if limit else min(0.9, 0.3 + 0.1 * len(blocks)),
        reason=f"read in part: {limit}" if limit else None,
        blocks=(*(Block(BlockKind.PARAGRAPH, line, position=lines.index(line)) for line in more), *blocks),
        removals=(*stripped, *removals, *_tail(lines[stop:], stop)),
        evidence=tuple(Evidence(name, "text", value) for name, value in shown.items() if value),
    )
