"""The reader beside its peers, in one run: quality on pages with gold answers, CPU as multiples of a bare parse.

    python -m benchmarks reading [--limit N] [--only quality|speed]

Pages with gold answers are third parties' property and do not come with newsmorgue. Where a folder beside the checkout
holds them (``shared/pages``, ``shared/quality``), they are read; otherwise the demo newspaper's pages are, for speed
alone. What is printed is the Markdown of docs/benchmarks.md. ``--limit`` takes so many pages of a set, evenly spaced.
"""

import argparse
import gzip
import json
import logging
import math
import os
import platform
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.peers import READERS, Reader, bare_lxml

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
QUALITY = SHARED / "quality" / "quality.py"
DATASETS = ("fundus_dev", "wcxb_dev_articles", "trafilatura_eval", "htmldate_eval")
TIMED = ("fundus_dev", "wcxb_dev_articles")
MEASURES = {
    "lcs_f1": "text, LCS F1",
    "word_f1": "text, words F1",
    "with_recall": "snippets in",
    "without_rejected": "snippets out",
    "title": "headline",
    "authors": "authors",
    "date": "date",
    "failures": "failed",
}
ROUNDS = 3  # of which the least counts
Page = tuple[str | None, bytes]
BASE = "http://127.0.0.1:8000"


def installed() -> dict[Reader, str]:
    """The readers whose packages are here, with their versions."""
    found = {}
    for reader, package in READERS.items():
        try:
            found[reader] = version(package)
        except PackageNotFoundError:
            print(f"{reader.__name__}: {package} is not installed", file=sys.stderr)
    return found


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def surroundings(versions: Mapping[Reader, str]) -> str:
    """Date, machine and versions in one line."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")),
        platform.machine(),
    )
    names = {READERS[reader]: number for reader, number in versions.items()} | {"lxml": version("lxml")}
    told = ", ".join(f"{name} {number}" for name, number in names.items())
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{datetime.now(UTC).date().isoformat()}, {model}, {os.cpu_count()} cores, {python}, {told}."


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").strip().split("\n") if path.exists() else []


# -- quality


def summaries(reader: Reader, limit: int | None) -> dict[str, dict[str, Any]]:
    """What ``quality.py`` says of a reader, by set; each reader runs in a process of its own."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-W", "ignore", str(QUALITY), "--extractor", f"benchmarks.peers:{reader.__name__}"]
        command += ["--dataset", *DATASETS, "--json", str(report), *(["--limit", str(limit)] if limit else [])]
        quiet = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run(command, cwd=ROOT, check=True, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return {name: found["summary"] for name, found in json.loads(report.read_text())["datasets"].items()}


def _score(value: object) -> str:
    return (
        "–" if value is None else f"{value:.3f}".lstrip("0") if isinstance(value, float) and value < 1 else f"{value:g}"
    )


def measure_quality(readers: Iterable[Reader], limit: int | None) -> Iterator[str]:
    """A table a set: the readers' scores, as the set's authors take them."""
    found = {reader.__name__: summaries(reader, limit) for reader in readers}
    for dataset in DATASETS:
        by_reader = {name: sets[dataset] for name, sets in found.items()}
        measures = [key for key in MEASURES if any(summary.get(key) is not None for summary in by_reader.values())]
        rows = [
            [name, *(_score(summary.get(key)) for key in measures)]
            for name, summary in by_reader.items()
            if any(summary.get(key) is not None for key in measures if key != "failures")
        ]
        pages = next(iter(by_reader.values()))["pages"]
        yield f"\n{dataset}, {pages} pages:\n\n{table(['reader', *(MEASURES[key] for key in measures)], rows)}"


# -- speed


def gold_pages(dataset: str, limit: int | None) -> list[Page]:
    """The pages of a set, or ``limit`` of them, evenly spaced."""
    records = [json.loads(line) for line in _lines(SHARED / "pages" / f"{dataset}.jsonl")]
    step = max(1, len(records) // limit) if limit else 1
    chosen = records[::step][:limit]
    return [
        (record.get("url"), gzip.decompress((SHARED / "pages" / record["html_path"]).read_bytes())) for record in chosen
    ]


def demo_pages(limit: int | None) -> list[Page]:
    """The stories of the demo's newspaper."""
    from scraper.demo.pages import resources

    served = resources(1, BASE).items()
    return [(BASE + path, page.body) for path, page in served if b"<h1" in page.body and page.status == 200][:limit]


def cpu(reader: Reader, page: bytes, url: str | None) -> float | None:
    """The least CPU time, in seconds, of ``ROUNDS`` readings of ``page``; ``None`` where the reader fails."""
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        try:
            reader(page, url)
        except Exception:  # noqa: BLE001 - a peer that fails on a page is not timed on it
            return None
        spent.append(time.process_time() - start)
    return min(spent)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of ``values`` do not exceed."""
    return sorted(values)[math.ceil(len(values) * share) - 1]


def measure_speed(readers: Iterable[Reader], name: str, pages: Sequence[Page]) -> str:
    """CPU of each reader as a multiple of a bare parse of the same page, all readers on a page one after another."""
    timed = list(readers)
    for reader in (bare_lxml, *timed):  # imports, tables that are made once
        cpu(reader, pages[0][1], pages[0][0])
    ratios: dict[Reader, list[float]] = {reader: [] for reader in timed}
    for url, page in pages:
        least = cpu(bare_lxml, page, url)
        for reader in timed if least else ():
            spent = cpu(reader, page, url)
            if spent is not None and least:
                ratios[reader].append(spent / least)
    rows = [
        [reader.__name__, f"{statistics.median(values):.1f}", f"{percentile(values, 0.99):.1f}", str(len(values))]
        for reader, values in ratios.items()
        if values
    ]
    size = statistics.median(len(page) for _, page in pages) // 1024
    head = ["reader", "median, × bare parse", "99th percentile", "pages read"]
    return f"\n{name}, {len(pages)} pages of {size:g} KB in the median:\n\n{table(head, rows)}"


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks reading", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--limit", type=int)
    parser.add_argument("--only", choices=["quality", "speed"])
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)  # peers tell what they cannot read
    readers = installed()
    print(f"\n{surroundings(readers)}", flush=True)
    if options.only != "speed":
        if QUALITY.exists():
            for part in measure_quality(readers, options.limit):
                print(part, flush=True)
        else:
            print("\nNo pages with gold answers are here: quality is not measured.", flush=True)
    if options.only != "quality":
        sets = {name: found for name in TIMED if (found := gold_pages(name, options.limit))}
        for name, pages in (sets or {"the demo's newspaper": demo_pages(options.limit)}).items():
            print(measure_speed(readers, name, pages), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
