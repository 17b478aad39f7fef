"""Diffs: both texts can be had back, moves are seen, and every rendering says the same."""

import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.diff import Op, after_of, before_of, compare, compare_words
from archive.diff_renderings import as_data, as_html, plain_lines, styled_lines

ONE = "The harbour office opened its books on Monday."
TWO = "Three of 14 berths have stood empty since March."
THREE = "Nobody at the office would say why that is so."

paragraph = st.text(alphabet="ab c.,'\n日本é1-", min_size=1, max_size=30).filter(lambda text: "\n\n" not in text)
texts = st.lists(paragraph | st.sampled_from([ONE, TWO, THREE]), max_size=6).map("\n\n".join)


@given(texts, texts)
def test_both_texts_can_be_had_back(before: str, after: str) -> None:
    diff = compare(before, after)
    assert before_of(diff) == before
    assert after_of(diff) == after


@given(texts, texts)
def test_measures_hold(before: str, after: str) -> None:
    diff = compare(before, after)
    assert 0 <= diff.similarity <= 1
    assert diff.words_added >= 0 <= diff.words_removed
    if before == after:
        assert (diff.similarity, diff.words_added, diff.words_removed) == (1, 0, 0)
    back = compare(after, before)
    assert before_of(back) == after


@given(st.text(max_size=80), st.text(max_size=80))
def test_words_of_one_paragraph(before: str, after: str) -> None:
    pieces = compare_words(before, after)
    assert "".join(piece.text for piece in pieces if piece.op is not Op.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.op is not Op.REMOVED) == after


def ops(before: str, after: str) -> list[str]:
    return [each.op.value for each in compare(before, after).paragraphs]


def test_one_word() -> None:
    diff = compare(f"{ONE}\n\n{TWO}", f"{ONE}\n\n{TWO.replace('14', '15')}")
    assert [each.op for each in diff.paragraphs] == [Op.SAME, Op.CHANGED]
    assert (diff.words_added, diff.words_removed) == (1, 1)
    assert diff.similarity == pytest.approx(1 - 2 / 34, abs=1e-4)


def test_paragraphs_that_came_and_went() -> None:
    assert ops(f"{ONE}\n\n{TWO}", f"{ONE}\n\n{THREE}\n\n{TWO}") == ["same", "added", "same"]
    assert ops(f"{ONE}\n\n{THREE}\n\n{TWO}", f"{ONE}\n\n{TWO}") == ["same", "removed", "same"]
    assert ops("", ONE) == ["added"]
    assert ops(ONE, "") == ["removed"]
    assert ops("", "") == []


def test_a_moved_paragraph_is_neither_added_nor_removed() -> None:
    diff = compare(f"{ONE}\n\n{TWO}\n\n{THREE}", f"{TWO}\n\n{THREE}\n\n{ONE}")
    assert sorted(each.op.value for each in diff.paragraphs) == ["moved", "same", "same"]
    assert (diff.words_added, diff.words_removed, diff.similarity) == (0, 0, 1)


def test_a_paragraph_that_moved_and_was_edited() -> None:
    diff = compare(f"{ONE}\n\n{TWO}\n\n{THREE}", f"{TWO}\n\n{THREE}\n\n{ONE.replace('Monday', 'Tuesday')}")
    (moved,) = [each for each in diff.paragraphs if each.op is Op.MOVED]
    assert [(piece.op.value, piece.text.strip()) for piece in moved.pieces if piece.op is not Op.SAME] == [
        ("removed", "Monday"),
        ("added", "Tuesday"),
    ]


def test_unlike_paragraphs_are_not_paired() -> None:
    assert sorted(ops(ONE, "Wholly different matter here, sorry.")) == ["added", "removed"]


def test_long_texts_come_to_an_end() -> None:
    before = " ".join(f"w{number % 97}" for number in range(6000))
    after = " ".join(f"w{number % 89}" for number in range(6000))
    diff = compare(before, after)
    assert after_of(diff) == after


LONG = f"{ONE}\n\n{TWO}\n\n{THREE}\n\nFour & five.\n\nSix."
CHANGED = LONG.replace("Six.", "Six and <b>seven</b>.").replace("Monday", "Tuesday")


def test_plain_text() -> None:
    assert list(plain_lines(compare(LONG, CHANGED))) == [
        "~ The harbour office opened its books on [-Monday-] {+Tuesday+}.",
        f"  {TWO}",
        "  … 1 unchanged",
        "  Four & five.",
        "- Six.",
        "+ Six and <b>seven</b>.",
    ]


def test_styled_text_says_the_same_words() -> None:
    lines = ["".join(text for text, _ in line) for line in styled_lines(compare(LONG, CHANGED))]
    assert lines[0] == "~ The harbour office opened its books on Monday Tuesday."
    assert [style for _, style in next(styled_lines(compare(LONG, CHANGED)))] == ["bold", "", "red strike", "green", ""]


def test_json_holds_everything() -> None:
    data = json.loads(json.dumps(as_data(compare(ONE, TWO))))
    assert set(data) == {"similarity", "words_added", "words_removed", "paragraphs"}
    assert data["paragraphs"][0] == {"op": "removed", "before": 0, "after": None, "pieces": [["removed", ONE]]}


@given(texts, texts)
def test_html_is_escaped_and_whole(before: str, after: str) -> None:
    class Reader(HTMLParser):
        words = ""
        tags: set[str] = set()  # noqa: RUF012

        def handle_starttag(self, tag: str, _: object) -> None:
            self.tags.add(tag)

        def handle_data(self, data: str) -> None:
            self.words += data

    reader = Reader()
    reader.feed(as_html(compare(before + "<script>&amp;", after)))
    reader.close()
    assert reader.tags <= {"p", "ins", "del", "br"}
    assert "<script>&amp;" in reader.words
