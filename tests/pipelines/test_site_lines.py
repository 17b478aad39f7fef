"""What is learned of a site, and what must never be: pure, on invented stories."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Article, ArticleKind, Block, BlockKind, Link
from pipelines.learn_site_lines import strip_site_lines
from pipelines.site_evidence import Sighting
from pipelines.site_learning import learn
from pipelines.site_marks import (
    Marked,
    mark_article,
    mark_of_byline,
    mark_of_title,
    marks_of_line,
    title_ends,
)
from pipelines.site_verdicts import is_house, with_texts
from tests.crawl.invented_site import Story, stories

PROMO = "Every Friday our editors pick ten stories from around the bay that you should not miss, and send them to you."
WITNESSES = "Police are appealing for witnesses."
CALL = "Anyone who saw what happened is asked to call the county's police on its number for what is not an emergency."
STORIES = stories(200)
Change = Callable[[Story, tuple[str, ...]], Sequence[str]]


def article(story: Story, lines: Sequence[str], **fields: object) -> Article:
    values: dict[str, object] = {
        "url": f"https://tidewater.example{story.path}",
        "site": "tidewater.example",
        "headline": story.headline,
        "section": story.section,
        "kind": ArticleKind.ARTICLE,
        "published_at": (date(2026, 1, 1) + timedelta(days=story.number)).isoformat(),
        "blocks": tuple(map(block, lines)),
    }
    return Article(**(values | fields))


def block(line: str) -> Block:
    """A heading if it begins with ``#``."""
    return Block(BlockKind.HEADING, line[2:], 2) if line.startswith("# ") else Block(BlockKind.PARAGRAPH, line)


def site(count: int, change: Change, **fields: object) -> list[Article]:
    return [article(story, change(story, story.paragraphs), **fields) for story in STORIES[:count]]


def sighting(read: Article, when: str = "2026-12-01T00:00:00.000Z") -> Sighting:
    return Sighting(read.url or "", when, mark_article(read).pack())


def known(articles: Sequence[Article]) -> frozenset[int]:
    _, verdicts = learn([sighting(read) for read in articles])
    return frozenset(each.evidence.mark for each in verdicts if each.in_force)


def taken(articles: Sequence[Article]) -> set[str]:
    """Every line that the site's articles lose."""
    marks = known(articles)
    lines: set[str] = set()
    for read in articles:
        left = {each.text for each in strip_site_lines(read, marks).blocks}
        lines |= {each.text for each in read.blocks} - left
    return lines


