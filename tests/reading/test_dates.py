"""When an article was published: the page's statements, each cause on an invented page."""

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.reading import parse, read, read_page

FORM = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ?)?")
URL = "https://harbour.example/ferry"
LD = '<script type="application/ld+json">{"@type": "NewsArticle", %s}</script>'


def published(pages, over: str = "", after: str = "", head: str = "", lang: str = "en", url: str = URL):
    """What is read from a page with ``over`` between the headline and the story, ``after`` after it."""
    body = f"<main><h1>{pages.HEADLINE}</h1>{over}<article>{pages.story()}</article>{after}</main>"
    return read(pages.page(body, head, lang), url).published_at


def evidence(pages, over: str, head: str = ""):
    body = f"<main><h1>{pages.HEADLINE}</h1>{over}<article>{pages.story()}</article></main>"
    return {item.field: (item.source, item.raw) for item in read(pages.page(body, head), URL).evidence}


@pytest.mark.parametrize(
    "over",
    [
        "<p>13 January 2026</p>",
        '<div class="blog-pubdate">January 13, 2026</div>',
        '<footer class="node__meta"><span class="post-created">13.01.26</span> / 0 comments</footer>',
        '<aside class="x"><dl><dt>Date</dt><dd>13.1.2026</dd><dt>In</dt><dd><a href="/t">Boats</a></dd></dl></aside>',
        '<div class="post-meta">Author: <a href="/q">quill</a> Jan 13, 2026 <a href="#c">0 comments</a></div>',
        '<ul class="nav meta"><li><a href="/time/2026">13 Jan 2026 18:29</a></li></ul>',
        '<div class="social-share"><h5>13.01.2026</h5></div>',
        "<p>Ada Brook<b>13.1.2026</b></p>",
        "<p>令和8年1月13日</p>",
        "<p>İ. Quill — 13 Ocak 2026, Güncelleme: 15 Ocak 2026</p>",
        '<span class="updated" title="2026-01-13T18:52:11+00:00"></span>',
        '<abbr class="published" title="2026-01-13T18:52:11+00:00">Tuesday</abbr>',
        '<span property="schema:dateCreated" content="2026-01-13T12:45:46+00:00"></span>',
        '<span class="date" data-timestamp="1768296600">Tuesday</span>',
        '<relative-time datetime="2026-01-13T12:10:51Z">two years ago</relative-time>',
        '<div class="page-header"><nav><time class="entry-date" datetime="2026-01-13">13 Jan</time></nav></div>',
    ],
)
def test_a_date_that_only_the_markup_states(pages, over):
    assert published(pages, over)[:10] == "2026-01-13"


@pytest.mark.parametrize(
    "script",
    [
        '{"state": {"article": {"publishedAt": "2026-01-13T09:30:00+01:00", "title": "x"}}}',
        'var page = {"id": 7, "datePublished":"2026-01-13"};',
        "window.dataLayer = [{'pubDate': 'Jan 13, 2026'}];",
        '{\\"publish_date\\":\\"2026-01-13T08:30:00Z\\"}',
        '{"created_at": 1768296600}',
    ],
)
def test_a_date_in_the_data_of_a_script(pages, script):
    assert published(pages, head=f"<script>{script}</script>")[:10] == "2026-01-13"


def test_scripts_that_date_many_articles_date_none(pages):
    listed = ",".join(f'{{"publishedAt": "2026-01-{day:02}"}}' for day in range(10, 20))
    assert published(pages, head=f"<script>var list = [{listed}]</script>") is None


def test_a_dateline_at_the_start_of_the_story_is_its_date(pages):
    over = f"<p>13.1.2026 - {pages.PARAGRAPHS[0]}</p>"
    assert published(pages, over, lang="de") == "2026-01-13"


@pytest.mark.parametrize(
    "over",
    [
        "<p>Rescue boats at the pier, 24 April 2023. Photo: Mara Quill</p>",
        "<p>The next summer timetable is expected to be published by the harbour on 6 November 2023.</p>",
        "<p>Registered: 18.09.2008, 05:56</p>",
        "<p>Release 8.4.13 of the timetable software</p>",
        "<p>Version 3, 29 June 2007</p>",
        "<p>May 2019</p>",
        "<p>Boat show, Wednesday, 20 February 2019, 14:45 to 15:45</p>",
    ],
)
def test_a_date_of_something_else_is_not_preferred(pages, over):
    assert published(pages, f"{over}<p>Published 13 January 2026</p>") == "2026-01-13"
    assert published(pages, f"<p>Published 13 January 2026</p>{over}") == "2026-01-13"


@pytest.mark.parametrize(
    "after",
    [
        "<footer>Copyright © 19.12.2019 - 12:14 by The Harbour Post. All rights reserved.</footer>",
        '<div class="comments"><p>Tom Reed, 3 March 2021: I was on that boat.</p></div>',
        '<aside class="related"><a href="/x">Older</a><time datetime="2020-05-05">5 May 2020</time></aside>',
        '<div class="related-posts"><h3><a href="/x">Older</a></h3><p>5 May 2020</p></div>',
        '<p class="photo-caption">The pier in the storm of 3 March 2021. Photo: Mara Quill</p>',
        "<p>The bridge closes for good on 3 March 2021, as the harbour board had said before it was built.</p>",
    ],
)
def test_no_date_of_the_page_is_better_than_one_of_something_else(pages, after):
    assert published(pages, after=after) is None


