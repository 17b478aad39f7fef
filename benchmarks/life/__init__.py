"""The life of an invented paper, crawled at every instant, and whether the archive tells it as it was.

300 articles in four layouts, 30 instants with edits, corrections, moves, deletions, returns, walls, challenges, error
pages, and pages that differ at each request. ``python -m benchmarks life [--articles N] [--instants N] [--seed N]``.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from archive.store import Archive
from benchmarks.life.judging import Verdict, judge
from benchmarks.life.pages import Pages
from benchmarks.life.story import Author, Life


class Handler(BaseHTTPRequestHandler):
    """Answers as the paper does at the server's instant."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        status, headers, body = self.server.pages.answer(self.path, self.server.instant)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """The paper at ``instant``, on a free port."""

    daemon_threads = True

    def __init__(self, life: Life, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages, self.instant = Pages(life, seed), 0
        self.base = self.pages.base = f"http://127.0.0.1:{self.server_port}"


@contextmanager
def served(life: Life, seed: int) -> Iterator[Server]:
    """The paper, as long as it is wanted."""
    server = Server(life, seed)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def live(articles: int, instants: int, seed: int, folder: Path) -> Verdict:
    """Crawl a life from its first instant to its last, each in a process of its own, and judge what came of it."""
    life = Author(seed, articles, instants).live()
    path = folder / "news.db"
    with served(life, seed) as server:
        for server.instant in range(instants):
            command = [sys.executable, "-m", "scraper", "crawl", server.base + "/", "--archive", str(path), "--quiet"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode not in (0, 3):
                raise RuntimeError(f"instant {server.instant}: {done.returncode}: {done.stderr}")
        with Archive.open(path) as archive:
            return judge(archive, life, server.base)


def main(options: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks life")
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--instants", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the archive")
    chosen = parser.parse_args(options)
    with tempfile.TemporaryDirectory() as folder:
        verdict = live(chosen.articles, chosen.instants, chosen.seed, chosen.keep or Path(folder))
    print(f"articles: {verdict.archived} of {verdict.articles} ({verdict.recall:.3f})")
    print(f"with exactly the true versions: {verdict.exact} ({verdict.exact / verdict.articles:.3f})")
    print(f"versions or articles that never were: {verdict.invented}")
    print(f"F1 of paragraphs: {verdict.f1:.4f}")
    print(
        f"deletions: {verdict.deletions_seen} of {verdict.deletions}; moves: {verdict.moves_joined} of {verdict.moves}"
    )
    for line in verdict.wrong[:20]:
        print(f"  {line[:400]}")
