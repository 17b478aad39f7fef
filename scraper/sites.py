"""``newsmorgue.toml``: the sites that an archive follows, and how. docs/configuration.md shows each key.

Every mistake names the file's line: a misspelt key with the key that was likely meant, a value of the wrong type,
a pattern that is no regular expression, an address that is none.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.errors import ConfigError, UsageError
from archive.urls import is_web_url, site_of
from pipelines.site_rules import Rules, SiteRules
from scraper import site_values
from scraper.site_values import PAGE, Login, near

DEFAULT_PATH = "newsmorgue.toml"
MAX_PAGES = 50_000  # of one host in one run: half a day at two a second, and the end of every trap


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One site. ``url`` is where the crawl starts; ``delay`` is in seconds; patterns are searched in addresses."""

    url: str
    name: str
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    subdomains: bool = False
    allow: tuple[re.Pattern[str], ...] = ()
    deny: tuple[re.Pattern[str], ...] = ()
    article: re.Pattern[str] | None = None
    strip_lines: tuple[str, ...] = ()
    user_agent: str | None = None
    contact: str | None = None
    delay: float | None = None
    limit: int | None = None
    noarchive: str = "record"
    render: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    strip: tuple[str, ...] = ()
    dated: tuple[Rules, ...] = ()
    more: tuple[str, ...] = ()
    revisit: float | None = None
    cookies: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    login: Login | None = None
    tdm: str = "record"
    max_pages: int = MAX_PAGES

    @property
    def rules(self) -> SiteRules:
        """How its pages are read. What dated rules leave open is as in the site's own."""
        current = Rules(fields=self.fields, strip=self.strip, strip_lines=self.strip_lines)
        dated = (
            replace(
                rules,
                fields=tuple(sorted((dict(self.fields) | dict(rules.fields)).items())),
                strip=rules.strip or self.strip,
                strip_lines=rules.strip_lines or self.strip_lines,
            )
            for rules in self.dated
        )
        return SiteRules(current, tuple(dated))

    def more_after(self, url: str) -> tuple[int, str | None]:
        """The number of a list in JSON among those that ``more`` names, and the address of the one after it."""
        for pattern in self.more:
            before, mark, behind = pattern.partition(PAGE)
            number = url.removeprefix(before).removesuffix(behind)
            if mark and url == f"{before}{number}{behind}" and number.isdecimal() and len(number) < 7:
                return int(number), f"{before}{int(number) + 1}{behind}"
        return 0, None

    @property
    def named(self) -> tuple[str, ...]:
        """Every address that the user wrote down."""
        others = (f"http://{host}/" for host in self.hosts)
        return (self.url, *self.feeds, *self.sitemaps, *self.sections, *self.more, *others)

    @property
    def key(self) -> str:
        """The host that the archive files the site under."""
        return site_of(self.url)

    def covers(self, url: str) -> bool:
        """Whether ``url`` lies on this site: its host with or without ``www.``, a named host, a subdomain if asked."""
        host = site_of(url)
        if host == self.key or host in self.hosts:
            return True
        return self.subdomains and host.endswith("." + self.key)

    def wants(self, url: str) -> bool:
        """Whether ``url`` is on the site and its patterns let it be fetched."""
        if not self.covers(url) or any(pattern.search(url) for pattern in self.deny):
            return False
        return not self.allow or any(pattern.search(url) for pattern in self.allow)


