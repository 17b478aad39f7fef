"""What the lines that a pattern takes may begin with, so that most rules need not be tried on most lines.

An *opening* is the first ``WIDTH`` characters of a line in lower case: ``DIGIT`` stands there for any decimal digit,
``END`` for what a shorter line lacks, and in the openings of a pattern ``ANY`` for any character. Patterns are those of
``line_rules.toml``: of the syntax of ``re`` they have groups, alternatives, classes, repeats and looks ahead.
"""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import product

WIDTH = 3
ANY, END, DIGIT = "\0", "\1", "0"
REPEAT = re.compile(r"(?:[*+?]|\{(?P<least>\d*),?\d*\})[?+]?")
GROUP = re.compile(r"\((?P<look>\?[=!])?(?:\?:)?(?!\?)")
CLASS = re.compile(r"\[(?P<negated>\^?)(?P<body>(?:\\.|[^\]\\])+)\]")
IN_CLASS = re.compile(r"\\(?P<escape>.)|(?P<first>.)-(?P<last>.)|(?P<one>.)")
MOST = 12  # characters of a class; one of more stands for any


def opening_of(line: str) -> str:
    """The opening of ``line``.

    >>> opening_of("2 min"), opening_of("go") == "go" + END
    ('0 m', True)
    """
    start = line[:WIDTH]
    if not start.isalpha():
        start = "".join([_letter(character) for character in start])
    return start.ljust(WIDTH, END)


def openings_of(pattern: str) -> frozenset[str]:
    """The openings of all lines that ``pattern`` takes whole.

    >>> sorted(openings_of("(?:ads?|by )[1-9]"))
    ['ad0', 'ads', 'by ']
    """
    found, end = _alternatives(pattern, 0)
    if end != len(pattern):
        raise ValueError(f"{pattern[end : end + 20]!r} in a line rule's pattern is not understood")
    return frozenset(start.ljust(WIDTH, END) for start in found)


def forms_of(opening: str) -> Iterator[str]:
    """The openings of patterns that take lines with ``opening``: each of its characters may be ``ANY`` there."""
    return map("".join, product(*((character, ANY) for character in opening)))


def _letter(character: str) -> str:
    return DIGIT if character.isdecimal() else character


def _joined(starts: AbstractSet[str], ends: AbstractSet[str]) -> set[str]:
    """Each of ``starts`` with each of ``ends`` after it, as far as an opening goes."""
    whole = {start for start in starts if len(start) == WIDTH}
    return whole | {(start + end)[:WIDTH] for start in starts - whole for end in ends}


def _alternatives(pattern: str, at: int) -> tuple[set[str], int]:
    """The openings from ``at`` up to the end of a group, and where that is."""
    done: set[str] = set()
    starts = {""}
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            done, starts, at = done | starts, {""}, at + 1
            continue
        piece, at = _piece(pattern, at)
        if repeat := REPEAT.match(pattern, at):
            piece, at = _repeated(piece, repeat), repeat.end()
        starts = _joined(starts, piece)
    return done | starts, at


def _piece(pattern: str, at: int) -> tuple[set[str], int]:
    """What the piece at ``at`` begins with, and where it ends."""
    if group := GROUP.match(pattern, at):
        found, at = _alternatives(pattern, group.end())
        return ({""} if group["look"] else found), at + 1
    if characters := CLASS.match(pattern, at):
        return _in_class(characters), characters.end()
    if pattern[at] == "\\":
        return _escaped(pattern[at + 1]), at + 2
    return {ANY if pattern[at] == "." else _letter(pattern[at])}, at + 1


def _escaped(character: str) -> set[str]:
    if character in "bB":
        return {""}
    return {DIGIT if character == "d" else ANY if character.isalpha() else character}


def _in_class(characters: re.Match[str]) -> set[str]:
    found: set[str] = {ANY} if characters["negated"] else set()
    for part in IN_CLASS.finditer(characters["body"]):
        if part["escape"]:
            found |= _escaped(part["escape"])
        elif part["first"]:
            found |= set(map(_letter, _between(part["first"], part["last"])))
        else:
            found.add(_letter(part["one"]))
    return {ANY} if len(found) > MOST or ANY in found else found


def _between(first: str, last: str) -> Iterable[str]:
    return map(chr, range(ord(first), ord(last) + 1))


def _repeated(piece: set[str], repeat: re.Match[str]) -> set[str]:
    """What ``piece`` begins with when it is repeated as often as ``repeat`` allows."""
    may_lack = repeat[0][0] in "?*" or repeat["least"] in ("", "0")
    found = {""} if may_lack else piece
    for _ in range(1 if repeat[0][0] == "?" else WIDTH):
        found = found | _joined(found, piece)
    return found
