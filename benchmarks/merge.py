"""Merging five shards of invented articles that overlap by a fifth: seconds, and one digest in every order.

``--articles N`` says how many articles a shard has (1,000 unless told). With ``--shards 1,2,4,8`` so many are merged,
each number once, to see how the time grows. Each shard holds four fifths of its own, and a fifth that all have: visited
by each at another time, and one visit in four by all at the same.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from archive.digests import digest_of_readings
from archive.records import Visit
from archive.store import Archive
from archive.verify import verify
from benchmarks.invented_press import InventedSite
from benchmarks.shards import build_shard, small_visits_of
from scraper.merge import merge

SHARDS = 5
SITES = 10


def visits(shard: int, articles: int) -> Iterator[Visit]:
    own, shared = articles * 4 // 5, articles // 5
    for seed in range(SITES):
        site = InventedSite(seed, 40)
        first = shared // SITES + shard * (own // SITES)
        yield from small_visits_of(site, range(first, first + own // SITES), minute=shard)
        for number in range(shared // SITES):
            yield from small_visits_of(site, [number], revisions=2, minute=9 if number % 4 == 0 else shard)


def digest(path: Path) -> str:
    with Archive.open(path) as archive:
        return digest_of_readings(archive.connection)


def merged(path: Path, shards: list[Path], *, one_by_one: bool = False) -> tuple[float, str]:
    started = time.perf_counter()
    for group in [[shard] for shard in shards] if one_by_one else [shards]:
        merge(path, group)
    return time.perf_counter() - started, digest(path)


def measure_growth(articles: int, numbers: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shards = [Path(folder) / f"shard{number}.db" for number in range(max(numbers))]
        counts = [build_shard(path, visits(number, articles)) for number, path in enumerate(shards)]
        for number in numbers:
            seconds, _ = merged(Path(folder) / f"merged{number}.db", shards[:number])
            count = sum(counts[:number])
            line = f"  {number} shards of {articles} articles: {seconds:.1f} s, {1000 * seconds / count:.2f} ms a visit"
            print(f"{line}, load {os.getloadavg()[0]:.1f}", flush=True)


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks merge")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--orders", type=int, default=3)
    parser.add_argument("--shards", metavar="N,N…")
    options = parser.parse_args(arguments)
    if options.shards:
        measure_growth(options.articles, [int(number) for number in options.shards.split(",")])
        return
    with tempfile.TemporaryDirectory() as folder:
        shards = [Path(folder) / f"shard{number}.db" for number in range(SHARDS)]
        counts = [build_shard(path, visits(number, options.articles)) for number, path in enumerate(shards)]
        print(f"{SHARDS} shards of {options.articles} articles, {sum(counts)} visits", flush=True)
        found = []
        for number in range(options.orders):
            order = list(shards)
            Random(number).shuffle(order) if number else None
            target = Path(folder) / f"merged{number}.db"
            found.append(merged(target, order, one_by_one=number % 2 == 1))
            print(f"  order {number}: {found[-1][0]:.1f} s, {found[-1][1][:16]}", flush=True)
            again, same = merged(target, order)
            print(f"  again: {again:.2f} s, {'the same' if same == found[-1][1] else 'ANOTHER digest'}", flush=True)
        with Archive.open(target) as archive:
            articles = archive.stats()["articles"]
        damage = sum(1 for _ in verify(target))
    print(f"{articles} articles, {damage} damaged, {len({digest for _, digest in found})} digest(s)")
