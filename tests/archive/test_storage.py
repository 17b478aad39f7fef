"""What the benchmarks promise of storage, on a small part of the same invented pages."""

import gzip
from pathlib import Path

from benchmarks.bodies import read_all, store, warc_bytes
from benchmarks.invented_press import InventedSite, visits


def test_pages_are_as_large_as_news_pages_and_the_same_each_time():
    pages = [InventedSite(3, 6).page(number, 1) for number in range(6)]
    assert pages == [InventedSite(3, 6).page(number, 1) for number in range(6)]
    assert all(50_000 < len(page) < 130_000 for page in pages)
    assert 0.15 < len(gzip.compress(pages[0])) / len(pages[0]) < 0.4


def test_pages_take_a_tenth_of_their_warc(tmp_path: Path):
    import sqlite3
    from contextlib import closing

    pages = list(visits(2, 40, 3))
    store(tmp_path / "bodies.db", pages)
    assert read_all(tmp_path / "bodies.db", pages) >= 0
    with closing(sqlite3.connect(tmp_path / "bodies.db")) as connection:
        (stored,) = connection.execute("SELECT sum(length(data)) FROM bodies").fetchone()
    assert stored <= 0.10 * warc_bytes(pages)
