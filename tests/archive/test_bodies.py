"""Bodies: bit for bit what came, whatever it was, in little room and few steps."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.bodies import LEAST_BASE, MOST_STEPS, Bodies, compress, compress_onto, decompress, hash_of
from archive.digested import IDLE, MOST, Digests
from archive.errors import ArchiveDamaged
from archive.records import Visit
from archive.schema import statements
from archive.store import Archive
from tests.archive.pages import framed, page


@pytest.fixture
def bodies() -> Iterator[Bodies]:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements():
            connection.execute(statement)
        yield Bodies(connection)


def visited(bodies: Bodies, url: str, data: bytes, when: int) -> str:
    """Keep ``data`` as the page that ``url`` brought."""
    body_id = bodies.add(data, url=url, site="a.example")
    bodies.connection.execute(
        "INSERT INTO captures (id, run_id, url, site, fetched_at, outcome, body_id) "
        "VALUES (?, 'r', ?, 'a.example', ?, 'x', ?)",
        (f"{url}{when}", url, f"{when:06}", body_id),
    )
    return body_id


@given(st.binary(max_size=2000), st.binary(min_size=LEAST_BASE, max_size=2000))
def test_any_bytes_come_back(data: bytes, base: bytes) -> None:
    assert decompress(compress(data)) == data
    assert decompress(compress(data, base), base) == data
    digested = Digests().of("id", base)
    assert digested is not None
    assert decompress(compress_onto(data, digested), base) == data


def test_where_more_bases_take_turns_than_there_is_room_for_some_keep_theirs() -> None:
    digests = Digests()
    first = digests.of("0", b"the page 0")
    for _ in range(3):
        assert all(digests.of(str(n), b"the page %d" % n) for n in range(MOST))
        assert digests.of("late", b"the late page") is None
    assert digests.of("0", b"the page 0") is first
    for _ in range(IDLE):
        digests.of("0", b"the page 0")
    assert digests.of("late", b"the late page") is not None
    assert digests.of("0", b"the page 0") is first


@given(data=st.lists(st.binary(max_size=300), max_size=12))
def test_any_row_of_pages_comes_back(data: list[bytes]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements():
            connection.execute(statement)
        bodies = Bodies(connection)
        ids = [visited(bodies, "u", each, when) for when, each in enumerate(data)]
        bodies.forget()
        assert [bodies.get(body_id) for body_id in ids] == data


def test_an_edited_page_costs_little_and_reading_takes_few_steps(bodies: Bodies) -> None:
    pages = [page(1)[: 5000 + 20 * edit] + b"edited" + page(1)[5000 + 20 * edit :] for edit in range(40)]
    ids = [visited(bodies, "https://a.example/1", each, when) for when, each in enumerate(pages)]
    sizes = dict(bodies.connection.execute("SELECT id, length(data) FROM bodies"))
    assert max(sizes[body_id] for body_id in ids[1:]) < len(pages[0]) / 50
    assert bodies.connection.execute("SELECT max(depth) FROM bodies").fetchone()[0] == MOST_STEPS
    bodies.forget()
    assert [bodies.get(body_id) for body_id in ids] == pages


def test_pages_of_a_site_lean_on_its_first(bodies: Bodies) -> None:
    ids = [visited(bodies, f"https://a.example/{number}", page(number), number) for number in range(5)]
    rows = dict(bodies.connection.execute("SELECT id, base_id FROM bodies"))
    assert [rows[body_id] for body_id in ids] == [None, *[ids[0]] * 4]
    fresh = Bodies(bodies.connection)
    visited(fresh, "https://a.example/9", page(9), 9)
    assert dict(bodies.connection.execute("SELECT id, base_id FROM bodies"))[hash_of(page(9))] == ids[0]


def test_the_same_bytes_are_kept_once(bodies: Bodies) -> None:
    assert visited(bodies, "u", page(1), 1) == visited(bodies, "v", page(1), 2) == hash_of(page(1))
    assert bodies.connection.execute("SELECT count(*) FROM bodies").fetchone() == (1,)


def test_what_does_not_compress_is_kept_as_it_is(bodies: Bodies) -> None:
    noise = Random(7).randbytes(5000)
    body_id = visited(bodies, "u", noise, 1)
    assert bodies.connection.execute("SELECT encoding, length(data) FROM bodies").fetchone() == ("identity", 5000)
    bodies.forget()
    assert bodies.get(body_id) == noise


def test_a_long_page_leans_on_a_long_page(bodies: Bodies) -> None:
    noise = Random(7).randbytes(3_000_000)
    visited(bodies, "u", noise, 1)
    visited(bodies, "u", noise[:2_900_000] + b"edit" + noise[2_900_000:], 2)
    assert bodies.connection.execute("SELECT min(length(data)) FROM bodies").fetchone()[0] < 10_000


@pytest.mark.parametrize(
    "harm", ["data = x'00112233'", "data = substr(data, 1, 40)", "base_id = 'x'", "encoding = 'identity'"]
)
def test_damage_is_named(bodies: Bodies, harm: str) -> None:
    body_id = visited(bodies, "u", page(1), 1)
    bodies.connection.execute(f"UPDATE bodies SET {harm}")
    bodies.forget()
    with pytest.raises(ArchiveDamaged, match=body_id):
        bodies.get(body_id)


def test_chains_in_a_ring_are_damage(bodies: Bodies) -> None:
    body_id = visited(bodies, "u", page(1), 1)
    bodies.connection.execute("UPDATE bodies SET base_id = id")
    bodies.forget()
    with pytest.raises(ArchiveDamaged, match="too far down"):
        bodies.get(body_id)


def test_bodies_given_by_id_are_not_stored_under_another(
    archive: Archive, seen: Callable[..., Visit], path: Path
) -> None:
    from dataclasses import replace

    visit = seen(body=b"the page")
    archive.record(replace(visit, capture=replace(visit.capture, body_id="0" * 64)))
    assert archive.connection.execute("SELECT id FROM bodies").fetchall() == [(hash_of(b"the page"),)]


def test_a_new_template_gets_an_anchor_of_its_own(bodies: Bodies) -> None:
    ids = [visited(bodies, f"https://a.example/{n}", framed(1 if n < 20 else 2, n), n) for n in range(40)]
    stored = dict(bodies.connection.execute("SELECT id, length(data) FROM bodies"))
    bases = dict(bodies.connection.execute("SELECT id, base_id FROM bodies"))
    usual, late = stored[ids[10]], [stored[body_id] for body_id in ids[25:]]
    assert max(late) < 1.2 * usual
    assert bases[ids[30]] not in ids[:20]
    assert len({bases[body_id] for body_id in ids[25:]}) == 1
    fresh = Bodies(bodies.connection)
    visited(fresh, "https://a.example/99", framed(2, 99), 99)
    assert dict(bodies.connection.execute("SELECT id, base_id FROM bodies"))[hash_of(framed(2, 99))] == bases[ids[30]]
    assert [fresh.get(body_id) for body_id in ids] == [framed(1 if n < 20 else 2, n) for n in range(40)]


def test_a_page_that_is_much_shorter_is_no_anchor_for_articles(bodies: Bodies) -> None:
    robots = b"User-agent: *\nDisallow: /search/ and other places\n" * 2
    pages = [robots, *(framed(1, n)[:600] + b"%d" % n if n % 10 < 2 else framed(1, n) for n in range(1, 40))]
    ids = [visited(bodies, f"https://a.example/{n}", data, n) for n, data in enumerate(pages)]
    stored = dict(bodies.connection.execute("SELECT id, length(data) FROM bodies"))
    bases = dict(bodies.connection.execute("SELECT id, base_id FROM bodies"))
    assert ids[0] not in {bases[body_id] for body_id in ids[10:]}
    assert len({bases[body_id] for body_id in ids[10:]}) == 1
    alone = len(compress(pages[15]))
    assert max(stored[body_id] for body_id in ids[10:]) < alone / 2
    bodies.forget()
    assert [bodies.get(body_id) for body_id in ids] == pages


def test_however_often_the_template_moves_reading_takes_few_steps(bodies: Bodies) -> None:
    pages = [framed(n // 6, n) for n in range(60)]
    ids = [visited(bodies, f"https://a.example/{n}", each, n) for n, each in enumerate(pages)]
    assert bodies.connection.execute("SELECT max(depth) FROM bodies").fetchone()[0] < MOST_STEPS
    bodies.forget()
    assert [bodies.get(body_id) for body_id in ids] == pages


def test_a_damaged_page_is_leaned_on_no_more(bodies: Bodies) -> None:
    first = visited(bodies, "https://a.example/1", page(1), 1)
    bodies.connection.execute("UPDATE bodies SET data = x'00'")
    bodies.forget()
    for number, url in enumerate(["https://a.example/1", "https://a.example/2", "https://a.example/3"], 2):
        body_id = visited(bodies, url, page(number), number)
        bodies.forget()
        assert bodies.get(body_id) == page(number)
    assert bodies.connection.execute("SELECT count(*) FROM bodies WHERE base_id = ?", (first,)).fetchone() == (0,)


def test_a_base_that_was_damaged_is_told_by_what_leans_on_it(bodies: Bodies) -> None:
    first, second = (visited(bodies, f"https://a.example/{n}", page(n), n) for n in (1, 2))
    bodies.connection.execute("UPDATE bodies SET data = ?, base_id = NULL WHERE id = ?", (compress(page(3)), first))
    bodies.forget()
    for body_id in (first, second):
        with pytest.raises(ArchiveDamaged, match=body_id):
            bodies.get(body_id)
