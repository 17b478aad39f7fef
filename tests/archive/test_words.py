"""Counting words: the short way comes to what looking for each word does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.likeness import runs_of
from archive.words import count_words, split_words

SIGNS = "ab'’ -_é.,“”‘9ßÿ€\n\t\xa0²½ª"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It’s 3.5 °C", 4),
        ("rock'n'roll 'tis o''clock", 4),
        ("Ökonomen’ „Aufschwung“", 2),
        ("東京 is big", 4),
        ("Київ’ський", 1),
        ("", 0),
    ],
)
def test_words(text: str, words: int) -> None:
    assert count_words(text) == len(split_words(text)) == words


@given(st.text() | st.text(SIGNS))
def test_both_ways_count_the_same(text: str) -> None:
    assert count_words(text) == len(split_words(text))


@given(st.text(SIGNS + "ÉÀ"))
def test_both_ways_find_the_same_runs(text: str) -> None:
    assert runs_of(text) == runs_of(f"{text} \N{FULLWIDTH EXCLAMATION MARK}")
