"""Texts as they are compared."""

import re

PUNCTUATION = (
    ".,:;!?¡¿…'\"‘’‚‛“”„«»‹›()[]{}<>-‐‑‒–—―_/\\|*#&@•·。、，！？：；「」『』（）\u200b\u200c\u200d\u00ad\ufeff"
)
REST = re.compile(rf"[^\s{re.escape(PUNCTUATION)}]+").findall
DELETED = dict.fromkeys(map(ord, PUNCTUATION))


LONGEST = 200
INEXACT = 0.7  # how much two keys agree that are nearly the same


def key_of(text: str) -> str:
    """``same`` of the beginning of ``text``, which tells paragraphs apart."""
    return same(text[:LONGEST])


def same(text: str) -> str:
    """``text`` as it is compared: without case, spaces and punctuation."""
    if text.isascii():  # what ``translate`` is made for; else it asks for each character
        return "".join(text.translate(DELETED).casefold().split())
    return "".join(REST(text)).casefold()


def alike(one: str, other: str) -> float:
    """How much two keys agree, 0 to 1: one in the other, or many runs of three characters in common."""
    if one == other:
        return 1.0
    shorter, longer = sorted((len(one), len(other)))
    if one in other or other in one:
        return INEXACT * shorter / longer
    if shorter < 0.4 * longer:
        return 0.0
    runs = {one[place : place + 3] for place in range(len(one) - 2)}
    shared = len(runs.intersection([other[place : place + 3] for place in range(len(other) - 2)]))
    ratio = min(1.0, 1.3 * shared / (longer - 2)) if longer > 2 else 0.0
    return INEXACT * ratio if ratio > 0.45 else 0.0


class Known:
    """Texts that are fields of the article, and so must not stand in its story too."""

    SLACK = 12  # characters by which punctuation and spaces may differ

    def __init__(self, *texts: str | None) -> None:
        self.keys = {key_of(text) for text in texts if text}
        self.sizes = [len(text) for text in texts if text]

    def holds(self, text: str) -> bool:
        """Whether ``text`` is one of them, as they are compared."""
        size = len(text)
        for known in self.sizes:
            if -self.SLACK <= size - known <= self.SLACK or (size >= LONGEST and known >= LONGEST):
                return key_of(text) in self.keys
        return False
