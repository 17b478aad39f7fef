"""Template drift: the same piece on many articles at once, told from edits by the articles that bear witness."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.digests import digests
from archive.drift import FEWEST, Drift, Step, drifting, marks_that_drift
from archive.records import Block, BlockKind, Visit
from archive.store import Archive
from archive.template_learning import learn_template, visited
from archive.verify import verify

SITE = "tidewater.example"
NOTE = "Reporting from the harbour is supported by our members."


def day(number: int, hour: int = 0) -> str:
    return f"2026-01-{number:02}T{hour:02}:00:00.000Z"


def step(article: int, since: int, until: int, *marks: int) -> Step:
    return Step(str(article), day(since), day(until), marks)


LIVES = [(day(1), day(20))] * 20


def test_a_fifth_of_what_was_looked_at_and_at_least_five():
    steps = [step(n, 5, 8, 77) for n in range(5)]
    assert drifting(steps, LIVES) == [Drift(77, day(5), day(9), 5, 20)]
    assert drifting(steps[:4], LIVES[:4]) == []
    assert drifting(steps, LIVES * 2) == []  # five of forty
    assert drifting([step(0, n, n + 1, 77) for n in range(5, 10)], LIVES) == []  # one article five times


def test_steps_must_share_a_moment():
    apart = [step(n, 2 + 3 * n, 3 + 3 * n, 77) for n in range(5)]
    assert drifting(apart, LIVES[:8]) == []
    late = [step(n, 2, 3 + 3 * n, 77) for n in range(5)]  # looked at again one by one, much later
    assert [(each.since, each.articles) for each in drifting(late, LIVES)] == [(day(2), 5)]


def test_articles_that_were_not_there_before_or_not_seen_after_bear_no_witness():
    steps = [step(n, 5, 8, 77) for n in range(5)]
    others = [(day(10), day(20))] * 50 + [(day(1), day(4))] * 50
    assert drifting(steps, [*LIVES, *others]) == drifting(steps, LIVES)


def test_only_the_marks_that_drift_at_the_time_of_a_step():
    drifts = drifting([step(n, 5, 8, 77, n) for n in range(5)], LIVES)
    assert marks_that_drift(step(9, 6, 7, 77, 3), drifts) == {77}
    assert marks_that_drift(step(9, 12, 13, 77, 3), drifts) == set()


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 14), st.integers(1, 6), st.integers(1, 2)), max_size=30))
def test_the_order_of_steps_does_not_matter(found: list[tuple[int, int, int, int]]):
    steps = [step(article, since, since + length, mark) for article, since, length, mark in found]
    drifts = drifting(steps, LIVES)
    assert drifting(reversed(steps), LIVES) == drifts
    for each in drifts:
        under_way = {
            s.article_id for s in steps if each.mark in s.marks and s.since < each.until and each.since < s.end
        }
        assert len(under_way) >= FEWEST


Record = Callable[..., None]


@pytest.fixture
def record(archive: Archive, seen: Callable[..., Visit]) -> Record:
    def add(number: int, when: str, text: str, **fields: Any) -> None:
        url = f"https://{SITE}/{number}"
        given = {"headline": f"Ship {number} comes in"} | fields
        archive.record(seen(when, f"Ship {number} has come in.\n\n{text}", asked=url, url=url, **given))

    return add


def learned(archive: Archive) -> dict[str, str]:
    """The kind of each article's last change."""
    archive.commit()
    for site in visited(archive.connection):
        learn_template(archive.connection, site)
    assert visited(archive.connection) == []
    return {row["url"].rpartition("/")[2]: row["kind"] for row in archive.changes() if row["kind"] != "new"}


def test_a_redesign_is_the_templates_and_a_real_edit_on_the_same_day_is_not(archive: Archive, record: Record):
    for number in range(12):
        record(number, day(1), "It has salt on board.", modified_at=day(1))
    for number in range(8):
        record(number, day(2), f"It has salt on board.\n\n{NOTE}", modified_at=day(1))
    record(8, day(2), f"It has coal on board.\n\n{NOTE}", modified_at=day(1))
    record(9, day(2), f"It has coal on board.\n\n{NOTE}", modified_at=day(2))
    record(10, day(2), f"It has salt on board.\n\n{NOTE}", modified_at=day(1), headline="Ship of salt comes in")
    note = "Correction: an earlier version of this article gave the wrong berth."
    record(11, day(2), f"It has salt on board.\n\n{note}\n\n{NOTE}", modified_at=day(1))
    assert learned(archive) == dict.fromkeys("01234567", "template") | {
        "8": "silent",
        "9": "update",
        "10": "headline",
        "11": "correction",
    }
    (line,) = archive.connection.execute("SELECT what, line, articles, seen FROM template_lines").fetchall()
    assert line == ("line", f"+ {NOTE}", 12, 12)
    assert next(archive.changes(kind="template"))["words_added"] == 9
    archive.end_run({}, 0)
    assert list(verify(archive.path, deep=True)) == []


