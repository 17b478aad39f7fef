"""What an element is by its tag, its attributes and its names: how the traversal of a page treats it."""

import re

from lxml.etree import _Element as Element

from archive.records import RemovalKind
from scraper.reading.lexicon import Hint, Role, role_of

SKIPPED = frozenset(
    "script style template svg link meta title head source track param base canvas map area col "
    "colgroup datalist math math-ml noframes".split()
)
EMBEDS = frozenset("iframe video audio object embed amp-iframe amp-youtube amp-video amp-twitter amp-instagram".split())
BLOCKS = frozenset(
    "html body div p section article main header footer aside nav ul ol dl dd dt li h1 h2 h3 h4 h5 "
    "h6 blockquote pre table tr"
    " td th tbody thead tfoot caption figure figcaption form fieldset legend address details summary "
    "center hr noscript dir picture hgroup search".split()
)
# What the traversal does with an element. A custom element is a block; anything else that is unknown is inline.
INLINE, MARKED, SPAN, BREAK, IMAGE, CONTROL, SKIP, BLOCK = range(8)


MOST_TAGS = 2_000  # names that are remembered; pages can make up any number


class _Acts(dict[str, int]):
    def __missing__(self, tag: str) -> int:
        act = BLOCK if "-" in tag else INLINE
        if len(self) < MOST_TAGS:
            self[tag] = act
        return act


ACTS = _Acts(
    {
        **dict.fromkeys("a strong b em i code cite q sub sup".split(), MARKED),
        **dict.fromkeys("img amp-img".split(), IMAGE),
        **dict.fromkeys("button select option input textarea label dialog menu".split(), CONTROL),
        **dict.fromkeys(SKIPPED | EMBEDS, SKIP),
        **dict.fromkeys(BLOCKS, BLOCK),
        "span": SPAN,
        "br": BREAK,
    }
)
CUT_TAGS = {
    "nav": RemovalKind.NAVIGATION,
    "footer": RemovalKind.NAVIGATION,
    "form": RemovalKind.SIGNUP,
    "menu": RemovalKind.NAVIGATION,
    "noscript": RemovalKind.OTHER,
}
CUT_ROLES = {
    "navigation": RemovalKind.NAVIGATION,
    "search": RemovalKind.NAVIGATION,
    "banner": RemovalKind.NAVIGATION,
    "contentinfo": RemovalKind.LEGAL,
    "complementary": RemovalKind.RELATED,
    "dialog": RemovalKind.OTHER,
    "alertdialog": RemovalKind.OTHER,
    "menu": RemovalKind.NAVIGATION,
    "menubar": RemovalKind.NAVIGATION,
    "toolbar": RemovalKind.SHARE,
}
# Not shown, laid over the page, or cut to nothing so that only screen readers tell it.
HIDING = re.compile(
    r"display\s*:\s*none|position\s*:\s*fixed|clip\s*:\s*rect\(0|clip-path\s*:\s*inset\((?:50|100)%", re.IGNORECASE
)
# What screen readers say of a link, less the signs around it.
OPENS_ELSEWHERE = frozenset(
    {
        *("opens in a new window", "opens in new window", "opens in a new tab", "opens in new tab", "opens new tab"),
        *("opens new window", "external link", "öffnet in neuem fenster", "öffnet im neuen fenster", "externer link"),
        *("öffnet in einem neuen fenster", "öffnet in neuem tab", "nouvelle fenêtre", "s'ouvre dans un nouvel onglet"),
        *("ouvre un nouvel onglet", "s'ouvre dans une nouvelle fenêtre", "ouvre une nouvelle fenêtre", "lien externe"),
        *("se abre en una ventana nueva", "abre en nueva ventana", "abre en una nueva pestaña", "enlace externo"),
        *("si apre in una nuova finestra", "abre em nova janela", "abre numa nova janela", "opent in nieuw venster"),
        *("opent in een nieuw venster", "åpnes i nytt vindu", "öppnas i nytt fönster", "åbner i nyt vindue"),
    }
)
PLAIN: tuple[None, str] = (None, "")
ASIDE = (RemovalKind.RELATED, "tag-aside")
HIDDEN = (RemovalKind.OTHER, "hidden")


def names_of(element: Element) -> str:
    """The class names and the id of ``element``, separated by spaces."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def role_of_element(element: Element, tag: str) -> tuple[Role | None, str]:  # noqa: PLR0911 - a rule a return
    """What an element is by its tag, ARIA role, attributes and names; and the rule that said so."""
    if tag in CUT_TAGS:
        return CUT_TAGS[tag], f"tag-{tag}"
    attributes: list[tuple[str, str]] = element.items()  # type: ignore[assignment]  # a parsed tree has no bytes
    if not attributes:
        return ASIDE if tag == "aside" else PLAIN
    if len(attributes) == 1 and attributes[0][0] == "class":  # as most are
        return _by_names(attributes[0][1], tag)
    names = ""
    for name, value in attributes:
        if name == "class" or name == "id":  # noqa: PLR1714 - the hottest line of the reader
            names = f"{names} {value}"
        elif name == "hidden" or (name == "aria-hidden" and value == "true"):
            return HIDDEN
        elif name == "style":
            if HIDING.search(value):
                return HIDDEN
        elif name == "role":
            if value in CUT_ROLES:
                return CUT_ROLES[value], f"role-{value}"
        elif name == "itemprop" and value == "articleBody":
            return Hint.BODY, "itemprop"
    return _by_names(names, tag)


def is_unseen(element: Element) -> bool:
    """Whether an inline element is not shown: by its style, or because it only says how a link opens."""
    if (style := element.get("style")) and HIDING.search(style):
        return True
    text = element.text
    return text is not None and 10 < len(text) < 48 and text.strip(" ,;()[]\n").casefold() in OPENS_ELSEWHERE


def _by_names(names: str, tag: str) -> tuple[Role | None, str]:
    role = role_of(names) if names else None
    if role is None:
        return ASIDE if tag == "aside" else PLAIN
    return role, f"name-{role}"
