"""Each thing that can happen to an article, on a real server, crawled: exactly the designed rows come of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.digests import digests
from archive.store import Archive
from archive.verify import verify
from scraper import observe as observing
from scraper.rebuild.rebuilding import rebuild
from scraper.sites import Site, rules_of, site_for
from tests.crawl.invented_site import Furnish, as_it_is, at_end, page, stories
from tests.crawl.newsroom import Answer, hub

STORIES = stories(20)
PROMO = "Every Friday our editors pick ten stories from around the bay that you should not miss, and send them to you."
CORRECTION = "Correction: an earlier version of this article named the wrong warehouse."
EDIT = "The board has since asked for a second opinion on all of this."
WALL = b"""<!doctype html><html><head><title>Log in</title></head><body><main><h1>Log in to continue</h1>
<form action="/login" method="post"><label>Email <input name="email" type="email"></label>
<label>Password <input name="password" type="password"></label><button>Log in</button></form>
<p>Subscribe to continue reading. Already a subscriber? Log in.</p></main></body></html>"""


class Paper:
    """The paper as it stands on one day: what is not named is as it was printed first."""

    def __init__(self, newsroom: Any, crawl: Any, path: Path) -> None:
        self.newsroom, self.crawl, self.path = newsroom, crawl, path

    def appears(
        self,
        *,
        redesigned: bool = False,
        pages: dict[int, Answer] | None = None,
        sites: tuple[Site, ...] = (),
        **edits: Furnish,
    ) -> None:
        """Serve it so, and crawl all of it; ``edits`` are named ``story3``."""
        served: dict[str, Any] = {"/": hub(*(story.path for story in STORIES))}
        for story in STORIES:
            furnish = edits.get(f"story{story.number}", as_it_is)
            printed = page(story, furnish, base=self.newsroom.base)
            if redesigned:
                printed = page(story, lambda s, p, f=furnish: [*f(s, p), PROMO], base=self.newsroom.base)
                day = f"-{1 + story.number % 27:02}"
                printed = printed.replace(f'{day}"></head>'.encode(), f'{day}T06:30:00Z"></head>'.encode())
            served[story.path] = (pages or {}).get(story.number, Answer(printed))
        self.newsroom.pages = served
        assert self.crawl(full=True, **({"sites": sites} if sites else {})).exit_code == 0

    def changes(self) -> list[tuple[int, str]]:
        """Number of the story and kind of each change but the first, in order of time and story."""
        with Archive.open(self.path) as archive:
            rows = [row for row in archive.changes() if row["kind"] != "new"]
        numbers = {self.newsroom.base + story.path: story.number for story in STORIES}
        return [(numbers[row["url"]], row["kind"]) for row in sorted(rows, key=lambda row: row["changed_at"])]


@pytest.fixture
def paper(newsroom, run, path) -> Paper:
    paper = Paper(newsroom, run, path)
    paper.appears()
    return paper


def assert_settled(path: Path) -> None:
    """Whatever happened: the archive is whole, and a rebuild changes nothing."""
    assert list(verify(path, deep=True)) == []
    with Archive.open(path) as archive:
        before = digests(archive.connection, numbers=True)
    assert rebuild(path, jobs=1).exit_code == 0
    with Archive.open(path) as archive:
        assert digests(archive.connection, numbers=True) == before


def test_a_correction_and_a_silent_edit(paper: Paper):
    paper.appears(story3=at_end(CORRECTION), story5=at_end(EDIT))
    assert sorted(paper.changes()) == [(3, "correction"), (5, "silent")]
    with Archive.open(paper.path) as archive:
        (row,) = archive.changes(kind="silent")
        assert (row["words_added"], row["words_removed"]) == (13, 0)
        assert [version.text.endswith(EDIT) for version in archive.versions(row["article_id"])] == [False, True]
    assert_settled(paper.path)


def test_there_and_back_again(paper: Paper):
    paper.appears(story3=at_end(EDIT))
    paper.appears()
    assert paper.changes() == [(3, "silent"), (3, "restored")]
    assert_settled(paper.path)


def test_a_redesign_of_the_whole_site(paper: Paper):
    paper.appears(redesigned=True, story7=at_end(EDIT))
    assert sorted(paper.changes()) == [
        (story.number, "silent" if story.number == 7 else "template") for story in STORIES
    ]
    with Archive.open(paper.path) as archive:
        assert archive.connection.execute(
            "SELECT count(*) FROM versions WHERE instr(text, ?)", (PROMO,)
        ).fetchone() == (0,)
        known = archive.connection.execute("SELECT what, articles, seen FROM template_lines").fetchall()
    assert known == [("published", 20, 20)]
    paper.appears(redesigned=True, story7=at_end(EDIT))
    assert len(paper.changes()) == 20
    assert_settled(paper.path)


def test_a_wall_for_a_day(paper: Paper):
    paper.appears(pages={3: Answer(WALL)})
    paper.appears()
    assert paper.changes() == []
    with Archive.open(paper.path) as archive:
        article = archive.article(paper.newsroom.base + STORIES[3].path)
        outcomes = [row["outcome"] for row in archive.captures(article["id"])]
        assert (article["versions"], article["gone_at"]) == (1, None)
    assert outcomes[0] == outcomes[2] == "article"
    assert outcomes[1] in ("wall", "thin", "hub")
    assert_settled(paper.path)


def test_a_deletion_and_return(paper: Paper):
    paper.appears(pages={3: Answer(b"<html><body>No such page", 404)})
    assert paper.changes() == [(3, "gone")]
    paper.appears()
    assert paper.changes() == [(3, "gone"), (3, "returned")]
    with Archive.open(paper.path) as archive:
        first, second = archive.versions(archive.article(paper.newsroom.base + STORIES[3].path)["id"])
    assert first.text == second.text
    assert first.seen_to < second.seen_from
    assert_settled(paper.path)


def test_a_new_reader_is_no_edit(paper: Paper, monkeypatch: pytest.MonkeyPatch):
    whole = observing.read_page

    def louder(*given: Any, **named: Any) -> Any:
        article = whole(*given, **named)
        return replace(article, headline=(article.headline or "").upper())

    monkeypatch.setattr(observing, "READER", "2")
    monkeypatch.setattr(observing, "read_page", louder)
    paper.appears(story3=at_end(EDIT))
    assert paper.changes() == [(3, "silent")]
    with Archive.open(paper.path) as archive:
        (row,) = archive.changes(kind="silent")
        assert row["headline_before"] == row["headline_after"] == STORIES[3].headline.upper()
        assert archive.connection.execute("SELECT count(*) FROM outdated_articles").fetchone() == (0,)
    rebuild(paper.path, jobs=1)  # brings the others up to the new reader
    assert paper.changes() == [(3, "silent")]
    with Archive.open(paper.path) as archive:
        assert all(row["headline"] == row["headline"].upper() for row in archive.articles())
    assert_settled(paper.path)


def test_a_new_pattern_for_a_site_is_no_edit(paper: Paper):
    advert = "Advertorial: a day at the pier."
    paper.appears(story3=at_end(advert), story4=at_end(advert))
    site = replace(site_for(paper.newsroom.base + "/"), strip_lines=("^Advertorial",))
    paper.appears(sites=(site,), story3=at_end(advert, EDIT), story4=at_end(advert))
    # what was read with other rules is read again with these: the advertisement never was a change of story 3
    assert paper.changes() == [(4, "silent"), (3, "silent")]
    with Archive.open(paper.path) as archive:
        found = {row["url"].rpartition("-")[2]: row for row in archive.changes(kind="silent")}
    assert (found["3"]["words_added"], found["3"]["words_removed"], found["3"]["from_version"]) == (13, 0, 1)
    rebuild(paper.path, jobs=1, rules=rules_of([site]))
    assert paper.changes() == [(3, "silent")]