def test_what_looked_like_edits_becomes_the_templates_when_enough_have_it(archive: Archive, record: Record):
    for number in range(10):
        record(number, day(1), "It has salt on board.")
    for number in range(4):
        record(number, day(2), NOTE)
    assert set(learned(archive).values()) == {"silent"}
    for number in range(4, 7):
        record(number, day(3), NOTE)
    assert learned(archive) == dict.fromkeys("0123456", "template")
    for number in range(10, 70):  # were looked at before and after, and do not have it
        record(number, day(1), "It has salt on board.")
        record(number, day(3), "It has salt on board.")
    assert learned(archive) == dict.fromkeys("0123456", "silent")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"headline": "Ship {} | Tidewater"}, {"headline": "Ship {}"}),
        ({"section": "News"}, {"section": "Local news"}),
        ({"published_at": "2026-01-0{}"}, {"published_at": "2026-01-0{}T09:30:00Z"}),
        ({"authors": ("Mara Quist",)}, {"authors": ("Mara Quist", "Tidewater Desk")}),
        ({"standfirst": "All the tides of the week"}, {}),
        (
            {"blocks": (Block(BlockKind.PARAGRAPH, "Salt {}"), Block(BlockKind.PARAGRAPH, "Coal {}"))},
            {"blocks": (Block(BlockKind.PARAGRAPH, "Salt {}"), Block(BlockKind.LIST_ITEM, "Coal {}"))},
        ),
    ],
)
def test_not_only_lines(archive: Archive, record: Record, before: dict[str, Any], after: dict[str, Any]):
    def filled(value: Any, number: int) -> Any:
        if isinstance(value, str):
            return value.format(number)
        return tuple(Block(b.kind, b.text.format(number)) if isinstance(b, Block) else b for b in value)

    for fields, when in ((before, day(1)), (after, day(2))):
        for number in range(1, 8):
            record(number, when, "Salt.", **{name: filled(value, number) for name, value in fields.items()})
    assert learned(archive) == dict.fromkeys("1234567", "template")


@pytest.mark.parametrize("seed", range(3))
def test_it_does_not_matter_in_which_order_visits_come(tmp_path: Path, seen: Callable[..., Visit], seed: int):
    import random

    visits = [(n, 1, "Salt.") for n in range(20)] + [(n, 3, f"Salt.\n\n{NOTE}") for n in range(9)]
    visits += [(n, 5, "Salt.") for n in range(4)] + [(n, 5, f"Coal.\n\n{NOTE}") for n in range(9, 20)]
    told = []
    for name, mixed in (("a", False), ("b", True)):
        if mixed:
            random.Random(seed).shuffle(visits)
        with Archive.open(tmp_path / name, write=True, create=True) as archive:
            archive.begin_run("test")
            for place, (number, when, text) in enumerate(visits):
                url = f"https://{SITE}/{number}"
                archive.record(seen(day(when), text, asked=url, url=url, body=f"{number} {when}".encode()))
                if mixed and place % 10 == 0:
                    learned(archive)
            learned(archive)
            told.append(digests(archive.connection))
            assert archive.connection.execute("SELECT count(*) FROM template_lines").fetchone()[0] > 0
    assert told[0] == told[1]


@pytest.mark.parametrize("field", ["published_at", "headline"])
def test_numbers_that_change_on_many_articles_are_no_template(archive: Archive, record: Record, field: str):
    for when, shift in ((day(1), 0), (day(2), 1)):
        for number in range(1, 8):
            told = (
                f"2026-01-01T0{number + shift}:30:00Z" if field == "published_at" else f"{3 * number + shift} on board"
            )
            record(number, when, "Salt.", **{field: told})
    kind = "metadata" if field == "published_at" else "headline"
    assert learned(archive) == dict.fromkeys("1234567", kind)
