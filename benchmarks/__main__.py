"""``python -m benchmarks`` measures the reader; ``python -m benchmarks NAME [OPTION …]`` measures one thing."""

import importlib
import platform
import sys
from importlib.metadata import version

# Name: module, and what it measures.
MEASUREMENTS = {
    "reading": ("reading", "the reader's quality on pages with gold answers, and its speed, beside its peers"),
    "hostile": ("hostile", "CPU and memory that pages made to exhaust a reader take"),
    "fuzz": ("fuzz_reader", "what the reader makes of thousands of damaged pages"),
    "bodies": ("bodies", "room that pages take, against WARC.gz, and how fast they are packed and read"),
    "merge": ("merge", "seconds to merge five shards that overlap by a fifth, and one digest in every order"),
    "kills": ("kills", "kill -9 at random moments, and what is left"),
    "flips": ("flips", "single bits flipped in what is stored, and whether verify names them"),
    "crawl": ("crawl", "the crawl against bare Scrapy: pages a second, CPU a page, memory"),
    "life": ("life", "the life of an invented paper, crawled at every instant, against what the archive tells"),
    "pywb": ("pywb", "a WARC export indexed and served by pywb, each page fetched and compared"),
    "datapackage": ("datapackage", "exports checked by the reference implementation of Data Packages"),
    "search": ("search", "waiting for search, by how common the words are"),
    "web": ("web", "seconds that each page of the website takes at 100,000 versions, alone and beside a crawl"),
    "redis": ("shared.measure", "a crawl shared by workers: kills, restarts, hand-overs, speed, memory"),
    "dask": (
        "on_dask",
        "import and rebuild on a local Dask cluster: the same archive, how much sooner, workers killed",
    ),
    "archive": ("archive", "ingest against raw SQLite, cost at size, and the past by index"),
}


def main() -> None:
    name, *options = sys.argv[1:] or ["reading"]
    if name not in MEASUREMENTS:
        lines = [f"{known}: {purpose}" for known, (_, purpose) in MEASUREMENTS.items()]
        sys.exit("\n".join([f"no such measurement: {name}", *lines]))
    module, purpose = MEASUREMENTS[name]
    print(f"newsmorgue {version('newsmorgue')}, Python {platform.python_version()}, {platform.machine()}", flush=True)
    print(f"{name}: {purpose}", flush=True)
    importlib.import_module(f"benchmarks.{module}").main(options)


if __name__ == "__main__":
    main()
