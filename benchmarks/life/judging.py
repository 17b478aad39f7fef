"""An archive held to what really became of an invented paper."""

from collections import Counter
from dataclasses import dataclass, field

from archive.store import Archive
from benchmarks.life.story import Life, Story


@dataclass
class Verdict:
    """Shares are 0 to 1. ``wrong`` tells of what is not as it was, story by story."""

    articles: int = 0
    archived: int = 0
    exact: int = 0
    invented: int = 0
    paragraph_f1: list[float] = field(default_factory=list)
    deletions: int = 0
    deletions_seen: int = 0
    moves: int = 0
    moves_joined: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.archived / self.articles

    @property
    def f1(self) -> float:
        return sum(self.paragraph_f1) / len(self.paragraph_f1)


def _seen(state: Story) -> tuple[object, ...]:
    return state.headline, state.standfirst, (state.author,), state.paragraphs


def _f1(found: tuple[str, ...], wanted: tuple[str, ...]) -> float:
    both = sum((Counter(found) & Counter(wanted)).values())
    return 2 * both / (len(found) + len(wanted))


def _versions(archive: Archive, article_id: str) -> list[tuple[object, ...]]:
    return [
        (version.headline, version.standfirst, tuple(version.authors), tuple(version.text.split("\n\n")))
        for version in archive.versions(article_id)
    ]


def judge(archive: Archive, life: Life, base: str) -> Verdict:
    """How an archive of the whole life of the paper at ``base`` compares with it."""
    verdict = Verdict()
    owners = dict(archive.connection.execute("SELECT url, article_id FROM urls").fetchall())
    gone = dict(archive.connection.execute("SELECT id, gone_at FROM articles").fetchall())
    for number, paths in life.paths.items():
        states = life.states(number)
        if any(states):
            _judge_story(verdict, archive, number, states, {owners.get(base + path) for path in paths}, gone)
            verdict.moves += len(paths) > 1
            verdict.moves_joined += len(paths) > 1 and len({owners.get(base + path) for path in paths} - {None}) == 1
    verdict.invented += len(set(gone)) - verdict.archived
    return verdict


def _judge_story(
    verdict: Verdict,
    archive: Archive,
    number: int,
    states: list[Story | None],
    found: set[str | None],
    gone: dict[str, str | None],
) -> None:
    verdict.articles += 1
    known = sorted(filter(None, found))
    if not known:
        verdict.wrong.append(f"{number}: not archived")
        return
    verdict.archived += 1
    wanted = [_seen(state) for state in states if state is not None]
    got = _versions(archive, known[0])
    verdict.exact += got == wanted and len(known) == 1
    verdict.invented += max(len(got) - len(wanted), 0)
    verdict.paragraph_f1 += [_f1(one[3], other[3]) for one, other in zip(got, wanted, strict=False)]  # type: ignore[arg-type]
    if got != wanted or len(known) > 1:
        verdict.wrong.append(f"{number}: {len(known)} articles, {_difference(got, wanted)}")
    if states[-1] is None:
        verdict.deletions += 1
        verdict.deletions_seen += gone[known[0]] is not None


def _apart(found: object, wanted: object) -> str:
    if not isinstance(found, tuple) or not isinstance(wanted, tuple):
        return f"{found!r} for {wanted!r}"
    more, less = ([line for line in one if line not in other] for one, other in ((found, wanted), (wanted, found)))
    return f"too much: {more}, missing: {less}"


def _difference(got: list[tuple[object, ...]], wanted: list[tuple[object, ...]]) -> str:
    if len(got) != len(wanted):
        return f"{len(got)} versions for {len(wanted)}"
    for place, (one, other) in enumerate(zip(got, wanted, strict=True)):
        for name, left, right in zip(("headline", "standfirst", "authors", "text"), one, other, strict=True):
            if left != right:
                return f"version {place + 1}, {name}: {_apart(left, right)}"
    return "as it was"
