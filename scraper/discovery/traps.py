"""Endless ways to nowhere: calendars, session ids, facets. Told by what comes of them, not by their names."""

import re
from collections import Counter
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.discovery.shapes import HASH, WORD

MOST_BARREN = 100  # pages of one form in a row
MOST_BARREN_BELOW = 500  # pages below one folder in a row, whatever their form
MOST_FORMS = 20_000  # that are counted; a site has dozens
MOST_TEXTS = 500_000
MAX_LENGTH = 2_000  # characters of an address
MAX_SEGMENTS = 20
MAX_REPEATS = 3  # of one segment in one path
SAME_AS = "the same as "  # begins the detail of a visit that showed a story again under another query
NUMBER = re.compile(r"\d+")


def _segment(segment: str) -> str:
    if HASH.fullmatch(segment) or len(segment) > 60:
        return "~"
    return "*" if len(WORD.findall(segment)) > 2 else NUMBER.sub("#", segment)


def form_of(url: str) -> str:
    """What addresses of the same kind have in common: numbers, slugs, hashes and the values of the query left open.

    >>> form_of("https://ledger.example/events/2026/03/?view=month")
    'ledger.example/events/#/#/?view'
    """
    parts = urlsplit(url)
    path = "/".join(map(_segment, unquote(parts.path).lower().split("/")))
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{parts.netloc}{path}" + (f"?{'&'.join(names)}" if names else "")


def is_winding(url: str) -> bool:
    """Whether an address has grown as those do whose links lead ever deeper: very long, or in circles."""
    if len(url) > MAX_LENGTH:
        return True
    segments = [segment for segment in urlsplit(url).path.split("/") if segment]
    if len(segments) > MAX_SEGMENTS:
        return True
    return len(segments) > MAX_REPEATS and max(Counter(segments).values()) > MAX_REPEATS


class Twins:
    """Stories of a run whose addresses differ in the query alone: what is the same in all but a session."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, int], str] = {}

    def first_of(self, url: str, text: str) -> str | None:
        """The address under which ``text`` was seen first on the same path, if that was another."""
        if len(self._first) >= MOST_TEXTS:
            self._first.clear()
        key = url.partition("?")[0], hash(text)
        first = self._first.setdefault(key, url)
        return first if first != url else None


class Traps:
    """What came of the pages of a run, by form of address; a form that brings nothing new for long is a trap."""

    def __init__(self) -> None:
        self._barren: Counter[str] = Counter()
        self._texts: set[int] = set()

    def is_new(self, text: str) -> bool:
        """Whether no article of this run had this text before."""
        if len(self._texts) >= MOST_TEXTS:
            self._texts.clear()
        before = len(self._texts)
        self._texts.add(hash(text))
        return len(self._texts) > before

    def note(self, url: str, *, fruitful: bool) -> None:
        """A page that had not been visited before brought a new story or the address of one, or neither."""
        if len(self._barren) > MOST_FORMS:
            self._barren.clear()
        for form in (form_of(url), _folder(url)):
            self._barren[form] = 0 if fruitful else self._barren[form] + 1

    def verdict(self, url: str) -> str | None:
        """Why ``url`` is not worth a visit, if it is not."""
        if not self._barren:
            return None
        if self._barren.get(form := form_of(url), 0) >= MOST_BARREN:
            return f"trap: {MOST_BARREN} pages of the form {form[:200]} in a row brought nothing new"
        if self._barren.get(folder := _folder(url), 0) >= MOST_BARREN_BELOW:
            return f"trap: {MOST_BARREN_BELOW} pages below {folder[:200]} in a row brought nothing new"
        return None


def _folder(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}/{_segment(parts.path.lower().split('/')[1] if '/' in parts.path else '')}/"
