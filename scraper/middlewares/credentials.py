"""Shows a site the credentials that the user has for it, and takes them back where a redirect leads elsewhere."""

import asyncio
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Self

from scrapy import FormRequest, Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from scraper.credentials import Credentials

if TYPE_CHECKING:
    from scraper.spiders.news import NewsSpider

COOKIE = "Cookie"


def cookies_of(response: Response) -> dict[str, str]:
    """The cookies that an answer sets."""
    found: dict[str, str] = {}
    for line in response.headers.getlist("Set-Cookie"):
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(line.decode("latin-1"))
        except CookieError:
            continue
        found |= {name: morsel.value for name, morsel in jar.items()}
    return found


class ShowCredentials:
    """Downloader middleware, close to the network: it sees each request of a chain of redirects."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._logins: dict[str, asyncio.Task[None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For the spider's run."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Add the headers and cookies of the site, or take out what an earlier request of the chain had."""
        spider: NewsSpider = self._crawler.spider  # type: ignore[assignment]
        entry = request.meta.get("entry")
        credentials = spider.credentials.get(entry.site) if entry is not None else None
        if credentials is None:
            return
        for name in (COOKIE, *credentials.headers):
            request.headers.pop(name, None)
        if not credentials.are_for(request.url):
            return
        if credentials.login_url and not request.meta.get("login"):
            await self._logged_in(request, credentials)
        for name, value in credentials.headers.items():
            request.headers[name] = value
        if credentials.cookies:
            request.headers[COOKIE] = "; ".join(f"{name}={value}" for name, value in credentials.cookies.items())

    async def _logged_in(self, request: Request, credentials: Credentials) -> None:
        """Send the login form, once a run; all requests of the site wait for it."""
        if credentials.origin not in self._logins:
            self._logins[credentials.origin] = asyncio.ensure_future(self._log_in(request, credentials))
        await asyncio.shield(self._logins[credentials.origin])

    async def _log_in(self, request: Request, credentials: Credentials) -> None:
        form = FormRequest(
            str(credentials.login_url),
            formdata=credentials.login_fields,
            headers={"User-Agent": request.headers.get("User-Agent", b"")},
            meta={"entry": request.meta["entry"], "login": True, "dont_redirect": True, "dont_retry": True},
            callback=NO_CALLBACK,
        )
        assert self._crawler.engine is not None
        response = await self._crawler.engine.download_async(form)
        credentials.cookies |= cookies_of(response)
        if response.status >= 400:
            self._crawler.spider.login_failed(request.meta["entry"].site, response.status)  # type: ignore[union-attr]
