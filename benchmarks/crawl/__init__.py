"""The crawl against bare Scrapy, from the same local server, pinned to one core.

``python -m benchmarks crawl [--articles N]``: pages a second of both, what finding links adds, what everything that is
neither Scrapy, links nor reading costs a page, and the memory that was taken at most.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

NAMES = ("bare", "links", "whole", "parts")


@contextmanager
def paper(articles: int) -> Iterator[str]:
    """The address of a paper that is served meanwhile."""
    command = [sys.executable, "-m", "benchmarks.crawl.press_server", str(articles)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.communicate("")


def measured(name: str, base: str, articles: int) -> dict[str, Any]:
    """What one driver printed, run on the last core alone; the server has the others."""
    last = max(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.crawl.drivers", name, base, str(articles), folder]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, preexec_fn=lambda: os.sched_setaffinity(0, {last})
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(options: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks crawl")
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--only", choices=NAMES)
    chosen = parser.parse_args(options)
    found: dict[str, dict[str, Any]] = {}
    with paper(chosen.articles) as base:
        for name in [chosen.only] if chosen.only else NAMES:
            found[name] = got = measured(name, base, chosen.articles)
            print(
                f"{name}: {got['pages']} articles, {got['pages'] / got['seconds']:.0f} a second, "
                f"{1000 * got['cpu'] / got['pages']:.2f} ms CPU each, {got['rss']:.0f} MB",
                flush=True,
            )
    if not chosen.only:
        compare(found)


def compare(found: dict[str, dict[str, Any]]) -> None:
    """The ratios, and where the crawl's time goes."""
    rate = {name: got["pages"] / got["seconds"] for name, got in found.items()}
    cpu = {name: 1000 * got["cpu"] / got["pages"] for name, got in found.items()}
    print(
        f"crawl / bare Scrapy: {rate['whole'] / rate['bare']:.2f} of its pages a second, "
        f"{cpu['bare'] / cpu['whole']:.2f} of its pages a second of CPU"
    )
    print(f"with links / bare Scrapy: {cpu['links'] / cpu['bare']:.2f} of its CPU")
    parts = {name: 1000 * seconds / found["parts"]["pages"] for name, seconds in found["parts"]["parts"].items()}
    other = cpu["parts"] - cpu["bare"] - parts["reading"] - parts["links"]
    print("CPU ms a page: " + ", ".join(f"{name} {cost:.2f}" for name, cost in parts.items()))
    print(f"neither Scrapy, links nor reading: {other:.2f} ms a page")
