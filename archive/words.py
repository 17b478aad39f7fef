"""Words as newsmorgue counts and compares them."""

import re

# Thai, Lao, Burmese, kana and Han are written without spaces: a character counts as a word there.
SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WORD = re.compile(f"[{SPACELESS}]|[^\\W{SPACELESS}]+(?:['’][^\\W{SPACELESS}]+)*")


def split_words(text: str) -> list[str]:
    """The words of ``text`` in order, without punctuation.

    >>> split_words("It’s 3.5 °C")
    ['It’s', '3', '5', 'C']
    """
    return WORD.findall(text)


def count_words(text: str) -> int:
    """How many words ``text`` has."""
    return len(WORD.findall(text))
