"""Single bits flipped in stored texts and bodies: whether ``verify --deep`` names each object, without a traceback.

Each flip by itself, half of them through SQL and half in the bytes of the file; then a hundred in one file.
"""

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random

from archive.verify import verify
from benchmarks.invented_press import InventedSite
from benchmarks.shards import build_shard, visits_of

COLUMNS = (
    ("versions", "text"),
    ("versions", "markdown"),
    ("versions", "headline"),
    ("bodies", "data"),
    ("bodies", "data"),
)
Target = tuple[str, str, str, int]  # table, column, id of the row, number of the bit


def build(path: Path) -> None:
    """An archive of invented articles, some of them edited."""
    build_shard(path, visits_of(InventedSite(7, 40), range(40), revisions=2))


def targets(path: Path, chance: Random, count: int) -> list[Target]:
    """Bits at random, each in another object."""
    found: dict[tuple[str, str], Target] = {}
    with closing(sqlite3.connect(path)) as connection:
        while len(found) < count:
            table, column = chance.choice(COLUMNS)
            row = connection.execute(
                f"SELECT id, length(CAST({column} AS BLOB)) FROM {table} WHERE length({column}) > 0 "
                "ORDER BY random() LIMIT 1"
            ).fetchone()
            found.setdefault((table, row[0]), (table, column, row[0], chance.randrange(8 * row[1])))
    return list(found.values())


def flip_in_sql(path: Path, target: Target) -> None:
    """As a program that writes the wrong thing would."""
    table, column, identity, bit = target
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER IF EXISTS versions_fts_update")
        ((value,),) = connection.execute(f"SELECT CAST({column} AS BLOB) FROM {table} WHERE id = ?", (identity,))
        harmed = bytearray(value)
        harmed[bit // 8] ^= 1 << bit % 8
        kind = "BLOB" if column == "data" else "TEXT"
        connection.execute(f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE id = ?", (bytes(harmed), identity))
        connection.commit()


def flip_in_file(path: Path, target: Target) -> bool:
    """As a failing disk would; ``False`` where the bit's place in the file cannot be told."""
    table, column, identity, bit = target
    with closing(sqlite3.connect(path)) as connection:
        ((value,),) = connection.execute(f"SELECT CAST({column} AS BLOB) FROM {table} WHERE id = ?", (identity,))
    start = max(bit // 8 - 12, 0)
    around, contents = value[start : start + 24], bytearray(path.read_bytes())
    if len(around) < 20 or contents.count(around) != 1:
        return False
    contents[contents.index(around) + bit // 8 - start] ^= 1 << bit % 8
    path.write_bytes(contents)
    return True


def name_of(target: Target) -> str:
    return f"{'body' if target[0] == 'bodies' else 'version'} {target[2]}"


def missed(path: Path, chance: Random, count: int) -> Iterator[Target]:
    """The flips that were not named; an exception of ``verify`` ends it."""
    whole = path.read_bytes()
    for number in range(count):
        path.write_bytes(whole)
        (target,) = targets(path, chance, 1)
        if number % 2 or not flip_in_file(path, target):
            flip_in_sql(path, target)
        if name_of(target) not in {damage.object for damage in verify(path, deep=True)}:
            yield target
    path.write_bytes(whole)


def main(options: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks flips")
    parser.add_argument("--times", type=int, default=300)
    times = parser.parse_args(options).times
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.db"
        build(path)
        lost = list(missed(path, Random(11), times))
        print(f"{times} bits, one at a time: {times - len(lost)} named, {len(lost)} missed")
        for target in lost:
            print(f"  missed: bit {target[3]} of {target[1]} of {name_of(target)}")
        together = targets(path, Random(12), 100)
        for target in together:
            flip_in_sql(path, target)
        named = {damage.object for damage in verify(path, deep=True)}
        left = [target for target in together if name_of(target) not in named]
        print(f"{len(together)} at once: {len(together) - len(left)} named, {len(left)} missed")
    if lost or left:
        sys.exit(1)