def every(number: int, change: Change) -> Change:
    """``change`` on one story of so many, in all sections alike."""
    return lambda story, lines: change(story, lines) if (story.number // 5) % number == 0 else lines


def test_a_line_on_every_article_goes_and_nothing_else():
    assert taken(site(60, lambda _, lines: [*lines[:2], PROMO, *lines[2:]])) == {PROMO}


def test_case_quotes_and_spaces_do_not_hide_a_line():
    printed = ["“Tide and Time” is our letter on Fridays", '"Tide  and time" is our letter on Fridays']
    assert taken(site(60, lambda story, lines: [*lines, printed[story.number % 2]])) == set(printed)


def test_of_few_articles_only_what_is_on_nearly_all_goes():
    assert taken(site(4, lambda _, lines: [*lines, PROMO])) == set()
    assert taken(site(5, lambda _, lines: [*lines, PROMO])) == {PROMO}
    assert taken(site(9, lambda story, lines: [*lines, PROMO] if story.number < 6 else lines)) == set()


def test_an_agency_story_under_many_addresses_stays():
    wire = STORIES[100].paragraphs
    copies = [replace(read, url=f"{read.url}?edition={number}") for number, read in enumerate(site(8, lambda *_: wire))]
    assert taken([*site(60, lambda _, lines: lines), *copies]) == set()
    assert taken(copies) == set()


def test_an_agency_story_with_a_local_paragraph_stays():
    wire = [*STORIES[100].paragraphs, *STORIES[101].paragraphs, "Reporting by Ada Quill; editing by Noor Hask."]
    assert taken(site(60, lambda story, lines: [lines[0], *wire] if story.number % 7 == 0 else lines)) == set()
    assert taken(site(9, lambda _, lines: [lines[0], *wire])) == set()


def test_every_article_under_two_addresses_teaches_what_it_teaches_under_one():
    once = site(60, lambda story, lines: [*lines, PROMO] if story.number % 3 else lines)
    twice = [*once, *(replace(read, url=f"{read.url}?print=1") for read in once)]
    assert taken(twice) == taken(once) == {PROMO}


def test_the_updates_of_a_live_blog_stay():
    blog = [article(STORIES[150], STORIES[150].paragraphs[:3] + STORIES[n].paragraphs[:1]) for n in range(100, 140)]
    seen = [sighting(state, f"2026-12-01T{hour:02}:00:00.000Z") for hour, state in enumerate(blog[:24])]
    _, verdicts = learn([*seen, *map(sighting, site(30, lambda _, lines: lines))])
    assert not any(each.in_force for each in verdicts)


@pytest.mark.parametrize("line", [WITNESSES, CALL])
def test_a_sentence_that_many_short_stories_share_stays(line: str):
    assert taken(site(60, every(5, lambda _, lines: [*lines[:2], line]))) == set()
    assert taken(site(60, every(5, lambda story, lines: [*lines[: story.number % 3], line, *lines]))) == set()


def test_a_quote_that_follow_ups_repeat_stays():
    quote = "“We had warned of this for years, and nobody would listen to us,” the pilot said when the pier had fallen."
    assert (
        taken(site(60, lambda story, lines: [*lines[:1], quote, *lines[1:]] if 20 <= story.number < 32 else lines))
        == set()
    )


def test_the_intro_of_a_series_stays():
    intro = "In this series we walk every footpath of the county, one a week, and tell what grows and lives beside it."
    assert taken(site(60, every(4, lambda _, lines: [intro, *lines]))) == set()
    assert taken(site(200, lambda story, lines: [intro, *lines] if story.section == "Culture" else lines)) == set()


def test_headings_stay_however_common():
    headings = site(60, lambda _, lines: ["# What we know", *lines[:2], "# Background", *lines[2:]])
    assert taken(headings) == set()


def test_a_heading_as_long_as_a_sentence_goes_from_nearly_every_article_of_many():
    banner = "Sign our letter to the county council"
    amid = site(60, lambda story, lines: [*lines[:2], f"# {banner}", *lines[2:]] if story.number % 6 else lines)
    assert taken(amid) == {banner}
    assert taken(amid[:19]) == set()
    assert taken(site(60, every(2, lambda _, lines: [*lines[:2], f"# {banner}", *lines[2:]]))) == set()


def test_lines_as_short_as_headings_stay_with_the_text_under_them():
    review = site(
        60, lambda _, lines: ["Pros", *lines[:1], "Cons:", *lines[1:2], "What we would have liked to see:", *lines[2:]]
    )
    assert taken(review) == set()
    closing = site(60, lambda _, lines: ["Pros", *lines, "Our letter", PROMO, "Harbour Lane"])
    assert taken(closing) == {"Our letter", PROMO, "Harbour Lane"}


def test_a_heading_goes_with_the_text_under_it():
    lines = site(60, lambda _, lines: ["# What we know", *lines, "# More from us", PROMO])
    assert taken(lines) == {"More from us", PROMO}
    amid = site(60, lambda _, lines: ["# What we know", *lines[:2], "# Our letter", PROMO, *lines[2:]])
    assert taken(amid) == {"Our letter", PROMO}
    once = article(STORIES[0], ["# Our letter", *STORIES[0].paragraphs])
    assert strip_site_lines(once, known(amid)) == once


def test_lines_that_take_turns_at_the_end_go():
    turns = [
        PROMO.replace("Friday", day) for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Sunday", "morning")
    ]
    chance = random.Random(3)
    assert taken(site(120, lambda _, lines: [*lines, chance.choice(turns)])) == set(turns)
    chance = random.Random(3)
    some = site(120, lambda story, lines: [*lines, chance.choice(turns)] if story.number % 2 else lines)
    assert taken(some) == set()


def test_lines_that_take_turns_within_the_story_go_but_not_before_it():
    turns = [
        PROMO.replace("Friday", day) for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Sunday", "morning")
    ]
    chance = random.Random(3)
    assert taken(site(120, lambda _, lines: [*lines[:2], chance.choice(turns), *lines[2:]])) == set(turns)
    assert taken(site(120, lambda _, lines: [chance.choice(turns), *lines])) == set()


def test_a_line_in_the_middle_of_some_articles_goes():
    some = every(2, lambda _, lines: [*lines[: len(lines) // 2], PROMO, *lines[len(lines) // 2 :]])
    assert taken(site(120, lambda story, lines: some(story, lines) if story.number % 7 else lines)) == {PROMO}


def test_a_line_that_names_the_article_goes():
    said = site(30, lambda story, lines: [*lines, f"The story “{story.headline}” was first told in the harbour bar."])
    assert len(taken(said)) == 30


def test_a_label_before_links_within_the_site_goes_and_one_before_sources_stays():
    def labelled(host: str) -> list[Article]:
        found = []
        for read in site(30, lambda _, lines: lines):
            text = f"From the wall: {STORIES[len(found) + 50].headline}"
            link = f"From the wall: [{STORIES[len(found) + 50].headline}](https://{host}/{len(found)})"
            teaser = Block(BlockKind.PARAGRAPH, text, markdown=link)
            found.append(replace(read, blocks=(*read.blocks[:2], teaser, *read.blocks[2:])))
        return found

    assert {line[:14] for line in taken(labelled("tidewater.example"))} == {"From the wall:"}
    assert taken(labelled("source.example")) == set()


def test_a_line_of_one_place_in_all_sections_goes_from_a_quarter_of_the_articles():
    third = site(120, every(3, lambda _, lines: [*lines[:2], PROMO, *lines[2:]]))
    assert taken(third) == {PROMO}
    roaming = site(120, every(3, lambda story, lines: [*lines[: story.number % 4], PROMO, *lines[story.number % 4 :]]))
    assert taken(roaming) == set()
    one_section = site(120, lambda story, lines: [*lines, PROMO] if story.number % 5 == 1 else lines)
    assert taken(one_section[:90]) == set()


def test_a_section_of_many_articles_may_have_lines_of_its_own():
    assert taken(site(200, lambda story, lines: [*lines, PROMO] if story.section == "Sport" else lines)) == {PROMO}


def test_a_line_of_some_weeks_goes_although_the_site_has_years():
    weeks = site(200, lambda story, lines: [*lines, PROMO] if 60 <= story.number < 90 else lines)
    assert taken(weeks) == {PROMO}


def test_numbers_may_differ_in_a_line_but_data_stays():
    joined = site(60, lambda story, lines: [*lines, f"Join the {9_000 + story.number:,} readers who get our letter"])
    assert len(taken(joined)) == 60
    scores = site(60, lambda story, lines: [*lines, f"Half time: {story.number % 4}-{story.number % 3}"])
    assert not any(mark & 15 == 3 for mark in known(scores))
    figures = "{} of {} trains ran late, {} were cancelled and {} came early"
    data = site(60, lambda story, lines: [*lines, figures.format(*range(story.number, story.number + 4))])
    assert taken(data) == set()


def test_what_stops_being_common_stops_being_furniture():
    first = site(20, lambda story, lines: [*lines, PROMO] if story.number < 12 else lines)
    assert taken(first) == {PROMO}
    later = site(100, lambda story, lines: [*lines, PROMO] if story.number < 12 else lines)
    assert taken(later) == set()


def test_an_article_is_never_left_with_nothing():
    marks = known(site(60, lambda _, lines: [*lines, PROMO]))
    for lines in ([PROMO], ["# Our letter", PROMO]):
        bare = article(STORIES[0], lines)
        assert strip_site_lines(bare, marks) == bare
    flash = strip_site_lines(article(STORIES[0], ["The pier has fallen.", PROMO]), marks)
    assert flash.text == "The pier has fallen."


def test_links_of_a_line_go_with_it_and_the_ledger_has_all():
    marks = known(site(60, lambda _, lines: [*lines, PROMO]))
    ours, theirs = Link("https://tidewater.example/letter", "send"), Link("https://tidewater.example/pier", "pier")
    read = article(STORIES[0], [*STORIES[0].paragraphs, PROMO], links=(ours, theirs))
    linked = Block(BlockKind.PARAGRAPH, PROMO, markdown=f"… [send]({ours.url}) them to you.")
    pier = Block(BlockKind.PARAGRAPH, "On the pier.", markdown=f"On the [pier]({theirs.url}).")
    stripped = strip_site_lines(replace(read, blocks=(*read.blocks[:-1], pier, linked)), marks)
    assert stripped.links == (theirs,)
    assert [(cut.rule, cut.text, cut.position) for cut in stripped.removals] == [
        ("site-line", PROMO, len(STORIES[0].paragraphs) + 1)
    ]


@pytest.mark.parametrize("end", [" - The Tidewater Post", " | Sport | Tidewater", " – Tidewater"])
def test_what_a_site_adds_to_its_titles_goes(end: str):
    read = [replace(each, headline=f"{each.headline}{end}") for each in site(30, lambda _, lines: lines)]
    marks = known(read)
    assert [strip_site_lines(each, marks).headline for each in read] == [story.headline for story in STORIES[:30]]
    assert strip_site_lines(read[0], marks).removals[0].text == end.strip()
    nothing_else = replace(read[0], headline=end.removeprefix(" – ").strip())
    assert strip_site_lines(nothing_else, marks).headline


def test_the_section_before_the_name_goes_and_the_name_of_a_series_stays():
    plain = site(60, lambda _, lines: lines)
    named = [replace(each, headline=f"{each.headline} | {each.section} | Tidewater") for each in plain]
    _, verdicts = learn([sighting(each) for each in named])
    parts = {
        mark_of_title(each.headline[a:b]): each.headline[a:b] for each in named for a, b in title_ends(each.headline)
    }
    marks = frozenset(each.evidence.mark for each in with_texts(verdicts, parts, "") if each.in_force)
    assert {strip_site_lines(each, marks).headline for each in named} == {each.headline for each in plain}
    series = [
        replace(each, headline=f"On foot | {each.headline}") if each.section == "Culture" else each for each in plain
    ]
    assert known(series) == frozenset()


def test_a_standing_standfirst_and_byline_are_seen():
    standing = site(20, lambda _, lines: lines, standfirst="News from the bay.", authors=("Tidewater Newsdesk",))
    marks = known(standing)
    assert marks == {*marks_of_line("News from the bay.", BlockKind.PARAGRAPH), mark_of_byline("Tidewater Newsdesk")}
    stripped = strip_site_lines(standing[0], marks)
    assert (stripped.standfirst, stripped.authors) == (None, ())
    assert {cut.rule for cut in stripped.removals} == {"site-standfirst", "site-byline"}


@pytest.mark.parametrize(
    ("name", "site", "titles", "house"),
    [
        ("The Tidewater Post", "127.0.0.1", (), True),
        ("Tidewater Post", "tidewaterpost.example", (), True),
        ("Tidewater Post", "tp.example", (" | Tidewater Post",), True),
        ("Sport Desk", "tp.example", (), True),
        ("Redaktion", "tp.example", (), True),
        ("Ada Quill", "adaquill.example", (" - Ada Quill",), False),
        ("Emily Post", "tp.example", (), False),
    ],
)
def test_a_house_is_told_from_a_person(name: str, site: str, titles: Sequence[str], house: bool):
    assert is_house(name, site, titles, 0.6) is house


@given(st.permutations(range(24)))
def test_the_order_of_the_pages_does_not_matter(order: list[int]):
    pages = site(24, lambda story, lines: [*lines, PROMO] if story.number % 4 else [WITNESSES, *lines])
    seen = [sighting(read) for read in pages]
    assert learn([seen[place] for place in order]) == learn(seen)


@given(st.integers(0), st.integers(0, 10**6), st.lists(st.integers(0, 2**60 - 1)))
def test_marks_come_back_as_they_were_packed(section: int, day: int, marks: list[int]):
    packed = Marked(section % 2**56, day, tuple(marks)).pack()
    assert Marked.unpack(packed) == Marked(section % 2**56, day, tuple(marks))


@given(st.text(), st.sampled_from(list(BlockKind)))
def test_every_mark_fits_a_column(text: str, kind: BlockKind):
    assert all(0 <= mark < 2**60 for mark in (*marks_of_line(text, kind), mark_of_title(text), mark_of_byline(text)))


@given(st.lists(st.text(max_size=80), max_size=8), st.sets(st.integers(0, 7)))
def test_stripping_loses_nothing(lines: list[str], furniture: set[int]):
    read = article(STORIES[0], lines)
    marks = frozenset(
        mark for place in furniture if place < len(lines) for mark in marks_of_line(lines[place], BlockKind.PARAGRAPH)
    )
    stripped = strip_site_lines(read, marks)
    texts = [each.text for each in stripped.blocks] + [
        cut.text for cut in stripped.removals if cut.rule != "site-title"
    ]
    assert sorted(texts) == sorted(each.text for each in read.blocks) or not stripped.blocks


def test_what_a_small_site_adds_to_its_titles_goes():
    read = [replace(each, headline=f"{each.headline} | Tidewater") for each in site(6, lambda _, lines: lines)]
    assert strip_site_lines(read[0], known(read)).headline == STORIES[0].headline
