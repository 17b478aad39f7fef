"""robots.txt as RFC 9309 has it, with the ``Sitemap`` and ``Crawl-delay`` lines that it leaves to custom."""

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin

from protego import Protego

from archive.urls import is_web_url

MAX_ROBOTS = 512_000  # bytes; RFC 9309 §2.5: at least 500 KiB are read
MAX_SITEMAPS = 1_000  # that one file may name
AGENT_LINE = re.compile(r"^([ \t]*user[- ]?agent[ \t]*:?[ \t]*)([^#\n]*)", re.IGNORECASE | re.MULTILINE)
LINE_END = re.compile(r"\r\n?")
TOKEN = re.compile(r"[A-Za-z_-]+")
NOBODY = "0"  # is in no product token, so that Protego takes the group for nobody's


def product_token(agent: str) -> str:
    """What robots.txt may call a crawler by: the letters that its User-Agent begins with.

    >>> product_token("newsmorgue/1.0 (+mailto:desk@ledger.example)")
    'newsmorgue'
    """
    match = TOKEN.match(agent.strip())
    return match[0] if match else agent.strip()


def _for_agent(text: str, token: str) -> str:
    """``text`` with the groups of other crawlers made nobody's: Protego would take ``news`` for a part of our name."""

    def named(match: re.Match[str]) -> str:
        name = match[2].strip()
        meant = name == "*" or product_token(name).lower() == token.lower()
        return match[1] + (("*" if name == "*" else token) if meant else NOBODY)

    return AGENT_LINE.sub(named, text)


@dataclass(slots=True)
class Robots:
    """What a site's robots.txt says. ``text`` is what of it is read."""

    text: str
    sitemaps: tuple[str, ...] = ()
    _rules: dict[str, Protego] = field(default_factory=dict)

    def _rules_for(self, agent: str) -> tuple[Protego, str]:
        token = product_token(agent)
        if token not in self._rules:
            self._rules[token] = Protego.parse(_for_agent(self.text, token))
        return self._rules[token], token

    def allows(self, url: str, agent: str) -> bool:
        """Whether ``agent`` (a whole User-Agent) may fetch ``url``."""
        rules, token = self._rules_for(agent)
        return bool(rules.can_fetch(url, token))

    def delay(self, agent: str) -> float | None:
        """Seconds to leave between two requests, if the file asks for any."""
        rules, token = self._rules_for(agent)
        delay = rules.crawl_delay(token)
        rate = rules.request_rate(token)
        asked = [float(delay)] if delay is not None else []
        asked += [rate.seconds / rate.requests] if rate is not None and rate.requests else []
        return max(asked, default=None)


def parse_robots(body: bytes, url: str) -> Robots:
    """The rules of the robots.txt at ``url``; relative sitemap addresses are taken from there.

    Of a longer file the whole lines within the first 500 KiB are read: half a line would be another rule.
    """
    if len(body) > MAX_ROBOTS:
        body = body[: max(body.rfind(b"\n", 0, MAX_ROBOTS), body.rfind(b"\r", 0, MAX_ROBOTS)) + 1]
    text = LINE_END.sub("\n", body.decode("utf-8", "replace").removeprefix("\ufeff"))
    addresses = (urljoin(url, address) for address in Protego.parse(text).sitemaps)
    return Robots(text, tuple(dict.fromkeys(address for address in addresses if is_web_url(address)))[:MAX_SITEMAPS])
