"""What the rules of a site may say in ``newsmorgue.toml``: each check takes a value as TOML gives it.

A check raises ``ValueError`` with a message that begins with the wrong text in quotes where there is one, so that its
line can be told.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from archive.urls import is_web_url
from pipelines.site_rules import Rules

SECRET = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")
HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# Headers that hold no secret, and so may be written down; all others name a variable of the environment.
HARMLESS = frozenset(("accept", "accept-language", "referer", "dnt", "save-data"))
OURS = frozenset(("user-agent", "host", "content-length", "connection", "transfer-encoding", "accept-encoding"))
LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
PAGE = "{page}"


@dataclass(frozen=True, slots=True)
class Login:
    """A form that is sent before the crawl: its address, and the names of its fields with their values."""

    url: str
    fields: tuple[tuple[str, str], ...]


def near(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?``, or what is known."""
    known = list(known)
    likely = difflib.get_close_matches(word, known, 1, 0.6)
    return f"; did you mean {likely[0]!r}?" if likely else f"; known are {', '.join(known)}"


def _table(value: Any, of: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"must be a table of {of}")  # noqa: TRY004 - told with its line
    return value


def _word(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text in quotes")
    return value.strip()


def selector(value: Any) -> str:
    """A CSS selector or an XPath."""
    from scraper.site_reading import compiled

    text = _word(value)
    try:
        compiled(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no CSS selector and no XPath: {error}") from None
    return text


def selectors(value: Any) -> tuple[str, ...]:
    """A list of selectors."""
    if not isinstance(value, list):
        raise ValueError('must be a list of selectors, such as ["aside.promo"]')  # noqa: TRY004 - told with its line
    return tuple(selector(each) for each in value)


def fields(value: Any) -> tuple[tuple[str, str], ...]:
    """Selectors by the names of an article's fields."""
    from scraper.site_reading import FIELDS

    for name in _table(value, "fields and selectors"):
        if name not in FIELDS:
            raise ValueError(f"{name!r} is no field{near(name, FIELDS)}")
    return tuple(sorted((name, selector(each)) for name, each in value.items()))


def day(value: Any) -> str:
    """A day, written as TOML has it or in quotes."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return date.fromisoformat(_word(value)).isoformat()
    except ValueError:
        raise ValueError(f"{str(value)!r} is no day, such as 2025-06-01") from None


def dated(line_patterns: Callable[[Any], tuple[str, ...]]) -> Callable[[Any], tuple[Rules, ...]]:
    """A check of ``[[site.dated]]``; ``line_patterns`` is the one of ``strip_lines``."""
    keys: dict[str, Callable[[Any], Any]] = {
        "until": day,
        "fields": fields,
        "strip": selectors,
        "strip_lines": line_patterns,
    }

    def one(value: Any) -> Rules:
        for name, each in _table(value, "rules").items():
            if name not in keys:
                raise ValueError(f"{name!r} is no key of dated rules{near(name, keys)}")
            _ = each
        if "until" not in value:
            raise ValueError("needs until = 2025-06-01: the day from which the rules hold no more")
        return Rules(**{name: _within(name, keys[name], each) for name, each in value.items()})

    def check(value: Any) -> tuple[Rules, ...]:
        if not isinstance(value, list):
            raise ValueError("is written [[site.dated]], with two brackets")  # noqa: TRY004 - told with its line
        return tuple(sorted((one(each) for each in value), key=lambda rules: rules.until or ""))

    return check


def _within(name: str, check: Callable[[Any], Any], value: Any) -> Any:
    try:
        return check(value)
    except ValueError as error:
        raise ValueError(str(error) if str(error).startswith("'") else f"{name} {error}") from None


def _variable(value: Any, name: str) -> str:
    """``$NAME``: a secret stands in the environment, not in the file."""
    if not isinstance(value, str) or not SECRET.fullmatch(value.strip()):
        raise ValueError(f'of {name!r} must name a variable of the environment that holds it, such as "$PAPER_KEY"')
    return value.strip()


def cookies(value: Any) -> tuple[tuple[str, str], ...]:
    """Variables of the environment by the names of cookies."""
    for name in _table(value, 'cookies, such as { session = "$PAPER_SESSION" }'):
        if not HEADER.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a cookie")
    return tuple((name, _variable(each, name)) for name, each in value.items())


def headers(value: Any) -> tuple[tuple[str, str], ...]:
    """Values, or variables of the environment, by the names of headers."""
    for name, each in _table(value, 'headers, such as { Authorization = "$PAPER_TOKEN" }').items():
        if not HEADER.fullmatch(name) or name.lower() in OURS:
            raise ValueError(f"{name!r} is no header that can be set here")
        if name.lower() not in HARMLESS:
            _variable(each, name)
        elif "\n" in _word(each) or "\r" in each:
            raise ValueError(f"of {name!r} must be one line")
    return tuple((name, each.strip()) for name, each in value.items())


def login(value: Any) -> Login:
    """``{ url = "https://…", fields = { user = "$PAPER_USER", password = "$PAPER_PASSWORD" } }``."""
    for name in _table(value, "url and fields"):
        if name not in ("url", "fields"):
            raise ValueError(f"{name!r} is no key of a login{near(name, ('url', 'fields'))}")
    if not is_web_url(url := _word(value.get("url", ""))):
        raise ValueError(f"{url!r} is no http or https address")
    sent = _table(value.get("fields", {}), "the form's fields")
    if not sent:
        raise ValueError('needs fields, such as { user = "$PAPER_USER", password = "$PAPER_PASSWORD" }')
    return Login(url, tuple((name, _word(each)) for name, each in sent.items()))


def more(value: Any) -> tuple[str, ...]:
    """Addresses of lists in JSON, with ``{page}`` where their number stands."""
    if not isinstance(value, list):
        raise ValueError('must be a list of addresses, such as ["https://a.example/api/more?page={page}"]')  # noqa: TRY004
    for each in value:
        if not is_web_url(_word(each)) or PAGE in urlsplit(each).netloc:
            raise ValueError(f"{each!r} is no http or https address")
    return tuple(each.strip() for each in value)


def length(value: Any) -> float:
    """A length of time in seconds, written ``6h`` or ``30d``."""
    match = LENGTH.fullmatch(_word(value))
    if not match or not float(match[1]):
        raise ValueError(f"{value!r} is no length of time, such as 6h or 30d")
    return float(match[1]) * SECONDS[match[2]]
