"""Whatever order visits come in, to whatever addresses of whatever articles: the same tables."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive import observing
from archive.digests import digests
from archive.records import Outcome, UrlVariant, Visit
from archive.store import Archive

PLACES = [f"https://tidewater.example/{name}" for name in "abcd"] + ["http://www.tidewater.example/a/"]
PLACE = st.sampled_from(PLACES)
Story = tuple[int, str, str, str | None, str | None, str | None]  # day, words, asked, landed, canonical, variant
Other = tuple[int, str, str]  # day, outcome, asked
STORY = st.tuples(st.integers(1, 9), st.sampled_from("xyz"), PLACE, *[st.none() | PLACE] * 3)
OTHER = st.tuples(st.integers(1, 9), st.sampled_from(["304", "404", "wall"]), PLACE)
Maker = Callable[..., Visit]


def visit_of(what: Story | Other, seen: Maker, other: Maker) -> Visit:
    when = f"2026-01-{what[0]:02}T00:00:00.000Z"
    if len(what) == 3:
        outcome = {"304": Outcome.NOT_MODIFIED, "404": Outcome.GONE, "wall": Outcome.WALL}[what[1]]
        return other(when, outcome, asked=what[2], body=f"{what}".encode() if outcome is Outcome.WALL else None)
    _, words, asked, landed, canonical, variant = what
    variants = (UrlVariant(variant, "amp"),) if variant else ()
    visit = seen(
        when, f"The {words} berth is empty.", asked=asked, url=canonical, variants=variants, body=f"{what}".encode()
    )
    return replace(visit, capture=replace(visit.capture, final_url=landed))


def told(path: Path, visits: list[Visit], commits: Random | None = None) -> dict[str, str]:
    path.unlink(missing_ok=True)
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        for visit in visits:
            archive.record(visit)
            if commits and commits.random() < 0.3:
                archive.commit()
        archive.end_run({}, 0)
        found = digests(archive.connection)
        orphans = archive.connection.execute("PRAGMA foreign_key_check").fetchall()
    assert orphans == []
    return found


def test_any_order_of_arrival_gives_the_same_tables(tmp_path: Path, seen: Maker, other: Maker) -> None:
    a, b = PLACES[:2]

    @settings(deadline=None, max_examples=100)
    @given(whats=st.lists(STORY | OTHER, min_size=1, max_size=9, unique=True), chance=st.randoms(use_true_random=False))
    @example([(1, "x", a, None, None, None), (2, "y", a, b, None, None), (3, "z", b, None, b, a)], Random(1))
    def arrive(whats: list[Story | Other], chance: Random) -> None:
        visits = [visit_of(what, seen, other) for what in sorted(whats, key=str)]
        whole = told(tmp_path / "sorted.db", sorted(visits, key=lambda visit: visit.capture.fetched_at))
        chance.shuffle(visits)
        few, observing.FEW = observing.FEW, chance.choice([0, 2, 16])
        try:
            assert told(tmp_path / "mixed.db", visits, chance) == whole
        finally:
            observing.FEW = few

    arrive()


def test_late_captures_of_one_article_are_folded_once_a_commit(tmp_path: Path, seen: Maker) -> None:
    def seconds(count: int, *, late: bool) -> float:
        visits = [
            seen(f"2026-01-01T{n // 60:02}:{n % 60:02}:00.000Z", f"Berth {n // 9} is empty.") for n in range(count)
        ]
        began = time.process_time()
        told(tmp_path / "one.db", visits[::-1] if late else visits)
        return time.process_time() - began

    in_time, late = seconds(300, late=False), seconds(300, late=True)
    assert late < 3 * in_time


def test_what_waits_is_seen_by_whoever_asks(archive: Archive, seen: Maker) -> None:
    for number in reversed(range(30)):
        stored = archive.record(seen(f"2026-01-01T00:{number:02}:00.000Z", f"Berth {number} is empty."))
    assert stored.change is None  # folded later, with the others
    assert [version.text for version in archive.versions(stored.article_id or "")] == [
        f"Berth {number} is empty." for number in range(30)
    ]
    with sqlite3.connect(archive.path) as other:
        assert other.execute("SELECT count(*) FROM versions").fetchone() == (0,)
        archive.commit()
        assert other.execute("SELECT count(*) FROM versions").fetchone() == (30,)
