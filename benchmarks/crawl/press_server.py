"""An invented paper on loopback, as fast as one process serves: ``python -m benchmarks.crawl.press_server ARTICLES``.

Prints its port, then serves until its standard input is closed. The start page lists sections, each section lists its
articles twenty a page, and every page is filled up to 110 KB with script, as the pages of papers are.
"""

import asyncio
import hashlib
import sys
from functools import lru_cache

from benchmarks.invented_press import InventedSite

KILOBYTES = 110
LISTED = 20
SEED = 7


class Paper:
    """``body(path)`` gives the bytes of a page, or none."""

    def __init__(self, articles: int) -> None:
        self.site = InventedSite(SEED, articles)
        self.numbers = {story.path: number for number, story in enumerate(self.site.stories)}
        self.filling = (self.site.script * 9).encode()

    def body(self, path: str, base: str) -> bytes | None:
        """Links lead to ``base``."""
        if path == "/":
            return self._list("/", [f"/{section}/" for section in self.site.sections])
        if path in self.numbers:
            page = self.site.page(self.numbers[path], 0).replace(f"https://{self.site.host}".encode(), base.encode())
            room = KILOBYTES * 1000 - len(page) - 17
            return page.replace(b"</head>", b"<script>" + self.filling[: max(room, 0)] + b"</script></head>", 1)
        section, _, number = path.strip("/").partition("/page/")
        stories = [story.path for story in self.site.stories if story.section == section]
        first = (int(number or 1) - 1) * LISTED
        if section not in self.site.sections or first >= max(len(stories), 1):
            return None
        further = f"/{section}/page/{first // LISTED + 2}"
        return self._list(path, stories[first : first + LISTED], further)

    @staticmethod
    def _list(path: str, links: list[str], further: str | None = None) -> bytes:
        entries = "".join(f'<li><a href="{link}">{link.rsplit("/")[-1]}</a></li>' for link in links)
        turn = f'<a rel="next" href="{further}">Next</a>' if further else ""
        return f"<!doctype html><html><head><title>{path}</title></head><body><ul>{entries}</ul>{turn}</body>".encode()


class Connection(asyncio.Protocol):
    """HTTP/1.1 with what a crawl needs of it: keep-alive, validators, 404."""

    def __init__(self, answer: "Answers") -> None:
        self._answer, self._waiting = answer, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            head, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            self._transport.write(self._answer(head.decode("latin-1")))


class Answers:
    """From the head of a request to the bytes of the answer."""

    def __init__(self, paper: Paper) -> None:
        self.base = ""
        self.page = lru_cache(4000)(lambda path: paper.body(path, self.base))

    def __call__(self, head: str) -> bytes:
        path = head.split(" ", 2)[1]
        body = self.page(path)
        if body is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nNone"
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        fields = f"Content-Type: text/html; charset=utf-8\r\nETag: {etag}\r\n"
        if etag in head:
            return f"HTTP/1.1 304 Not Modified\r\n{fields}\r\n".encode()
        return f"HTTP/1.1 200 OK\r\n{fields}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def serve(articles: int) -> None:
    answers = Answers(Paper(articles))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(answers), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    answers.base = f"http://127.0.0.1:{port}"
    print(port, flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
