"""Words as newsmorgue counts and compares them."""

import re

# Thai, Lao, Burmese, kana and Han are written without spaces: a character counts as a word there.
SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WORD = re.compile(f"[{SPACELESS}]|[^\\W{SPACELESS}]+(?:['’][^\\W{SPACELESS}]+)*")
WESTERN = "cp1252"  # has the letters, quotes and dashes of most texts of western Europe's languages, a byte each


def _outline_of(byte: int) -> int:
    """``a`` for a byte that stands for a letter, digit or underscore, an apostrophe for one, else a space."""
    character = bytes((byte,)).decode(WESTERN, "replace")
    return ord("'") if character in "'’" else ord("a") if re.match(r"\w", character) else ord(" ")


OUTLINE = bytes(map(_outline_of, range(256)))


def split_words(text: str) -> list[str]:
    """The words of ``text`` in order, without punctuation.

    >>> split_words("It’s 3.5 °C")
    ['It’s', '3', '5', 'C']
    """
    return WORD.findall(text)


def count_words(text: str) -> int:
    """How many words ``text`` has.

    Most texts have a byte for each character in one encoding: counting there takes an eighth of looking for each word.
    """
    try:
        outline = text.encode(WESTERN).translate(OUTLINE)
    except UnicodeEncodeError:
        return len(WORD.findall(text))
    if b"'" in outline:  # one between letters is part of a word; the second turn is for those that share a letter
        outline = outline.replace(b"a'a", b"aaa").replace(b"a'a", b"aaa").replace(b"'", b" ")
    return len(outline.split())
