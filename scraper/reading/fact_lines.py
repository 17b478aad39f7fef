"""Lines of mere facts about the article: ``Ada Penrose | 3 May 2026, 09:10 | Town``, ``1 day ago · 87 views``."""

import re
from collections.abc import Collection, Sequence

from archive.records import BlockKind, RemovalKind
from pipelines.line_rules import match_line
from scraper.reading.compare import same
from scraper.reading.outline import Passage
from scraper.reading.story import KEEP, Verdict

LONGEST = 140  # characters
SEPARATORS = re.compile(r"\s*[|·•‧∙⋅¦]\s*|\s+[–—/-]\s+|\n")
FACTS = frozenset({RemovalKind.DATE, RemovalKind.BYLINE, RemovalKind.COMMENT, RemovalKind.SHARE})
# A number and what it counts, in the languages of the line rules.
COUNTER = re.compile(
    r"(?:\d[\d.,  ’']*(?:k|m|mio\.?|тыс\.?|万)?|no|one)\s*\+?\s*"
    r"(?:(?:page)?views?|reads?|readers?|shares?|likes?|claps?|votes?|reactions?|comments?|replies|reply|clicks?|hits?|"
    r"aufrufe|klicks|leser|kommentare?|vues|lectures?|partages?|commentaires?|visitas|lecturas|comentarios?|visualizzazioni|"
    r"letture|commenti|visualizações|leituras|comentários?|keer (?:gelezen|bekeken)|reacties|visninger|visningar|"
    r"kommentarer|wyświetleń|odsłon|komentarzy|просмотр\w*|комментари\w*|görüntülenme|okunma|yorum|閲覧|阅读|評論|评论|조회)"
    r"|(?:(?:page)?views?|reads?|shares?|likes?|comments?|aufrufe|vues|visitas|letture|просмотр\w*|조회수?)\s*:?\s*\d[\d.,]*",
    re.IGNORECASE,
)


def _is_fact(piece: str, known: Collection[str]) -> bool:
    """Whether ``piece`` is one of the ``known`` names, a count, or what a rule takes for a date, byline or the like."""
    if same(piece) in known or COUNTER.fullmatch(piece):
        return True
    rule = match_line(piece)
    return rule is not None and rule.kind in FACTS


def is_fact_line(text: str, known: Collection[str]) -> bool:
    """Whether ``text`` is two or more facts with signs between them; ``known`` as ``same`` gives it."""
    if len(text) > LONGEST:
        return False
    pieces = [piece for piece in SEPARATORS.split(text) if piece.strip()]
    if len(pieces) < 2:
        return COUNTER.fullmatch(text.strip()) is not None
    return all(_is_fact(piece, known) for piece in pieces)


def without_fact_lines(
    passages: Sequence[Passage], verdicts: Sequence[Verdict], authors: Collection[str], section: str | None
) -> list[Verdict]:
    """The verdicts, with lines taken out of the story that only repeat what is told of it elsewhere."""
    known = {same(name) for name in (*authors, section or "") if name}
    told = list(verdicts)
    for index, verdict in enumerate(verdicts):
        passage = passages[index]
        if verdict is KEEP and passage.kind is BlockKind.PARAGRAPH and is_fact_line(passage.text, known):
            told[index] = Verdict(RemovalKind.DATE, "facts-of-article")
    return told
