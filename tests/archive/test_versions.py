"""Versions in the file: every story of an article, and that it does not matter in which order it came to light."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import UsageError
from archive.records import ArticleKind, Capture, Outcome, Stored, Visit
from archive.store import Archive
from archive.verify import verify


def day(number: int) -> str:
    return f"2026-01-{number:02}T00:00:00.000Z"


def kinds(archive: Archive) -> list[str]:
    return [row["kind"] for row in archive.changes()][::-1]


def test_an_address_that_is_only_declared_cannot_close_an_article(
    archive: Archive, seen: Callable[..., Visit], other: Callable[..., Visit]
) -> None:
    """A page may name a canonical address that was never there."""
    place = "https://tidewater.example/p/35"
    archive.record(seen(day(1), asked=place))
    archive.record(other(day(2), Outcome.GONE))
    stored = archive.record(seen(day(3), asked=place))
    assert (stored.version, stored.change) == (1, None)
    assert archive.record(other(day(4), Outcome.GONE, asked=place)).change == "gone"


def test_a_life_of_an_article(archive: Archive, seen: Callable[..., Visit], other: Callable[..., Visit]) -> None:
    stored = [
        archive.record(visit)
        for visit in (
            seen(day(1)),
            seen(day(2)),
            seen(day(3), headline="Harbour books opened"),
            seen(day(4), "One berth is empty."),
            seen(day(5), "One berth is empty.", tags=("port",), image_url="https://tidewater.example/i.jpg"),
            other(day(6), Outcome.WALL),
            other(day(7), Outcome.GONE),
            other(day(8), Outcome.GONE),
            seen(day(9), "One berth is empty."),
            seen(day(10)),
        )
    ]
    assert [each.change for each in stored] == [
        *("new", None, "headline", "silent", None, None, "gone", None, "returned", "restored")
    ]
    assert [each.version for each in stored if each.outcome is Outcome.ARTICLE] == [1, 1, 2, 3, 3, 4, 5]
    assert kinds(archive) == ["new", "headline", "silent", "gone", "returned", "restored"]
    article = archive.article(stored[0].article_id or "")
    assert (article["versions"], article["gone_at"], article["first_seen_at"], article["last_seen_at"]) == (
        *(5, None, day(1), day(10)),
    )
    times = [(v.seen_from, v.last_confirmed_at, v.seen_to) for v in archive.versions(article["id"])]
    assert times == [
        (day(1), day(2), day(3)),
        (day(3), day(3), day(4)),
        (day(4), day(5), day(7)),
        (day(9), day(9), day(10)),
        (day(10), day(10), None),
    ]


def test_gone_closes_until_it_returns(
    archive: Archive, seen: Callable[..., Visit], other: Callable[..., Visit]
) -> None:
    article_id = archive.record(seen(day(1))).article_id or ""
    archive.record(other(day(2), Outcome.GONE, status=410))
    assert archive.article(article_id)["gone_at"] == day(2)
    assert next(archive.articles(at=day(1)))["id"] == article_id
    assert list(archive.articles(at=day(3))) == []
    (gone,) = archive.changes(kind="gone")
    assert (gone["from_version"], gone["to_version"], gone["changed_at"]) == (1, None, day(2))


@pytest.mark.parametrize(
    "outcome", [Outcome.WALL, Outcome.CHALLENGE, Outcome.SOFT_404, Outcome.THIN, Outcome.HTTP_ERROR, Outcome.FAILED]
)
def test_what_is_no_story_never_makes_or_closes_a_version(
    archive: Archive, seen: Callable[..., Visit], other: Callable[..., Visit], outcome: Outcome
) -> None:
    first = archive.record(seen(day(1)))
    archive.record(other(day(2), outcome))
    stored = archive.record(other(day(3), Outcome.NOT_MODIFIED, status=304))
    assert (stored.article_id, stored.change) == (first.article_id, None)
    (version,) = archive.versions(first.article_id or "")
    assert version.seen_to is None
    assert (version.last_confirmed_at == day(3)) == (outcome in (Outcome.HTTP_ERROR, Outcome.FAILED))
    assert [row["outcome"] for row in archive.captures(first.article_id or "")] == ["article", outcome, "not_modified"]


def test_a_404_of_an_address_before_its_story_came_to_light(
    archive: Archive, seen: Callable[..., Visit], other: Callable[..., Visit]
) -> None:
    archive.record(other(day(5), Outcome.GONE, status=404))
    stored = archive.record(seen(day(1)))
    article = archive.article(stored.article_id or "")
    assert article["gone_at"] == day(5)
    assert kinds(archive) == ["new", "gone"]


What = tuple[int, str, str]  # day, what the visit saw, tag
WHATS = st.lists(
    st.tuples(st.integers(1, 9), st.sampled_from("ABCabc"), st.sampled_from(["", "tag"]))
    | st.tuples(st.integers(1, 9), st.sampled_from(["304", "404", "wall"]), st.just("")),
    min_size=1,
    max_size=7,
    unique=True,
)


def visit_of(what: What, url: str, seen: Callable[..., Visit], other: Callable[..., Visit]) -> Visit:
    when, name, tag = what
    if name in ("304", "404", "wall"):
        outcome = {"304": Outcome.NOT_MODIFIED, "404": Outcome.GONE, "wall": Outcome.WALL}[name]
        return other(day(when), outcome, asked=url)
    headline = "Harbour" if name.isupper() else "Harbor"
    text = f"The {name.upper()} berth is empty.\n\nNobody knows why."
    tags = (tag,) if tag else ()
    return seen(day(when), text, asked=url, url=url, headline=headline, tags=tags, body=f"{what} {url}".encode())


def test_rows_are_the_same_in_whatever_order_visits_come(
    tmp_path: Path, seen: Callable[..., Visit], other: Callable[..., Visit]
) -> None:
    tries = count()
    with (
        Archive.open(tmp_path / "sorted.db", write=True, create=True) as tidy,
        Archive.open(tmp_path / "mixed.db", write=True, create=True) as mixed,
    ):
        tidy.begin_run("test")
        mixed.begin_run("test")

        @settings(deadline=None)
        @given(whats=WHATS, shuffler=st.randoms(use_true_random=False))
        def arrive(whats: list[What], shuffler: Any) -> None:
            url = f"https://tidewater.example/{next(tries)}"
            for what in sorted(whats):
                tidy.record(visit_of(what, url, seen, other))
            shuffler.shuffle(whats)
            for what in whats:
                mixed.record(visit_of(what, url, seen, other))
            assert [life(tidy, url), readings(tidy, url)] == [life(mixed, url), readings(mixed, url)]

        arrive()
        for archive in (tidy, mixed):
            archive.end_run({}, 0)
            assert list(verify(archive.path, deep=True)) == []


def life(archive: Archive, url: str) -> list[Any]:
    """An article's row, and all of its versions with what was stripped."""
    try:
        article = archive.article(url)
    except UsageError:
        return []
    versions = archive.versions(article["id"])
    return [article, versions, [archive.removals(version.id) for version in versions]]


