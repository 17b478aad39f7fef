from hypothesis import given
from hypothesis import strategies as st

from archive.markdown import render
from archive.records import Article, Block, BlockKind
from archive.words import count_words, split_words


def test_markdown_of_every_kind_of_block():
    blocks = (
        Block(BlockKind.HEADING, "What next", level=2),
        Block(BlockKind.PARAGRAPH, "See the report.", markdown="See the [report](https://e.example/r)."),
        Block(BlockKind.LIST_ITEM, "one", level=1),
        Block(BlockKind.LIST_ITEM, "deeper", level=2),
        Block(BlockKind.LIST_ITEM, "first", level=1, ordered=True),
        Block(BlockKind.QUOTE, "two\nlines"),
        Block(BlockKind.CODE, "x = 1"),
        Block(BlockKind.CODE, "```"),
        Block(BlockKind.CAPTION, "The pier."),
        Block(BlockKind.CAPTION, "The pier.", markdown="![The pier.](https://e.example/p.jpg)"),
        Block(BlockKind.TABLE, "a | b", markdown="| a | b |\n|---|---|"),
        Block(BlockKind.EMBED, ""),
    )
    assert render(blocks) == (
        "## What next\n\n"
        "See the [report](https://e.example/r).\n\n"
        "- one\n    - deeper\n\n"
        "1. first\n\n"
        "> two\n> lines\n\n"
        "```\nx = 1\n```\n\n"
        "````\n```\n````\n\n"
        "*The pier.*\n\n"
        "![The pier.](https://e.example/p.jpg)\n\n"
        "| a | b |\n|---|---|"
    )


def test_the_text_leaves_captions_and_embeds_to_the_markdown():
    article = Article(
        blocks=(
            Block(BlockKind.PARAGRAPH, "Story."),
            Block(BlockKind.CAPTION, "The pier."),
            Block(BlockKind.EMBED, "A film"),
            Block(BlockKind.QUOTE, "Said."),
        )
    )
    assert article.text == "Story.\n\nSaid."
    assert article.words == 2
    assert "The pier." in article.markdown


def test_words_are_counted_in_scripts_with_and_without_spaces():
    assert split_words("It’s 3.5 °C — don't") == ["It’s", "3", "5", "C", "don't"]
    assert count_words("港湾局 FERRY ไทย") == 3 + 1 + 3


@given(st.text())
def test_counting_is_splitting(text: str):
    assert count_words(text) == len(split_words(text))
