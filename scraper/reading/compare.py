"""Texts as they are compared."""

PUNCTUATION = {
    ord(character): None
    for character in ".,:;!?¡¿…'\"‘’‚‛“”„«»‹›()[]{}<>-‐‑‒–—―_/\\|*#&@•·"
    "。、，！？：；「」『』（）\u200b\u200c\u200d\u00ad\ufeff"
}


def same(text: str) -> str:
    """``text`` as it is compared: without case, spaces and punctuation."""
    return "".join(text.translate(PUNCTUATION).casefold().split())
