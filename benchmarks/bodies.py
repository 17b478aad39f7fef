"""Storage of bodies on invented pages: room against WARC.gz, and the pages a second that are packed and read.

30 sites × 40 articles × 3 revisions. All figures come from one run: the WARC.gz that is compared with holds the same
pages, one record each.
"""

import argparse
import gzip
import hashlib
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from archive.bodies import Bodies
from archive.schema import statements
from archive.urls import site_of
from benchmarks.invented_press import visits

SITES, ARTICLES, REVISIONS = 30, 40, 3
Visits = list[tuple[str, str, str, bytes]]


def warc_bytes(pages: Iterable[tuple[str, str, str, bytes]]) -> int:
    """The size of a WARC.gz with a response record for each page, each a gzip member of level 9, as is usual."""
    return sum(len(gzip.compress(_record(url, when, data), 9)) for _, url, when, data in pages)


def _record(url: str, when: str, data: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(data)
    fields = {
        "WARC-Type": "response",
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url + when)}>",
        "WARC-Target-URI": url,
        "WARC-Date": when,
        "WARC-Payload-Digest": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(http) + len(data)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/1.1\r\n{head}\r\n".encode() + http + data + b"\r\n\r\n"


def store(path: Path, pages: Visits) -> float:
    """Keep the pages in a file; CPU seconds, hashing, SQLite and commits included."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements():
            connection.execute(statement)
        connection.execute("PRAGMA journal_mode = wal")
        bodies, started = Bodies(connection), time.process_time()
        for number, (_, url, when, data) in enumerate(pages):
            if number % 200 == 0:
                connection.execute("COMMIT" if connection.in_transaction else "BEGIN")
                if not connection.in_transaction:
                    connection.execute("BEGIN")
            site = site_of(url)
            body_id = bodies.add(data, url=url, site=site)
            connection.execute(
                "INSERT INTO captures (id, run_id, url, site, fetched_at, outcome, body_id) "
                "VALUES (?, '', ?, ?, ?, '', ?)",
                (str(number), url, site, when, body_id),
            )
        connection.execute("COMMIT")
        return time.process_time() - started


def read_all(path: Path, pages: Visits) -> float:
    """Read every body in the order of its visit with nothing in memory at first; CPU seconds, hashing included."""
    with closing(sqlite3.connect(path)) as connection:
        ids = [row[0] for row in connection.execute("SELECT body_id FROM captures ORDER BY site, url, fetched_at")]
        bodies, started = Bodies(connection), time.process_time()
        found = sum(len(bodies.get(body_id)) for body_id in ids)
        seconds = time.process_time() - started
    assert found == sum(len(page[3]) for page in pages)
    return seconds


def main(options: Sequence[str] = ()) -> None:
    argparse.ArgumentParser(prog="python -m benchmarks bodies").parse_args(options)
    pages = list(visits(SITES, ARTICLES, REVISIONS))
    size, warc = sum(len(page[3]) for page in pages), warc_bytes(pages)
    print(f"{len(pages)} pages of {size / len(pages) / 1000:.0f} KB, WARC.gz {warc / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bodies.db"
        packing = store(path, pages)
        reading = read_all(path, pages)
        with closing(sqlite3.connect(path)) as connection:
            stored, depth = connection.execute("SELECT sum(length(data)), max(depth) FROM bodies").fetchone()
            pages_of_file = connection.execute(
                "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)"
            ).fetchone()[0]
        print(f"stored: {stored / warc:.4f} of WARC.gz (longest chain {depth})", flush=True)
        print(f"the file with its visits, ids and indexes: {pages_of_file / warc:.4f}", flush=True)
    print(f"packing: {len(pages) / packing:,.0f} pages/s a core; reading: {len(pages) / reading:,.0f} pages/s a core")
