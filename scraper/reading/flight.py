"""The data stream that Next.js (since version 13) renders a page from: rows that scripts push, one after another.

A row is ``<hexadecimal id>:<JSON>`` up to a line break, or ``<id>:T<length in hexadecimal>,`` and as many bytes of
UTF-8 text. A text may be cut anywhere between two pushes.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from scraper.reading.jsonld import DECODER

PUSHED = re.compile(r"__next_f\.push\(\s*(?=\[)")
ROW = re.compile(rb"[\s]*[0-9a-f]*:(?:T([0-9a-f]{1,7}),)?")
LONGEST = 5_000_000  # characters of a page's stream


def is_pushed(script: str) -> bool:
    """Whether a script pushes a part of a stream."""
    return "__next_f" in script[:200]


def _pushed(scripts: Iterable[str]) -> Iterator[str]:
    for script in scripts:
        for match in PUSHED.finditer(script):
            try:
                pushed, _ = DECODER.raw_decode(script, match.end())
            except (ValueError, RecursionError):
                break  # a script that is cut; to say where costs the decoder a look at all that came before
            if len(pushed) > 1 and isinstance(pushed[1], str):
                yield pushed[1]


def stream_values(scripts: Iterable[str]) -> list[Any]:
    """What the rows of the stream hold: JSON values, and texts as ``{"text": …}``."""
    stream = "".join(_pushed(scripts))[:LONGEST].encode("utf-8", "replace")
    found: list[Any] = []
    place = 0
    while match := ROW.match(stream, place):
        place = match.end()
        if match[1]:
            end = place + int(match[1], 16)
            found.append({"text": stream[place:end].decode("utf-8", "replace")})
        else:
            end = stream.find(b"\n", place)
            end = len(stream) if end < 0 else end
            if stream[place : place + 1] in (b"{", b"["):
                with suppress(ValueError, RecursionError):  # a row that was cut says nothing
                    found.append(DECODER.decode(stream[place:end].decode("utf-8", "replace")))
        place = end
    return found
