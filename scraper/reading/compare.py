"""Texts as they are compared."""

import re

PUNCTUATION = (
    ".,:;!?¡¿…'\"‘’‚‛“”„«»‹›()[]{}<>-‐‑‒–—―_/\\|*#&@•·。、，！？：；「」『』（）\u200b\u200c\u200d\u00ad\ufeff"
)
REST = re.compile(rf"[^\s{re.escape(PUNCTUATION)}]+").findall
DELETED = dict.fromkeys(map(ord, PUNCTUATION))


LONGEST = 200


def key_of(text: str) -> str:
    """``same`` of the beginning of ``text``, which tells paragraphs apart."""
    return same(text[:LONGEST])


def same(text: str) -> str:
    """``text`` as it is compared: without case, spaces and punctuation."""
    if text.isascii():  # what ``translate`` is made for; else it asks for each character
        return "".join(text.translate(DELETED).casefold().split())
    return "".join(REST(text)).casefold()


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
