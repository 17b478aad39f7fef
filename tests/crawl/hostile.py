"""Sites that misbehave, each in one way, with five healthy articles beside it; and a crawl of them in a process."""

import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.crawl.newsroom import Answer, Behaviour, Newsroom, article, hub

GOOD = {f"/2026/01/0{n}/a-good-story-beside-the-fault": article(n) for n in range(1, 6)}
BAD = "/2026/01/09/a-story-that-is-not-well"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
MIB = 1024 * 1024

Pages = dict[str, bytes | Answer | Behaviour]
Prepare = Callable[[Newsroom], Pages]


@dataclass(frozen=True)
class Crawled:
    """How a crawl in a process of its own went. ``peak`` is its largest resident size in MiB."""

    exit_code: int
    summary: dict
    errors: str
    peak: float
    seconds: float


def pour(*start: bytes, endless: bytes = b"", pause: float = 0.0, most: int = 200 * MIB) -> Behaviour:
    """Send ``start``, then ``endless`` over and over until the other side hangs up."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        sent = 0
        with suppress(OSError):
            handler.wfile.write(b"".join(start))
            while endless and sent < most:
                handler.wfile.write(endless)
                sent += len(endless)
                if pause:
                    time.sleep(pause)

    return behave


def hang(*start: bytes) -> Behaviour:
    """Send ``start``, then nothing, until the other side hangs up."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        with suppress(OSError):
            handler.wfile.write(b"".join(start))
            handler.connection.settimeout(30)
            handler.connection.recv(1)

    return behave


def with_bad(answer: bytes | Answer | Behaviour) -> Prepare:
    return lambda _: GOOD | {"/": hub(BAD, *GOOD), BAD: answer}


def redirect(location: str) -> Prepare:
    return with_bad(Answer(b"", 302, {"Location": location}))


def packed(body: bytes, encoding: str = "gzip") -> Prepare:
    return with_bad(Answer(body, headers={"Content-Encoding": encoding}))


def bomb(size: int) -> bytes:
    squeeze = zlib.compressobj(9, wbits=31)
    pieces = [squeeze.compress(b"<p>"), *(squeeze.compress(b"x" * MIB) for _ in range(size // MIB))]
    return b"".join([*pieces, squeeze.flush()])


def spoilt(body: bytes, place: int) -> bytes:
    whole = bytearray(body)
    whole[place] ^= 0xFF
    return bytes(whole)


def with_robots(lines: str, **pages: bytes | Answer | Behaviour) -> Prepare:
    """``{base}`` in ``lines`` is the site's own address; the names of ``pages`` are paths without slash and dot."""

    def prepare(room: Newsroom) -> Pages:
        named = {"/" + name.replace("_", "."): answer for name, answer in pages.items()}
        robots = Answer(lines.format(base=room.base).encode(), content_type="text/plain")
        return GOOD | {"/": hub(*GOOD), "/robots.txt": robots} | named

    return prepare


def with_sitemap(before: bytes, address: bytes) -> Prepare:
    """A sitemap of one address."""
    return with_robots("Sitemap: {base}/s.xml", s_xml=before + b"<urlset><url><loc>%s</loc></url></urlset>" % address)


def feed_of(*addresses: str) -> bytes:
    items = "".join(f"<item><link>{address}</link></item>" for address in addresses)
    return f"<rss><channel>{items}</channel></rss>".encode()


def with_feed(feed: bytes) -> Prepare:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    return lambda _: GOOD | {"/": hub(*GOOD, more=link), "/feed": Answer(feed, content_type="application/rss+xml")}


class Computed(dict):
    """Pages that are made up when they are asked for."""

    def __init__(self, pages: Pages, compute: Callable[[str], bytes | Answer | None]) -> None:
        super().__init__(pages)
        self.compute = compute

    def get(self, path, default=None):
        made = self.compute(path)
        return super().get(path, default) if made is None else made


def crawl_apart(folder: Path, sites: str, *, patience: float = 2.0, **more: object) -> Crawled:
    """Crawl ``sites`` (TOML) in a process of its own, with less time for each answer than users have to wait."""
    (folder / "newsmorgue.toml").write_text(sites)
    program = (
        f"import scraper.settings as s; s.MAX_SECONDS = {patience!r}\n"
        + "".join(f"s.{name} = {value!r}\n" for name, value in more.items())
        + "from scraper.cli import main\ntry:\n    main(['crawl', '--json'])\nfinally:\n"
        + "    open('peak', 'w').write(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')))\n"
    )
    began = time.monotonic()
    with (folder / "out").open("wb") as out, (folder / "errors").open("wb") as errors:
        environment = os.environ | {"PYTHONPATH": str(Path.cwd()), "NEWSMORGUE_ARCHIVE": str(folder / "news.db")}
        environment.pop("COV_CORE_SOURCE", None)
        child = subprocess.Popen(
            [sys.executable, "-c", program], stdout=out, stderr=errors, cwd=folder, env=environment
        )
        child.wait(timeout=120)
    text = (folder / "out").read_text()
    return Crawled(
        child.returncode,
        json.loads(text) if text.strip() else {},
        (folder / "errors").read_text(),
        int((folder / "peak").read_text().split()[1]) / 1024,  # ru_maxrss would be that of the tests, at the fork
        time.monotonic() - began,
    )


def site_tables(rooms: Iterator[Newsroom]) -> str:
    return "".join(f'[[site]]\nurl = "{room.base}/"\n' for room in rooms)
