"""What names in class and id say about an element: the words that templates of news sites use, as data."""

import re
from enum import StrEnum
from functools import lru_cache

from archive.records import RemovalKind


class Hint(StrEnum):
    """A name that points to a part of the story, as opposed to something that is stripped."""

    BODY = "body"
    STANDFIRST = "standfirst"
    HEADLINE = "headline"
    FIGURE = "figure"
    EMBED = "embed"


Role = RemovalKind | Hint

# The words of a name, after camelCase, "-", "_" and ":" were made spaces. The first match wins, so the story's own
# names come first.
NAMES: tuple[tuple[Role, str], ...] = (
    (
        Hint.BODY,
        (
            r"article ?(?:body|content|text|copy|main content)|(?:story|post|entry|news|page|main|single|blog|"
            r"node|body) ?(?:body|content|text|copy)"
            r"|(?:content|body|text) ?(?:article|story|post|news|body|wrapper main)|rich ?text(?: ?body)?|"
            r"body ?copy|field name body"
            r"|articulo ?(?:cuerpo|contenido)|cuerpo ?(?:noticia|articulo)|corpo ?(?:noticia|articolo|"
            r"materia)|artikel ?(?:text|inhalt|body)"
            r"|texto ?(?:noticia|materia)|detail ?(?:text|body|content)|h entry|e content|article "
            r"?paragraphs?|paywall ?content"
        ),
    ),
    (
        RemovalKind.CONSENT,
        r"cookies?(?: \w+)*|consent(?: \w+)*|gdpr|onetrust|didomi|ccpa|privacy (?:banner|notice|bar)|truste",
    ),
    (
        RemovalKind.COMMENT,
        (
            r"comments?|comment ?(?:list|form|section|area|thread|box|count|respond)s?|disqus(?: thread)?|"
            r"respond|livefyre|kommentare?|comentarios|commentaires|replies|coral"
        ),
    ),
    (
        RemovalKind.SHARE,
        (
            r"(?:social )?shar(?:e|es|ing|er)|share ?(?:bar|buttons?|links?|tools?|icons?|this|list|box|"
            r"count)|sharedaddy|addthis\w*|addtoany\w*|a2a kit|social ?(?:media|links?|icons?|bar|buttons?|"
            r"share|sharing|follow|nav|list|tools|networks?)?"
            r"|follow ?(?:us|me|links?|buttons?)|sharethis|jssocials|partage|compartir|teilen|shariff|print "
            r"?(?:button|link)?|tools? ?bar"
        ),
    ),
    (
        RemovalKind.ADVERTISEMENT,
        (
            r"ads?|ad ?(?:slot|unit|container|wrapper|banner|box|block|placeholder|label|space|zone|text|"
            r"break|code|area)s?|advert\w*|adsby\w*|adsense|dfp|gpt|google ad\w*|sponsor(?:ed|s)?|"
            r"publicidad\w*|publicite|werbung|anzeige|reklama?|mpu|leaderboard|billboard|connatix\w*|cnx ?\w*"
        ),
    ),
    (
        RemovalKind.SIGNUP,
        (
            r"news ?letters?|newsletter ?(?:\w+)|sign ?up|signup ?\w*|subscribe|subscri(?:be|ption) ?(?:box|"
            r"form|widget|cta|banner|block|bar|promo|button|link)s?|mailchimp|mc embed signup|email "
            r"?(?:signup|form|capture|subscribe)|optin|opt in|lead ?(?:form|gen|magnet)|hs form|register "
            r"?(?:box|form|wall)|login ?(?:form|box|modal)?"
        ),
    ),
    (
        RemovalKind.RELATED,
        (
            r"relat(?:ed|ion)s?|related ?\w*|read ?(?:more|next|also|on)|more ?(?:stories|articles|news|posts|"
            r"from|on|links|like|reading)|also ?(?:read|like)|recommend\w*|recirc\w*|trending|most ?(?:read|"
            r"popular|viewed|shared|commented|recent)|popular ?(?:posts|articles|stories|news)?|latest "
            r"?(?:news|posts|articles|stories)?|outbrain|taboola|teasers?|teaser ?\w*|up ?next|next "
            r"?(?:article|post|story|up)|prev(?:ious)? ?(?:article|post|story)|jp relatedposts|zergnet|you "
            r"may\w*|see ?also|similar ?\w*|suggested ?\w*|further reading|dossier|lire aussi|leer mas|mehr "
            r"zum thema|weiterlesen|headlines|card ?(?:list|grid)|carousel|slick\w*|recent ?(?:posts|"
            r"articles)|crossposts?|onward|story ?(?:list|links|package)|read ?in|fact ?(?:box|sheet)\w*|info ?box\w*|"
            r"faktaruta|fakten ?box"
        ),
    ),
    (
        RemovalKind.PROMO,
        (
            r"promo\w*|promo ?\w+|promotion(?:al|s)?|upsell|cta|cta ?\w+|call to action|call ?out box|"
            r"donat(?:e|ion)s?|donate ?\w+|support us|app ?(?:banner|promo|download)|marketing|house ?ad|"
            r"affiliate ?\w*|merch|shop ?(?:widget)?"
        ),
    ),
    (
        RemovalKind.NAVIGATION,
        (
            r"nav|navi|navbar|navigation|nav ?(?:bar|links?|item|list|menu|wrapper|container|main|primary|"
            r"secondary|top|bottom)|menu|menus|menu ?\w+|sub ?menu|mega ?menu|breadcrumbs?|bread ?crumb\w*|"
            r"crumbs?|pagination|pager|paging|skip ?(?:link|to|nav)\w*|mast ?head|site ?(?:header|footer|map|"
            r"nav)|footer|foot|page ?(?:header|footer)|global ?(?:header|footer)|top ?bar|sidebars?|side ?bar|"
            r"right ?(?:rail|column|col|sidebar)|left ?(?:rail|sidebar)|rail|widget ?area|tags?|tag ?(?:list|"
            r"cloud|links?|s)|post ?tags|article ?tags|entry ?tags|topics?(?: ?(?:list|tags))?|keywords?|"
            r"categor(?:y|ies)(?: ?(?:list|links))?|cat ?links|table of contents|toc|ez toc\w*|jump "
            r"?(?:links?|menu)|back ?to ?top|language ?(?:switcher|selector)|search ?(?:box|form|bar)?|"
            r"offcanvas|drawer|off canvas|mobile ?menu|post ?navigation|nav ?links|filed under|eyebrow|kicker"
        ),
    ),
    (
        RemovalKind.LEGAL,
        (
            r"copyrights?|copy ?right|disclaimers?|disclosures?|legal|terms|imprint|impressum|rights "
            r"?(?:reserved)?|syndication ?rights"
        ),
    ),
    (
        RemovalKind.BYLINE,
        (
            r"by ?lines?|byline ?\w*|authors?|author ?(?:box|bio|info|card|name|meta|details|description|"
            r"block|section|profile|area|image|list|byline|s)|about ?(?:the )?author|(?:entry|post|article|"
            r"story|news) ?(?:meta|info|author|byline|details|footer)(?: ?data)?|meta ?(?:data|info|bar)?|"
            r"posted ?(?:by|on)|autor\w*|auteur\w*|contributors?|bio|biography|reporter|journalist|writer"
        ),
    ),
    (
        RemovalKind.DATE,
        (
            r"dates?|date ?(?:time|line|published)|time ?stamps?|(?:pub(?:lish(?:ed)?)?|post|entry|article|"
            r"story|news|modified|updated) ?(?:date|time|on)|published|updated|last ?(?:updated|modified)|"
            r"pubdate|datum|fecha|read(?:ing)? ?time|min ?read"
        ),
    ),
    (
        RemovalKind.CAPTION,
        (
            r"captions?|(?:image|photo|figure|img|media|picture|video|foto|wp|gallery|slide) ?(?:caption|"
            r"credits?|description|copyright|legend|info|source)(?: ?text)?|fig ?caption|credits?|legende?|"
            r"bildunterschrift|bildtext|pie ?(?:de )?foto|didascalia|cutline"
        ),
    ),
    (
        Hint.STANDFIRST,
        (
            r"stand ?first|sub ?(?:title|titulo|headline|heading|head|titre|titel|deck)|dec?k|(?:article|"
            r"story|post|entry|news|page|content|header|hero) ?(?:summary|description|intro|lead|lede|excerpt|"
            r"subtitle|subheadline|dek|deck|teaser|abstract|perex|standfirst)|lead ?(?:text|paragraph)?|lede|"
            r"perex|chapo|chapeau|intro ?(?:text)?|introduction|ingress|vorspann|entradilla|bajada|copete|"
            r"sommario|occhiello|summary|excerpt|abstract|tagline|sapo|manchet|onderkop|anleser|stand ?first "
            r"?\w*"
        ),
    ),
    (
        Hint.HEADLINE,
        (
            r"(?:article|story|post|entry|page|news|main) ?(?:title|headline|heading)|headline|hed|titel|"
            r"titulo|titre|titolo"
        ),
    ),
    (
        Hint.EMBED,
        (
            r"twitter ?(?:tweet|video)|instagram ?media|tiktok ?embed|fb ?post|embed(?:ded)? ?\w*|tweet|"
            r"reddit ?embed|bluesky ?embed"
        ),
    ),
    (
        RemovalKind.OTHER,
        (
            r"hidden|hide|sr ?only|visually ?hidden|visuallyhidden|screen ?reader(?: ?text)?|print ?only|no "
            r"?print|noprint|fixed|modal|popup|pop ?up|overlay|tooltip|lightbox|offscreen|d none|is hidden|u hidden|"
            r"toast|alert ?(?:bar|banner)?|audio ?player|listen|player|video ?player|vjs ?\w*|video ?js|jw ?player\w*|"
            r"speechkit|read ?speaker|"
            r"accessibility|error ?message|loading|spinner|placeholder"
        ),
    ),
)
WORD, REST = r"\w", "\0"


