"""An article's versions as a pure fold over what its visits saw, in time order.

Whatever order the observations arrive in, the same observations give the same spans: a late import of an older
capture ends as if it had come in its time. The archive's quick way (one ``step`` from the last state) and its slow way
(``fold`` over all) are the same function.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from archive.records import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one visit says about an article.

    ``fingerprint`` is set when the visit saw the story. ``landed`` is the url_key of the address that it stood at then;
    ``address`` is the key of the one that was asked for, which may only have led there.
    """

    fetched_at: str
    capture_id: str
    outcome: Outcome
    address: str
    fingerprint: str | None = None
    landed: str | None = None

    @property
    def place(self) -> tuple[str, bool, str, str, str]:
        """Where it stands in time; among equal times, sightings of one state stand together, and a 304 after them.

        A 304 before them could open a span of a state that one of them opens once more, at the same time.
        """
        confirms = self.outcome is Outcome.NOT_MODIFIED
        return self.fetched_at, confirms, self.fingerprint or "", self.outcome.value, self.capture_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One version's life: opened by ``capture_id``; ``sightings`` are all captures that saw it, the first included."""

    number: int
    fingerprint: str
    seen_from: str
    last_confirmed_at: str
    seen_to: str | None
    capture_id: str
    after_gone: bool
    restores: bool
    sightings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where the fold stands: the newest span, when the article went (if it is gone), and what may end it.

    ``landed`` is the address of the last sighting: only a 404 of that one closes the article, as what a page declares
    to be its canonical address may never have been there. ``unread`` are the addresses whose last page was no story
    (a wall, a challenge): a 304 there confirms that page, not the story.
    """

    span: Span | None = None
    gone_at: str | None = None
    landed: str | None = None
    unread: frozenset[str] = frozenset()
    fingerprints: frozenset[str] = field(default_factory=frozenset)


# A body came, and reading found no story in it.
NO_STORY = frozenset(
    {
        *(Outcome.HUB, Outcome.THIN, Outcome.WALL, Outcome.CHALLENGE, Outcome.SOFT_404, Outcome.UNREADABLE),
        Outcome.NEEDS_RENDERING,
    }
)


def step(state: State, seen: Observation) -> State:
    """The state after one more observation, which must not be older than those before."""
    match seen.outcome:
        case Outcome.ARTICLE if seen.fingerprint is not None:
            return _sighted(state, seen, seen.fingerprint)
        case Outcome.NOT_MODIFIED if state.span and seen.address not in state.unread:
            return _confirmed(state, seen, state.span)
        case Outcome.GONE if state.span and not state.gone_at and seen.address == state.landed:
            closed = state.span if state.span.seen_to else replace(state.span, seen_to=seen.fetched_at)
            return replace(state, span=closed, gone_at=seen.fetched_at)
        case outcome if outcome in NO_STORY:
            return replace(state, unread=state.unread | {seen.address})
        case _:
            return state


def _confirmed(state: State, seen: Observation, span: Span) -> State:
    if state.gone_at:  # a 304 after a 404: what was there before is there again
        return _opened(state, seen, span.fingerprint) if seen.fetched_at > state.gone_at else state
    return replace(state, span=_seen_again(span, seen))


def _sighted(state: State, seen: Observation, fingerprint: str) -> State:
    known = replace(state, landed=seen.landed, unread=state.unread - {seen.landed, seen.address})
    if state.span and state.span.fingerprint == fingerprint and not state.gone_at:
        return replace(known, span=_seen_again(state.span, seen))
    return _opened(known, seen, fingerprint)


def _seen_again(span: Span, seen: Observation) -> Span:
    return replace(span, last_confirmed_at=seen.fetched_at, sightings=(*span.sightings, seen.capture_id))


def _opened(state: State, seen: Observation, fingerprint: str) -> State:
    span = Span(
        number=state.span.number + 1 if state.span else 1,
        fingerprint=fingerprint,
        seen_from=seen.fetched_at,
        last_confirmed_at=seen.fetched_at,
        seen_to=None,
        capture_id=seen.capture_id,
        after_gone=state.gone_at is not None,
        restores=fingerprint in state.fingerprints,
        sightings=(seen.capture_id,),
    )
    return replace(state, span=span, gone_at=None, fingerprints=state.fingerprints | {fingerprint})


def closed_by(span: Span, following: Span) -> Span:
    """``span`` as it reads once ``following`` has opened: it ends there, unless it had ended before."""
    return span if span.seen_to else replace(span, seen_to=following.seen_from)


def fold(observations: Iterable[Observation]) -> tuple[list[Span], State]:
    """All spans in order and the last state, from observations in any order."""
    state, spans = State(), list[Span]()
    for seen in sorted(observations, key=lambda seen: seen.place):
        state = step(state, seen)
        if state.span is None:
            continue
        if spans and spans[-1].number == state.span.number:
            spans[-1] = state.span
        else:
            if spans:
                spans[-1] = closed_by(spans[-1], state.span)
            spans.append(state.span)
    return spans, state
