"""A site teaches which lines are its own: crawled, imported, and crawled again."""

import json

import pytest
from click.testing import CliRunner

from archive.verify import verify
from scraper import settle
from scraper.cli import main
from scraper.replay.import_run import import_pages
from tests.crawl.invented_site import as_it_is, at_end, in_the_middle, page, stories
from tests.crawl.newsroom import hub

PROMO = "Every Friday our editors pick ten stories from around the bay that you should not miss, and send them to you."
SIXTY = stories(60)


def serve(newsroom, furnish, which=SIXTY, **how):
    newsroom.pages = {"/": hub(*(story.path for story in which))}
    newsroom.pages |= {story.path: page(story, furnish, base=newsroom.base, **how) for story in which}


def texts(rows):
    return {url: text.split("\n\n") for url, text in rows("SELECT url, text FROM latest")}


def lost(rows, newsroom, which=SIXTY):
    """Paragraphs of the stories that the archive does not have."""
    kept = texts(rows)
    return [
        line for story in which for line in story.paragraphs if line not in kept.get(newsroom.base + story.path, [])
    ]


@pytest.mark.parametrize("furnish", [at_end(PROMO), in_the_middle(PROMO)], ids=["at the end", "in the middle"])
def test_a_promo_on_every_page_is_in_no_article_and_no_story_line_is_lost(newsroom, run, rows, path, furnish):
    serve(newsroom, furnish)
    first = run()
    assert (first.exit_code, first.new) == (0, 60)
    assert [url for url, lines in texts(rows).items() if PROMO in lines] == []
    assert lost(rows, newsroom) == []
    removed = "SELECT count(DISTINCT version_id) FROM removals WHERE rule = 'site-line' AND text = ?"
    assert rows(removed, PROMO) == [(60,)]
    assert list(verify(path, deep=True)) == []

    again = run(full=True)
    assert (again.new, again.changed.total(), again.unchanged) == (0, 0, 60)
    assert rows("SELECT count(*), max(number) FROM versions") == [(60, 1)]


def test_the_lines_are_told_with_their_counts(newsroom, run, path):
    serve(newsroom, at_end(PROMO))
    run()
    site = newsroom.base.removeprefix("http://")
    told = CliRunner().invoke(main, ["sites", "--lines", site, "--archive", str(path), "--json"])
    (line,) = map(json.loads, told.stdout.splitlines())
    assert (line["line"], line["kind"], line["in_force"]) == (PROMO, "line", True)
    assert (line["articles"], line["seen"], line["share"]) == (60, 60, 1.0)
    plain = CliRunner().invoke(main, ["sites", "--lines", newsroom.base, "--archive", str(path)])
    assert plain.stdout.startswith("yes  line  60  60  100%")
    assert PROMO in plain.stdout


def test_imported_pages_teach_the_same(newsroom, run, rows, tmp_path, path):
    for story in SIXTY:
        (tmp_path / f"{story.number}.html").write_bytes(page(story, at_end(PROMO), base="https://tidewater.example"))
    summary, *_ = import_pages(path, [tmp_path])
    assert summary.new == 60
    kept = [text for (text,) in rows("SELECT text FROM latest")]
    assert not any(PROMO in text for text in kept)
    assert sorted(kept) == sorted("\n\n".join(story.paragraphs) for story in SIXTY)
    assert rows("SELECT count(*) FROM removals WHERE rule = 'site-line'") == [(60,)]
    assert import_pages(path, [tmp_path])[0].new == 0
    assert rows("SELECT count(*) FROM versions") == [(60,)]


def test_the_intro_of_a_series_stays(newsroom, run, rows):
    intro = "In this series we walk every footpath of the county, one a week, and tell what grows and lives beside it."

    def furnish(story, paragraphs):
        return [intro, *paragraphs, PROMO] if story.number % 6 == 0 else [*paragraphs, PROMO]

    serve(newsroom, furnish)
    run()
    kept = texts(rows)
    assert sum(lines[0] == intro for lines in kept.values()) == 10
    assert not any(PROMO in lines for lines in kept.values())
    assert lost(rows, newsroom) == []
    assert rows("SELECT articles, in_force FROM site_lines WHERE line = ?", intro) == [(10, 0)]


def test_learning_makes_no_version(newsroom, run, rows, path):
    """The second crawl learns of a line that the first had too few articles for, and sees one that was reworded."""
    serve(newsroom, at_end(PROMO), SIXTY[:4])
    run()
    assert rows("SELECT count(*) FROM versions WHERE instr(text, ?)", PROMO) == [(4,)]
    serve(newsroom, at_end(PROMO.replace("Friday", "Saturday")))
    run(full=True)
    serve(newsroom, at_end(PROMO.replace("Friday", "Sunday")))
    run(full=True)
    assert not any("our editors pick" in line for lines in texts(rows).values() for line in lines)
    assert lost(rows, newsroom) == []
    assert list(verify(path, deep=True)) == []


def test_a_number_that_moves_does_not_hide_a_line(newsroom, run, rows):
    serve(
        newsroom,
        lambda story, lines: [
            *lines,
            f"Join the {12_000 + 7 * story.number:,} readers who get our letter from the harbour.",
        ],
    )
    run()
    assert not any("who get our letter" in line for lines in texts(rows).values() for line in lines)
    assert lost(rows, newsroom) == []


def test_a_new_site_is_learned_from_before_its_end(tmp_path, path, rows, monkeypatch):
    again = []
    observe = settle.observe
    monkeypatch.setattr(settle, "observe", lambda *given: again.append(given) or observe(*given))
    for story in stories(100):
        (tmp_path / f"{story.number}.html").write_bytes(page(story, at_end(PROMO), base="https://tidewater.example"))
    import_pages(path, [tmp_path])
    assert len(again) == settle.FIRST_LESSON
    assert rows("SELECT count(*) FROM removals WHERE rule = 'site-line'") == [(100,)]


def test_titles_and_bylines_lose_what_is_the_sites(newsroom, run, rows):
    serve(newsroom, as_it_is, title=" - The Tidewater Post", byline="The Tidewater Post")
    run()
    assert sorted(rows("SELECT headline, authors FROM latest")) == sorted((story.headline, "[]") for story in SIXTY)
    kinds = "SELECT kind, rule, count(*) FROM removals WHERE rule LIKE 'site-%' GROUP BY 1, 2 ORDER BY 1"
    assert rows(kinds) == [("byline", "site-byline", 60), ("other", "site-title", 60)]


def test_a_run_that_was_killed_before_it_learned_leaves_it_to_the_next(newsroom, run, rows, path, monkeypatch):
    serve(newsroom, at_end(PROMO))
    with monkeypatch.context() as patch:
        patch.setattr("scraper.crawl.settle", lambda *_: 0)
        patch.setattr("scraper.settle.FIRST_LESSON", 1_000)
        run()
    assert rows("SELECT count(*) FROM versions WHERE instr(text, ?)", PROMO) == [(60,)]
    empty = path.parent / "empty"
    empty.mkdir()
    import_pages(path, [empty])
    assert not any(PROMO in lines for lines in texts(rows).values())