def readings(archive: Archive, url: str) -> list[Any]:
    """What each visit came to."""
    return archive.connection.execute(
        "SELECT readings.* FROM readings JOIN captures ON captures.id = capture_id WHERE captures.url = ? ORDER BY 1",
        (url,),
    ).fetchall()


def test_a_late_capture_splits_a_version_and_takes_nothing_from_it(
    archive: Archive, seen: Callable[..., Visit]
) -> None:
    archive.record(seen(day(1), tags=("one",)))
    archive.record(seen(day(3), tags=("three",)))
    late = archive.record(seen(day(2), "A different story."))
    assert (late.version, late.change) == (2, "silent")
    versions = archive.versions(late.article_id or "")
    assert [(v.number, v.tags, v.change) for v in versions] == [
        (1, ("one",), "new"),
        (2, (), "silent"),
        (3, ("three",), "restored"),
    ]
    assert [row["text"] for row in archive.removals(versions[2].id)] == ["12 January 2026"]


def test_recording_a_capture_twice_changes_nothing(archive: Archive, seen: Callable[..., Visit]) -> None:
    first = archive.record(seen(day(1)))
    before = list(archive.connection.iterdump())
    again = archive.record(seen(day(1)))
    assert again == replace(first, change=None)
    assert list(archive.connection.iterdump()) == before


def test_reading_anew_replaces_what_was_read_and_nothing_else(archive: Archive, seen: Callable[..., Visit]) -> None:
    first = archive.record(seen(day(1), "Share this.\n\nThe story."))
    second = archive.record(seen(day(2), "Share this now.\n\nThe story."))
    assert second.change == "silent"
    archive.reader = "2"
    for stored, when in ((first, day(1)), (second, day(2))):
        archive.reread(stored.capture_id, seen(when, "The story."))
    (version,) = archive.versions(first.article_id or "")
    assert (version.text, version.change, version.seen_from, version.last_confirmed_at) == (
        *("The story.", "new", day(1), day(2)),
    )


def test_an_article_that_was_none_after_all_is_forgotten_but_its_visit_is_not(
    archive: Archive, path: Path, seen: Callable[..., Visit]
) -> None:
    stored = archive.record(seen(day(1)))
    visit = seen(day(1))
    again = archive.reread(stored.capture_id, replace(visit, outcome=Outcome.HUB, article=None))
    assert again == Stored(stored.capture_id, Outcome.HUB)
    archive.end_run({}, 0)
    assert archive.stats() | {"articles": 0, "versions": 0, "urls": 0, "captures": 1} == archive.stats()
    assert list(verify(path, deep=True)) == []


def test_the_same_words_in_other_blocks_are_another_version(archive: Archive, seen: Callable[..., Visit]) -> None:
    archive.record(seen(day(1), kind=ArticleKind.ARTICLE))
    stored = archive.record(seen(day(2), kind=ArticleKind.LIVE))
    assert stored.change is None
    assert archive.article(stored.article_id or "")["kind"] == "article"


def test_capture_fields_come_back_as_they_were(archive: Archive) -> None:
    capture = Capture(
        url="https://a.example/x",
        fetched_at=day(1),
        outcome=Outcome.HTTP_ERROR,
        status=503,
        final_url="https://a.example/y",
        redirects=("https://a.example/x", "https://a.example/y"),
        headers={"Retry-After": "120"},
        found_via="feed",
        found_in="https://a.example/feed",
        detail="Service Unavailable",
    )
    stored = archive.record(Visit(capture=capture, outcome=Outcome.HTTP_ERROR))
    from archive.captures import load

    assert load(archive.connection, stored.capture_id) == capture