def test_a_line_with_both_dates_gives_each_its_own(pages):
    body = f"<h1>{pages.HEADLINE}</h1><p>13 January 2026 | Updated: 15 January 2026</p>{pages.story()}"
    article = read(pages.page(body), URL)
    assert (article.published_at, article.modified_at) == ("2026-01-13", "2026-01-15")
    body = f"<h1>{pages.HEADLINE}</h1><p>Last updated: 15 January 2026. Published: 13 January 2026</p>{pages.story()}"
    article = read(pages.page(body), URL)
    assert (article.published_at, article.modified_at) == ("2026-01-13", "2026-01-15")


def test_a_page_that_states_only_a_change_is_dated_by_it(pages):
    body = f"<h1>{pages.HEADLINE}</h1><p>Stand: 13.01.2026</p>{pages.story()}"
    article = read(pages.page(body, lang="de"), URL)
    assert (article.published_at, article.modified_at) == ("2026-01-13", "2026-01-13")


def test_midnight_in_the_data_is_a_day_where_the_page_is(pages):
    head = LD % '"datePublished": "2026-01-13T00:00:00+08:00"'
    assert published(pages, head=head) == "2026-01-13"
    assert evidence(pages, "", head)["published_at"] == ("json-ld:datePublished", "2026-01-13T00:00:00+08:00")


def test_what_the_page_shows_corrects_data_that_were_overwritten(pages):
    again = LD % '"datePublished": "Jun 24, 2027", "dateModified": "Jun 24, 2027"'
    changed = LD % '"datePublished": "2027-06-24", "dateModified": "2027-07-01"'
    shown = '<div class="text__date">January 13, 2026</div>'
    assert published(pages, shown, head=again) == "2026-01-13"
    assert published(pages, shown, head=changed) == "2027-06-24"
    assert published(pages, '<div class="text__date">06/24/2027</div>', head=again, lang="en-GB") == "2027-06-24"


@pytest.mark.parametrize(
    ("lang", "url", "month"),
    [
        ("en-US", URL, "01"),
        ("en", "https://harbour.com/ferry", "01"),
        ("en-GB", URL, "02"),
        ("en", "https://harbour.co.uk/ferry", "02"),
        ("de", URL, "02"),
    ],
)
def test_the_order_of_day_and_month_is_the_regions(pages, lang, url, month):
    day = {"01": "02", "02": "01"}[month]
    assert published(pages, "<p>Published 01/02/2026</p>", lang=lang, url=url) == f"2026-{month}-{day}"


def test_other_dates_of_the_page_tell_the_order_where_no_region_does(pages):
    shown = "<p>Published 03/10/2025</p>"
    assert published(pages, shown, "<p>Accounts: 9 February 2024</p>", url="https://harbour.com/") == "2025-10-03"


def test_among_many_times_the_one_at_the_headline_is_the_articles(pages):
    cards = "".join(
        f'<div class="card"><a href="/{day}">Old</a><time class="published" datetime="2026-02-{day}">1</time></div>'
        for day in range(10, 15)
    )
    assert published(pages, '<time datetime="2026-01-13T13:49:45Z">13 January 2026</time>', cards).startswith(
        "2026-01-13"
    )


def test_the_time_of_an_embedded_post_is_not_the_articles(pages):
    post = '<blockquote>Look at that boat <time datetime="2018-03-12T19:30:12Z">12 March 2018</time></blockquote>'
    assert published(pages, '<p class="date">Tuesday, 13 January 2026</p>', post) == "2026-01-13"


DAYS = st.dates(datetime(1600, 1, 1).date(), datetime(2100, 1, 1).date()).map(lambda day: day.isoformat())  # noqa: DTZ001
PLACES = st.sampled_from(
    [
        '<meta property="article:published_time" content="{}T23:30:00-08:00">',
        '<meta name="last-modified" content="{}">',
        '<time datetime="{}">then</time>',
        "<p>Published {}</p>",
        "<p>Updated {} | Published {}</p>",
        '<script>{{"publishedAt": "{}"}}</script>',
        '<script type="application/ld+json">{{"@type": "Article", "datePublished": "{}T00:00:00Z"}}</script>',
        '<span class="published" title="{}"></span>',
    ]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(PLACES, DAYS, DAYS), max_size=5))
def test_no_time_is_later_than_the_visit_or_of_another_form(pages, stated):
    marked = "".join(place.format(one, two) for place, one, two in stated)
    page = parse(pages.page(f"<h1>{pages.HEADLINE}</h1>{marked}{pages.story()}"), URL)
    latest = datetime.fromisoformat("2026-01-14T00:00:00+00:00")
    article = read_page(page, latest=latest.isoformat())
    for time in (article.published_at, article.modified_at):
        assert time is None or FORM.fullmatch(time)
        assert time is None or "1699-12-31" <= time[:10] <= (latest + timedelta(hours=14)).isoformat()[:10]
