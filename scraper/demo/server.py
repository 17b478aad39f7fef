"""Serves the newspaper on the loopback interface: a real HTTP server with validators."""

import threading
from collections import Counter
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from scraper.demo.pages import Resource, not_found, resources


class Handler(BaseHTTPRequestHandler):
    """Answers from the table of the day."""

    protocol_version = "HTTP/1.1"
    server: "Press"

    def do_GET(self) -> None:
        """One answer: the page, 304 if the client has it, or the page that says there is none."""
        resource = self.server.table.get(self.path)
        if resource is None:
            self._send(404, "text/html; charset=utf-8", not_found(), {})
        elif resource.status == 200 and self._has(resource):
            self._send(304, None, b"", self._validators(resource))
        else:
            validators = self._validators(resource) if resource.status == 200 else {}
            self._send(resource.status, resource.content_type, resource.body, validators)

    do_HEAD = do_GET  # noqa: N815

    @staticmethod
    def _validators(resource: Resource) -> dict[str, str]:
        return {"ETag": resource.etag, "Last-Modified": format_datetime(resource.changed, usegmt=True)}

    def _has(self, resource: Resource) -> bool:
        """Whether the client's copy is current; an ETag outweighs a date (RFC 9110 §13.2.2)."""
        if etag := self.headers.get("If-None-Match"):
            return resource.etag in etag
        if since := self.headers.get("If-Modified-Since"):
            return resource.changed <= parsedate_to_datetime(since)
        return False

    def _send(self, status: int, content_type: str | None, body: bytes, headers: dict[str, str]) -> None:
        self.server.answers[status] += 1
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if content_type:
            self.send_header("Content-Type", content_type)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class's name
        """Nothing: the demo's own lines are what matters."""


class Press(ThreadingHTTPServer):
    """The newspaper on a free port of 127.0.0.1, while a ``with`` block runs; ``turn_to`` changes the day."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server_port}"
        self.table: dict[str, Resource] = {}
        self.answers: Counter[int] = Counter()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def turn_to(self, day: int) -> None:
        """Serve the edition of ``day`` from now on."""
        self.table = resources(day, self.base)
        self.answers = Counter()

    def __enter__(self) -> Self:
        self.turn_to(1)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
