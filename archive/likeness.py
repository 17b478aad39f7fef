"""How much of two texts is the same: sketches that find near-duplicates among many, and an exact measure. Pure.

A text is the set of its runs of five words. Its sketch is that of one-permutation MinHash (Li, Owen and Zhang, "One
Permutation Hashing", NIPS 2012); texts whose sketches agree in a band of two bins are compared in full. Texts of which
60 % of the runs are the same share one of the 16 bands with a probability of 1 - (1 - 0.6²)¹⁶ = 99.9 %.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from zlib import crc32

from archive.words import OUTLINE, WESTERN

WORD = re.compile(r"\w+")
SPACELESS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
LETTERS = bytes(byte if OUTLINE[byte] == ord("a") else ord(" ") for byte in range(256))
RUN = 5  # words
FEWEST = 30  # runs; what two shorter texts share says little
BINS = 32
ROWS = 2  # bins in a band
MIX = 0x9E3779B97F4A7C15  # the golden ratio in 64 bits, for multiplicative hashing (Knuth, TAOCP 3, 6.4)
MASK = (1 << 64) - 1


def _words(text: str) -> list[bytes]:
    """The words of ``text`` in lower case, in UTF-8; characters for scripts that have no spaces."""
    try:
        return text.encode(WESTERN).translate(LETTERS).decode(WESTERN).lower().encode().split()
    except UnicodeEncodeError:
        return [word.lower().encode() for word in WORD.findall(SPACELESS.sub(r" \g<0> ", text))]


def runs_of(text: str) -> frozenset[int]:
    """A number for each run of five words of ``text``; characters for scripts that have no spaces."""
    words = _words(text)
    ends = list(accumulate([len(word) + 1 for word in words], initial=0))  # each where the next begins
    line = b" ".join(words)
    return frozenset([crc32(line[start : end - 1]) for start, end in zip(ends, ends[RUN:], strict=False)])


Bands = tuple[int, ...]
"""The bands of a text's sketch, as numbers that fit a column; none for a text that is too short."""


def bands_of(runs: frozenset[int]) -> Bands:
    """The bands of the text that has these runs."""
    if len(runs) < FEWEST:
        return ()
    least: list[int | None] = [None] * BINS
    for run in runs:
        mixed = (run + 1) * MIX & MASK
        bin_, value = mixed >> 59, (mixed & (1 << 59) - 1) >> 11
        known = least[bin_]
        if known is None or value < known:
            least[bin_] = value
    bands = []
    for start in range(0, BINS, ROWS):
        values = least[start : start + ROWS]
        if None not in values:
            bands.append(crc32(repr((start, values)).encode()) | start << 32)
    return tuple(bands)


def sketches_of(texts: Iterable[str]) -> Iterator[Bands]:
    """The bands of each of ``texts``, in order."""
    for text in texts:
        yield bands_of(runs_of(text))


def likeness(left: frozenset[int], right: frozenset[int]) -> float:
    """The share of runs that two texts have in common, of all that either has (Jaccard's index)."""
    both = len(left & right)
    return both / (len(left) + len(right) - both) if both else 0.0
