"""Authors' names, cleaned of all that is printed around them."""

import re
from collections.abc import Iterable

BY = re.compile(
    r"^(?:(?:written|reviewed|posted|published|story|text|words|reporting|analysis|opinion|review|"
    r"article|report)\s+)?(?:by|von|par|por|di|av|af|door|de la rédaction de|od|autor(?:en|a|es)?|"
    r"author|auteur|text|texte|texto|testo|interview:|redaktion:|autoren|por:|от|"
    r"автор|yazan|作者|文|記者|記者/|撰文|저자|by the)\s*[:：|]?\s+",
    re.IGNORECASE,
)
BY_COLON = re.compile(
    r"^(?:by|von|par|por|autor(?:en|a|es)?|author|auteur|text|texte|автор|作者|著者|筆者|執筆|投稿者|取材|文|記者|记者|責編|责编|"
    r"责任编辑|编辑|撰文)\s*[:：/／●]\s*",
    re.IGNORECASE,
)
SPLIT = re.compile(
    r"\s*(?:[,;|•·/／、，\n]|\s+(?:and|und|et|y|e|og|och|en|i|with|mit|și|и|і|ve|ja|&)\s+|\s&\s)\s*", re.IGNORECASE
)
ROLE = re.compile(
    r"\b(?:correspondent|reporter|editors?|journalist|writer|columnist|contributor|staff|producer|"
    r"photographer|redakteur\w*|redaktion|korrespondent\w*"
    r"|chef(?:redakteur\w*)?|redactor\w*|periodista|journaliste|rédact\w*|giornalista|redatt\w*|"
    r"reporter\w*|autor\w*|bureau|desk|director|ceo|founder|professor|analyst|manager|fellow|head of|"
    r"chief|president|lecturer|phd|specialist|expert|author|leader|officer|partner|consultant|"
    r"strategist)\b",
    re.IGNORECASE,
)
OFFICE = re.compile(rf"^(?:\w+ )?(?:{ROLE.pattern})$", re.IGNORECASE)  # stands beside a name: "Staff Writer"
JUNK = re.compile(
    r"https?:|www\.|@|©|^\w*admin\w*$|\d{3,}|[<>{}\[\]=#_]|^(?:admin|administrator|webmaster|null|none|undefined|"
    r"anonymous|no author|guest|user|editor|staff|author|authors|by|unknown|test|root|n/?a|share|follow|twitter|"
    r"facebook|view all posts|read more|more|updated|published|posted|min read|written by|posted by|"
    r"by line|byline|published by|reviewed by|medically reviewed by|fact checked by|edited by|"
    r"translated by|about the author|contributor|contributors)$",
    re.IGNORECASE,
)
PARENTHESES = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]")
DATES = re.compile(
    r"\b\d{1,2}[./:-]\d{1,2}.*$|\b(?:on|am|le|el)\s+\d.*$|\s[-–—|]\s.*\d.*$|\b(?:january|february|"
    r"march|april|may|june|july|august|september|october|november|december)\s+\d.*$|\s\d{1,2}\.?\s+(?:january|february|"
    r"march|april|may|june|july|august|september|october|november|december)\b.*$",
    re.IGNORECASE,
)
PARTICLES = frozenset(
    "de da do dos das di del della van von der den zu la le el al bin ibn y e ten ter af av of the and für".split()
)
AFTER_NAME = re.compile(r"\s+(?:[-–—|]|is an?|has|covers|joined|writes|für|for the|in)\s+.*$", re.IGNORECASE)
LONGEST = 60
NICKNAME = re.compile(r"[^\W_][\w.-]*[^\W\d_][\w.-]*")
TWICE = re.compile(r"^(.{4,}?)\s+\1$|^(\S+ \S+)\s+\2\b.*$")
BRACKETED = re.compile(r"[\[【（(]\s*([^\[\]【】（）()]+?)\s*[\]】）)]")
HANDLE = re.compile(r"(?:^|\s+)@\w+")
REPORTER = re.compile(r"(?:\s*(?:기자|특파원|논설위원|記者|记者))+$")
MOST = 60  # names among which the authors are; a page that prints more lists something else
DEGREES = frozenset("md phd jr sr mba esq rn rd ms ma ba dds cpa cfa dvm llb jd pe bsc msc frcp iii ii".split())


def _looks_like_name(name: str, *, declared: bool = False) -> bool:
    """Whether ``name`` may be one; ``declared`` by data it may be a nickname, in small letters and digits."""
    words = name.split()
    if not words or len(words) > 7 or len(name) > LONGEST or len(name) < 2:
        return False
    if JUNK.search(name) and not (declared and NICKNAME.fullmatch(name)):
        return False
    if not any(character.isalpha() for character in name):
        return False
    if declared:
        return True
    cased = [
        word
        for word in words
        if word[0].isalpha() and word[0].lower() != word[0].upper() and word.lower() not in PARTICLES
    ]
    lower = sum(word[0].islower() for word in cased)
    return not (len(words) > 1 and lower > len(cased) / 2) and not (len(words) > 3 and name.endswith("."))


def _proper(name: str) -> str:
    """``name`` as it is printed, unless it is in capitals or small letters throughout."""
    if len(name) > 6 and " " in name and (name.isupper() or name.islower()):
        return re.sub(
            r"[^\W\d_]+",
            lambda match: match[0] if match[0].lower() in PARTICLES and name.islower() else match[0].capitalize(),
            name,
        )
    return name


def _tidy(name: str) -> str:
    name = BY.sub("", BY_COLON.sub("", name.strip(" \t\n\"'«»“”-–—:.,|•·~")))
    name = DATES.sub("", AFTER_NAME.sub("", PARENTHESES.sub("", name)))
    name = TWICE.sub(lambda twice: twice[1] or twice[2], REPORTER.sub("", HANDLE.sub("", name)))
    return _proper(" ".join(name.split()).strip(" \"'«»“”-–—:.,|•·●⋅"))


def _split(text: str) -> list[str]:
    """The names in a printed byline: a role or a degree after a comma is none, a byline that is only a role is one."""
    parts = [part for part in SPLIT.split(text) if part and part.replace(".", "").lower() not in DEGREES]
    return [part for part in parts if not ROLE.search(part)] or parts[:1]


def clean_names(printed: Iterable[str], *, declared: bool = False) -> tuple[str, ...]:
    """Names in the order printed, each once, without "By", roles, dates, addresses and handles.

    ``declared`` names come from data that says they are authors: a nickname is believed there.

    >>> clean_names(["By JANE DOE and John Roe, Science Editor", "Jane Doe"])
    ('Jane Doe', 'John Roe')
    """
    found: dict[str, str] = {}
    for line in printed:
        text = " ".join(line.split())
        if whole := BRACKETED.fullmatch(text):
            text = whole[1]
        if len(found) >= MOST:
            break
        if not text or len(text) > 300 or text.startswith(("http", "/", "{")):
            continue
        parts = _split(BY_COLON.sub("", BY.sub("", PARENTHESES.sub("", text))))
        for part in parts:
            name = _tidy(part)
            if _looks_like_name(name, declared=declared):
                found.setdefault(name.casefold(), name)
    if people := {key: name for key, name in found.items() if not OFFICE.search(key)}:
        found = people
    return tuple(
        name for key, name in found.items() if not any(key != other and f" {key} " in f" {other} " for other in found)
    )[:20]
