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
    "archive": ("archive", "ingest against raw SQLite, cost at size, and the past by index"),
    "kills": ("kills", "kill -9 at random moments, and what the archive is then"),
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