def rules_of(sites: Iterable[Site]) -> dict[str, SiteRules]:
    """The rules of each site that has any, by the hosts that the archive files its pages under."""
    return {key: rules for site in sites if (rules := site.rules) for key in (site.key, *site.hosts)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A whole file: its sites, and the archive that it names, if any."""

    path: str
    sites: tuple[Site, ...] = ()
    archive: str | None = None
    browser: str | None = None
    metrics: str | None = None
    pings: Mapping[str, Any] = field(default_factory=dict)
    shared: Mapping[str, Any] = field(default_factory=dict)  # what holds for sites that it does not list, too


def names_user(url: str) -> bool:
    """Whether an address holds a user name or password."""
    return "@" in urlsplit(url).netloc


def site_for(url: str) -> Site:
    """The site that a bare address stands for. Raises ``UsageError`` if it is no http(s) address."""
    if "://" not in url and re.match(r"[\w-]+(?:\.[\w-]+)+(?:[:/]|$)", url):
        url = f"https://{url}"
    if not is_web_url(url):
        raise UsageError(f"{url!r} is no site of newsmorgue.toml and no http or https address")
    if names_user(url):
        raise UsageError("leave user name and password out of the address: a command line is no secret")
    return Site(url=url, name=site_of(url))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text in quotes")
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError('must be a list of texts, such as ["a", "b"]')  # noqa: TRY004 - told with its line by _checked
    return tuple(_text(each) for each in value)


def _address(value: Any) -> str:
    if not is_web_url(text := _text(value)):
        raise ValueError(f"{text!r} is no http or https address")
    if names_user(text):
        raise ValueError("must not hold a user name or password")
    return text


def _pattern(value: Any) -> re.Pattern[str]:
    text = _text(value)
    try:
        return re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from None


def _each(check: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: tuple(check(each) for each in _texts(value))


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise ValueError("must be a number of seconds from 0 to 3600")
    return float(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("must be a whole number from 1")
    return value


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 - told with its line by _checked
    return value


def _secret_address(value: Any) -> str:
    """An address that may name environment variables (``${NAME}``); what it comes to is never shown."""

    def read(match: re.Match[str]) -> str:
        if not (found := os.environ.get(match[1])):
            raise ValueError(f"names the environment variable {match[1]}, which is not set")
        return found

    if not is_web_url(text := re.sub(r"\$\{(\w+)\}", read, _text(value))):
        raise ValueError("must be an http or https address")
    return text


def _record_or_obey(value: Any) -> str:
    if value not in ("record", "obey"):
        raise ValueError('must be "record" or "obey"')
    return str(value)


def _line_patterns(value: Any) -> tuple[str, ...]:
    return tuple(pattern.pattern for pattern in _each(_pattern)(value))


SITE_KEYS: dict[str, Callable[[Any], Any]] = {
    "name": _text,
    "url": _address,
    "feeds": _each(_address),
    "sitemaps": _each(_address),
    "sections": _each(_address),
    "hosts": _each(lambda value: _text(value).lower().removeprefix("www.")),
    "subdomains": _yes_no,
    "allow": _each(_pattern),
    "deny": _each(_pattern),
    "article": _pattern,
    "strip_lines": _line_patterns,
    "user_agent": _text,
    "contact": _text,
    "delay": _seconds,
    "limit": _count,
    "noarchive": _record_or_obey,
    "tdm": _record_or_obey,
    "max_pages": _count,
    "render": _yes_no,
    "fields": site_values.fields,
    "strip": site_values.selectors,
    "dated": site_values.dated(_line_patterns),
    "more": site_values.more,
    "revisit": site_values.length,
    "cookies": site_values.cookies,
    "headers": site_values.headers,
    "login": site_values.login,
}
SHARED_KEYS = (
    "user_agent",
    "contact",
    "delay",
    "limit",
    "noarchive",
    "render",
    "revisit",
    "tdm",
    "max_pages",
)  # at the top they hold for every site that has none
OWN_KEYS: dict[str, Callable[[Any], Any]] = {"archive": _text, "browser": _text, "metrics": _text}  # only at the top
TOP_KEYS = OWN_KEYS | {key: SITE_KEYS[key] for key in SHARED_KEYS}


PING_KEYS: dict[str, Callable[[Any], Any]] = {
    "url": _secret_address,
    "start": _secret_address,
    "success": _secret_address,
    "failure": _secret_address,
    "timeout": _seconds,
}
PINGS = -1  # the table of pings, among the places


@dataclass(frozen=True, slots=True)
class _Places:
    """Where tables and keys stand: ``{(table, key): line}``, table 0 being the top and 1, 2 … the sites."""

    lines: tuple[str, ...]
    keys: Mapping[tuple[int, str], int] = field(default_factory=dict)

    def of(self, table: int, key: str = "", value: Any = None) -> int | None:
        """The line of a key, or of the text ``value`` within it; of the table's head if the key is not there."""
        line = self.keys.get((table, key), self.keys.get((table, "")))
        if line is None or not isinstance(value, str):
            return line
        return next((number for number in range(line, len(self.lines) + 1) if value in self.lines[number - 1]), line)


def _places(text: str) -> _Places:
    keys: dict[tuple[int, str], int] = {}
    table = sites = 0
    inside = False  # in a table of the site's own, such as [site.fields]
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"\s*\[\[\s*[\"']?site[\"']?\s*\]\]", line):
            table = sites = sites + 1
            inside = False
            keys[table, ""] = number
        elif own := re.match(r"\s*\[+\s*[\"']?site[\"']?\s*\.\s*[\"']?([\w-]+)", line):
            table, inside = sites, True
            keys.setdefault((table, own[1]), number)
        elif re.match(r"\s*\[\s*pings\s*\]", line):
            table, inside = PINGS, False
            keys[table, ""] = keys[0, "pings"] = number
        elif inside and not line.lstrip().startswith("["):
            continue
        elif match := re.match(r"\s*\[+\s*([\w.\"'-]+)|\s*[\"']?([\w-]+)[\"']?\s*=", line):
            keys.setdefault((table if match[2] else 0, match[1] or match[2]), number)
    return _Places(tuple(text.splitlines()), keys)


