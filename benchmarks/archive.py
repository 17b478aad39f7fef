"""The archive's speed, as ratios to raw SQLite in the same run: same schema, same rows, same search index.

``python -m benchmarks archive`` takes some minutes; ``--versions N`` (500,000) sets its size.
"""

import argparse
import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from archive.records import (
    Article,
    ArticleKind,
    Block,
    BlockKind,
    Capture,
    Link,
    Outcome,
    Removal,
    RemovalKind,
    Visit,
)
from archive.schema import FACTS, READINGS, SEARCH
from archive.store import RECORDS_A_COMMIT, Archive

VISITS = 4_000  # of the comparison of ingest
WORDS = 20_000  # of the invented language, the n-th as frequent as 1/n
AS_OF_ONE = "SELECT number FROM versions WHERE article_id = ? AND seen_from <= ? AND ? < coalesce(seen_to, '9999')"
AS_OF_ALL = "SELECT article_id, number FROM versions WHERE seen_from <= :at AND :at < coalesce(seen_to, '9999')"
BARE = "SELECT article_id, max(seen_from) FROM versions WHERE seen_from <= :at GROUP BY article_id"


class Press:
    """Invents articles of some 400 words, and three states of each."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = random.Random(seed)
        letters = "aeioubdfgklmnprst"
        self._words = ["".join(self._chance.choices(letters, k=self._chance.randint(2, 10))) for _ in range(WORDS)]
        self._weights = [1 / (place + 10) for place in range(WORDS)]
        self._bag = self._chance.choices(self._words, self._weights, k=1_000_000)

    def _prose(self, count: int) -> str:
        start = self._chance.randrange(len(self._bag) - count)
        return " ".join(self._bag[start : start + count]).capitalize() + "."

    def visit(self, number: int, state: int) -> Visit:
        """The ``state``-th visit, a day after the one before, to article ``number``."""
        self._chance.seed(number)
        url = f"https://site{number % 30}.example/{number}"
        paragraphs = [self._prose(50) for _ in range(8)]
        paragraphs[state % 8] = f"{paragraphs[state % 8][:-1]}, state {state}."
        headline, links = self._prose(8), tuple(Link(f"{url}/{place}", self._prose(2)) for place in range(4))
        article = Article(
            url=url,
            site=f"site{number % 30}.example",
            headline=headline,
            authors=(self._prose(2),),
            published_at="2026-01-13T09:30:00Z",
            kind=ArticleKind.ARTICLE,
            confidence=0.9,
            blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs),
            removals=tuple(
                Removal(RemovalKind.NAVIGATION, "tag-nav", self._prose(6), place, "body/nav") for place in range(6)
            ),
            links=links,
        )
        frame = f"<div class=frame>{self._prose(300)}</div>"
        body = f"<html><title>{headline}</title>{frame}<p>{'<p>'.join(paragraphs)}</html>".encode()
        hours, seconds = divmod(number, 3600)
        day, minutes = f"20{state + 10:02}-01-{hours // 24 + 1:02}", f"{seconds // 60:02}:{seconds % 60:02}"
        when = f"{day}T{hours % 24:02}:{minutes}.000Z"
        capture = Capture(url=url, fetched_at=when, outcome=Outcome.FETCHED, status=200, content_type="text/html")
        return Visit(capture=capture, body=body, article=article, outcome=Outcome.ARTICLE)


def ingest(path: Path, visits: list[Visit]) -> float:
    """CPU seconds to record ``visits``."""
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("benchmark")
        began = time.process_time()
        for visit in visits:
            archive.record(visit)
        archive.commit()
        spent = time.process_time() - began
        archive.end_run({}, 0)
    return spent


# The rows of each table in the order of the visits that brought them: (table, the capture that a row came with).
CAME_WITH = {
    "bodies": "(SELECT min(rowid) FROM captures WHERE body_id = bodies.id)",
    "captures": "rowid",
    "articles": "(SELECT captures.rowid FROM versions JOIN captures ON captures.id = capture_id "
    "WHERE article_id = articles.id AND number = 1)",
    "versions": "(SELECT captures.rowid FROM captures WHERE id = capture_id)",
    "readings": "(SELECT captures.rowid FROM captures WHERE id = capture_id)",
    "removals": "(SELECT captures.rowid FROM versions JOIN captures ON captures.id = capture_id "
    "WHERE versions.id = version_id)",
    "urls": "(SELECT captures.rowid FROM versions JOIN captures ON captures.id = capture_id "
    "WHERE versions.article_id = urls.article_id AND number = 1)",
    "links": "(SELECT captures.rowid FROM versions JOIN captures ON captures.id = capture_id "
    "WHERE versions.id = version_id)",
}


def raw(path: Path, source: Path) -> float:
    """CPU seconds to write the rows of ``source`` with executemany, in the same transactions of so many visits."""
    batches: dict[int, dict[str, list[tuple[Any, ...]]]] = {}
    with sqlite3.connect(source) as known:
        runs = known.execute("SELECT * FROM runs").fetchall()
        for table, came_with in CAME_WITH.items():
            for place, *row in known.execute(f"SELECT {came_with}, * FROM {table} ORDER BY 1, rowid"):
                batch = batches.setdefault((place - 1) // RECORDS_A_COMMIT, {})
                batch.setdefault(table, []).append(tuple(row))
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = wal", "synchronous = full", "cache_size = -65536", "foreign_keys = on"):
        connection.execute(f"PRAGMA {pragma}")
    for statement in (*FACTS, *READINGS, *SEARCH):
        connection.execute(statement)
    connection.executemany(f"INSERT INTO runs VALUES ({', '.join('?' * len(runs[0]))})", runs)
    began = time.process_time()
    for batch in batches.values():
        connection.execute("BEGIN IMMEDIATE")
        for table, rows in batch.items():
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        connection.execute("COMMIT")
    spent = time.process_time() - began
    connection.close()
    return spent


def compare_ingest(folder: Path, states: int) -> None:
    press = Press()
    visits = [press.visit(number, state) for state in range(states) for number in range(VISITS // states)]
    ratios, speeds = [], []
    for turn in range(3):
        ours = ingest(folder / f"ours{states}{turn}.db", visits)
        theirs = raw(folder / f"raw{states}{turn}.db", folder / f"ours{states}{turn}.db")
        ratios.append(ours / theirs)
        speeds.append((len(visits) / ours, len(visits) / theirs))
    print(
        f"ingest, {states} versions an article: {median(ratios):.2f} x raw executemany "
        f"({median(s[0] for s in speeds):.0f} against {median(s[1] for s in speeds):.0f} versions/s; bar 1.3)"
    )


def _clock(run: Callable[[], Any], times: int) -> float:
    """The median of so many runs, in seconds."""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        spent.append(time.perf_counter() - began)
    return median(spent)


def grow(path: Path, versions: int) -> Iterator[tuple[int, float]]:
    """Fill an archive; how many versions there are, and CPU seconds a version of the last thousands."""
    press, window, articles = Press(2), 5_000, versions // 3
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("benchmark")
        spent = 0.0
        for count in range(1, versions + 1):
            # Each article comes, and is changed twice while others come.
            state = (count - 1) % 3
            visit = press.visit(((count - 1) // 3 - 700 * state) % articles, state)
            began = time.process_time()
            archive.record(visit)
            spent += time.process_time() - began
            if count % window == 0:
                yield count, spent / window
                spent = 0.0
        archive.end_run({}, 0)


def marginal(folder: Path, versions: int) -> Path:
    path = folder / "large.db"
    costs = dict(grow(path, versions))
    small, large = costs[10_000], median(list(costs.values())[-3:])
    print(f"marginal cost of a version at {versions:,} against 10,000: {large / small:.2f} (bar 1.4)")
    return path


def as_of(path: Path) -> None:
    with Archive.open(path) as archive:
        connection = archive.connection
        ids = [row[0] for row in connection.execute("SELECT id FROM articles ORDER BY id LIMIT 1000")]
        at = "2011-06-01T00:00:00.000Z"
        turn = iter(ids * 10)
        one = _clock(lambda: connection.execute(AS_OF_ONE, (next(turn), at, at)).fetchall(), 1000)
        every = _clock(lambda: connection.execute(AS_OF_ALL, {"at": at}).fetchall(), 5)
        bare = _clock(lambda: connection.execute(BARE, {"at": at}).fetchall(), 5)
    print(
        f"as of a time, one article: {one * 1000:.3f} ms (bar 0.1); all: {every / bare:.2f} x bare GROUP BY (bar 1.5)"
    )


def main(options: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks archive")
    parser.add_argument("--versions", type=int, default=500_000, help="of the large archive")
    chosen = parser.parse_args(options)
    with TemporaryDirectory() as folder:
        compare_ingest(Path(folder), 1)
        compare_ingest(Path(folder), 3)
        as_of(marginal(Path(folder), chosen.versions))
