"""Texts as they are compared."""

PUNCTUATION = {
    ord(character): None
    for character in ".,:;!?¡¿…'\"‘’‚‛“”„«»‹›()[]{}<>-‐‑‒–—―_/\\|*#&@•·"
    "。、，！？：；「」『』（）\u200b\u200c\u200d\u00ad\ufeff"
}


LONGEST = 200


def key_of(text: str) -> str:
    """``same`` of the beginning of ``text``, which tells paragraphs apart."""
    return same(text[:LONGEST])


def same(text: str) -> str:
    """``text`` as it is compared: without case, spaces and punctuation."""
    return "".join(text.translate(PUNCTUATION).casefold().split())