def _forms(pattern: str) -> list[str]:
    r"""All strings that ``pattern`` stands for; a ``\w*`` or ``\w+`` becomes a NUL, a group repeated by ``*`` two.

    The patterns know alternatives, groups, and ``?``, ``*`` and ``+``.

    >>> _forms(r"by ?lines?|cta \w+")
    ['byline', 'bylines', 'by line', 'by lines', 'cta \x00']
    """
    forms, end = _alternatives(pattern, 0)
    assert end == len(pattern), pattern
    return forms


def _alternatives(pattern: str, at: int) -> tuple[list[str], int]:
    done: list[str] = []
    forms = [""]
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            done, forms, at = done + forms, [""], at + 1
            continue
        piece, at = _piece(pattern, at)
        forms = [form + end for end in piece for form in forms]
    return done + forms, at


def _piece(pattern: str, at: int) -> tuple[list[str], int]:
    if pattern.startswith("(?:", at):
        piece, at = _alternatives(pattern, at + 3)
        at += 1
    elif pattern.startswith(WORD, at):
        piece, at = [REST], at + len(WORD)
    else:
        piece, at = [pattern[at]], at + 1
    repeat = pattern[at : at + 1]
    if repeat == "*" and piece != [REST]:
        return ["", REST + REST], at + 1
    if repeat == "?":
        return ["", *piece], at + 1
    return piece, at + (repeat in ("*", "+"))


