"""Merging: the same archive whatever the order, however often, whatever they share, and whenever it was stopped."""

import contextlib
import itertools
import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.backup import salvaged
from archive.digests import digest_of_readings, digests
from archive.errors import ArchiveBusy, ArchiveDamaged, ArchiveMissing, UsageError
from archive.records import Capture, Outcome
from archive.store import Archive
from archive.verify import verify
from pipelines import build_stages, run_stages
from pipelines.site_rules import lines_only
from scraper.cli import main
from scraper.merge import merge
from scraper.observe import observe, read_by
from scraper.settle import settle
from tests.crawl.invented_site import at_end, page, stories

BASE = "https://tidewater.example"
PROMO = "Every Friday our editors pick ten stories from around the bay that you should not miss, and send them to you."
OTHER = "Our letter from the harbour comes on Sundays, and it has what the week has washed ashore, in a few lines each."
EDIT = "The harbour office later withdrew the figure."
Seen = tuple[Capture, bytes | None]


def visit(number: int, day: int, *lines: str, hour: int = 0, path: str | None = None) -> Seen:
    story = stories(30)[number]
    when = f"2026-02-{day:02}T{hour:02}:{number:02}:00.000Z"
    url = BASE + (path or story.path)
    capture = Capture(url=url, fetched_at=when, outcome=Outcome.FETCHED, content_type="text/html", status=200)
    return capture, page(story, at_end(*lines), base=BASE, title=" - Tidewater", byline="Tidewater Newsdesk")


def answer(number: int, day: int, outcome: Outcome, hour: int = 0) -> Seen:
    capture, _ = visit(number, day, hour=hour)
    return replace(capture, outcome=outcome), None


def crawled(path: Path, seen: Iterable[Seen], *, reader: str | None = None, ends: bool = True) -> Path:
    """An archive with one more run over these pages."""
    with Archive.open(path, write=True, create=True) as archive:
        archive.reader = reader or read_by()
        archive.begin_run("test")
        stages = build_stages(archive)
        for capture, body in seen:
            run_stages(stages, observe(capture, body).visit)
        archive.commit()
        if ends:
            settle(archive)
            archive.end_run({}, 0)
    return path


@pytest.fixture
def shards(tmp_path: Path) -> list[Path]:
    """Three archives of one site that overlap: in articles, in visits, in what they learned."""
    same = [visit(number, 3, PROMO) for number in range(4)]
    first = [
        *(visit(number, 1, PROMO) for number in range(10)),
        visit(2, 2, EDIT, PROMO),
        answer(3, 5, Outcome.GONE),
        answer(4, 5, Outcome.NOT_MODIFIED),
        *same,
    ]
    second = [
        *(visit(number, 2, OTHER, hour=7) for number in range(6, 16)),
        visit(2, 1, hour=9),
        visit(3, 7),
        visit(9, 2, EDIT, OTHER, hour=9),
        *same,
    ]
    third = [
        *(visit(number, 4, OTHER) for number in range(14, 24)),
        visit(2, 6, PROMO),
        answer(5, 1, Outcome.GONE, hour=5),
        visit(5, 6, path="/print" + stories(30)[5].path),
    ]
    named = zip(("first", "second", "third"), (first, second, third), strict=True)
    return [crawled(tmp_path / f"{name}.db", seen) for name, seen in named]


def readings(path: Path) -> dict[str, str]:
    with Archive.open(path) as archive:
        return digests(archive.connection)


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_the_order_does_not_matter(shards: list[Path], tmp_path: Path):
    found = []
    for number, order in enumerate(itertools.permutations(shards)):
        path = tmp_path / f"merged{number}.db"
        merge(path, order)
        assert list(verify(path, deep=True)) == []
        found.append(readings(path))
    assert all(each == found[0] for each in found)


