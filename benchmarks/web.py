"""How long the pages of ``newsmorgue serve`` take, at size, alone and beside a crawl that writes.

``python -m benchmarks web`` takes some minutes; ``--versions N`` (100,000) sets its size, ``--archive PATH`` keeps it.
"""

import argparse
import asyncio
import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx

from archive.records import Capture, Outcome, Visit
from archive.store import Archive
from archive.web.serving import make_datasette
from benchmarks.archive import Press

TIMES = 9
READERS = 100
BARS = "bars on one core: median 300 ms, worst 1,200 ms"


def grow(path: Path, versions: int) -> None:
    """An archive of so many versions, three of each article, on thirty sites."""
    press, articles = Press(3), versions // 3
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("benchmark")
        for count in range(versions):
            state = count % 3
            visit = press.visit((count // 3 - 700 * state) % articles, state)
            assert visit.article
            sections = ("News", "Sport", "Culture", "Money")
            article = replace(visit.article, section=sections[count // 3 % 4], language="en")
            archive.record(replace(visit, article=article))
        for number in range(0, articles, 40):  # withdrawn in the end
            asked = Capture(
                url=press.visit(number, 0).capture.url,
                fetched_at=f"2013-06-01T00:{number % 60:02}:00.000Z",
                outcome=Outcome.GONE,
                status=404,
            )
            archive.record(Visit(capture=asked, outcome=Outcome.GONE))
        archive.end_run({}, 0)


def pages_of(path: Path) -> list[str]:
    """Every sort of page, with what is dear: frequent words, the last page, a big author."""
    with Archive.open(path) as archive:
        newest = archive.connection.execute("SELECT id, site, url FROM articles ORDER BY id LIMIT 1").fetchone()
        word, rare = archive.connection.execute("SELECT text, headline FROM versions LIMIT 1").fetchone()
    article, site, url = newest
    common = Press(3)._words[0]  # noqa: SLF001 - the most frequent of all
    phrase = "+".join(word.split()[:3])
    return [
        "/",
        "/.json",
        "/index.atom",
        "/changes",
        "/changes?page=50",
        "/changes?kind=silent",
        "/changes?kind=silent&page=30",
        "/changes?kind=gone",
        "/changes?kind=correction,gone",
        f"/changes?site={site}",
        "/changes.atom",
        f"/search?q={rare.split()[0]}",
        f"/search?q={common}",
        f"/search?q=%22{phrase}%22",
        f"/search?q={common}&site={site}",
        f"/search?q={common}&at=2011-06-01",
        f"/search?q={common}&kind=correction",
        f"/search?q={common}*",
        f"/search.atom?q={common}",
        f"/article/{article}",
        f"/article/{article}/1",
        f"/article/{article}/diff?from=1&to=3",
        f"/article/{article}.json",
        f"/article/{article}/1/raw",
        f"/site/{site}",
        f"/site/{site}?page=20",
        "/section/Sport",
        "/section/Sport?page=5",
        f"/section/Sport?site={site}",
        "/runs",
        "/about",
        f"/timegate/{url}",
        f"/timemap/link/{url}",
    ]


async def measure(path: Path, pages: Sequence[str], author: str) -> dict[str, list[tuple[float, float]]]:
    """Seconds of CPU and of the clock for each page, so many times; the first comes from a cold start."""
    datasette = make_datasette(path)
    await datasette.invoke_startup()
    spent: dict[str, list[tuple[float, float]]] = {}
    for page in [*pages, author]:
        for _ in range(TIMES):
            began, worked = time.perf_counter(), time.process_time()
            answer = await datasette.client.get(page)
            took = time.process_time() - worked, time.perf_counter() - began
            spent.setdefault(page, []).append(took)
            assert answer.status_code in (200, 302), (page, answer.status_code)
    return spent


async def crowd(path: Path, pages: Sequence[str]) -> tuple[list[str], float]:
    """A hundred at once: those that were not answered, and seconds for all."""
    datasette = make_datasette(path)
    await datasette.invoke_startup()
    transport = httpx.ASGITransport(app=datasette.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=120) as client:
        began = time.perf_counter()
        answers = await asyncio.gather(*(client.get(pages[place % len(pages)]) for place in range(READERS)))
        seconds = time.perf_counter() - began
    return [f"{a.status_code} {a.url}" for a in answers if a.status_code not in (200, 302)], seconds


def write(path: str, ended: Event) -> None:
    """A crawl: it records until it is told to end."""
    press, count = Press(4), 0
    with Archive.open(Path(path), write=True) as archive:
        archive.begin_run("crawl")
        while not ended.is_set():
            archive.record(press.visit(50_000_000 % (3600 * 24 * 300) + count, 0))
            count += 1
            if count % 20 == 0:
                archive.commit()
                ended.wait(0.1)
        archive.end_run({}, 0)


def beside_a_crawl(path: Path, run: Callable[[], None]) -> None:
    """``run`` while another process writes."""
    ended = multiprocessing.get_context("spawn").Event()
    writer = multiprocessing.get_context("spawn").Process(target=write, args=(str(path), ended))
    writer.start()
    try:
        run()
    finally:
        ended.set()
        writer.join()


def tell(name: str, spent: dict[str, list[tuple[float, float]]]) -> None:
    """A line a page, the dearest first. CPU is what one free core takes; the clock also waits for others' work."""
    print(f"\n{name} ({BARS})")
    for page, times in sorted(spent.items(), key=lambda item: -median(cpu for cpu, _ in item[1])):
        (cpu, clock), worst = (median(column) for column in zip(*times, strict=True)), max(cpu for cpu, _ in times)
        late = "  LATE" if cpu > 0.3 or worst > 1.2 else ""
        numbers = (
            f"{cpu * 1000:6.0f} ms CPU at the median {worst * 1000:6.0f} at worst {clock * 1000:6.0f} by the clock"
        )
        print(f"{numbers}  {page[:60]}{late}")


def main(options: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks web")
    parser.add_argument("--versions", type=int, default=100_000)
    parser.add_argument("--archive", type=Path, help="kept, and used again if it is there")
    chosen = parser.parse_args(options)
    with TemporaryDirectory() as folder:
        path = chosen.archive or Path(folder) / "large.db"
        if not path.exists():
            grow(path, chosen.versions)
        pages = pages_of(path)
        with Archive.open(path) as archive:
            (name,) = archive.connection.execute(
                "SELECT json_extract(authors, '$[0]') FROM articles LIMIT 1"
            ).fetchone()
        author = f"/author/{name.replace(' ', '%20')}"
        tell("alone", asyncio.run(measure(path, pages, author)))
        beside_a_crawl(path, lambda: tell("beside a crawl", asyncio.run(measure(path, pages, author))))
        refused, seconds = asyncio.run(crowd(path, pages))
        print(f"\n{READERS} readers at once: {len(refused)} without an answer {refused or ''}, {seconds:.1f} s for all")