def _tables() -> tuple[dict[str, Role], dict[str, list[tuple[str, Role, bool]]]]:
    """Names without their spaces; and by three letters the beginnings that go on: may more than a word follow?"""
    whole: dict[str, Role] = {}
    openings: dict[str, list[tuple[str, Role, bool]]] = {}
    for role, patterns in NAMES:
        for form in _forms(patterns):
            beginning, _, rest = form.partition(REST)
            if beginning != form:
                openings.setdefault(beginning[:3], []).append((beginning, role, rest == REST))
            whole.setdefault(beginning.replace(" ", ""), role)
    return whole, openings


WHOLE, OPENINGS = _tables()
# A word that begins like no name is worth no look.
BEGINNINGS = frozenset(name[:4] for name in WHOLE) | frozenset(
    form.split(None, 1)[0][:4] for _, patterns in NAMES for form in _forms(patterns)
)
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
WORDS = re.compile(r"[^-_:./\\\s]+").findall
# What templates put before and after the telling word.
BEFORE = frozenset(
    "js c o m u g b l t wp td tdb elementor et is has the site block module component article story post entry page "
    "single news content section main region field view views pane panel group layout app ui uk amp css sc inner "
    "node widget head".split()
)
BEFORE_PAIRS = frozenset({("elementor", "widget"), ("et", "pb"), ("field", "name"), ("wp", "block")})
AFTER = frozenset(
    "container wrapper wrap inner outer block module component section area box row col column list item items "
    "holder group region content div main bar panel widget root grid unit view link links text title label info "
    "default desktop mobile".split()
)
HASH = re.compile(r"__(?=\w*\d|\w+[A-Z])[\w-]{5}$")  # of CSS modules
OF_ARTICLES = frozenset({RemovalKind.DATE, RemovalKind.BYLINE, RemovalKind.CAPTION})  # a widget's are other articles'
CODE = re.compile(r"\d+|[a-z]?\d[a-z0-9]*|[a-z0-9]{1,2}")
BOXES = ("factbox", "infobox", "faktaboks", "faktabox", "faktenbox")
MOST_NAMES = 12  # of one element; the rest is not looked at
LONGEST_NAME = 60  # characters
PEELS = 3  # words that may be taken off, one at a time


