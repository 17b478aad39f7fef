"""What sort of change it is, in the words of those who look for silent edits."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.change import _reads_alike, classify_step, fold_typography
from archive.content import Content
from archive.fingerprint import fingerprint
from archive.records import Article, Block, BlockKind, Link, Removal, RemovalKind

URL = "https://tidewater.example/a"
STORY = "The harbour office opened its books.\n\nIt cost 1.5 million, she said."


@pytest.fixture
def kind(story: Callable[..., Article]) -> Callable[..., str]:
    """The kind of the change from one article to another, given as keyword arguments of ``story``."""

    def classify(before: dict[str, object], after: dict[str, object]) -> str:
        contents = [Content.of(story(**({"text": STORY} | fields)), URL, "1") for fields in (before, after)]
        assert contents[0].fingerprint != contents[1].fingerprint
        return classify_step(*contents).value

    return classify


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"text": STORY.replace("1.5", "15")}, "silent"),
        ({}, {"text": STORY + "\n\nMore."}, "silent"),
        ({"modified_at": "2026-01-01"}, {"modified_at": "2026-01-02", "text": STORY + "\n\nMore."}, "update"),
        ({}, {"modified_at": "2026-01-02T10:00:00Z", "text": STORY + "\n\nMore."}, "update"),
        ({"modified_at": "2026-01-01"}, {"text": STORY + "\n\nMore."}, "silent"),
        ({}, {"headline": "Another headline"}, "headline"),
        ({}, {"headline": "Another headline", "section": "Port"}, "headline"),
        ({}, {"headline": None}, "headline"),
        ({}, {"headline": "Another headline", "text": STORY + "\n\nMore."}, "silent"),
        ({}, {"headline": "Another headline", "text": STORY.replace("harbour ", "harbour  ")}, "headline"),
        ({}, {"standfirst": "What the books say"}, "silent"),
        ({}, {"section": "Port"}, "metadata"),
        ({"authors": ("A. Quist",)}, {"authors": ("A. Quist", "O. Brandt")}, "metadata"),
        ({"published_at": "2026-01-01"}, {"published_at": "2026-01-02"}, "metadata"),
        ({}, {"text": STORY + "\n\nCorrection: it cost 1.5 million, not 15."}, "correction"),
        ({"modified_at": "1"}, {"modified_at": "2", "text": STORY + "\n\nCorrection: a name."}, "correction"),
        ({}, {"text": STORY + "\n\nMore.", "correction": "A figure was wrong."}, "correction"),
        ({"correction": "Old."}, {"text": STORY + "\n\nMore.", "correction": "Old."}, "silent"),
        (
            {"text": STORY + "\n\nCorrection: a name."},
            {"text": STORY + "\n\nMore.\n\nCorrection: a name."},
            "silent",
        ),
        ({}, {"text": STORY.replace("harbour office", "harbour  office")}, "typographic"),
        ({}, {"text": STORY.replace("\n\n", " ")}, "typographic"),
        ({"headline": "“Books” open"}, {"headline": '"Books" open'}, "typographic"),
        (
            {},
            {
                "blocks": (
                    Block(BlockKind.HEADING, "The harbour office opened its books."),
                    Block(BlockKind.PARAGRAPH, "It cost 1.5 million, she said."),
                )
            },
            "typographic",
        ),
        (
            {},
            {
                "blocks": (
                    *(Block(BlockKind.PARAGRAPH, part) for part in STORY.split("\n\n")),
                    Block(BlockKind.CAPTION, "The harbour"),
                )
            },
            "silent",
        ),
    ],
)
def test_kinds(kind: Callable[..., str], before: dict[str, object], after: dict[str, object], expected: str) -> None:
    assert kind(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It’s “here”", 'It\'s "here"'),
        ("« oui »", "«oui»"),
        ("a – b", "a - b"),
        ("word—word", "word -- word"),
        ("10–20", "10-20"),
        ("soft\u00adhyphen", "softhyphen"),
        ("two  spaces\u00a0here", "two spaces here"),
        ("Was ?", "Was?"),
        ("5 %", "5%"),
        ("e\u0301te", "\u00e9te"),
        ("「はい」。\n\nいいえ", "「はい」。いいえ"),
    ],
)
def test_typography_alone(before: str, after: str) -> None:
    assert fold_typography(before) == fold_typography(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1.5", "15"),
        ("1.5", "1,5"),
        ("1 5", "15"),
        ("1. 5", "1.5"),
        ("-5", "5"),
        ("−5 %", "5 %"),
        ("3 - 5", "3 -5"),
        ("+5", "5"),
        ("5'", '5"'),
        ("every day", "everyday"),
        ("its", "it's"),
        ("Polish", "polish"),
        ("no.", "no"),
        ("x²", "x2"),
        ("a...", "a"),
    ],
)
def test_more_than_typography(before: str, after: str) -> None:
    assert fold_typography(before) != fold_typography(after)


@given(st.text(alphabet="0123456789.,-+ ", max_size=12), st.text(alphabet="0123456789.,-+ ", max_size=12))
def test_digits_signs_and_decimals_never_fold(one: str, other: str) -> None:
    """Two texts of numbers that fold alike have the same digits, signs and points in the same order."""
    if fold_typography(one) == fold_typography(other):
        bare = [text.replace(" ", "").replace("---", "-").replace("--", "-") for text in (one, other)]
        assert bare[0] == bare[1]


PARTS = st.lists(st.text(alphabet="ab1 .-'\u201d\u2013", max_size=5), max_size=4)


@given(PARTS, PARTS)
def test_leaving_out_what_is_equal_changes_no_answer(before: list[str], after: list[str]) -> None:
    folded = [fold_typography("\n".join(parts)) for parts in (before, after)]
    assert _reads_alike(before, after) == (folded[0] == folded[1])


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = fold_typography(text)
    assert fold_typography(folded) == folded


def test_what_does_not_enter_the_fingerprint(story: Callable[..., Article]) -> None:
    plain = fingerprint(story())
    assert plain == fingerprint(
        story(
            modified_at="2026-01-02",
            tags=("port",),
            image_url="https://tidewater.example/i.jpg",
            links=(Link("https://a.example", "a"),),
            removals=(Removal(RemovalKind.SHARE, "share", "Share"),),
            confidence=0.1,
            language="en",
            correction="None.",
            section="",
        )
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"headline": "Other"},
        {"standfirst": "So"},
        {"section": "Port"},
        {"authors": ("A",)},
        {"published_at": "2026-01-01"},
        {"text": "Other."},
        {"blocks": (Block(BlockKind.HEADING, "The harbour office opened its books on Monday."),)},
    ],
)
def test_what_enters_the_fingerprint(story: Callable[..., Article], fields: dict[str, object]) -> None:
    assert fingerprint(story()) != fingerprint(story(**fields))


def test_blocks_without_text_do_not_enter(story: Callable[..., Article]) -> None:
    blocks = story().blocks
    embed = Block(BlockKind.EMBED, "", markdown="https://video.example/1")
    assert fingerprint(story()) == fingerprint(story(blocks=(*blocks, embed)))
