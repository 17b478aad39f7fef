"""Mini-newspapers for the journeys: pages in a table, served by a real server that can also misbehave."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from scraper.demo.paper import stories

Behaviour = Callable[[BaseHTTPRequestHandler], None]
PROSE = [story for story in stories() if story.day == 1]


@dataclass
class Answer:
    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"


def article(number: int, *, links: str = "") -> bytes:
    story = PROSE[number % len(PROSE)]
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in story.text.strip().split("\n\n"))
    return (
        f"<!doctype html><html lang=en><head><title>{escape(story.headline)} ({number})</title></head><body>"
        f"<article><h1>{escape(story.headline)} ({number})</h1><time datetime='2026-01-{number % 28 + 1:02}'></time>"
        f"{paragraphs}</article>{links}</body></html>"
    ).encode()


def hub(*paths: str, title: str = "News", more: str = "") -> bytes:
    items = "".join(f'<li><a href="{path}">{path}</a></li>' for path in paths)
    return (
        f"<!doctype html><html><head><title>{title}</title>{more}</head><body><ul>{items}</ul></body></html>".encode()
    )


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Newsroom"

    def do_GET(self) -> None:
        self.server.asked[self.path] += 1
        self.server.seen_headers[self.path] = dict(self.headers)
        answer = self.server.pages.get(self.path, Answer(b"<html><body>No such page", 404))
        if callable(answer):
            answer(self)
            return
        if isinstance(answer, bytes):
            answer = Answer(answer)
        etag = f'"{sha256(answer.body).hexdigest()[:16]}"'
        fresh = answer.status == 200 and self.headers.get("If-None-Match") == etag
        status, body = (304, b"") if fresh else (answer.status, answer.body)
        self.server.statuses[status] += 1
        self.send_response(status)
        headers = {"Content-Type": answer.content_type, "ETag": etag, "Content-Length": str(len(body))} | answer.headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.server.sent += len(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


class Newsroom(ThreadingHTTPServer):
    """``pages`` maps a path to its bytes, an ``Answer``, or a function that does what it likes with the connection."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server_port}"
        self.pages: dict[str, bytes | Answer | Behaviour] = {}
        self.asked: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.sent = 0  # bytes of bodies
        self.seen_headers: dict[str, dict[str, str]] = {}
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are part of the tests."""

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()
