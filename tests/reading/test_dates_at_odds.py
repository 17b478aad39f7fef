"""When the article was published, where a page gives several days: each cause on an invented page."""

import pytest

from scraper.reading import parse, read, read_page

URL = "https://harbour.example/ferry"
LD = '<script type="application/ld+json">{"@type": "NewsArticle", %s}</script>'


def published(pages, over: str = "", after: str = "", head: str = "", url: str = URL):
    """What is read from a page with ``over`` between the headline and the story, ``after`` after it."""
    body = f"<main><h1>{pages.HEADLINE}</h1>{over}<article>{pages.story()}</article>{after}</main>"
    return read(pages.page(body, head), url).published_at


@pytest.mark.parametrize(
    ("stated", "printed", "day"),
    [
        ("2026-01-12T23:00:00.000Z", "13. Januar 2026", "2026-01-13"),  # winter in Berlin
        ("2026-07-12T22:00Z", "13 July 2026", "2026-07-13"),  # summer in Paris
        ("2026-01-12T15:00:00+00:00", "2026年1月13日", "2026-01-13"),  # Tokyo
        ("2026-01-12T18:30:00Z", "13 January 2026", "2026-01-13"),  # Delhi
        ("2026-01-12T23:00:00Z", "13 January 2026, 00:00", "2026-01-13"),
        ("2026-01-12T23:00:00Z", "12 January 2026", "2026-01-12T23:00:00Z"),
        ("2026-01-12T23:04:00Z", "13 January 2026", "2026-01-12T23:04:00Z"),
        ("2026-01-13T04:00:00Z", "14 January 2026", "2026-01-13T04:00:00Z"),
    ],
)
def test_a_midnight_elsewhere_is_the_day_that_the_page_prints(pages, stated, printed, day):
    head = f'<meta property="article:published_time" content="{stated}">'
    assert published(pages, f'<p class="date">{printed}</p>', head=head) == day


def test_a_day_without_a_date_printed_stays_the_moment_that_it_is(pages):
    head = '<meta property="article:published_time" content="2026-01-12T23:00:00Z">'
    assert published(pages, head=head) == "2026-01-12T23:00:00Z"


def test_of_two_dates_that_stick_together_the_first_is_read(pages):
    assert published(pages, "<p class=meta>Posted on January 13, 2026<b>March 2, 2027</b></p>") == "2026-01-13"


def test_what_the_page_says_was_first_is_before_what_stands_at_the_headline(pages):
    note = "<p>This article was originally published on 13 January 2026 but has been updated since.</p>"
    assert published(pages, '<p class="date">3 May 2027</p>', note) == "2026-01-13"


def test_the_picture_that_a_caption_dates_is_not_the_article(pages):
    caption = "<p>Figure: The pier of the harbour as it was seen from the air on 31.05.2021, before the works</p>"
    label = "<div><label>Last change:</label><div>13.01.2026 at 09:25</div></div>"
    assert published(pages, caption, label)[:10] == "2026-01-13"


def test_times_that_look_alike_are_those_of_comments(pages):
    said = "".join(
        f'<div class="entry"><time datetime="2026-01-{day}T10:00:00Z">{day} Jan</time><p>Well said, all.</p></div>'
        for day in (20, 21, 22)
    )
    assert published(pages, "<p>by quill<br>on 13.01.2026</p>", said) == "2026-01-13"


def test_a_number_is_read_as_the_page_spells_that_day_elsewhere(pages):
    listed = "<ul><li>The boat, <i>December 2, 2025</i></li><li>The pier, <i>November 5, 2025</i></li></ul>"
    assert published(pages, '<p class="date">02-12-2025</p>', listed, url="https://harbour.com/ferry") == "2025-12-02"
    assert published(pages, '<p class="date">02-12-2025</p>', url="https://harbour.com/ferry") == "2025-02-12"


@pytest.mark.parametrize("name", ["sw-pubdate", "site.publish_date", "x-published-at", "press:publication-date"])
def test_a_meta_name_that_looks_like_one_of_publication(pages, name):
    assert published(pages, head=f'<meta name="{name}" content="2026-01-13">') == "2026-01-13"