def _role_of_words(parts: list[str]) -> Role | None:
    """The role of words that are a name whole, or that begin like one that goes on."""
    if (role := WHOLE.get("".join(parts))) is not None:
        return role
    words = " ".join(parts)
    for beginning, role, is_long in OPENINGS.get(words[:3], ()):
        if words.startswith(beginning) and (is_long or " " not in words[len(beginning) :]):
            return role
    return None


@lru_cache(maxsize=50_000)
def _role_of_name(name: str) -> Role | None:
    if len(name) > LONGEST_NAME:
        return None
    words = name if name.islower() else CAMEL.sub(" ", HASH.sub("", name)).lower()
    parts = WORDS(words)
    # Whatever stands before it: the site's name, or its template's.
    if ("box" in words or "boks" in words) and "".join(parts).endswith(BOXES):
        return RemovalKind.RELATED
    for _ in range(PEELS + 1 if parts else 0):
        first = parts[0]
        is_telling = first[:4] in BEGINNINGS
        if is_telling and (role := _role_of_words(parts)):
            return None if role in OF_ARTICLES and "widget" in words else role
        if len(parts) < 2:
            return None
        if first in BEFORE:
            parts = parts[2:] if len(parts) > 2 and (first, parts[1]) in BEFORE_PAIRS else parts[1:]
        elif is_telling and (parts[-1] in AFTER or CODE.fullmatch(parts[-1])):
            parts = parts[:-1]
        else:
            return None
    return None


@lru_cache(maxsize=20_000)
def role_of(names: str) -> Role | None:
    """What the class names and id of an element, separated by spaces, say it is; ``None`` if nothing."""
    first: Role | None = None
    for name in names.split(None, MOST_NAMES)[:MOST_NAMES]:
        if (role := _role_of_name(name)) is not None:
            if role is Hint.BODY or role is Hint.STANDFIRST:
                return role
            first = first or role
    return first
