"""What sort of page was read, how sure that is, and what a visit to it came to."""

import re
from collections.abc import Sequence

from archive.records import Article, ArticleKind, Block, Outcome, RemovalKind
from scraper.reading.head import Head
from scraper.reading.jsonld import ARTICLE_TYPES, types_of
from scraper.reading.kinds import HEADING, PARAGRAPH, QUOTE
from scraper.reading.outline import Outline
from scraper.reading.page import Page
from scraper.reading.shells import is_shell
from scraper.reading.story import weight_of

FEWEST_CARDS, CARDS_SHARE = 3, 0.6  # of the paragraphs of a page that lists stories with a line on each
SHORTEST_CARD = 20  # characters
LETTERS = 6  # a word has, with its space
THIN = 60  # words under which a text without further signs is no story
LONG = 200  # words from which on a text is no notice
CHALLENGE = re.compile(
    r"just a moment|checking your browser|attention required|verify (?:that )?you are (?:a )?human|"
    r"are you a robot|access denied|cf-chl|captcha|ddos protection|pardon our interruption|enable "
    r"javascript and cookies|request unsuccessful|security check|bot (?:check|detection)|one more step",
    re.IGNORECASE,
)
NOT_FOUND = re.compile(
    r"\b404\b|(?:page|article|content|story) (?:not found|no longer|cannot be found|doesn.t exist|"
    r"does not exist)|not found|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|"
    r"página no encontrada|pagina non trovata|página não encontrada|pagina niet gevonden|ページが見つかりません|"
    r"страница не найдена",
    re.IGNORECASE,
)
WALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read)|log ?in to (?:continue|read)|sign in to (?:continue|"
    r"read)|already a subscriber|subscribers? only|to continue reading|create (?:a free|an) account "
    r"to|register to (?:continue|read)|jetzt (?:abonnieren|weiterlesen)|für abonnenten|réservé aux "
    r"abonnés|contenido exclusivo para suscriptores|solo per abbonati|exclusivo para assinantes|"
    r"alleen voor abonnees|有料会員",
    re.IGNORECASE,
)
LIVE = frozenset({"liveblogposting"})
GALLERY = frozenset({"imagegallery", "mediagallery"})
FILLED = frozenset({ArticleKind.HUB, ArticleKind.OTHER, ArticleKind.ARTICLE})  # kinds that a shell may be taken for


def _is_list(found: Outline, *, has_text: bool) -> tuple[bool, str]:
    """Whether the page is mostly links with headings: a section page. Without any text, fewer links suffice."""
    linked = sum(1 for passage in found.passages if passage.linked > 0.6 * len(passage.text) and len(passage.text) > 20)
    linked += sum(1 for cut in found.cuts if cut.kind is RemovalKind.RELATED)
    prose = sum(
        1 for passage in found.passages if passage.linked <= 0.3 * len(passage.text) and len(passage.text) > 140
    )
    if linked >= (max(3 * prose + 1, 8) if has_text else 3):
        return True, f"{linked} linked lines beside {prose} paragraphs"
    cards, told = _cards(found)
    return cards >= FEWEST_CARDS and cards >= CARDS_SHARE * told, f"{cards} of {told} paragraphs under linked headings"


def _cards(found: Outline) -> tuple[int, int]:
    """How many paragraphs stand right under a heading that is a link, as on cards, and how many there are in all."""
    cards = told = 0
    under = False  # a heading that is a link
    for passage in found.passages:
        if passage.kind is HEADING:
            under = passage.linked > 0.6 * len(passage.text)
        elif passage.kind is PARAGRAPH and len(passage.text) > max(SHORTEST_CARD, passage.linked / 0.3):
            told += 1
            cards += under
            under = False
    return cards, told


def kind_of(  # noqa: PLR0911 - a kind a return
    head: Head, found: Outline, kept: Sequence[Block]
) -> tuple[ArticleKind, float, str | None]:
    """``(kind, confidence 0-1, reason)`` of a page that was read."""
    kinds = types_of(head.article)
    claims = bool(kinds & ARTICLE_TYPES) or next((value for _, value in head.metas("og:type")), "").lower() == "article"
    long = [block for block in kept if len(block.text) > 80 and block.kind in (PARAGRAPH, QUOTE)]
    words = sum(weight_of(block.text) for block in kept) // LETTERS
    confidence = min(1.0, 0.15 + 0.35 * claims + 0.08 * min(len(long), 5) + 0.1 * bool(head.h1) + 0.1 * (words > 200))
    is_list, why = _is_list(found, has_text=bool(kept))
    if is_list and not claims:
        return ArticleKind.HUB, min(confidence, 0.3), why
    if not kept:
        return ArticleKind.OTHER, 0.0, "no text"
    if kinds & LIVE:
        return ArticleKind.LIVE, confidence, None
    if kinds & GALLERY:
        return ArticleKind.GALLERY, confidence, None
    if words < THIN and not claims:
        return ArticleKind.OTHER, min(confidence, 0.3), f"only {words} words"
    if "videoobject" in kinds and words < 150:
        return ArticleKind.VIDEO, confidence, None
    return ArticleKind.ARTICLE, confidence, None


def outcome_of(page: Page, article: Article) -> Outcome:  # noqa: PLR0911 - an outcome a return
    """What a visit that fetched ``page`` and read ``article`` came to."""
    if not page.is_html and not page.text.strip():
        return Outcome.UNREADABLE
    words = article.words_up_to(LONG)
    title = article.headline or ""
    if words < LONG:
        shown = f"{title}\n{article.text}"
        removed = "\n".join(removal.text for removal in article.removals)[:20_000]
        if NOT_FOUND.search(title):
            return Outcome.SOFT_404
        if CHALLENGE.search(shown) or (words < 30 and CHALLENGE.search(removed[:3_000])):
            return Outcome.CHALLENGE
        if words < 120 and WALL.search(f"{shown}\n{removed}"):
            return Outcome.WALL
    if article.kind in FILLED and is_shell(page, words):
        return Outcome.NEEDS_RENDERING
    if article.kind is ArticleKind.HUB:
        return Outcome.HUB
    if article.kind is ArticleKind.OTHER:
        return Outcome.THIN if words < THIN else Outcome.HUB
    return Outcome.ARTICLE
