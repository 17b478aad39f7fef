"""HTTP/1.1 with a bound on what comes before the body: a server may send headers without end.

Scrapy has no setting for it and Twisted bounds only each line, so the protocol that both use counts here.
"""

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol, Request
from twisted.web.iweb import IResponse

from scraper.middlewares.refusals import HeadersTooLarge

MAX_HEAD = 262_144  # bytes of status line, headers and interim answers; browsers and servers stop at 8 to 256 KiB


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Gives up on an answer whose headers pass ``MAX_HEAD``."""

    _head = 0

    def request(self, request: Request) -> Deferred[IResponse]:
        """Send ``request``; fails with ``HeadersTooLarge`` past the bound."""
        self._head = 0
        answer: Deferred[IResponse] = super().request(request)
        answer.addErrback(self._explain)
        return answer

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's interface
        """Count until the headers have come."""
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._head += len(data)
            if self._head > MAX_HEAD:
                self.abort()  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def _explain(self, failure: Failure) -> Failure:
        if self._head <= MAX_HEAD:
            return failure
        return Failure(HeadersTooLarge(f"more than {MAX_HEAD} bytes of headers"))  # type: ignore[no-untyped-call]


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Builds ``BoundedProtocol``."""

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: ARG002, N802 - Twisted's interface
        """The protocol of one connection."""
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https over ``BoundedProtocol``."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory  # noqa: SLF001 - where the base class sets its own
