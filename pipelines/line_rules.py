"""Whole-line rules: what a line says when it is never the story. The rules are data, in ``line_rules.toml``."""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from archive.records import RemovalKind
from pipelines.openings import forms_of, opening_of, openings_of

SOURCE = Path(__file__).with_name("line_rules.toml")
FRAGMENT = re.compile(r"<<(\w+)>>")
SHORT = 120  # characters
DIGIT = re.compile(r"\d")
LONGEST_LINE = 400  # characters; furniture is short, and a bound keeps matching cheap
STRAIGHT = tuple(zip("’‘`´“”„", "''''\"\"\"", strict=True))


@dataclass(frozen=True, slots=True)
class LineRule:
    """One rule: a pattern that a whole line in lower case must match, why that is safe, and examples of both sides.

    With ``capitals`` every longer word after the first must begin in upper case (in scripts that have case):
    a name does, a phrase does not. A ``short`` rule takes no line over ``SHORT`` characters, one with ``digits``
    none without a digit, one that ``holds`` something none without one of these strings, and each but lines that begin
    like its pattern: so that most rules need not be tried on most lines.
    """

    name: str
    kind: RemovalKind
    reason: str
    pattern: re.Pattern[str]
    drops: tuple[str, ...]
    keeps: tuple[str, ...]
    capitals: bool = False
    short: bool = False
    digits: bool = False
    holds: tuple[str, ...] = ()

    def matches(self, line: str) -> bool:
        """Whether the rule takes ``line``, which is one that ``tidy_line`` gave."""
        return (
            self.pattern.fullmatch(line.lower()) is not None
            and (not self.capitals or _is_capitalised(line))
            and not (self.short and len(line) > SHORT)
            and not (self.digits and not DIGIT.search(line))
        )


def _is_capitalised(line: str) -> bool:
    return not any(word[0].islower() and len(word) > 3 for word in line.split()[1:])


@lru_cache(maxsize=512)  # each stage that looks at lines asks for those of the same article
def tidy_line(text: str) -> str:
    """``text`` on one line with single spaces and straight quotes, as patterns expect it."""
    if not text.isascii() or "`" in text:
        for curly, straight in STRAIGHT:  # a fraction of what str.translate takes
            text = text.replace(curly, straight)
    if "  " not in text and text.isprintable():  # no other kind of space is printable
        return text.strip()
    return " ".join(text.split())


def _build(rule: dict[str, Any], fragments: dict[str, str]) -> LineRule:
    def expand(pattern: str) -> str:
        return FRAGMENT.sub(lambda match: expand(fragments[match[1]]), pattern)

    return LineRule(
        name=rule["name"],
        kind=RemovalKind(rule["kind"]),
        reason=rule["reason"],
        pattern=re.compile(expand(rule["pattern"])),
        drops=tuple(rule["drops"]),
        keeps=tuple(rule["keeps"]),
        capitals=rule.get("capitals", False),
        short=rule.get("short", False),
        digits=rule.get("digits", False),
        holds=tuple(rule.get("holds", ())),
    )


def _load() -> Iterator[LineRule]:
    data = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    for rule in data["rule"]:
        yield _build(rule, data["fragments"])


@cache
def line_rules() -> tuple[LineRule, ...]:
    """All rules, in the order in which they are tried."""
    return tuple(_load())


@cache
def _rules_by_opening() -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for place, rule in enumerate(line_rules()):
        for opening in openings_of(rule.pattern.pattern):
            index.setdefault(opening, []).append(place)
    return index


@lru_cache(maxsize=20_000)
def _rules_for(opening: str, is_short: bool, has_digit: bool) -> tuple[LineRule, ...]:
    """The rules that may take a line with this opening, in the order in which they are tried."""
    index = _rules_by_opening()
    places = sorted({place for form in forms_of(opening) for place in index.get(form, ())})
    rules = (line_rules()[place] for place in places)
    return tuple(rule for rule in rules if (is_short or not rule.short) and (has_digit or not rule.digits))


def _holds(line: str, parts: tuple[str, ...]) -> bool:
    for part in parts:  # a fraction of what any() takes
        if part in line:
            return True
    return not parts


@cache
def rules_digest() -> str:
    """A short hash of the rules, kept with every reading that they took part in."""
    return hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]


def match_line(text: str) -> LineRule | None:
    """The first rule that takes the whole of ``text``, or ``None`` when it may be story.

    >>> match_line("Updated: 3rd February 2025 at 9.15am").kind.value
    'date'
    """
    if len(text) > LONGEST_LINE:
        return None
    line = tidy_line(text)
    lower = line.lower()
    for rule in _rules_for(opening_of(lower), len(line) <= SHORT, DIGIT.search(line) is not None):
        if _holds(lower, rule.holds) and rule.matches(line):
            return rule
    return None
