"""robots.txt as RFC 9309 has it, with the ``Sitemap`` and ``Crawl-delay`` lines that it leaves to custom."""

from dataclasses import dataclass
from urllib.parse import urljoin

from protego import Protego

from archive.urls import is_web_url

MAX_ROBOTS = 512_000  # bytes; RFC 9309 §2.5: at least 500 KiB are read


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site's robots.txt says."""

    rules: Protego
    sitemaps: tuple[str, ...]

    def allows(self, url: str, agent: str) -> bool:
        """Whether ``agent`` (a whole User-Agent) may fetch ``url``."""
        return bool(self.rules.can_fetch(url, agent))

    def delay(self, agent: str) -> float | None:
        """Seconds to leave between two requests, if the file asks for any."""
        delay = self.rules.crawl_delay(agent)
        return float(delay) if delay is not None else None


def parse_robots(body: bytes, url: str) -> Robots:
    """The rules of the robots.txt at ``url``; relative sitemap addresses are taken from there."""
    rules = Protego.parse(body[:MAX_ROBOTS].decode("utf-8", "replace").removeprefix("\ufeff"))
    addresses = (urljoin(url, address) for address in rules.sitemaps)
    return Robots(rules, tuple(dict.fromkeys(address for address in addresses if is_web_url(address))))
