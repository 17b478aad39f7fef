"""At the end of a run the readings are what reading everything anew would give, however the pages came."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from archive.records import Capture, Outcome
from archive.store import Archive
from archive.verify import verify
from pipelines import build_stages, cleaning_stages, run_stages
from pipelines.site_rules import lines_only
from scraper import settle as settling
from scraper.observe import observe, read_by
from scraper.settle import settle
from tests.crawl.invented_site import Furnish, as_it_is, at_end, page, stories

PROMO = "Every Friday our editors pick ten stories from around the bay that you should not miss, and send them to you."
OTHER = "Our letter from the harbour comes on Sundays, and it has what the week has washed ashore, in a few lines each."
BASE = "https://tidewater.example"
READINGS = {
    "site_lines": "SELECT * FROM site_lines ORDER BY id",
    "versions": "SELECT id, number, headline, authors, text, change, seen_from, last_confirmed_at, seen_to, capture_id "
    "FROM versions ORDER BY id",
    "removals": "SELECT version_id, position, kind, rule, text FROM removals ORDER BY 1, 2, 3, 4, 5",
    "readings": "SELECT capture_id, outcome, article_id, fingerprint, digest, marks FROM readings ORDER BY 1",
}
Seen = tuple[Capture, bytes]


def visit(number: int, day: int, furnish: Furnish) -> Seen:
    story = stories(30)[number]
    when = f"2026-02-{day:02}T{number % 24:02}:00:00.000Z"
    capture = Capture(url=BASE + story.path, fetched_at=when, outcome=Outcome.FETCHED, content_type="text/html")
    return capture, page(story, furnish, base=BASE, title=" - Tidewater", byline="Tidewater Newsdesk")


def run(path: Path, seen: Sequence[Seen]) -> int:
    """One run over these pages; how many captures it read again."""
    with Archive.open(path, write=True, create=True) as archive:
        archive.reader = read_by()
        archive.begin_run("test")
        stages = build_stages(archive)
        for capture, body in seen:
            run_stages(stages, observe(capture, body).visit)
        again = settle(archive)
        archive.end_run({}, 0)
    return again


def readings(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with Archive.open(path) as archive:
        return {name: [tuple(row) for row in archive.connection.execute(sql)] for name, sql in READINGS.items()}


def history() -> list[Seen]:
    """Some pages bare, then all with a promo, then some with another in its place, one with an edit."""
    edit = at_end("It was later withdrawn.", OTHER)
    return [
        *(visit(number, 1, as_it_is) for number in range(10)),
        *(visit(number, 2, at_end(PROMO)) for number in range(30)),
        *(visit(number, 3, edit if number == 7 else at_end(OTHER)) for number in range(5, 12)),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_order_and_division_into_runs_do_not_matter(tmp_path: Path, seed: int):
    whole, parts = tmp_path / "whole.db", tmp_path / "parts.db"
    run(whole, history())
    chance, pages = random.Random(seed), history()
    chance.shuffle(pages)
    while pages:
        size = chance.randrange(1, 20)
        run(parts, pages[:size])
        pages = pages[size:]
    assert readings(parts) == readings(whole)
    assert list(verify(parts, deep=True)) == []


def test_reading_everything_again_changes_nothing(tmp_path: Path):
    path = tmp_path / "news.db"
    for day in (1, 2, 3):
        run(path, [seen for seen in history() if f"-02-0{day}T" in seen[0].fetched_at])
    before = readings(path)
    with Archive.open(path, write=True) as archive:
        archive.begin_run("rebuild")
        stages = cleaning_stages(None, archive)
        for (capture_id,) in archive.connection.execute("SELECT id FROM captures").fetchall():
            capture = archive.capture(capture_id)
            archive.reread(capture_id, run_stages(stages, observe(capture, archive.body(str(capture.body_id))).visit))
        assert settle(archive) == 0
        archive.end_run({}, 0)
    assert readings(path) == before


def test_the_history_shows_the_edit_and_nothing_of_what_was_learned(tmp_path: Path):
    path = tmp_path / "news.db"
    for day in (1, 2, 3):
        run(path, [seen for seen in history() if f"-02-0{day}T" in seen[0].fetched_at])
    with Archive.open(path) as archive:
        changes = [
            (change["kind"], change["headline_after"]) for change in archive.changes() if change["kind"] != "new"
        ]
        assert changes == [("silent", stories(30)[7].headline)]
        lines = {row["line"]: (bool(row["in_force"]), row["kind"]) for row in archive.site_lines("tidewater.example")}
    assert lines == {
        PROMO: (True, "line"),
        "- Tidewater": (True, "title"),
        "Tidewater Newsdesk": (True, "byline"),
        OTHER: (True, "line"),
    }


def test_what_is_no_longer_common_comes_back(tmp_path: Path):
    path = tmp_path / "news.db"
    run(path, [visit(number, 1, at_end(PROMO)) for number in range(8)])
    in_text = "SELECT count(*) FROM versions WHERE instr(text, ?)"
    with Archive.open(path) as archive:
        assert archive.connection.execute(in_text, (PROMO,)).fetchone() == (0,)
    assert run(path, [visit(number, 2, as_it_is) for number in range(8, 30)]) == 8
    with Archive.open(path) as archive:
        assert archive.connection.execute(in_text, (PROMO,)).fetchone() == (8,)
        assert archive.connection.execute("SELECT max(number) FROM versions").fetchone() == (1,)


def test_with_nothing_new_nothing_is_learned_or_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "news.db"
    assert run(path, [visit(number, 1, at_end(PROMO)) for number in range(20)]) == 20
    before = readings(path)
    monkeypatch.setattr(settling, "learn_site", _never)
    later = [visit(number, 2, at_end(PROMO)) for number in range(20)]
    assert run(path, later) == 0
    assert {**readings(path), "readings": 0, "versions": 0} == {**before, "readings": 0, "versions": 0}


def _never(*_: object) -> None:
    raise AssertionError("there was nothing to learn")


class Killed(BaseException):
    """What stands for a kill in the middle."""


@pytest.mark.parametrize("after", [0, 1, 9])
def test_killed_while_it_reads_again_it_goes_on_in_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
):
    whole, broken = tmp_path / "whole.db", tmp_path / "broken.db"
    pages = [visit(number, 1, at_end(PROMO)) for number in range(12)]
    run(whole, pages)
    left = iter([*[observe] * after, _killed])

    def next_one(*given: Any) -> Any:
        return next(left)(*given)

    with monkeypatch.context() as patch:
        patch.setattr(settling, "observe", next_one)
        patch.setattr(settling, "RECORDS_A_COMMIT", 2)
        with pytest.raises(Killed):
            run(broken, pages)
    assert readings(broken) != readings(whole)
    run(broken, [])
    assert readings(broken) == readings(whole)


@pytest.mark.parametrize("after", [0, 1, 9])
def test_stopped_while_it_reads_again_it_goes_on_in_the_next_run(tmp_path: Path, after: int):
    whole, stopped = tmp_path / "whole.db", tmp_path / "stopped.db"
    pages = [visit(number, 1, at_end(PROMO)) for number in range(12)]
    run(whole, pages)
    with Archive.open(stopped, write=True, create=True) as archive:
        archive.begin_run("test")
        stages = build_stages(archive)
        for capture, body in pages:
            run_stages(stages, observe(capture, body).visit)
        asked = iter([False] * (after + 1))
        assert settle(archive, is_stopped=lambda: next(asked, True)) == after
        archive.end_run({}, 130)
    assert readings(stopped) != readings(whole)
    assert run(stopped, []) == 12
    assert readings(stopped) == readings(whole)


def test_a_damaged_body_keeps_the_others_from_nothing(tmp_path: Path):
    path = tmp_path / "news.db"
    pages = [visit(number, 1, at_end(PROMO)) for number in range(12)]
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        stages = build_stages(archive)
        for capture, body in pages:
            run_stages(stages, observe(capture, body).visit)
        archive.connection.execute(
            "UPDATE bodies SET data = x'00' WHERE id = (SELECT body_id FROM captures WHERE url = ?)", (pages[3][0].url,)
        )
        archive.bodies.forget()
        assert settle(archive) < 12
        archive.end_run({}, 0)
        with_promo = archive.connection.execute("SELECT url FROM latest WHERE instr(text, ?)", (PROMO,)).fetchall()
        noted = archive.connection.execute("SELECT kind, outcome FROM events WHERE kind = 'reading'").fetchall()
    assert (pages[3][0].url,) in with_promo
    assert len(with_promo) == len(noted) < 12
    assert set(noted) == {("reading", "damaged")}


def _killed(*_: object) -> None:
    raise Killed


def test_a_sites_own_patterns_hold_when_pages_are_read_again(tmp_path: Path):
    path = tmp_path / "news.db"
    strip = lines_only({"tidewater.example": ("^Advertorial",)})
    pages = [visit(number, 1, at_end("Advertorial: a day at the pier.", PROMO)) for number in range(12)]
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        stages = build_stages(archive, strip)
        for capture, body in pages:
            run_stages(stages, observe(capture, body).visit)
        settle(archive, strip)
        archive.end_run({}, 0)
    rules = "SELECT rule, count(*) FROM removals WHERE rule IN ('site-line', 'site:strip_lines') GROUP BY 1 ORDER BY 1"
    with Archive.open(path) as archive:
        assert archive.connection.execute(rules).fetchall() == [("site-line", 12), ("site:strip_lines", 12)]