def test_one_after_the_other_is_the_same_as_at_once(shards: list[Path], tmp_path: Path):
    whole, parts, pair = tmp_path / "whole.db", tmp_path / "parts.db", tmp_path / "pair.db"
    merge(whole, shards)
    for shard in reversed(shards):
        merge(parts, [shard])
    merge(pair, shards[1:])
    merge(pair, shards[:1])
    assert readings(whole) == readings(parts) == readings(pair)
    facts = "SELECT id, run_id FROM captures UNION ALL SELECT capture_id, run_id FROM run_captures ORDER BY 1, 2"
    assert rows(whole, facts) == rows(parts, facts) == rows(pair, facts)
    for query in (
        "SELECT * FROM captures ORDER BY id",
        "SELECT id, size FROM bodies ORDER BY id",
        "SELECT id, manifest FROM runs WHERE command = 'test' ORDER BY id",
        "SELECT * FROM frontier ORDER BY url",
    ):
        assert rows(whole, query) == rows(parts, query) == rows(pair, query)


def test_into_an_archive_that_has_its_own(shards: list[Path], tmp_path: Path):
    whole = tmp_path / "whole.db"
    merge(whole, shards)
    merge(shards[0], shards[1:])
    assert readings(shards[0]) == readings(whole)
    assert list(verify(shards[0], deep=True)) == []


def test_what_is_merged_is_what_one_archive_of_all_pages_has(tmp_path: Path):
    pages = [visit(number, day, PROMO if day < 3 else OTHER) for day in (1, 2, 3) for number in range(12)]
    whole = crawled(tmp_path / "whole.db", pages)
    shards = [crawled(tmp_path / f"{start}.db", pages[start::3]) for start in range(3)]
    merge(tmp_path / "merged.db", shards)
    assert readings(tmp_path / "merged.db") == readings(whole)


def test_merged_again_nothing_is_written(shards: list[Path], tmp_path: Path):
    path = tmp_path / "merged.db"
    assert merge(path, shards).counts()["captures"] > 0
    before = path.read_bytes()
    assert merge(path, shards).taken == {}
    assert path.read_bytes() == before


def test_archives_that_merge_each_other_come_to_rest(shards: list[Path]):
    one, other = shards[:2]
    merge(one, [other])
    merge(other, [one])
    assert readings(one) == readings(other)
    assert merge(one, [other]).taken == merge(other, [one]).taken == {}


def test_only_what_is_new_is_added(shards: list[Path], tmp_path: Path):
    path = tmp_path / "merged.db"
    merge(path, shards)
    crawled(shards[1], [visit(11, 9, EDIT, OTHER)])
    assert merge(path, shards).counts() == {"captures": 1, "bodies": 1, "readings": 1, "read_again": 0}
    changes = rows(path, "SELECT kind FROM changes WHERE changed_at LIKE '2026-02-09%'")
    assert changes == [("silent",)]


def test_the_events_and_the_run_tell_of_it(shards: list[Path], tmp_path: Path):
    path = tmp_path / "merged.db"
    merge(path, shards[:1])
    (run,) = rows(path, "SELECT id, arguments, exit_code, counts FROM runs WHERE command = 'merge'")
    assert json.loads(str(run[1])) == [str(shards[0])]
    assert json.loads(str(run[3]))["captures"] == 17
    ((detail,),) = rows(path, f"SELECT detail FROM events WHERE kind = 'merge' AND run_id = '{run[0]}'")
    assert "17 captures" in str(detail)


def test_the_source_is_not_touched_and_may_be_written_meanwhile(shards: list[Path], tmp_path: Path):
    before = [shard.read_bytes() for shard in shards]
    merge(tmp_path / "merged.db", shards)
    assert [shard.read_bytes() for shard in shards] == before
    with Archive.open(shards[0], write=True) as writing:
        writing.begin_run("test")
        run_stages(build_stages(writing), observe(*visit(20, 8)).visit)
        merge(tmp_path / "beside.db", shards)
        writing.commit()
        writing.end_run({}, 0)
    assert readings(tmp_path / "beside.db") == readings(tmp_path / "merged.db")
    merge(tmp_path / "beside.db", shards)
    merge(tmp_path / "merged.db", shards)
    assert readings(tmp_path / "beside.db") == readings(tmp_path / "merged.db")
    assert list(verify(tmp_path / "beside.db", deep=True)) == []


