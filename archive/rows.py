"""What an archive answers with: rows of known columns, one at a time, or as a table of pandas."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any, Generic, NotRequired, TypedDict, TypeVar, cast

from archive.errors import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame

# Times that newsmorgue itself took, to the millisecond; those that a page prints may be no more than a day.
TAKEN = frozenset(
    {"changed_at", "ended_at", "fetched_at", "first_seen_at", "gone_at", "last_confirmed_at", "last_seen_at"}
    | {"last_visited_at", "seen_from", "seen_to", "started_at"}
)


class ArticleRow(TypedDict):
    """A row of ``articles``; the last three only where full articles were asked for."""

    id: str
    url: str
    site: str
    headline: str | None
    standfirst: str | None
    section: str | None
    authors: list[str]
    published_at: str | None
    modified_at: str | None
    language: str | None
    tags: list[str]
    image_url: str | None
    words: int
    kind: str
    confidence: float
    paywalled: bool | None
    first_seen_at: str
    last_seen_at: str
    gone_at: str | None
    versions: int
    version_id: NotRequired[str]
    text: NotRequired[str]
    markdown: NotRequired[str]


class ChangeRow(TypedDict):
    """A row of the view ``changes`` with the article's site: one step between two versions."""

    article_id: str
    url: str
    from_version: int | None
    to_version: int | None
    changed_at: str
    kind: str
    headline_before: str | None
    headline_after: str | None
    words_added: int
    words_removed: int
    similarity: float | None
    site: str


class FoundRow(TypedDict):
    """What a search found: a version, and the passage that matches with the words between U+0002 and U+0003."""

    article_id: str
    number: int
    url: str
    site: str
    headline: str | None
    published_at: str | None
    seen_from: str
    seen_to: str | None
    snippet: str


class CaptureRow(TypedDict):
    """A row of the view ``observations``: what one visit saw."""

    capture_id: str
    run_id: str
    url: str
    site: str
    fetched_at: str
    status: int | None
    outcome: str
    article_id: str | None
    detail: str | None
    final_url: str | None
    body_id: str | None
    rendered_id: str | None


class RemovalRow(TypedDict):
    """One piece that was stripped from a page."""

    position: int
    kind: str
    rule: str
    path: str
    text: str


class RunRow(TypedDict):
    """A row of ``runs``."""

    id: str
    command: str
    arguments: list[str]
    agent: str
    started_at: str
    ended_at: str | None
    exit_code: int | None
    counts: dict[str, int]
    after_id: str | None
    manifest: str | None


class SiteRow(TypedDict):
    """A site in numbers; ``missing`` are articles that are known and not archived."""

    site: str
    articles: int
    versions: int
    gone: int
    visits: int
    missing: int
    first_seen_at: str | None
    last_visited_at: str | None


class SiteLineRow(TypedDict):
    """A row of ``site_lines``: what recurs on a site's articles, and whether it is taken out of them."""

    id: str
    site: str
    kind: str
    line: str
    in_force: int
    reason: str
    articles: int
    seen: int
    share: float
    first_seen_at: str
    last_seen_at: str
    mark: int


Row = TypeVar("Row")


class Rows(Iterator[Row]):
    """Rows one at a time, as SQLite gives them, with the names of their ``columns``; each comes once.

    ``list(rows)`` takes them all, ``rows.to_pandas()`` makes a table of those that are still to come.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
        self._rows = iter(rows)
        self.columns = tuple(columns)

    @classmethod
    def of(cls, kind: type[Any], rows: Iterable[Mapping[str, Any]]) -> "Rows[Row]":
        """``rows`` that have the columns of a ``TypedDict``."""
        return cls(rows, [name for name in kind.__annotations__ if name in kind.__required_keys__])

    def __next__(self) -> Row:
        return cast("Row", next(self._rows))

    def to_pandas(self) -> "DataFrame":
        """A ``pandas.DataFrame``, a row each; see ``to_pandas`` of this module."""
        return to_pandas(self._rows, self.columns)


class RowList(list[Row], Generic[Row]):
    """A list that can be had as a table, also when it is empty."""

    def __init__(self, rows: Iterable[Row], columns: Sequence[str]) -> None:
        super().__init__(rows)
        self.columns = tuple(columns)

    def to_pandas(self) -> "DataFrame":
        """A ``pandas.DataFrame``, a row each; see ``to_pandas`` of this module."""
        return to_pandas(cast("list[Any]", self), self.columns)


def to_pandas(rows: Iterable[Any], columns: Sequence[str]) -> "DataFrame":
    """A table of ``rows``, mappings or dataclasses, with at least ``columns``.

    Times of newsmorgue's own visits become timestamps in UTC; what a page gives as its time stays the text that it is,
    as it may be a day. Lists stay lists. Raises ``UsageError`` where pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError:
        raise UsageError("this needs pandas, which is not installed: pip install pandas") from None
    records = [asdict(row) if is_dataclass(row) and not isinstance(row, type) else dict(row) for row in rows]
    frame = pd.DataFrame.from_records(records, columns=None if records else list(columns))
    for name in TAKEN.intersection(frame.columns):
        frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
    return frame
