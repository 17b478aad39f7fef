"""The reader against its peers, in one run each: quality on pages with gold answers, CPU as ratios.

Pages with gold answers are third parties' property and do not come with newsmorgue. Where a folder beside the checkout
holds them (``shared/pages``, ``shared/quality``), quality is measured; speed is measured anywhere, on the demo's pages.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import lxml.html

from scraper.demo.pages import resources
from scraper.reading import read

ROOT = Path(__file__).parents[1]
QUALITY = ROOT.parent / "shared" / "quality" / "quality.py"
DATASETS = ["fundus_dev", "wcxb_dev_articles", "trafilatura_eval", "htmldate_eval"]
ROUNDS = 5
BASE = "http://127.0.0.1:8000"


def main(_: Sequence[str] = ()) -> None:
    if QUALITY.exists():
        measure_quality()
    else:
        print("no pages with gold answers here: quality is not measured")
    measure_speed()


def measure_quality() -> None:
    ours = ["--extractor", "scraper.reading:read", "--reference", "trafilatura_meta"]
    for who in (ours, ["--peer", "trafilatura_meta"]):
        subprocess.run([sys.executable, QUALITY, *who, "--dataset", *DATASETS], cwd=ROOT, check=True)


def measure_speed() -> None:
    """CPU of each reader as a multiple of a bare parse of the same page, median over the demo's pages."""
    import trafilatura

    served = resources(1, BASE).items()
    found = [(BASE + path, page.body) for path, page in served if b"<h1" in page.body and page.status == 200]
    readers: dict[str, Callable[[bytes, str], object]] = {
        "newsmorgue": read,
        "trafilatura with metadata": lambda page, url: trafilatura.bare_extraction(page, url=url, with_metadata=True),
    }
    floor = [cpu(lambda page, _url: lxml.html.document_fromstring(page), page, url) for url, page in found]
    for name, reader in readers.items():
        ratios = [cpu(reader, page, url) / least for (url, page), least in zip(found, floor, strict=True)]
        print(f"{name}: {statistics.median(ratios):.1f} × a bare lxml parse, median of {len(found)} demo pages")


def cpu(reader: Callable[[bytes, str], object], page: bytes, url: str) -> float:
    """The least CPU time, in seconds, of ``ROUNDS`` readings of ``page``."""
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        reader(page, url)
        spent.append(time.process_time() - start)
    return min(spent)
