from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import UsageError
from archive.times import now, parse_when, to_text

NOON = datetime(2026, 1, 13, 12, 0, tzinfo=UTC)
NAIVE = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1))  # noqa: DTZ001


def test_times_are_utc_text_with_milliseconds():
    moment = datetime(2026, 1, 13, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=9)))
    assert to_text(moment) == "2026-01-12T16:02:03.456Z"
    assert len(now()) == len("2026-01-12T16:02:03.456Z")


@given(st.lists(NAIVE))
def test_texts_sort_as_times_do(moments: list[datetime]):
    aware = [moment.replace(tzinfo=UTC) for moment in moments]
    assert sorted(map(to_text, aware)) == [to_text(moment) for moment in sorted(aware)]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("2026-01-13", "2026-01-13T00:00:00.000Z"),
        ("2026-01-13T09:30Z", "2026-01-13T09:30:00.000Z"),
        ("2026-01-13T09:30+09:00", "2026-01-13T00:30:00.000Z"),
        ("2026-01-13 09:30", "2026-01-13T09:30:00.000Z"),
        ("3d", "2026-01-10T12:00:00.000Z"),
        ("90m", "2026-01-13T10:30:00.000Z"),
        ("2h ago", "2026-01-13T10:00:00.000Z"),
        ("1W", "2026-01-06T12:00:00.000Z"),
        ("today", "2026-01-13T00:00:00.000Z"),
        (" Yesterday ", "2026-01-12T00:00:00.000Z"),
        ("now", "2026-01-13T12:00:00.000Z"),
    ],
)
def test_what_people_type(words: str, text: str):
    assert parse_when(words, reference=NOON) == text


@pytest.mark.parametrize("words", ["", "soon", "13.01.2026", "2026-13-01", "9999999999d", "3 parsecs"])
def test_what_is_no_time_is_said_in_one_line(words: str):
    with pytest.raises(UsageError, match="is no time") as caught:
        parse_when(words)
    assert "\n" not in str(caught.value)
