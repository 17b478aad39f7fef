"""The demo: two crawls with a day between them, and what newsmorgue has to say about it."""

from collections.abc import Iterator
from pathlib import Path

from archive.errors import Degraded, UsageError
from archive.store import Archive
from scraper.crawl import Plan, crawl
from scraper.demo.paper import truth
from scraper.demo.server import Press
from scraper.sites import site_for
from scraper.summary import Summary, in_words

ARCHIVE = "news.db"
MARK = ".newsmorgue-demo"  # a folder that has it was made by the demo and may be emptied by it
SHOWN = 5


def _prepare(folder: Path) -> Path:
    """An empty folder for the archive; what an earlier demo left is removed, anything else is left alone."""
    archive = folder / ARCHIVE
    if archive.exists() and not (folder / MARK).exists():
        raise UsageError(f"{archive} was not made by the demo; name another folder with --dir")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARK).touch()
        for leftover in folder.glob(f"{ARCHIVE}*"):
            leftover.unlink()
    except OSError as error:
        raise UsageError(f"cannot use {folder}: {error.strerror or error}") from None
    return archive


def _matches(summary: Summary) -> bool:
    expected = truth()
    found = (summary.new, summary.changed, summary.gone, summary.unchanged)
    return found == (expected.new, expected.changed, expected.gone, expected.unchanged)


def _changes(archive: Archive) -> Iterator[str]:
    for change in archive.changes():
        if change["kind"] == "new":
            continue
        moved = f"+{change['words_added']} −{change['words_removed']} words"
        headline = change["headline_after"] or change["headline_before"]
        yield f"  {change['kind']:<11} {moved:<16} {headline}"


def _articles(archive: Archive) -> Iterator[str]:
    for article in archive.articles(limit=SHOWN):
        yield f"  {str(article['published_at'])[:10]}  {article['section'] or '':<8} {article['headline']}"


def _next(archive: Path, url: str) -> Iterator[str]:
    yield "Try next:"
    for words in (
        "changes --kind silent",
        f"diff {url}",
        f"history {url}",
        "search seaweed",
        f"removals {url}",
        "export --format markdown --output articles/",
        "verify",
    ):
        yield f"  newsmorgue {words} --archive {archive}"


def tour(folder: Path) -> Iterator[str]:
    """Run the demo in ``folder`` and give its lines as it goes. Raises ``Degraded`` if it does not find the truth."""
    path = _prepare(folder)
    with Press() as press:
        site = site_for(press.base + "/")
        yield f"The Penmarrow Ledger, an invented newspaper, is served at {press.base}/"
        first = crawl(path, Plan(sites=(site,), arguments=("demo", "day 1")))
        yield f"Day 1: {in_words(first)}"
        press.turn_to(2)
        yield "A day passes: the newsroom edits, corrects, withdraws and publishes."
        second = crawl(path, Plan(sites=(site,), full=True, arguments=("demo", "day 2")))
        yield f"Day 2: {in_words(second)}"
        yield f"       {press.answers[304]} of {press.answers.total()} answers were 304 Not Modified"
    with Archive.open(path) as archive:
        yield ""
        yield "What changed overnight:"
        yield from _changes(archive)
        yield ""
        yield f"The newest of {len(list(archive.articles()))} articles:"
        yield from _articles(archive)
        silent = next((change["url"] for change in archive.changes(kind="silent")), site.url)
    yield ""
    yield from _next(path, silent)
    if not _matches(second):
        raise Degraded(f"the demo found {in_words(second)}, which is not what the newspaper did")
