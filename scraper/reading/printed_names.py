"""The names in a line that a page prints: who a byline names, among dates, offices, and what else stands in it."""

import re

from scraper.reading.names import PARTICLES, clean_names

MONTHS = (
    r"(?:jan|feb|m[aä]r|apr|ma[iy]|ju[nl]|juin|juil|aug|ago|août|sept?|o[ck]t|nov|de[cz]|janv|févr|avr|déc|"
    r"enero|mayo|gen|mag|giu|lug|set|ott|dic)[^\W\d_]*"
)
WEEKDAYS = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|"
    r"(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)"
)
LABELS = "著者 筆者 執筆 投稿者 作者 文 記者 记者 撰文".split()  # before a colon or the like
BYLINE = re.compile(
    r"(?:^|[•·|,:–—/-]\s*|\d\s+|\b(?:[ap]\.?m\.?|uhr|[ecmp][sd]?t|gmt|utc|bst|ist|cest)\s+|\b(?:posted|written|published|story|veröffentlicht|publiziert|eingestellt|"
    r"geschrieben|verfasst|beitrag|erstellt|publié|écrit|publicado|escrito|posté|article|artikel|text|words|review)"
    r"(?:\s[^|•·]{0,40}?)??\s)(?:by|vo[mn]|par|por|di|av|af|door|от|автор|autor(?:in)?(?:/-?in)?|author|auteur|yazan)"
    r"(?:\s*:\s*|\s+)(?=\S)|^(?:" + "|".join(LABELS) + r")\s*[:：/／●]\s*(?=\S)",
    re.IGNORECASE,
)
BY_WORDS = frozenset(
    [*"by von vom par por di av af door от автор autor autorin author auteur yazan".split(), *LABELS]
)  # one of which every match of BYLINE has
APART = str.maketrans(dict.fromkeys(":：/／●.,;|·•–—-()\u00a0", " "))
# A date at the beginning or the end of a line, apart from what else it says.
DATED = re.compile(
    rf"^(?:\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|\d{{4}}-\d\d-\d\d|{MONTHS}\.?\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}\.?\s+{MONTHS}\.?\s+\d{{4}})\W"
    rf"|[|•·–—-]\s*(?:\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|{MONTHS}\.?\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}\.?\s+{MONTHS}\.?\s+\d{{4}})",
    re.IGNORECASE,
)
# Where a printed line goes on to something else than names.
CUT = re.compile(
    r"\s*[|•·●⋅»→/\n]\s*|\s[-–—]+\s|\s+(?:in|on|at|for|um|am|le|el|il|den|op|the|of|from|unter|aus)\s+(?=\S)|"
    r"\s+(?i:published|updated|posted|last|reviewed|edited|illustrat\w+|photo\w*|produced|medically|veröffentlicht|"
    r"aktualisiert|publié|publicado|kommentar\w*|comments?|uhr|tags?|min|read|shares?)\b"
)
END = re.compile(
    rf"\s*(?:,\s*)?(?:\b{WEEKDAYS}\b.*|\b(?:mo|di|mi|do|fr|sa|so)[.,]\s.*\d.*|\b{MONTHS}\.?\s+\d.*|\b\d{{1,2}}(?:st|nd|rd|th)?\.?\s+{MONTHS}\b.*|"
    r"\b\d{1,4}[./:-]\d{1,2}.*)$",
    re.IGNORECASE,
)
TITLE = re.compile(
    r"(?<=\w)\s+(?:(?:Senior|Staff|Chief|Lead|Deputy|Associate|Managing|Contributing|Political|Politics|Business|"
    r"National|Science|Sports|Editorial|Founder|Co-Founder|CEO|Guest|Freelance|Special)\b.*|"
    r"(?:Writer|Editor|Reporter|Correspondent|Columnist|Contributor|(?:Chef)?[Rr]edakteur\w*|Journalist\w*)\b.*)$"
)
TWICE_BY = re.compile(r"^(?:by\s*){2,}", re.IGNORECASE)  # one for screen readers
GLUED = re.compile(
    r"(?<=^By)(?=[A-Z])|(?<=[a-z])(?=(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December|Updated|Published|Posted)\b)"
)
NOT_NAMES = frozenset(
    "article artikel articles kommentar kommentare comments comment commentaires veröffentlicht published publiziert "
    "updated posted datum date meta tags tag kategorie category categories filed under read more min mins minutes "
    "minuten lesezeit login home share shares views ago vor last uhr researched reviewed keine hinterlasse leave reply "
    "no about our all your you we us not learn subscribe newsletter follow contact menu search photo photos image "
    "update güncelleme son email e-mail print and und von by written eingestellt beitrag beitragvon "
    "january february march april june july august september october november december januar februar märz "
    "juni juli oktober dezember dez monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch "
    "donnerstag freitag samstag sonntag mehr created erstellt author authors autor get post posts stand por par "
    "nachricht twitter facebook "
    "is was has bio bild bilder foto fotos teilen drucken merken".split()
)


SECTIONS = frozenset("news culture politics business sports tech technology entertainment opinion world".split())


def _without_title(piece: str) -> str:
    """``piece`` less the office that stands after a full name."""
    bare = TITLE.sub("", piece)
    return bare if " " in bare else piece


def is_byline(line: str) -> bool:
    """Whether a printed line names an author after a word such as "by"."""
    line = TWICE_BY.sub("by ", line)
    return not BY_WORDS.isdisjoint(line.lower().translate(APART).split()) and BYLINE.search(line) is not None


def printed_names(text: str, *, marked: bool) -> tuple[str, ...]:
    """The names in a printed line; none unless it reads like a byline.

    ``marked`` lines stand in an element that says it names the author: there a single word is a name too.

    >>> printed_names("Posted on 3 May 2026 by Jane Doe in Gardens", marked=False)
    ('Jane Doe',)
    >>> printed_names("Gardens, Parks", marked=False)
    ()
    """
    line = TWICE_BY.sub("by ", GLUED.sub(" ", " ".join(text.split())))
    by = BYLINE.search(line)
    if not by and not marked and not any(map(str.isdigit, line)):
        return ()
    pieces = [piece for piece in CUT.split(line[by.end() :] if by else line) if piece.strip()]
    for piece in pieces[: 1 if by else 3]:
        bare = _without_title(END.sub("", piece.strip()))
        names = tuple(name for name in clean_names([bare]) if _is_printed_name(name, alone=marked or bool(by)))
        if marked and len(names) > 1:
            names = tuple(name for name in names if not name[0].islower())
        if names and (by or marked or len(names) == 1):
            return names
    return ()


def is_full_name(name: str) -> bool:
    """Whether a text is of two to four words that look like a name."""
    words = name.split()
    return 2 <= len(words) <= 4 and words[0].casefold() != "the" and _is_printed_name(name, alone=False)


def _is_printed_name(name: str, *, alone: bool) -> bool:
    """Whether a name that nothing but its print vouches for is one: capitals, no digits, none of the words of dates."""
    words = name.split()
    if ":" in name or not NOT_NAMES.isdisjoint(word.strip(".,").casefold() for word in words):
        return False
    if len(words) == 1:
        return alone and len(name) > 1 and not name.isdigit() and name.casefold() not in SECTIONS
    bare = [word for word in words if word.casefold() not in PARTICLES]
    capital = all(not word[0].islower() and not any(map(str.isdigit, word)) for word in bare)
    return capital and len(words) <= 5 and bool(bare)
