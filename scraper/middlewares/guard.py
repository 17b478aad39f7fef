"""The guard: only http and https, only the sites of the run, and no private address that the user did not name.

``Guard`` looks at each request, also after a redirect; ``GuardedResolver`` looks at what names resolve to, at the
moment of connecting, so that a name that changes its answer gains nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Self
from urllib.parse import SplitResult, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from archive.urls import MAX_ADDRESS, WEB_SCHEMES
from scraper.discovery.found import Target
from scraper.middlewares.addresses import is_private, literal_address
from scraper.middlewares.refusals import GuardRefusal

if TYPE_CHECKING:
    from scraper.spiders.news import NewsSpider

LISTS = frozenset((Target.FEED, Target.SITEMAP))  # may lie on another host: what they list must be on the site


class Guard:
    """Downloader middleware, the first: sees every request before anything else does."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The guard of the spider's run."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise ``GuardRefusal`` if ``request`` must not be made."""
        if len(request.url) > MAX_ADDRESS:
            raise GuardRefusal(f"an address of {len(request.url)} characters")
        parts = urlsplit(request.url)
        if parts.scheme not in WEB_SCHEMES:
            raise GuardRefusal(f"not http: {request.url[:80]}")
        if "@" in parts.netloc:
            raise GuardRefusal("names a user or a password")  # which is not told, here or anywhere
        if not _has_port(parts):
            raise GuardRefusal(f"no address: {parts.netloc[:80]}")
        self._check_place(request, parts.hostname or "")

    def _check_place(self, request: Request, host: str) -> None:
        spider: NewsSpider = self._crawler.spider  # type: ignore[assignment]
        entry = request.meta.get("entry")
        address = literal_address(host)
        if address is not None and is_private(address):
            named = host in spider.named_hosts
            elsewhere = entry is not None and entry.target in LISTS and not spider.named_place(entry, request.url)
            if not named or elsewhere:  # another port of the user's own machine is not what was named
                raise GuardRefusal(f"private address: {host}")
        if entry is not None and entry.target not in LISTS and not spider.in_scope(entry, request.url):
            raise GuardRefusal(f"leads off the site: {request.url[:120]}")


def _has_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


@implementer(IHostResolution)
class Resolution:
    """One question to the resolver."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing to do: the answer is ignored when it comes."""


@implementer(IHostnameResolver)
class GuardedResolver:
    """Twisted's name resolver over asyncio's; answers that are private are dropped unless the user named the host."""

    def __init__(self, named_hosts: Iterable[str], loop: asyncio.AbstractEventLoop) -> None:
        self._named = frozenset(named_hosts)
        self._loop = loop
        self._tasks: set[asyncio.Task[None]] = set()

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: ARG002, N803
        transportSemantics: str = "TCP",  # noqa: ARG002, N803
    ) -> IHostResolution:
        """Tell ``resolutionReceiver`` the addresses of ``hostName`` that may be connected to."""
        resolution = Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)  # type: ignore[call-arg,misc]
        task = self._loop.create_task(self._resolve(resolutionReceiver, hostName, portNumber))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return resolution  # type: ignore[return-value]

    async def _resolve(self, receiver: IResolutionReceiver, host: str, port: int) -> None:
        try:
            found = await self._loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            found = []
        for family, _, _, _, place in found:
            address = ipaddress.ip_address(str(place[0]).partition("%")[0])
            if host in self._named or not is_private(address):
                kind = IPv6Address if family == socket.AF_INET6 else IPv4Address
                receiver.addressResolved(kind("TCP", str(place[0]), port))  # type: ignore[call-arg,misc]
        receiver.resolutionComplete()  # type: ignore[misc]
