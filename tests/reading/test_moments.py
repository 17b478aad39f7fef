import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reading.moments import month_of, read_moment
from scraper.reading.published import url_day


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2026-01-13", "2026-01-13"),
        ("2026-01-13T09:30:00+01:00", "2026-01-13T08:30:00Z"),
        ("2026-01-13T23:30:00-0500", "2026-01-14T04:30:00Z"),
        ("2026-01-13 09:30:00 UTC", "2026-01-13T09:30:00Z"),
        ("2026-01-13T09:30:00.123Z", "2026-01-13T09:30:00Z"),
        ("2026-01-13T09:30", "2026-01-13T09:30:00"),
        ("1768296600", "2026-01-13T09:30:00Z"),
        ("20260113", "2026-01-13"),
        ("13 Jan 2026", "2026-01-13"),
        ("January 13, 2026", "2026-01-13"),
        ("Tue, 13 Jan 2026 09:30:00 GMT", "2026-01-13T09:30:00Z"),
        ("Jan. 13, 2026 9:30 p.m.", "2026-01-13T21:30:00"),
        ("13th of January 2026", "2026-01-13"),
        ("13. Januar 2026, 9:30 Uhr", "2026-01-13T09:30:00"),
        ("13 janvier 2026", "2026-01-13"),
        ("1er février 2026", "2026-02-01"),
        ("13 de enero de 2026", "2026-01-13"),
        ("13 gennaio 2026", "2026-01-13"),
        ("13 de março de 2026", "2026-03-13"),
        ("13 januari 2026", "2026-01-13"),
        ("13 stycznia 2026", "2026-01-13"),
        ("13 января 2026", "2026-01-13"),
        ("13 січня 2026", "2026-01-13"),
        ("13 Ocak 2026", "2026-01-13"),
        ("13. ledna 2026", "2026-01-13"),
        ("2026年1月13日", "2026-01-13"),
        ("2026년 1월 13일", "2026-01-13"),
        ("13/01/2026", "2026-01-13"),
        ("13.01.2026 - 09:30", "2026-01-13T09:30:00"),
        ("1/25/2026", "2026-01-25"),
    ],
)
def test_what_is_printed(printed, expected):
    assert read_moment(printed) == expected


@pytest.mark.parametrize(
    "printed", ["", None, "yesterday", "32 January 2026", "in 1848", "1848-03-01", "call 555 0123", "x" * 500]
)
def test_what_is_no_date(printed):
    assert read_moment(printed) is None


def test_american_order_where_it_is_known():
    assert read_moment("1/2/2026", month_first=True) == "2026-01-02"
    assert read_moment("1/2/2026") == "2026-02-01"


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://e.example/2026/01/13/ferry", "2026-01-13"),
        ("https://e.example/news/ferry-2026-01-13.html", "2026-01-13"),
        ("https://e.example/2026/jan/13/ferry", "2026-01-13"),
        ("https://e.example/a/20260113-ferry", "2026-01-13"),
        ("https://e.example/story/123456789", None),
        (None, None),
    ],
)
def test_days_in_addresses(url, day):
    assert url_day(url) == day


def test_months_by_their_beginnings():
    assert [month_of(word) for word in ("Juni", "juillet", "März", "mayo", "октября", "ploughman")] == [
        6,
        7,
        3,
        5,
        10,
        None,
    ]


@given(st.text(max_size=80))
def test_any_text_gives_a_time_or_none(text):
    found = read_moment(text)
    assert found is None or found[:4].isdigit()