def test_the_hidden_time_of_a_change_is_not_shown_at_the_headline(pages):
    data = LD % '"datePublished": "2026-01-13T08:00:00Z", "dateModified": "2026-01-02T08:00:00Z"'
    hidden = (
        '<div class="meta">Ada Brook<span class="updated">2026-01-02T09:00:00+01:00</span><b>13. Jan 2026</b></div>'
    )
    assert published(pages, hidden, head=data) == "2026-01-13T08:00:00Z"


def test_the_edition_of_the_next_day_is_not_when_the_story_appeared(pages):
    head = '<meta name="date" content="2026-01-14">'
    assert published(pages, '<p class="date">13.01.2026, 12:01</p>', head=head) == "2026-01-13T12:01:00"
    assert published(pages, '<p class="date">13.01.2026</p>', head=head) == "2026-01-14"


def test_a_page_that_tells_at_its_foot_when_it_was_changed_is_dated_by_it(pages):
    foot = "<footer><ul><li>This page was last edited on 13 January 2026, at 13:22.</li></ul></footer>"
    assert published(pages, after=f"{'<p>Aye.</p>' * 20}{foot}") == "2026-01-13T13:22:00"


def test_a_day_that_a_script_writes(pages):
    assert published(pages, '<script>showDate("2026/01/13 01:43:09")</script>')[:10] == "2026-01-13"
    assert published(pages, '<script>countDown("2026/01/13 01:43:09")</script>') is None


@pytest.mark.parametrize(
    "printed", ["13 كانون الثاني / يناير 2026", "الثلاثاء 13 نيسان / أبريل 2026 09:22", "2 تير 1405", "2 تیر 1405"]
)
def test_months_under_two_names_and_persian_in_arabic_letters(pages, printed):
    assert published(pages, f'<p class="date">{printed}</p>')[:4] == "2026"


def test_the_day_under_which_the_picture_is_filed_is_asked_last(pages):
    head = '<meta property="og:image" content="https://harbour.example/files/2026/01/13/pier.jpg">'
    assert published(pages, head=head) == "2026-01-13"
    assert published(pages, "<p>14 January 2026</p>", head=head) == "2026-01-14"


@pytest.mark.parametrize(
    ("data", "printed", "day"),
    [
        ('"datePublished": "2025-12-20T10:00:00Z"', "13 January 2026", "2026-01-13"),  # made, then published
        ('"datePublished": "2026-01-12T10:00:00Z"', "13 January 2026", "2026-01-12"),  # zones may explain it
        ('"datePublished": "2025-12-20", "dateModified": "2025-12-20"', "13 January 2026", "2025-12-20"),
        ('"datePublished": "2025-12-20", "dateModified": "2026-01-13"', "13 January 2026", "2025-12-20"),
        ('"datePublished": "2026-01-20", "dateModified": "2026-01-20"', "13 January 2026", "2026-01-13"),  # migrated
        ('"datePublished": "2026-01-20", "dateModified": "2026-02-20"', "13 January 2026", "2026-01-20"),
        ('"datePublished": "11/01/2023 12:43:42"', "01.11.2023", "2023-11-01"),
        ('"datePublished": "2023-01-11"', "01/11/2023", "2023-01-11"),
    ],
)
def test_what_stands_at_the_headline_against_the_data(pages, data, printed, day):
    over = f'<p class="date">{printed}</p>'
    assert published(pages, over, head=LD % data, url="https://harbour.ch/ferry")[:10] == day


def test_the_day_of_the_visit_is_not_when_the_page_appeared(pages):
    head = LD % '"datePublished": "2025-12-20T10:00:00Z"'
    body = f'<main><h1>{pages.HEADLINE}</h1><p class="date">13 January 2026</p>{pages.story()}</main>'
    parsed = parse(pages.page(body, head), URL)
    assert read_page(parsed, latest="2026-01-13T08:00:00Z").published_at == "2025-12-20T10:00:00Z"
    assert read_page(parsed, latest="2026-03-13T08:00:00Z").published_at == "2026-01-13"


def test_the_clock_of_a_forum_is_not_when_its_thread_began(pages):
    now = "<p>Current date and time: 11/02/20, 07:22</p>"
    assert published(pages, f"{now}<p>by lupa on 26.10.13, 03:48</p>")[:10] == "2013-10-26"
