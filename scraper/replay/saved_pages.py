"""Folders of saved pages and text dumps, as captures."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from archive.records import Capture, Outcome
from archive.times import to_text
from archive.urls import is_web_url
from scraper.replay.source import Left, Taken

SUFFIXES = {".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".txt": "text/plain"}
# Browsers ("saved from url=(0031)https://…") and SingleFile ("url: https://…") note in a comment where a page is from.
SAVED_FROM = re.compile(rb"<!--[^>]{0,200}?(?:saved from url=\(\d+\)|\burl:\s*)(https?://[^\s>]+)", re.IGNORECASE)
LINK = re.compile(rb"<link\b[^>]*\brel=[\"']?canonical\b[^>]*>", re.IGNORECASE)
OG_URL = re.compile(rb"<meta\b[^>]*\bproperty=[\"']?og:url\b[^>]*>", re.IGNORECASE)
ADDRESS = re.compile(rb"\b(?:href|content)=[\"']?(https?://[^\"'\s>]+)", re.IGNORECASE)
PART = 100  # files
HEAD = 128 * 1024  # bytes in which a page says what it is


def is_saved_page(path: Path) -> bool:
    """Whether a file's name says that it is a page or a text dump."""
    return path.suffix.lower() in SUFFIXES


def stated_address(page: bytes) -> str | None:
    """The address that a saved page says it is from: its saver's comment, its canonical link, its ``og:url``."""
    from scraper.reading.markup import plain

    head = page[:HEAD]
    saved = SAVED_FROM.search(head)
    elements = (match[0] for pattern in (LINK, OG_URL) if (match := pattern.search(head)))
    stated = (found[1] for element in elements if (found := ADDRESS.search(element)))
    for address in (*([saved[1]] if saved else []), *stated):
        text = plain(address.decode("utf-8", "replace"))
        if is_web_url(text):
            return text
    return None


@dataclass(frozen=True, slots=True)
class SavedPages:
    """The pages below ``top`` (or ``top`` itself), by name.

    A page that does not say its address gets ``url_prefix`` and its path below ``top``; without a prefix that is
    ``file:///`` and the folder's name, so that it can be kept, and found again, all the same. ``only`` are those of
    the files that are meant.
    """

    top: Path
    url_prefix: str | None = None
    only: tuple[Path, ...] | None = None

    def __iter__(self) -> Iterator[Taken | Left]:
        """Each page, at the time its file was last written."""
        files = self._files()
        if not files:
            yield Left(str(self.top), "no .html, .htm, .xhtml or .txt file in it")
        for path in files:
            yield self._take(path)

    def in_parts(self) -> "list[SavedPages]":
        """The same pages in the same order, divided."""
        files = self._files()
        return [replace(self, only=tuple(files[at : at + PART])) for at in range(0, len(files), PART)] or [self]

    def _files(self) -> Sequence[Path]:
        if self.only is not None:
            return self.only
        return [self.top] if self.top.is_file() else sorted(filter(is_saved_page, self.top.rglob("*")))

    def _take(self, path: Path) -> Taken | Left:
        try:
            page = path.read_bytes()
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError as error:
            return Left(str(path), error.strerror or str(error))
        media = SUFFIXES.get(path.suffix.lower(), "text/html")
        capture = Capture(
            url=(None if media == "text/plain" else stated_address(page)) or self._address(path),
            fetched_at=to_text(written),
            outcome=Outcome.FETCHED,
            content_type=media,
            found_via="import",
            found_in=path.name,
        )
        return Taken(capture, page)

    def _address(self, path: Path) -> str:
        place = path.relative_to(self.top) if path != self.top else Path(path.name)
        folder = self.top.resolve() if self.top.is_dir() else self.top.resolve().parent
        prefix = self.url_prefix or f"file:///{quote(folder.name)}/"
        return prefix + quote(place.as_posix())
