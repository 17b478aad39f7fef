import re
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reading.calendars import jalali_day
from scraper.reading.moments import EARLIEST, Order, read_moment
from scraper.reading.month_names import NAMES, month_of
from scraper.reading.url_dates import url_day

FORM = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ?)?")


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
        ("13 | 01 | 2026", "2026-01-13"),
        ("13.1.26", "2026-01-13"),
        ("Stand: 13.01.2026", "2026-01-13"),
        ("13/11/2025 09:21:40", "2025-11-13T09:21:40"),
        ("10/05/2022 05:22 pm", "2022-05-10T17:22:00"),
        ("19.1.23, 10:00-11:30 Uhr", "2023-01-19T10:00:00"),
        ("20260113T09:30:00Z", "2026-01-13T09:30:00Z"),
        ("Mon Jan 12 09:30:00 EST 2026", "2026-01-12T14:30:00Z"),
        ("Mon Jan 12 2026 10:00:00 GMT+0200 (EET)", "2026-01-12T08:00:00Z"),
        ("1 June 2019 at 08:34 PM EDT", "2019-06-02T00:34:00Z"),
        ("HarbourJANUARY 13, 2026Updated", "2026-01-13"),
        ("04-ago-2021 5:11:10", "2021-08-04T05:11:10"),
        ("13 listopada 2025", "2025-11-13"),
        ("2025 m. sausio 13 d.", "2025-01-13"),
        ("2026. gada 13. janvārī", "2026-01-13"),
        ("2026. január 13.", "2026-01-13"),
        ("ngày 13 tháng 1 năm 2026", "2026-01-13"),
        ("13 Ιανουαρίου 2026", "2026-01-13"),
        ("13 בינואר 2026", "2026-01-13"),
        ("13 كانون الثاني 2026", "2026-01-13"),
        ("١٣ يناير ٢٠٢٦", "2026-01-13"),
        ("३१ जनवरी २०२६", "2026-01-31"),
        ("১৩ জানুয়ারি ২০২৬", "2026-01-13"),
        ("13 ม.ค. 2569", "2026-01-13"),
        ("๑๓ มกราคม ๒๕๖๙", "2026-01-13"),
        ("۱۳۹۹/۰۴/۱۲ - ۱۲:۳۰", "2020-07-02T12:30:00"),
        ("12 تیر 1399", "2020-07-02"),
        ("令和2年7月3日", "2020-07-03"),
        ("民國109年4月17日", "2020-04-17"),
        ("2026. 1. 13. 오후 3:05", "2026-01-13T15:05:00"),
        ("1912-04-16T05:00:00.000Z", "1912-04-16T05:00:00Z"),
    ],
)
def test_what_is_printed(printed, expected):
    assert read_moment(printed) == expected


@pytest.mark.parametrize(
    "printed",
    [
        "",
        None,
        "yesterday",
        "32 January 2026",
        "in 1848",
        "1648-03-01",
        "call 555 0123",
        "x" * 500,
        "May 2019",
        "1970-01-01T00:00:00Z",
    ],
)
def test_what_is_no_date(printed):
    assert read_moment(printed) is None


@pytest.mark.parametrize("printed", ["1848-03-01", "20260113", "1768296600", "12 March 1989"])
def test_what_is_no_date_in_a_text_for_readers(printed):
    assert read_moment(printed) is not None
    assert read_moment(printed, printed=True) is None


@pytest.mark.parametrize("clock", ["T00:00:00+01:00", "T00:00:00.000Z", " 00:00:00", "T00:00:00-0500"])
def test_midnight_is_a_day_in_the_pages_own_zone(clock):
    assert read_moment(f"2026-01-13{clock}") == "2026-01-13"


def test_american_order_where_it_is_known():
    assert read_moment("1/2/2026", Order(month_first=True)) == "2026-01-02"
    assert read_moment("1.2.2026", Order(month_first=True)) == "2026-02-01"
    assert read_moment("1/2/2026") == "2026-02-01"


def test_a_day_in_the_future_is_read_the_other_way():
    assert read_moment("03/09/2026", Order(last_day="2026-03-20")) == "2026-03-09"


def test_new_years_of_the_persian_calendar():
    assert [jalali_day(year, 1, 1) for year in (1358, 1375, 1400, 1403, 1404)] == [
        date(1979, 3, 21),
        date(1996, 3, 20),
        date(2021, 3, 21),
        date(2024, 3, 20),
        date(2025, 3, 21),
    ]
    assert jalali_day(1403, 7, 31) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://e.example/2026/01/13/ferry", "2026-01-13"),
        ("https://e.example/news/ferry-2026-01-13.html", "2026-01-13"),
        ("https://e.example/2026/jan/13/ferry", "2026-01-13"),
        ("https://e.example/a/20260113-ferry", "2026-01-13"),
        ("https://e.example/story/123456789", None),
        ("https://e.example/news/article/A2026011309300001234", "2026-01-13"),
        ("https://e.example/meldungen/13-01-2026", "2026-01-13"),
        ("https://archive.example/web/20280217080612/http://e.example/2026/01/13/ferry", "2026-01-13"),
        ("https://archive.example/web/20280217080612/e.example/ferry", None),
        ("https://e.example/2026/01/13/http-explained", "2026-01-13"),
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


@pytest.mark.parametrize("month", NAMES)
def test_each_name_of_a_month_is_read_within_a_date(month):
    for name in NAMES[month].split():
        found = read_moment(f"13 {name.replace('_', ' ')} 2026")
        assert found == f"2026-{month:02}-13", name


@given(st.text(max_size=80))
def test_any_text_gives_a_time_or_none(text):
    found = read_moment(text)
    assert found is None or FORM.fullmatch(found)


@given(st.from_regex(r"[0-9]{0,4}[-/. ]?[0-9A-Za-z]{0,9}[-/. ]?[0-9]{0,4}([ T][0-9:]{4,8}([ap]m|[+-][0-9]{4}|Z)?)?"))
def test_what_looks_like_a_date_gives_one_of_the_calendar_or_none(text):
    found = read_moment(text)
    if found is not None:
        assert FORM.fullmatch(found)
        assert datetime.fromisoformat(found).year >= EARLIEST - 1


@given(
    st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2037, 1, 1)),  # noqa: DTZ001 - the zone comes apart
    st.integers(min_value=-12 * 4, max_value=14 * 4),
)
def test_a_time_with_an_offset_is_given_in_utc(moment, quarters):
    zoned = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    found = read_moment(zoned.isoformat())
    if zoned.time() == datetime.min.time():
        assert found == zoned.date().isoformat()
    else:
        assert found.endswith("Z")
        assert datetime.fromisoformat(found) == zoned
