"""What a user types into a search box, as an FTS5 expression that is always valid. Pure.

Words, ``"phrases"``, ``start*``, ``AND``, ``OR``, ``NOT`` or ``-``, brackets and ``column:`` before a word, a phrase
or a bracket are understood; everything else is looked for as it stands. NOT binds closest, then AND, which is also
meant where nothing stands, then OR. What does not fit together (``AND AND``, a bracket too many) is read as well as it
can be.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

COLUMNS = ("headline", "standfirst", "section", "authors", "text")
ALIASES = {"author": "authors", "byline": "authors", "title": "headline", "body": "text"}
OPERATORS = ("AND", "OR", "NOT")
DEEPEST = 20  # brackets within brackets; FTS5 has a limit of its own at 256
MOST_TERMS = 64  # and operators and brackets; what a passage costs grows with their square
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
TOKEN = re.compile(
    r"\s*(?P<minus>(?<!\S)-+(?=\S)|(?<=\()-+(?=\S))?"
    r"(?P<column>\b(?:" + "|".join((*COLUMNS, *ALIASES)) + r")\s*:)?\s*(?:"
    r'"(?P<phrase>[^"]*)"?(?P<start>\*)?|(?P<bracket>[()])|(?P<word>[^\s()"]+))',
    re.IGNORECASE,
)
SEARCHABLE = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Match:
    """The versions that an FTS5 expression matches, or with ``is_not`` all others: FTS5 has no sign for those."""

    fts: str
    is_not: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a query: ``term``, ``operator``, ``(`` or ``)``, with its FTS5 text.

    ``column`` is what it is looked for in, where that was said.
    """

    kind: str
    text: str
    column: str | None = None


def tokens(query: str) -> Iterator[Token]:
    """The pieces of what was typed; signs without a letter or digit are dropped."""
    for found in TOKEN.finditer(query.translate(QUOTES)):
        column, phrase, word = _column(found["column"]), found["phrase"], found["word"]
        if found["minus"]:
            yield Token("operator", "NOT")
        if found["bracket"]:
            yield Token(found["bracket"], found["bracket"], column)
        elif word in OPERATORS and not column and not found["minus"]:
            yield Token("operator", word)
        else:
            text = phrase if phrase is not None else word.rstrip("*")
            prefix = bool(found["start"]) if phrase is not None else word.endswith("*")
            yield Token("term", _quoted(text, prefix) if SEARCHABLE.search(text) else "", column)


def _column(typed: str | None) -> str | None:
    name = typed.rstrip(":").strip().lower() if typed else None
    return ALIASES.get(name, name) if name else None


def _quoted(text: str, prefix: bool) -> str:
    return '"' + text.replace("\0", " ").replace('"', '""') + '"' + ("*" if prefix else "")


def _all_of(parts: Sequence[Match]) -> Match | None:
    """What is in all of ``parts``."""
    wanted = [part.fts for part in parts if not part.is_not]
    unwanted = [part.fts for part in parts if part.is_not]
    if not wanted:
        return Match(_joined(unwanted, "OR"), is_not=True) if unwanted else None
    both = _joined(wanted, "AND")
    return Match(f"({both} NOT {_joined(unwanted, 'OR')})" if unwanted else both)


def _any_of(parts: Sequence[Match]) -> Match | None:
    """What is in one of ``parts``: all but what is in none of them."""
    if not any(part.is_not for part in parts):
        return Match(_joined([part.fts for part in parts], "OR")) if parts else None
    none = _all_of([replace(part, is_not=not part.is_not) for part in parts])
    return replace(none, is_not=not none.is_not) if none else None


def _joined(expressions: Sequence[str], operator: str) -> str:
    expressions = list(dict.fromkeys(expressions))
    return expressions[0] if len(expressions) == 1 else "(" + f" {operator} ".join(expressions) + ")"


class _Parser:
    """Reads terms joined by operators; an operator with nothing on one side is left out."""

    def __init__(self, pieces: Sequence[Token]) -> None:
        self.pieces = pieces
        self.place = 0

    def expression(self, column: str | None = None, depth: int = 0) -> Match | None:
        """Everything up to the bracket that closes this depth, or ``None`` if nothing in it can be searched for."""
        groups: list[list[Match]] = [[]]
        negated = False
        while self.place < len(self.pieces):
            piece = self.pieces[self.place]
            self.place += 1
            if piece.kind == ")" and depth:
                break
            if piece.kind == "operator":
                negated = piece.text == "NOT" and not negated
                if piece.text == "OR":
                    groups.append([])
                continue
            if part := self._part(piece, piece.column or column, depth):
                groups[-1].append(replace(part, is_not=part.is_not != negated))
            negated = False
        return _any_of([whole for group in groups if (whole := _all_of(group))])

    def _part(self, piece: Token, column: str | None, depth: int) -> Match | None:
        if piece.kind == "(":
            return self.expression(column, depth + 1) if depth < DEEPEST else None
        if piece.kind == ")" or not piece.text:
            return None
        return Match(f"{column} : {piece.text}" if column else piece.text)


def to_fts(query: str) -> Match | None:
    """What was typed, or ``None`` when there is nothing to search for."""
    return _Parser(list(tokens(query))[:MOST_TERMS]).expression()