def _checked(
    values: Mapping[str, Any], known: Mapping[str, Callable[[Any], Any]], path: str, places: _Places, table: int
) -> dict[str, Any]:
    """``values`` through the checks of ``known``; raises ``ConfigError`` with the line of the first mistake."""
    checked: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            raise ConfigError(f"unknown key {key!r}{near(key, known)}", path=path, line=places.of(table, key))
        try:
            checked[key] = known[key](value)
        except ValueError as error:
            wrong = re.match(r"'(.*?)' is no", str(error))
            line = places.of(table, key, wrong[1] if wrong else None)
            raise ConfigError(f"{key} {error}", path=path, line=line) from None
    return checked


def _site(values: Any, shared: Mapping[str, Any], path: str, places: _Places, table: int) -> Site:
    if not isinstance(values, dict):
        raise ConfigError("[[site]] must be a table", path=path, line=places.of(table))
    checked = _checked(values, SITE_KEYS, path, places, table)
    if "url" not in checked:
        raise ConfigError("this [[site]] has no url", path=path, line=places.of(table))
    return Site(**{"name": site_of(checked["url"])} | dict(shared) | checked)


def _sites(document: dict[str, Any], shared: Mapping[str, Any], path: str, places: _Places) -> tuple[Site, ...]:
    tables = document.pop("site", [])
    if not isinstance(tables, list):
        raise ConfigError("a site is written [[site]], with two brackets", path=path, line=places.of(0, "site"))
    sites = tuple(_site(values, shared, path, places, number) for number, values in enumerate(tables, 1))
    first_of: dict[str, int] = {}
    for number, site in enumerate(sites, 1):
        first = first_of.setdefault(site.name, number)
        if first != number:
            message = f"the name {site.name!r} is taken by the site on line {places.of(first)}"
            raise ConfigError(message, path=path, line=places.of(number, "name"))
    return sites


def parse_config(text: str, path: str = DEFAULT_PATH) -> Config:
    """The configuration that ``text`` holds; ``path`` only names it in errors. Raises ``ConfigError``."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at (?:line (\d+)|end of document)", str(error))
        line = int(place[1]) if place and place[1] else max(1, len(text.splitlines()))
        raise ConfigError(f"no valid TOML: {str(error).partition(' (at ')[0]}", path=path, line=line) from None
    places = _places(text)
    tables = {"site": document.pop("site")} if "site" in document else {}
    pings = document.pop("pings", {})
    if not isinstance(pings, dict):
        raise ConfigError("pings is a table, written [pings]", path=path, line=places.of(0, "pings"))
    pings = _checked(pings, PING_KEYS, path, places, PINGS)
    top = _checked(document, TOP_KEYS, path, places, 0)
    shared = {key: top[key] for key in SHARED_KEYS if key in top}
    own = {key: top[key] for key in OWN_KEYS if key in top}
    return Config(path=path, sites=_sites(tables, shared, path, places), pings=pings, shared=shared, **own)


def load_config(path: str | Path) -> Config:
    """The configuration file at ``path``. Raises ``ConfigError`` also when it is missing or unreadable."""
    try:
        return parse_config(Path(path).read_text(encoding="utf-8"), str(path))
    except FileNotFoundError:
        raise ConfigError("no such file; newsmorgue init URL writes one", path=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", path=str(path)) from None


def choose_sites(config: Config | None, names: tuple[str, ...]) -> tuple[Site, ...]:
    """The sites that a command's arguments name: by name or address in the file, else bare addresses; none means all.

    Raises ``UsageError`` if nothing is named and the file has no site, or for a name that is neither.
    """
    known = config.sites if config else ()
    if not names:
        if not known:
            raise UsageError("no site given and none in newsmorgue.toml: try newsmorgue crawl https://example.org/")
        return known
    by_name = {site.name: site for site in known} | {site.url.rstrip("/"): site for site in known}
    shared = config.shared if config else {}
    chosen = (by_name.get(name) or by_name.get(name.rstrip("/")) or replace(site_for(name), **shared) for name in names)
    return tuple(dict.fromkeys(chosen))
