"""Importing and rereading on a local Dask cluster: the same archive as one process makes, and how much sooner.

``--files`` WARC files of ``--pages`` invented pages, one of them cut in the middle, are imported by one process and on
two workers. Then an archive of ``--reread`` captures is rebuilt plainly, ``--rounds`` times on one worker and on two in
turn, and on two of which one after the other is killed with SIGKILL. With ``--warc`` it is one of these files' pages:
what two workers gain depends on how long a page takes to read.
"""

import argparse
import os
import signal
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.digests import digest_of_readings, digests
from archive.store import Archive
from benchmarks.invented_press import InventedSite
from scraper.cluster import Cluster, cluster
from scraper.rebuild.rebuilding import rebuild
from scraper.replay.import_run import import_pages

SITES = 10


def write_warc(path: Path, site: InventedSite, numbers: range) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in numbers:
            story, body = site.stories[number], site.page(number, 0)
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            dated = {"WARC-Date": f"2026-02-{1 + number // 24 % 28:02}T{number % 24:02}:00:00Z"}
            record = writer.create_warc_record(
                f"https://{site.host}{story.path}",
                "response",
                payload=BytesIO(body),
                http_headers=head,
                warc_headers_dict=dated,
            )
            writer.write_record(record)


def make_files(folder: Path, files: int, pages: int) -> list[Path]:
    found = []
    for number in range(files):
        if number % -(-files // SITES) == 0:
            site, first = InventedSite(number, pages * -(-files // SITES)), 0
        found.append(folder / f"part-{number:03}.warc.gz")
        write_warc(found[-1], site, range(first, first + pages))
        first += pages
    cut = found[files // 2]
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size * 2 // 3])
    return found


def digest(path: Path, *, numbers: bool = False) -> str:
    with Archive.open(path) as archive:
        return str(digests(archive.connection, numbers=True)) if numbers else digest_of_readings(archive.connection)


def timed(what: str, work: Callable[[], int]) -> float:
    started, own = time.perf_counter(), time.process_time()
    pages = work()
    seconds, own = time.perf_counter() - started, time.process_time() - own
    told = f"{seconds:.1f} s, {pages / seconds:.0f} pages/s, {1000 * own / pages:.1f} ms a page in this process"
    print(f"  {what}: {told}, load {os.getloadavg()[0]:.1f}", flush=True)
    return seconds


def imported(path: Path, files: list[Path], found: Cluster | None = None) -> int:
    summary, faulty, _ = import_pages(path, files, cluster=found)
    print(f"    exit code {summary.exit_code}; {'; '.join(f'{each.name}: {each.why}' for each in faulty)}", flush=True)
    with Archive.open(path) as archive:
        return int(archive.stats()["captures"])


def kill_workers(found: Cluster, ended: threading.Event) -> None:
    """Kill one worker after the other, while the other goes on."""
    while not ended.wait(6):
        pids = sorted(found.client.run(os.getpid, on_error="ignore").items())
        print(f"    killed {pids[0][1]}", flush=True)
        os.kill(pids[0][1], signal.SIGKILL)


def rebuild_while_killing(path: Path, found: Cluster) -> int:
    ended = threading.Event()
    killer = threading.Thread(target=kill_workers, args=(found, ended))
    killer.start()
    try:
        return rebuild(path, jobs=1, cluster=found).captures
    finally:
        ended.set()
        killer.join()


def measure_import(folder: Path, files: list[Path]) -> None:
    plain, spread = folder / "plain.db", folder / "dask.db"
    one = timed("import, one process", lambda: imported(plain, files))
    with cluster("local", 2) as found:
        two = timed("import --dask, two workers", lambda: imported(spread, files, found))
    same = "the same digest" if digest(plain) == digest(spread) else "ANOTHER digest"
    print(f"  {same}; {one / two:.2f} times as fast", flush=True)


def rebuilt_on(path: Path, workers: int) -> float:
    with cluster("local", workers) as found:
        rebuild(path, jobs=1, cluster=found)  # what the workers load they have loaded
        what = f"rebuild --dask, {workers} worker(s)"
        return timed(what, lambda: rebuild(path, jobs=1, cluster=found).captures)


def measure_rebuild(folder: Path, files: list[Path], rounds: int) -> None:
    path = folder / "again.db"
    import_pages(path, files)
    before = digest(path, numbers=True)
    timed("rebuild, one process", lambda: rebuild(path, jobs=1).captures)
    ratios = []
    for _ in range(rounds):
        one, two = rebuilt_on(path, 1), rebuilt_on(path, 2)
        ratios.append(one / two)
    told = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"  two workers: {statistics.median(ratios):.2f} times one ({told})", flush=True)
    with cluster("local", 2) as found:
        timed("rebuild --dask, workers killed", lambda: rebuild_while_killing(path, found))
    print(f"  {'the same bytes' if digest(path, numbers=True) == before else 'OTHER bytes'}", flush=True)


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks dask")
    parser.add_argument("--files", type=int, default=50)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--reread", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warc", type=Path, nargs="+", help="rebuild an archive of these files' pages instead")
    parser.add_argument("--only", choices=["import", "rebuild"])
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        if options.warc:
            measure_rebuild(Path(name), options.warc, options.rounds)
            return
        files = make_files(Path(name), options.files, options.pages)
        size = sum(file.stat().st_size for file in files)
        print(f"{options.files} files of {options.pages} pages, {size / 1e6:.0f} MB", flush=True)
        if options.only != "rebuild":
            measure_import(Path(name), files)
        if options.only != "import":
            measure_rebuild(Path(name), files[: max(options.reread // options.pages, 1)], options.rounds)
