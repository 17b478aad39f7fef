"""A crawl shared through Redis: what it leaves, what kills and restarts do to it, how fast it is, what it takes.

``python -m benchmarks redis --what same,kills,restart,speed,memory``; needs ``redis-server``.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.shared import redis_server, trials

TRIALS = {
    "same": trials.same,
    "kills": trials.kills,
    "restart": trials.restart,
    "speed": trials.speed,
    "memory": trials.memory,
}


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks redis")
    parser.add_argument("--what", default=",".join(TRIALS))
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=12)
    parser.add_argument("--delay", type=float, default=0.2)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if not redis_server.is_there():
        sys.exit(f"python -m benchmarks redis {redis_server.MISSING}")
    failed = False
    for name in options.what.split(","):
        with tempfile.TemporaryDirectory() as folder:
            size = trials.Size(options.hosts, options.articles, options.delay, options.times, options.seed)
            told = TRIALS[name](Path(folder), size)
        failed |= bool(told.faults)
        print("\n  ".join([f"{name}: {told.line}", *told.faults]), flush=True)
    if failed:
        sys.exit(1)
