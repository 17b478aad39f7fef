"""``python -m benchmarks`` runs every measurement; ``python -m benchmarks reading`` one of them."""

import importlib
import platform
import sys
from importlib.metadata import version

MEASUREMENTS = {
    "reading": "the reader's quality on pages with gold answers, and its speed as a multiple of a bare parse",
}


def main() -> None:
    names = sys.argv[1:] or list(MEASUREMENTS)
    if unknown := set(names) - set(MEASUREMENTS):
        lines = [f"{name}: {purpose}" for name, purpose in MEASUREMENTS.items()]
        sys.exit("\n".join([f"no such measurement: {', '.join(sorted(unknown))}", *lines]))
    print(f"newsmorgue {version('newsmorgue')}, Python {platform.python_version()}, {platform.machine()}", flush=True)
    for name in names:
        print(f"\n{name}: {MEASUREMENTS[name]}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
