"""What a user types into a search box, as an FTS5 expression that is always valid. Pure.

Words, ``"phrases"``, ``start*``, ``AND``, ``OR``, ``NOT``, brackets and ``column:`` are understood; everything else is
looked for as it stands. NOT binds closest, then AND, which is also meant where nothing stands, then OR. What does
not fit together (``AND AND``, a bracket too many) is read as well as it can be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

COLUMNS = ("headline", "standfirst", "section", "authors", "text")
ALIASES = {"author": "authors", "byline": "authors", "title": "headline", "body": "text"}
OPERATORS = ("AND", "OR", "NOT")
DEEPEST = 20  # brackets within brackets; FTS5 has a limit of its own at 256
MOST_TERMS = 200
TOKEN = re.compile(
    r"(?P<column>\b(?:" + "|".join((*COLUMNS, *ALIASES)) + r")\s*:)?\s*(?:"
    r'"(?P<phrase>[^"]*)"(?P<start>\*)?|(?P<bracket>[()])|(?P<word>[^\s()"]+))',
    re.IGNORECASE,
)
SEARCHABLE = re.compile(r"\w", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a query: ``term``, ``operator``, ``(`` or ``)``, and its FTS5 text."""

    kind: str
    text: str


def _term(text: str, column: str | None, prefix: bool) -> Token | None:
    if not SEARCHABLE.search(text):
        return None
    quoted = '"' + text.replace("\0", " ").replace('"', '""') + '"' + ("*" if prefix else "")
    if not column:
        return Token("term", quoted)
    name = column.rstrip(":").strip().lower()
    return Token("term", f"{ALIASES.get(name, name)} : {quoted}")


def tokens(query: str) -> Iterator[Token]:
    """The pieces of what was typed; signs without a letter or digit are dropped."""
    for found in TOKEN.finditer(query):
        column, phrase, word = found["column"], found["phrase"], found["word"]
        if found["bracket"]:
            yield Token(found["bracket"], found["bracket"])
        elif word in OPERATORS and not column:
            yield Token("operator", word)
        elif phrase is not None:
            if term := _term(phrase, column, bool(found["start"])):
                yield term
        elif term := _term(word.rstrip("*"), column, word.endswith("*")):
            yield term


class _Parser:
    """Reads terms joined by operators; an operator with nothing on one side is left out."""

    def __init__(self, pieces: list[Token]) -> None:
        self.pieces = pieces
        self.place = 0

    def expression(self, depth: int = 0) -> str | None:
        """Everything up to the bracket that closes this depth, or ``None`` if nothing in it can be searched for."""
        whole: str | None = None
        operator = "AND"
        while self.place < len(self.pieces):
            piece = self.pieces[self.place]
            self.place += 1
            if piece.kind == ")":
                if depth:
                    break
                continue
            if piece.kind == "operator":
                operator = piece.text
                continue
            part = self._part(piece, depth)
            if part is not None:
                whole = part if whole is None else f"{whole} {operator} {part}"
                operator = "AND"
        return whole

    def _part(self, piece: Token, depth: int) -> str | None:
        if piece.kind == "term":
            return piece.text
        inner = self.expression(depth + 1) if depth < DEEPEST else None
        return f"({inner})" if inner else None


def to_fts(query: str) -> str | None:
    """The FTS5 expression for what was typed, or ``None`` when there is nothing to search for."""
    return _Parser(list(tokens(query))[:MOST_TERMS]).expression()
