"""The blocks of an article: from the passages that were kept, or from a body that stands only in the page's data."""

from dataclasses import replace

from archive.records import Block, RemovalKind
from scraper.reading.compare import Known
from scraper.reading.databody import data_body
from scraper.reading.head import Head
from scraper.reading.inline import figure_markdown, inline_markdown
from scraper.reading.kinds import CAPTION, PARAGRAPH
from scraper.reading.markup import TAG, paragraphs
from scraper.reading.outline import Outline, Passage, outline
from scraper.reading.page import Page, parse
from scraper.reading.story import line_rule


def block_of(passage: Passage, found: Outline, page: Page, position: int = 0) -> Block:
    """The block that ``passage``, which stands at ``position``, becomes, with its Markdown."""
    kind = passage.kind
    if passage.role is RemovalKind.CAPTION or kind is CAPTION:
        picture = figure_markdown(passage, found.nodes[passage.node].element, page)
        return Block(CAPTION, passage.text, markdown=picture, position=position)
    return Block(kind, passage.text, passage.level, inline_markdown(passage, page), passage.ordered, position)


def _blocks_in(body: str, page: Page) -> list[Block]:
    """The blocks of a body, marked up or not: all but captions and what its names or a line rule say is no story."""
    if not TAG.search(body):
        return [Block(PARAGRAPH, line) for line in paragraphs(body)]
    root = parse(f"<html><body><article>{body}</article></body></html>", page.base_url).root
    found = outline(root) if root is not None else Outline()
    return [
        block_of(passage, found, page)
        for passage in found.passages
        if passage.role is None and passage.kind is not CAPTION
    ]


def data_blocks(head: Head, page: Page, blocks: tuple[Block, ...], known: Known, after: int) -> tuple[Block, ...]:
    """The story from the page's data, when the markup shows less than half of it; it stands ``after`` that."""
    found = [
        block
        for block in _blocks_in(data_body(head), page)
        if not known.holds(block.text) and not (block.kind is PARAGRAPH and line_rule(block.text))
    ]
    shown = sum(len(block.text) for block in blocks)
    if sum(len(block.text) for block in found) < max(2 * shown, 1):
        return blocks
    return tuple(replace(block, position=place) for place, block in enumerate(found, after))
