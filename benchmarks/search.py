"""Search on 500,000 versions: how long a person waits for the best 20, by how common the words are.

``python -m benchmarks search [--versions N]``. The file is invented: 30 sites, words in the frequencies of Zipf's law,
so that the commonest stands in nearly every text. It is made once in the system's folder for temporary files.
"""

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import accumulate
from pathlib import Path

from archive.store import Archive

VERSIONS = 500_000
EVERY = 2.5  # versions an article
SITES, VOCABULARY, PARAGRAPHS, WORDS = 30, 50_000, 20_000, 50
ROUNDS = 3
QUERIES = {
    "the commonest word": "w1",
    "three common words": "w1 w2 w5",
    "two common words as a phrase": '"w1 w2"',
    "a beginning of 120 words, common ones too": "w12*",
    "a beginning of 11,000 words": "w1*",
    "a word on one version in a hundred": "w400",
    "a rare word": "w49000",
    "a common word in headlines": "headline:w1",
    "a common word but not another": "w1 NOT w2",
    "all without a common word": "-w1",
}


def paragraphs() -> list[str]:
    chance = random.Random(1)
    words = [f"w{number}" for number in range(1, VOCABULARY + 1)]
    weights = list(accumulate(1 / number for number in range(1, VOCABULARY + 1)))
    return [" ".join(chance.choices(words, cum_weights=weights, k=WORDS)) for _ in range(PARAGRAPHS)]


def rows(count: int) -> Iterator[dict[str, object]]:
    chance, prose = random.Random(2), paragraphs()
    articles = int(count / EVERY)
    for number in range(count):
        article, version = number % articles, number // articles + 1
        day = f"20{20 + version:02}-{article % 12 + 1:02}-{article % 28 + 1:02}T00:00:00.000Z"
        yield {
            "id": f"{number:032x}",
            "article_id": f"{article:016x}",
            "number": version,
            "url": f"https://site{article % SITES}.example/{article}",
            "site": f"site{article % SITES}.example",
            "headline": prose[chance.randrange(PARAGRAPHS)][:60],
            "published_at": day[:10],
            "words": 3 * WORDS,
            "kind": "article",
            "confidence": 0.9,
            "text": "\n\n".join(prose[chance.randrange(PARAGRAPHS)] for _ in range(3)),
            "markdown": "",
            "blocks": "[]",
            "fingerprint": f"{number:x}",
            "digest": f"{number:x}",
            "change": "new" if version == 1 else "silent",
            "seen_from": day,
            "last_confirmed_at": day,
            "seen_to": None if number + articles >= count else f"20{21 + version:02}{day[4:]}",
            "capture_id": "c",
            "reader": "1",
            "docid": number + 1,
        }


def make(path: Path, count: int) -> None:
    """An archive of ``count`` versions at ``path``."""
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("benchmark")
        archive.end_run({}, 0)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = off")
        database.execute("BEGIN")
        database.execute(
            "INSERT INTO captures (id, run_id, url, site, fetched_at, outcome) "
            "SELECT 'c', id, 'https://a.example/', 'a.example', started_at, 'fetched' FROM runs"
        )
        names = list(next(rows(10)))
        insert = f"INSERT INTO versions ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})"
        database.execute("PRAGMA foreign_keys = off")
        database.executemany(insert, rows(count))
        database.execute(
            "INSERT INTO articles (id, url, site, headline, published_at, words, kind, confidence, first_seen_at, "
            "last_seen_at, versions) SELECT article_id, url, site, headline, published_at, words, kind, confidence, "
            "min(seen_from), max(seen_from), max(number) FROM versions GROUP BY article_id"
        )
        database.execute("COMMIT")


def wait(archive: Archive, query: str, **options: object) -> float:
    """Milliseconds until the best 20 are there, the median of ``ROUNDS``."""
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        list(archive.search(query, limit=20, **options))  # type: ignore[arg-type]
        spent.append(time.perf_counter() - start)
    return statistics.median(spent) * 1000


def main(options: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks search")
    parser.add_argument("--versions", type=int, default=VERSIONS)
    count = parser.parse_args(options).versions
    path = Path(tempfile.gettempdir()) / f"newsmorgue-search-{count}.db"
    if not path.exists():
        print(f"making {path} …", flush=True)
        make(path.with_suffix(".making"), count)
        path.with_suffix(".making").rename(path)
    ways: dict[str, dict[str, object]] = {
        "best": {},
        "newest": {"sort": "newest"},
        "--at": {"at": "2022-06-01T00:00:00.000Z"},
        "--site": {"site": "site7.example"},
    }
    print(f"{count} versions, {path.stat().st_size / 1e9:.1f} GB; ms to the first 20")
    print(f"{'':44}" + "".join(f"{way:>9}" for way in ways))
    with Archive.open(path) as archive:
        for name, query in QUERIES.items():
            print(f"{name:44}" + "".join(f"{wait(archive, query, **way):9.0f}" for way in ways.values()), flush=True)
