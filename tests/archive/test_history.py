"""Versions as a fold: what each order of visits comes to."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.history import Observation, Span, State, closed_by, fold, step
from archive.records import Outcome

PLACE = "paper.example/a"


def observe(when: int, what: str, address: str = PLACE) -> Observation:
    outcome = {"304": Outcome.NOT_MODIFIED, "404": Outcome.GONE, "wall": Outcome.WALL, "err": Outcome.HTTP_ERROR}.get(
        what, Outcome.ARTICLE
    )
    story = outcome is Outcome.ARTICLE
    return Observation(
        fetched_at=f"2026-01-01T00:{when:02}:00.000Z",
        capture_id=f"{when}-{what}-{address}",
        outcome=outcome,
        address=address,
        fingerprint=what if story else None,
        landed=address if story else None,
    )


def told(*whats: str) -> list[str]:
    """The spans of observations a minute apart: state, minutes of start, confirmation and end."""
    spans, _ = fold(observe(minute, what) for minute, what in enumerate(whats))
    return [
        f"{s.fingerprint} {s.seen_from[14:16]}-{s.last_confirmed_at[14:16]}-{(s.seen_to or '')[14:16]}" for s in spans
    ]


@pytest.mark.parametrize(
    ("whats", "spans"),
    [
        (["A"], ["A 00-00-"]),
        (["A", "A", "304"], ["A 00-02-"]),
        (["A", "B"], ["A 00-00-01", "B 01-01-"]),
        (["A", "B", "A"], ["A 00-00-01", "B 01-01-02", "A 02-02-"]),
        (["A", "404"], ["A 00-00-01"]),
        (["A", "404", "404", "A"], ["A 00-00-01", "A 03-03-"]),
        (["A", "404", "304"], ["A 00-00-01", "A 02-02-"]),
        (["A", "404", "B"], ["A 00-00-01", "B 02-02-"]),
        (["A", "wall", "err", "A"], ["A 00-03-"]),
        (["A", "wall", "304"], ["A 00-00-"]),
        (["A", "wall", "304", "A", "304"], ["A 00-04-"]),
        (["404", "304", "wall", "A"], ["A 03-03-"]),
        (["304"], []),
    ],
)
def test_what_visits_come_to(whats: list[str], spans: list[str]) -> None:
    assert told(*whats) == spans


def test_a_state_that_comes_back_is_marked() -> None:
    spans, state = fold([observe(0, "A"), observe(1, "B"), observe(2, "404"), observe(3, "A")])
    assert [(span.restores, span.after_gone) for span in spans] == [(False, False), (False, False), (True, True)]
    assert state.gone_at is None


def test_only_the_articles_own_address_can_close_it() -> None:
    _, state = fold([observe(0, "A"), observe(1, "404", "paper.example/short")])
    assert state.gone_at is None
    _, state = fold([observe(0, "A"), observe(1, "404")])
    assert state.gone_at == "2026-01-01T00:01:00.000Z"


def test_a_wall_on_one_address_does_not_spoil_the_304_of_another() -> None:
    spans, _ = fold([observe(0, "A"), observe(1, "wall", "paper.example/amp"), observe(2, "304")])
    assert spans[0].last_confirmed_at.endswith("00:02:00.000Z")


observations = st.lists(
    st.builds(
        observe,
        st.integers(0, 9),
        st.sampled_from(["A", "B", "C", "304", "404", "wall", "err"]),
        st.sampled_from([PLACE, "paper.example/amp"]),
    ),
    max_size=12,
    unique_by=lambda seen: seen.capture_id,
)


@given(observations, st.randoms())
def test_order_of_arrival_does_not_matter(seen: list[Observation], shuffler: object) -> None:
    mixed = list(seen)
    shuffler.shuffle(mixed)  # type: ignore[attr-defined]
    assert fold(mixed) == fold(seen)


@given(observations)
def test_step_by_step_is_the_fold(seen: list[Observation]) -> None:
    state = State()
    spans: list[Span] = []
    for each in sorted(seen, key=lambda one: one.place):
        state = step(state, each)
        if state.span and (not spans or spans[-1].number != state.span.number):
            spans[-1:] = [closed_by(spans[-1], state.span)] if spans else []
            spans.append(state.span)
        elif state.span:
            spans[-1] = state.span
    assert (spans, state) == fold(seen)


@given(observations)
@example([observe(0, "B"), observe(1, "404"), observe(2, "A"), observe(2, "B"), observe(2, "304")])
def test_spans_follow_each_other(seen: list[Observation]) -> None:
    spans, state = fold(seen)
    for number, span in enumerate(spans, 1):
        assert span.number == number
        assert span.seen_from <= span.last_confirmed_at
        assert span.seen_to is None or span.last_confirmed_at <= span.seen_to
    for span, following in pairwise(spans):
        assert span.seen_to is not None
        assert span.seen_to <= following.seen_from
    assert len({(span.seen_from, span.fingerprint) for span in spans}) == len(spans)
    if spans:
        assert (spans[-1].seen_to is None) == (state.gone_at is None)
