"""The dates in a page's markup that readers do not see: in attributes of any element, in the data of its scripts."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.etree import _Element as Element

from scraper.reading.moments import Found, Order, read_moment

ATTRIBUTES = (
    "datetime", "content", "title", "data-published", "data-publish-date", "data-published-at", "data-date",
    "data-datetime", "data-timestamp", "data-time", "data-pubdate", "data-utime", "data-epoch", "data-created",
    "data-publishdate", "data-publication-date",
)  # fmt: skip
DATED = frozenset(ATTRIBUTES)
# Custom elements among them are the ones that print a time as "2 hours ago".
HOLDERS = (
    "span", "abbr", "div", "p", "li", "td", "dd", "small", "em", "i", "b", "strong", "article", "section", "header",
    "relative-time", "time-ago", "local-time",
)  # fmt: skip
# By name, attributes of the element whose time of publication the page states, and of one that has some time.
EXPLICIT = re.compile(r"publi|datecreated|uploaddate", re.IGNORECASE)
NAMED = re.compile(
    r"posted|entry-?date|post-?date|date-?time|created|\bdate\b|timestamp|updated|relative-time|time-ago", re.IGNORECASE
)
MODIFIED_NAME = re.compile(r"modif|updat", re.IGNORECASE)
FOREIGN_NAME = re.compile(r"comment|related|recommend|sidebar|teaser|widget", re.IGNORECASE)
# What a script names its page's publication, up to the colon.
PUBLISHED_KEY = re.compile(
    r"""["'](?:date_?published|(?:first_?)?publish(?:ed)?_?(?:at|date|time|on|ed)?(?:_?(?:iso|gmt|utc))?|pub_?date|"""
    r"""publication_?date(?:time)?|article_?date|display_?date|post_?date|date_?publish|story_?date|"""
    r"""creation_?date|date_?created|created_?(?:at|date)|release_?date)\\?["']\s{0,4}$""",
    re.IGNORECASE,
)
LONGEST_KEY = 40  # characters
# Values are looked for before keys, and arguments before functions: each begins with a sign that is found at once.
VALUE = re.compile(r""":\s*\\?["']?(\d[^"'\\,}<>]{7,34}|[A-Za-z]{3,9}\.?,? [^"'\\}<>]{8,34})""")
# A day that a script writes into the page where it stands: showDate("2026/01/13 09:30").
ARGUMENT = re.compile(r"""\(\s*["'](\d{4}[/-]\d[^"'<>]{3,24})["']""")
WRITER = re.compile(r"(?:write|(?:show|format|print|display)\w{0,8}(?:date|time)\w{0,8})$", re.IGNORECASE)
LONGEST_WRITER = 32  # characters
MOST_ELEMENTS = 500
MOST_SCRIPTS = 40
MOST_DAYS = 4  # that the scripts of a page name; one with more lists other articles


def attribute_dates(root: Element, order: Order) -> list[tuple[bool, Found]]:
    """The dates in attributes of elements whose names say that they hold one: whether the name is of publication, too.

    Dates of many days are a list's; of those only what is explicit is kept.
    """
    found: list[tuple[bool, Found]] = []
    tried = 0
    for element in root.iter(*HOLDERS):
        if not DATED.isdisjoint(element.keys()):
            found.extend(_of_element(element, order))
            tried += 1
            if tried >= MOST_ELEMENTS:
                break
    many = len({moment[:10] for _, (moment, _, _) in found}) > MOST_DAYS
    return [pair for pair in found if pair[0] or not many]


def _of_element(element: Element, order: Order) -> Iterator[tuple[bool, Found]]:
    names = " ".join(element.get(name) or "" for name in ("class", "itemprop", "property", "id"))
    above = element.getparent()
    if FOREIGN_NAME.search(f"{names} {above.get('class') or ''}" if above is not None else names):
        return
    for name in ATTRIBUTES:
        raw = element.get(name)
        if not raw or len(raw) > 60:
            continue
        named = f"{names} {element.tag} {name if name.startswith('data-') else ''}"
        is_explicit = bool(EXPLICIT.search(named))
        if (is_explicit or NAMED.search(named)) and (moment := read_moment(raw, order)):
            is_change = not is_explicit and MODIFIED_NAME.search(named)
            yield is_explicit, (moment, "dom:modified" if is_change else f"dom:{name}", raw)


def _told(text: str) -> Iterator[str]:
    """What a script tells under a key of publication, or writes by a function for dates."""
    for value in VALUE.finditer(text):
        if PUBLISHED_KEY.search(text, max(value.start() - LONGEST_KEY, 0), value.start()):
            yield value[1].strip()
    for argument in ARGUMENT.finditer(text):
        if WRITER.search(text, max(argument.start() - LONGEST_WRITER, 0), argument.start()):
            yield argument[1].strip()


def script_dates(root: Element, order: Order) -> Iterator[Found]:
    """The times of publication in the data of scripts, unless they are those of many articles."""
    found: list[Found] = []
    for script in list(root.iter("script"))[:MOST_SCRIPTS]:
        text = script.text
        if not text or len(text) > 3_000_000:
            continue
        for raw in islice(_told(text), MOST_ELEMENTS):
            if moment := read_moment(raw, order):
                found.append((moment, "script", raw))
                if len(found) > 60:
                    break
    if len({moment[:10] for moment, _, _ in found}) <= MOST_DAYS:
        yield from found
