"""A WARC export in pywb: it indexes the file in an environment of its own and serves it, and each page is fetched.

``python -m benchmarks pywb``. pywb holds back a library that others here need newer, so that pip installs it into a
virtual environment in a temporary folder. The archive is that of the demo, crawled on two days, with visits that
brought the same bytes again; cdxj-indexer (of the same project) must index every record too.
"""

import argparse
import json
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.export import write
from archive.export.warc import target_of
from archive.records import Capture, Visit
from archive.store import Archive
from scraper.demo.tour import tour

COLLECTION = "news"
PACKAGES = ("pywb", "cdxj-indexer", "setuptools<81")  # pywb asks setuptools where its files are
STARTING = 60  # seconds that pywb may take to listen


def make_archive(folder: Path) -> Path:
    """The demo's visits, a second apart, and then each of its pages once more with the same bytes.

    Replay has whole seconds, and the demo is through with both of its days in one.
    """
    for line in tour(folder / "demo"):
        if line.startswith("Day"):
            print(f"  {line}")
    path = folder / "news.db"
    with Archive.open(folder / "demo" / "news.db") as demo, Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("benchmark")
        ids = "SELECT id FROM captures ORDER BY fetched_at, id"
        visits = [demo.capture(capture_id) for (capture_id,) in demo.connection.execute(ids)]
        for number, visit in enumerate([*visits, *(visit for visit in visits if visit.body_id)]):
            minutes, seconds = divmod(number, 60)
            moved = replace(visit, fetched_at=f"2026-01-13T09:{minutes:02}:{seconds:02}.250Z", body_id=None)
            body = demo.body(visit.body_id) if visit.body_id else None
            archive.record(Visit(capture=moved, body=body, outcome=moved.outcome))
        archive.end_run({}, 0)
    return path


def environment(folder: Path, packages: Sequence[str]) -> Path:
    """The folder of programs of a new virtual environment with ``packages``."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    return programs


@contextmanager
def wayback(programs: Path, folder: Path) -> Iterator[int]:
    """The port of a pywb that serves the collections of ``folder``."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(programs / "wayback"), "--port", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    with (folder / "wayback.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        until = time.monotonic() + STARTING
        while True:
            try:
                fetch(port, "/")
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((folder / "wayback.log").read_text(errors="replace")[-2000:]) from None
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def fetch(port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and bytes of an answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read()
    finally:
        connection.close()


def served(archive: Archive) -> Iterator[tuple[Capture, bytes]]:
    """The visits that a replay must show, each with the bytes that it must show for it.

    A 304 shows what was there before.
    """
    ids = "SELECT id FROM captures WHERE status IS NOT NULL ORDER BY fetched_at, id"
    latest: dict[str, bytes] = {}
    for (capture_id,) in archive.connection.execute(ids).fetchall():
        visit = archive.capture(capture_id)
        if visit.body_id:
            latest[target_of(visit)] = archive.body(visit.body_id)
        if visit.body_id or visit.status != 304:
            yield visit, archive.body(visit.body_id) if visit.body_id else b""
        elif target_of(visit) in latest:
            yield visit, latest[target_of(visit)]


def faults(archive: Archive, port: int) -> tuple[dict[str, int], list[str]]:
    """How many visits of each kind were fetched from pywb, and what was not as it should be."""
    counts: dict[str, int] = {}
    wrong = []
    for visit, body in served(archive):
        kind = str(visit.status) if visit.body_id is None else f"{visit.status} with its page"
        counts[kind] = counts.get(kind, 0) + 1
        stamp = "".join(filter(str.isdigit, visit.fetched_at[:19]))
        status, headers, shown = fetch(port, f"/{COLLECTION}/{stamp}id_/{target_of(visit)}")
        expected = 200 if visit.status == 304 else visit.status
        if "memento-datetime" not in headers or (status, shown) != (expected, body):
            wrong.append(f"{stamp} {target_of(visit)}: {status}, {len(shown)} bytes; recorded {visit.status}")
    return counts, wrong


def main(options: Sequence[str] = ()) -> None:
    argparse.ArgumentParser(prog="python -m benchmarks pywb").parse_args(options)
    with TemporaryDirectory(prefix="newsmorgue-pywb-") as name:
        folder = Path(name)
        path = make_archive(folder)
        programs = environment(folder / "environment", PACKAGES)
        export = folder / "export.warc.gz"
        with Archive.open(path) as archive:
            records = write("warc", archive, export)
        run = [str(programs / "cdxj-indexer"), str(export)]
        lines = subprocess.run(run, check=True, capture_output=True, text=True).stdout.splitlines()
        revisits = sum(json.loads(line.split(" ", 2)[2]).get("mime") == "warc/revisit" for line in lines)
        for words in (("init", COLLECTION), ("add", COLLECTION, str(export))):
            subprocess.run([str(programs / "wb-manager"), *words], check=True, cwd=folder, capture_output=True)
        if len(lines) != records:
            sys.exit(f"{len(lines)} of {records} records in the index")
        print(f"{records} records, {len(lines)} in the index, {revisits} of them revisits")
        with Archive.open(path) as archive, wayback(programs, folder) as port:
            counts, wrong = faults(archive, port)
    print("fetched:", ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
    print("\n".join([*wrong, f"{len(wrong)} faults"]))
    if wrong:
        sys.exit(1)