def test_a_run_that_was_broken_off_is_merged_and_its_end_follows(shards: list[Path], tmp_path: Path):
    crawled(shards[0], [visit(25, 8)], ends=False)
    path = tmp_path / "merged.db"
    merge(path, shards)
    assert rows(path, "SELECT count(*) FROM runs WHERE manifest IS NULL") == [(1,)]
    crawled(path, [visit(26, 8)])
    assert rows(path, "SELECT count(*) FROM runs WHERE manifest IS NULL") == [(1,)]
    crawled(shards[0], [visit(27, 8)])  # which seals the one before
    merge(path, shards)
    assert rows(path, "SELECT count(*) FROM runs WHERE manifest IS NULL") == [(0,)]
    assert list(verify(path, deep=True)) == []


def test_what_another_reader_read_is_read_again(shards: list[Path], tmp_path: Path):
    old = crawled(tmp_path / "old.db", [visit(number, 1, PROMO) for number in range(5)], reader="0")
    new = crawled(tmp_path / "new.db", [visit(number, 1, PROMO) for number in range(5)])
    merge(tmp_path / "merged.db", [old])
    assert readings(tmp_path / "merged.db") == readings(new)


def test_addresses_known_to_both(shards: list[Path], tmp_path: Path):
    def note(path: Path, values: Sequence[str | None]) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(
                "INSERT INTO frontier (url, site, kind, found_via, found_at, state, outcome, visited_at, headline) "
                "VALUES ('https://tidewater.example/x', 'tidewater.example', ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            connection.commit()

    note(shards[0], ("page", "link", "2026-01-02", "done", "wall", "2026-01-03", None))
    note(shards[1], ("article", "feed", "2026-01-01", "done", "article", "2026-01-02", "Ferries"))
    note(shards[2], ("page", "link", "2026-01-04", "pending", None, None, None))
    for number, order in enumerate(itertools.permutations(shards)):
        path = tmp_path / f"merged{number}.db"
        for shard in order:
            merge(path, [shard])
        found = rows(path, "SELECT kind, found_via, found_at, state, outcome, visited_at, headline FROM frontier")
        assert found == [("article", "feed", "2026-01-01", "done", "wall", "2026-01-03", "Ferries")]


def test_chains_of_bodies_stay_short(tmp_path: Path):
    pages = [
        visit(3, day, *[f"Line {line} was added by the harbour office." for line in range(day)]) for day in range(1, 25)
    ]
    for start in range(2):
        crawled(tmp_path / f"{start}.db", pages[start::2])
    merge(tmp_path / "merged.db", [tmp_path / "1.db", tmp_path / "0.db"])
    assert rows(tmp_path / "merged.db", "SELECT max(depth) <= 8 FROM bodies") == [(1,)]
    assert list(verify(tmp_path / "merged.db", deep=True)) == []


@pytest.mark.parametrize("commits", range(1, 16, 2))
def test_whatever_is_cut_off_the_next_merge_finishes(
    shards: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commits: int
):
    class Cut(BaseException):
        pass

    left = commits
    commit = Archive.commit

    def cut(archive: Archive) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Cut
        commit(archive)

    merge(tmp_path / "whole.db", shards)
    path = tmp_path / "merged.db"
    with monkeypatch.context() as patched, contextlib.suppress(Cut):
        patched.setattr(Archive, "commit", cut)
        merge(path, shards)
    assert list(verify(path, deep=True)) == []
    merge(path, shards)
    assert readings(path) == readings(tmp_path / "whole.db")
    assert list(verify(path, deep=True)) == []


def test_bad_sources(shards: list[Path], tmp_path: Path):
    path = tmp_path / "merged.db"
    with pytest.raises(ArchiveMissing):
        merge(path, [tmp_path / "none.db"])
    assert not path.exists()
    with pytest.raises(UsageError, match="into itself"):
        merge(shards[0], [shards[0]])
    with Archive.open(shards[0], write=True), pytest.raises(ArchiveBusy):
        merge(shards[0], [shards[1]])


def test_a_damaged_page_is_not_spread(shards: list[Path], tmp_path: Path):
    path = tmp_path / "merged.db"
    merge(path, shards[1:])
    before = readings(path)
    with closing(sqlite3.connect(shards[0])) as connection:
        connection.execute("UPDATE bodies SET data = x'00' WHERE base_id IS NULL")
        connection.commit()
    with pytest.raises(ArchiveDamaged, match="body"):
        merge(path, shards)
    assert readings(path) == before
    assert list(verify(path, deep=True)) == []


def test_a_sites_own_rules_hold_for_what_is_merged(shards: list[Path], tmp_path: Path):
    rules = lines_only({"tidewater.example": ("^The harbour office later",)})
    merge(tmp_path / "merged.db", shards, rules=rules)
    assert rows(tmp_path / "merged.db", f"SELECT count(*) FROM versions WHERE instr(text, '{EDIT}')") == [(0,)]
    merge(tmp_path / "reversed.db", shards[::-1], rules=rules)
    assert readings(tmp_path / "merged.db") == readings(tmp_path / "reversed.db")
    assert merge(tmp_path / "merged.db", shards, rules=rules).taken == {}


def harm(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER versions_fts_update")
        connection.execute(sql)
        connection.commit()


def test_damaged_texts_are_read_again(shards: list[Path], tmp_path: Path):
    merge(tmp_path / "whole.db", shards)
    harm(
        shards[0], "UPDATE versions SET text = replace(text, 'a', 'e'), markdown = CAST(x'ff' AS TEXT) WHERE number = 1"
    )
    merge(tmp_path / "merged.db", shards)
    assert readings(tmp_path / "merged.db") == readings(tmp_path / "whole.db")
    assert rows(tmp_path / "merged.db", "SELECT DISTINCT outcome FROM events WHERE kind = 'merge' ORDER BY 1") == [
        ("damaged",),
        ("taken",),
    ]


def test_altered_visits_are_not_spread(shards: list[Path], tmp_path: Path):
    merge(tmp_path / "merged.db", shards[1:])
    before = readings(tmp_path / "merged.db")
    harm(shards[0], "UPDATE captures SET fetched_at = '2026-01-01T00:00:00.000Z' WHERE rowid = 3")
    with pytest.raises(ArchiveDamaged, match="was altered"):
        merge(tmp_path / "merged.db", shards)
    assert readings(tmp_path / "merged.db") == before
    assert list(verify(tmp_path / "merged.db", deep=True)) == []


def test_the_command(shards: list[Path], tmp_path: Path):
    path = tmp_path / "merged.db"
    done = CliRunner().invoke(main, ["merge", *map(str, shards), "--into", str(path), "--json"])
    assert done.exit_code == 0, done.output
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == list(map(str, shards))
    again = CliRunner().invoke(main, ["merge", str(shards[0]), "--into", str(path)])
    assert (again.exit_code, again.stdout) == (0, "")
    assert "has all of it already" in again.stderr
    with Archive.open(path) as archive:
        assert len(digest_of_readings(archive.connection)) == 64


def test_what_a_salvage_lost_comes_back_from_another_archive(shards: list[Path], tmp_path: Path):
    whole = tmp_path / "whole.db"
    merge(whole, shards)
    with closing(sqlite3.connect(shards[0])) as connection:
        connection.execute("UPDATE bodies SET data = x'00' WHERE base_id IS NULL")
        connection.commit()
    saved = salvaged(shards[0], tmp_path / "saved.db")
    assert saved.lost_bodies
    merge(tmp_path / "one.db", [tmp_path / "saved.db", *shards[1:]])
    merge(tmp_path / "two.db", [*shards[1:], tmp_path / "saved.db"])
    assert readings(tmp_path / "one.db") == readings(whole)
    assert list(verify(tmp_path / "one.db", deep=True)) == list(verify(tmp_path / "two.db", deep=True)) == []
    copy = crawled(tmp_path / "copy.db", [visit(number, 1, PROMO) for number in range(10)])
    merge(tmp_path / "two.db", [copy])
    back = rows(copy, "SELECT id FROM bodies")
    (lost,) = rows(tmp_path / "two.db", "SELECT json_group_array(id) FROM bodies WHERE encoding = 'lost'")
    assert set(json.loads(str(lost[0]))).isdisjoint({body_id for (body_id,) in back})


def test_merging_tells_how_far_it_is(shards: list[Path], tmp_path: Path):
    told: list[tuple[str, int, int | None]] = []
    merge(tmp_path / "merged.db", shards[:1], show=lambda *how_far: told.append(how_far))
    named = {what for what, _, _ in told}
    assert named == {*(f"first.db: {what}" for what in ("new bodies", "captures", "readings")), "learning of sites"}
    (last,) = [(done, total) for what, done, total in told if what == "first.db: readings"][-1:]
    assert last[0] == last[1]
