"""Stories that stand only in a page's data: JSON-LD ``articleBody``, or the JSON a script renders the page from."""

import re
from typing import Any

from scraper.reading.flight import is_pushed, stream_values
from scraper.reading.head import Head
from scraper.reading.jsonld import DECODER, LONGEST, load, sound, strings
from scraper.reading.markup import unescape

ASSIGNED = re.compile(r"(?:Fusion\.globalContent|window\.__\w+__|__NEXT_DATA__)\s*=\s*(?=[{\[])")
BODY_KEYS = frozenset(
    "articlebody body content contenthtml bodyhtml html text bodytext maintext story richtext description".split()
)
LISTED = frozenset("content_elements paragraphs blocks body content elements".split())
ENOUGH = 400  # characters from which a text may be a story
MOST_VALUES = 60_000


def _values(script: str) -> list[Any]:
    match = ASSIGNED.search(script, 0, 50_000)
    if not match or len(script) > LONGEST:
        return load(script)
    try:
        return [DECODER.raw_decode(script, match.end())[0]]
    except (ValueError, RecursionError):
        return []


def _listed(value: list[Any]) -> str:
    """The text of a list of content elements, a paragraph a line."""
    lines = []
    for element in value:
        if isinstance(element, dict):
            text = next(
                (element[key] for key in ("content", "text", "html", "value") if isinstance(element.get(key), str)), ""
            )
            lines.append(text)
        elif isinstance(element, str):
            lines.append(element)
    return "\n".join(lines)


def _longest(values: list[Any]) -> str:
    """The longest story in ``values``: a text under a telling key, or a list of paragraphs."""
    best = ""
    waiting: list[Any] = list(values)
    looked = 0
    while waiting and looked < MOST_VALUES:
        value = waiting.pop()
        looked += 1
        if isinstance(value, list):
            waiting.extend(value)
            continue
        if not isinstance(value, dict):
            continue
        for key, child in value.items():
            name = key.lower()
            if isinstance(child, str) and name in BODY_KEYS and len(child) > len(best):
                best = child
            elif isinstance(child, list):
                if name in LISTED and len(text := _listed(child)) > len(best):
                    best = text
                waiting.append(child)
            elif isinstance(child, dict):
                waiting.append(child)
    return best


def data_body(head: Head) -> str:
    """The story in the page's data, as text or markup; empty when there is none worth the name."""
    body = next(iter(strings(head.article.get("articleBody"))), "")
    if len(body) < ENOUGH:
        streamed = [script for script in head.data_scripts if is_pushed(script)]
        found = [_longest(_values(script)) for script in head.data_scripts if not is_pushed(script)]
        body = max((*found, _longest(stream_values(streamed))), key=len, default="")
    body = sound(body)
    if len(body) < ENOUGH:
        return ""
    return unescape(body) if "&lt;" in body else body
