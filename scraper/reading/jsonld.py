"""schema.org data in ``<script type="application/ld+json">``: parsed with tolerance, flattened, searched."""

import json
import re
from collections.abc import Iterator
from typing import Any

ARTICLE_TYPES = frozenset(
    "article newsarticle reportagenewsarticle analysisnewsarticle opinionnewsarticle "
    "backgroundnewsarticle reviewnewsarticle"
    " asknewsarticle advertisercontentarticle satiricalarticle blogposting liveblogposting "
    "techarticle scholarlyarticle report"
    " socialmediaposting discussionforumposting webarticle howto recipe review criticreview".split()
)
PAGE_TYPES = frozenset(
    "webpage itempage videoobject creativework medicalwebpage imagegallery mediagallery podcastepisode".split()
)
MOST_OBJECTS = 4_000
LONGEST = 5_000_000  # characters of one script
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
CONTROL = re.compile(r"[\x00-\x1f]+")
OPENING = re.compile(r"(?:<!--|//|<!\[CDATA\[|/\*|\*/|\s)*")  # what hides a script from old browsers
DEEPEST = 20  # levels of lists and names in which a text is looked for

Thing = dict[str, Any]


def _number(digits: str) -> int | float | str:
    return int(digits) if len(digits) < 19 else digits


DECODER = json.JSONDecoder(strict=False, parse_int=_number)


def _values(text: str) -> Iterator[Any]:
    """The JSON values that ``text`` begins with: one as it should be, or several in a row."""
    place = 0
    while place < len(text) and text[place] in "{[":
        value, place = DECODER.raw_decode(text, place)
        yield value
        while place < len(text) and text[place] in " \t\r\n,;":
            place += 1


def _repaired(text: str) -> str:
    return TRAILING_COMMA.sub(r"\1", CONTROL.sub(" ", text))


def load(script: str) -> list[Any]:
    """The values of a script, repaired if need be; an empty list when it is no JSON."""
    if len(script) > LONGEST:
        return []
    text = script.lstrip()
    if not text.startswith(("{", "[")):
        text = OPENING.sub("", text, count=1)
    found: list[Any] = []
    for repair in (None, _repaired):
        try:
            for value in _values(repair(text) if repair else text):
                found.append(value)  # noqa: PERF402 - what came before a break is kept
        except (ValueError, RecursionError):
            pass
        if found:
            break
    return found


def flatten(values: list[Any]) -> list[Thing]:
    """Every object in ``values``, outer before inner, without recursion."""
    things: list[Thing] = []
    waiting = list(reversed(values))
    while waiting and len(things) < MOST_OBJECTS:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            things.append(value)
            waiting.extend(child for child in reversed(value.values()) if isinstance(child, dict | list))
    return things


def types_of(thing: Thing) -> set[str]:
    """The types of an object, in lower case without their vocabulary."""
    value = thing.get("@type")
    names = value if isinstance(value, list) else [value]
    return {name.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for name in names if isinstance(name, str)}


def sound(text: str) -> str:
    """``text`` without lone surrogates, which JSON can spell and no file can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def strings(value: Any, depth: int = 0) -> list[str]:
    """The texts in ``value``: a string, or those of a list, or the ``name`` or ``@value`` of an object."""
    if isinstance(value, str):
        return [sound(value)] if value.strip() else []
    if depth > DEEPEST:
        return []
    if isinstance(value, list):
        return [text for child in value[:200] if not isinstance(child, list) for text in strings(child, depth + 1)]
    if isinstance(value, dict):
        inner = value.get("name") or value.get("@value") or value.get("url") or value.get("@id")
        return strings(inner, depth + 1) if isinstance(inner, str | list) else []
    return []


def first(thing: Thing, *keys: str) -> str | None:
    """The first text under one of ``keys``."""
    for key in keys:
        if found := strings(thing.get(key)):
            return found[0].strip()
    return None


def _rank(thing: Thing, url_path: str) -> float:
    kinds = types_of(thing)
    score = 4.0 if kinds & ARTICLE_TYPES else 1.0 if kinds & PAGE_TYPES else -9.0
    if score < 0:
        return score
    score += sum(
        key in thing for key in ("headline", "datePublished", "author", "articleBody", "dateModified", "image")
    )
    own = " ".join(strings(thing.get("url")) + strings(thing.get("mainEntityOfPage")) + strings(thing.get("@id")))
    return score + (3 if len(url_path) > 1 and url_path in own else 0)


def article_of(things: list[Thing], url_path: str) -> Thing:
    """The object that describes the page's article, or an empty one. ``url_path`` is the path of the page's URL."""
    best, most = {}, 0.0
    for thing in things:
        score = _rank(thing, url_path)
        if score > most:
            best, most = thing, score
    return best


def resolve(things: list[Thing], value: Any) -> Any:
    """``value`` with references (``{"@id": …}`` alone) replaced by what they refer to, one level deep."""
    if isinstance(value, list):
        return [resolve(things, child) for child in value[:100] if not isinstance(child, list)]
    if isinstance(value, dict) and "@id" in value and not value.get("name"):
        return next((thing for thing in things if thing.get("@id") == value["@id"] and thing.get("name")), value)
    return value
