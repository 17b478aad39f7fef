"""Invented pages as bytes: templates that pages share, and words that they do not."""

from random import Random


def page(seed: int, *, size: int = 8000) -> bytes:
    """A page whose words depend on ``seed`` and whose frame does not."""
    frame = b"".join(b"<li class='item%d'><a href='/section/%d'>Section</a>" % (n, n) for n in range(60))
    words = Random(seed)
    return frame + b" ".join(words.randbytes(3).hex().encode() for _ in range(size // 7)) + frame


def framed(frame: int, seed: int) -> bytes:
    """A page of the template ``frame``: much the same head and foot, other words."""
    chance = Random(frame)
    lines = b"".join(b"<li class='%d'>%d</li>" % (chance.randrange(10**6), chance.randrange(10**6)) for _ in range(400))
    return lines + page(seed, size=2000) + lines
