"""A local press of several hosts, in a process of its own, with a log of who asked for what and when.

``python -m benchmarks.shared.press FOLDER HOSTS ARTICLES`` serves 127.0.1.1, 127.0.1.2 … until its standard input ends.
Its log has a line for each request: monotonic time, host, path, status, process that asked.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Self

from tests.crawl.invented_site import Story, at_end, page, stories

PROMO = "Sign up for the harbour letter, every morning before the first ferry."
LINKS = 6


@dataclass(frozen=True)
class Asked:
    """A line of the log; ``process`` is 0 where it had ended before it could be found."""

    when: float
    host: str
    path: str
    status: int
    process: int


@cache
def is_worker(process: int) -> bool:
    """Whether a process is one of those that ask. Looked up once, so that looking takes no time from answering."""
    with suppress(OSError):
        return b"scraper" in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    return False


def owner_of(port: int) -> int:
    """The process at the other end of a connection on loopback."""
    wanted = f":{port:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if words[1].endswith(wanted) and words[3] == "01":
            name = f"socket:[{words[9]}]"
            for process in (int(entry.name) for entry in Path("/proc").glob("[0-9]*")):
                with suppress(OSError):
                    if is_worker(process) and any(
                        f.readlink().name == name for f in Path(f"/proc/{process}/fd").iterdir()
                    ):
                        return process
    return 0


class Paper:
    """The pages of one host: a front page in portions, a sitemap, articles that link to others."""

    def __init__(self, base: str, told: tuple[Story, ...]) -> None:
        self.pages = {story.path: self._article(base, place, told) for place, story in enumerate(told)}
        links = "".join(f'<li><a href="{story.path}">{story.headline}</a></li>' for story in told[:20])
        self.pages["/"] = f"<!doctype html><title>The Paper</title><ul>{links}</ul>".encode()
        found = "".join(f"<url><loc>{base}{story.path}</loc></url>" for story in told)
        sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{found}</urlset>'
        self.pages["/sitemap.xml"] = sitemap.encode()
        self.pages["/robots.txt"] = f"User-agent: *\nDisallow: /private\nSitemap: {base}/sitemap.xml\n".encode()

    @staticmethod
    def _article(base: str, place: int, told: tuple[Story, ...]) -> bytes:
        others = (told[(place + step) % len(told)] for step in range(1, LINKS))
        links = "".join(f'<li><a href="{other.path}">{other.headline}</a></li>' for other in others)
        body = page(told[place], at_end(PROMO), base=base)
        return body.replace(b"</main>", f"<aside><h2>More</h2><ul>{links}</ul></aside></main>".encode())


class Served:
    """Answers and logs. Plain HTTP/1.1 with conditional requests, as little of it as a crawl needs."""

    def __init__(self, log: Path) -> None:
        self.papers: dict[str, Paper] = {}
        self._log = log.open("a", buffering=1)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = writer.get_extra_info("sockname")[0], writer.get_extra_info("peername")[1]
        process: int | None = None
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                when = time.monotonic()
                status, reply = self._reply(self.papers[host], head.decode("latin-1"))
                if process is None:
                    process = await asyncio.get_running_loop().run_in_executor(None, owner_of, port)
                path = head.split(b" ", 2)[1].decode()
                self._log.write(json.dumps([round(when, 4), host, path, status, process]) + "\n")
                writer.write(reply)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    @staticmethod
    def _reply(paper: Paper, head: str) -> tuple[int, bytes]:
        path = head.split(" ", 2)[1]
        body = paper.pages.get(path)
        status, kind = (404, "text/html") if body is None else (200, "text/html; charset=utf-8")
        body = body or b"<title>No such page</title>"
        if path.endswith((".xml", ".txt")):
            kind = "application/xml" if path.endswith(".xml") else "text/plain"
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if status == 200 and f"if-none-match: {etag}" in head.lower():
            status, body = 304, b""
        lines = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nETag: {etag}\r\nContent-Length: {len(body)}\r\n\r\n"
        return status, lines.encode() + body


async def serve(folder: Path, hosts: int, articles: int) -> None:
    with suppress(OSError):
        os.nice(-10)  # where that is allowed: a late answer would show as a gap that is too short
    served, told = Served(folder / "press.log"), stories(articles)
    bases = []
    for number in range(hosts):
        server = await asyncio.start_server(served.answer, f"127.0.1.{number + 1}", 0)
        place, port = server.sockets[0].getsockname()
        bases.append(f"http://{place}:{port}")
        served.papers[place] = Paper(bases[-1], told[number::hosts])
    print(json.dumps(bases), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


class Press:
    """The server, started on entering. ``bases`` are its addresses."""

    def __init__(self, folder: Path, hosts: int, articles: int) -> None:
        self._folder, self._size = folder, (hosts, articles)
        self.bases: list[str] = []

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "benchmarks.shared.press", str(self._folder), *map(str, self._size)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self.bases = json.loads(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def asked(self) -> list[Asked]:
        """The log, in the order of time."""
        lines = (json.loads(line) for line in (self._folder / "press.log").read_text().splitlines())
        return sorted((Asked(*line) for line in lines), key=lambda each: each.when)

    def forget(self) -> None:
        """Begin the log anew."""
        with (self._folder / "press.log").open("r+") as log:
            log.truncate(0)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
