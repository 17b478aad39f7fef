"""How templates write times, numbers, kinds and addresses."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from markupsafe import Markup, escape

from archive.web.query import Query

IRI = "!$%&'()*+,/:;=?@[]~"  # what may stand in an address as it is, besides letters and digits
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
# Kinds of change in words: what a reader calls them.
KINDS = {
    "new": "new",
    "headline": "headline",
    "update": "update",
    "silent": "silent edit",
    "correction": "correction",
    "typographic": "typography",
    "metadata": "metadata",
    "restored": "restored",
    "template": "template",
    "gone": "gone",
    "returned": "returned",
}


def moment(value: str | None, *, clock: bool = True) -> Markup:
    """A time as an element that machines can read: to the minute, or the day where that is all that is known."""
    match = TIME.match(value or "")
    if value is None or match is None or not 1 <= int(match[2]) <= 12:
        return escape(value) if value else Markup("–")
    text = f"{int(match[3])} {MONTHS[int(match[2]) - 1]} {match[1]}"
    if match[4] and clock:
        text += f", {match[4]}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value, value, text)


def day(value: str | None) -> Markup:
    """A time's day."""
    return moment(value, clock=False)


def count(value: float | None) -> str:
    """A number with its thousands apart, ``–`` for none."""
    return "–" if value is None else f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def size(value: int) -> str:
    """Bytes in words."""
    amount = float(value)
    for unit in ("bytes", "KB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def plural(value: int, one: str, many: str | None = None) -> str:
    """``1 version``, ``2 versions``."""
    return f"{count(value)} {one if value == 1 else many or one + 's'}"


def language(value: str | None) -> Markup:
    """The attribute ``lang`` for text in that language, if it names one."""
    return Markup(' lang="{}"').format(value) if value and LANGUAGE.fullmatch(value) else Markup("")


def part(value: str) -> str:
    """A name as a part of an address."""
    return quote(value, safe=":@")


def web_link(value: str | None) -> str:
    """An address to link to: http and https alone, else nothing."""
    try:
        return value if value and urlsplit(value).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def percent(value: float | None) -> str:
    """A share of 1 in percent."""
    return "–" if value is None else f"{100 * value:.0f} %"


def kind(value: str) -> str:
    """A kind of change in words."""
    return KINDS.get(value, value)


def marked(snippet: str | None) -> Markup:
    """A passage found, with what was searched for marked."""
    text = str(escape(snippet or "")).replace("\2", "<mark>").replace("\3", "</mark>")
    missing = text.count("<mark>") - text.count("</mark>")
    return Markup(text + "</mark>" * max(missing, 0))  # noqa: S704 - escaped above, the marks are ours


def other_page(query: Query, number: int) -> str:
    """The same question, another page of its answers."""
    pairs = [(name, value) for name, values in query.values.items() for value in values if name != "page" and value]
    return f"{query.path}?{urlencode([*pairs, ('page', number)])}"


def memento_path(capture: Mapping[str, Any]) -> str:
    """Where a capture with a page is shown as it came."""
    stamp = re.sub(r"[^0-9]", "", capture["fetched_at"])[:14]
    return f"/memento/{stamp}/{quote(capture['url'], safe=IRI)}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "moment": moment,
    "day": day,
    "count": count,
    "size": size,
    "plural": plural,
    "language": language,
    "part": part,
    "web_link": web_link,
    "percent": percent,
    "kind": kind,
    "marked": marked,
    "other_page": other_page,
    "memento_path": memento_path,
}
