"""Syndicated copies: found, shown beside each other, never merged; and live blogs."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from archive import copies
from archive.cli import main
from archive.digests import digest_of_readings
from archive.likeness import bands_of, likeness, runs_of
from archive.store import Archive
from scraper.rebuild.rebuilding import rebuild
from scraper.sites import site_for
from tests.crawl.conftest import Crawl
from tests.crawl.invented_site import page, stories
from tests.crawl.newsroom import Newsroom, hub

Rows = Callable[..., list[tuple[Any, ...]]]
STORIES = stories(12, seed=7)


def test_likeness_is_one_for_the_same_and_nothing_for_others():
    one, other = (runs_of(" ".join(story.paragraphs)) for story in STORIES[:2])
    assert likeness(one, one) == 1.0
    assert likeness(one, other) < 0.1
    assert likeness(one, frozenset()) == 0.0
    assert bands_of(runs_of("Too short to say anything.")) == ()


def test_copies_with_a_changed_sentence_share_a_band():
    for story in STORIES:
        text = " ".join(story.paragraphs)
        cut = " ".join(story.paragraphs[1:])
        if likeness(runs_of(text), runs_of(cut)) >= copies.ALIKE:
            assert set(bands_of(runs_of(text))) & set(bands_of(runs_of(cut)))


@given(st.text(max_size=300))
def test_no_text_breaks_a_sketch(text: str):
    assert all(-(2**63) <= band < 2**63 for band in bands_of(runs_of(text)))


def test_copies_are_found_across_sites_shown_and_not_merged(newsroom: Newsroom, run: Crawl, rows: Rows, path: Path):
    story = STORIES[0]
    with Newsroom() as courier:
        for place, base in ((story, newsroom), (replace(story, headline="Another headline of ours"), courier)):
            base.pages |= {place.path: page(place, base=base.base), "/": hub(place.path, STORIES[1].path)}
            base.pages[STORIES[1].path] = page(STORIES[2 if base is courier else 1], base=base.base)
        sites = (site_for(newsroom.base + "/"), site_for(courier.base + "/"))
        run(sites=sites)
        assert rows("SELECT count(*) FROM articles") == [(4,)]
        ((first, size),) = rows("SELECT DISTINCT first_id, articles FROM clusters")
        assert size == 2
        assert {row[0] for row in rows("SELECT article_id FROM clusters")} == {
            row[0] for row in rows("SELECT id FROM articles WHERE url LIKE ?", f"%{story.path[-20:]}")
        } | {row[0] for row in rows("SELECT copy_id FROM copies")}
        told = CliRunner().invoke(main, ["show", first, "--archive", str(path), "--json"])
        (copy,) = json.loads(told.stdout)["copies"]
        assert copy["likeness"] >= 0.9
        assert copy["url"] in CliRunner().invoke(main, ["show", first, "--archive", str(path)]).stdout
        with Archive.open(path) as archive:
            before = digest_of_readings(archive.connection)
        for jobs in (1, 2):
            rebuild(path, jobs=jobs)
            with Archive.open(path) as archive:
                assert digest_of_readings(archive.connection) == before
        away = replace(story, paragraphs=STORIES[5].paragraphs)
        courier.pages[replace(story, headline="Another headline of ours").path] = page(
            replace(away, headline="Another headline of ours"), base=courier.base
        )
        run(sites=sites, full=True)
        assert rows("SELECT count(*) FROM copies") == [(0,)]


def test_what_is_known_of_a_copy_is_dropped_without_a_look_at_all_copies(path: Path):
    with Archive.open(path, write=True, create=True) as archive:
        plan = archive.connection.execute(f"EXPLAIN QUERY PLAN {copies.FORGET}", ("an article",)).fetchall()
        assert not [step for *_, step in plan if step.startswith("SCAN")]


def test_a_text_that_a_crowd_has_is_no_syndicated_story(
    newsroom: Newsroom, run: Crawl, rows: Rows, path: Path, monkeypatch: pytest.MonkeyPatch
):
    crowds = "SELECT band FROM sketch_bands GROUP BY band HAVING count(*) > 3"
    monkeypatch.setattr(copies, "CROWDS", crowds)
    forms = [replace(story, paragraphs=STORIES[0].paragraphs) for story in STORIES[:6]]
    newsroom.pages |= {form.path: page(form, base=newsroom.base) for form in forms}
    newsroom.pages["/"] = hub(*(form.path for form in forms[:3]))
    run()
    assert rows("SELECT count(*) FROM copies") == [(6,)]
    newsroom.pages["/"] = hub(*(form.path for form in forms))
    run()
    assert rows("SELECT count(*) FROM copies") == [(0,)]


def test_what_is_added_to_a_live_blog_is_an_update(newsroom: Newsroom, run: Crawl, rows: Rows):
    path = "/town/live-the-storm-at-the-harbour-10001"
    data = '<script type="application/ld+json">{"@context":"https://schema.org","@type":"LiveBlogPosting"}</script>'

    def live(*entries: str) -> bytes:
        body = "".join(f"<p>{entry}</p>" for entry in entries)
        return f"<html><head><title>Storm</title>{data}</head><body><article><h1>The storm</h1>{body}".encode()

    texts = [f"{hour} o'clock. {story.paragraphs[0]}" for hour, story in enumerate(STORIES[:5], 7)]
    newsroom.pages |= {"/": hub(path), path: live(*texts[:3])}
    run()
    newsroom.pages[path] = live(*texts[::-1])
    run()
    assert rows("SELECT kind FROM articles") == [("live",)]
    assert rows("SELECT change FROM versions ORDER BY number") == [("new",), ("update",)]
