"""What a site is shown to be let in: cookies, headers and a login, whose secrets stand in the environment alone.

They are read when a crawl begins, live in its memory, and go to the site's own host. No ``repr`` shows them, so no log
and no error can.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive.errors import UsageError
from archive.urls import site_of
from scraper.site_values import HARMLESS, SECRET
from scraper.sites import Site


@dataclass(slots=True)
class Credentials:
    """The headers, cookies and login of one site. ``cookies`` also takes those that a login brings."""

    origin: str
    secure: bool
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    cookies: dict[str, str] = field(default_factory=dict, repr=False)
    login_url: str | None = None
    login_fields: dict[str, str] = field(default_factory=dict, repr=False)

    def are_for(self, url: str) -> bool:
        """Whether they may be shown to ``url``: the site's own host and port, and never in the clear if it is https."""
        return site_of(url) == self.origin and (not self.secure or urlsplit(url).scheme == "https")


def _filled(pairs: Iterable[tuple[str, str]], environment: Mapping[str, str], site: Site) -> dict[str, str]:
    filled: dict[str, str] = {}
    for name, value in pairs:
        variable = SECRET.fullmatch(value)
        if variable is None or name.lower() in HARMLESS:
            filled[name] = value
            continue
        if not (secret := environment.get(variable[1], "").strip()):
            raise UsageError(f"{site.name}: the environment has no ${variable[1]}, which {name!r} is to come from")
        if "\n" in secret or "\r" in secret:
            raise UsageError(f"{site.name}: ${variable[1]} must be one line")
        filled[name] = secret
    return filled


def credentials_of(site: Site, environment: Mapping[str, str] = os.environ) -> Credentials | None:
    """The credentials of ``site``, if it has any. Raises ``UsageError`` when a variable is not set."""
    if not (site.headers or site.cookies or site.login):
        return None
    found = Credentials(site.key, urlsplit(site.url).scheme == "https")
    found.headers = _filled(site.headers, environment, site)
    found.cookies = _filled(site.cookies, environment, site)
    if site.login:
        if not found.are_for(site.login.url):
            raise UsageError(f"{site.name}: the login must be on the site itself, and on https if the site is")
        found.login_url, found.login_fields = site.login.url, _filled(site.login.fields, environment, site)
    return found


def all_credentials(sites: Iterable[Site]) -> dict[str, Credentials]:
    """Those of all sites that have any, by the site's key."""
    return {site.key: found for site in sites if (found := credentials_of(site))}
