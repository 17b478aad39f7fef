"""The text in a part of a tree, and whether there is enough of it."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from lxml.etree import XPath, iterwalk
from lxml.etree import _Element as Element

from scraper.reading.elements import SKIPPED

SILENT = ("script", "style", "title", "desc", "tspan")
UNSEEN = ("script", "style", "template", "svg")
LARGE = 3_000  # elements
SENTENCE = 80  # characters
ENDS = '.!?…。！？؟।։”"'
SEEN_PIECES = XPath(
    "descendant::text()[not(parent::script or parent::style or parent::title or parent::desc or parent::tspan)]",
    smart_strings=False,
)
UNTEMPLATED_PIECES = XPath(
    "descendant::text()[not(parent::script or parent::style or ancestor::template or ancestor::svg)]",
    smart_strings=False,
)


def pieces_of(element: Element) -> Iterable[str]:
    """The pieces of text in ``element``, in order, without those of scripts and the like."""
    if next(element.iter(*UNSEEN), None) is None:
        return element.itertext()  # type: ignore[return-value]  # a parsed tree has no bytes
    unseen = {part.tag for part in element.iter(*UNSEEN)}
    if next(islice(element.iter(), LARGE, None), None) is not None:
        return _walked_pieces(element, UNSEEN if "template" in unseen else SILENT)
    pieces = UNTEMPLATED_PIECES if "template" in unseen else SEEN_PIECES
    return pieces(element)  # type: ignore[return-value]  # the expressions give strings alone


def _walked_pieces(element: Element, silent: Collection[str]) -> Iterator[str]:
    """The pieces in a large part: XPath sorts what it found, by ways that are long where elements are deep."""
    walk = iterwalk(element, events=("start", "end"))
    for event, part in walk:
        if event == "end":
            text = part.tail if part is not element else None
        elif part.tag in silent:
            walk.skip_subtree()
            text = None
        else:
            text = part.text
        if text:
            yield text


def one_line(text: str) -> str:
    """``text`` with single spaces for all white space, and none around it."""
    text = text.strip()
    if text.isprintable() and "  " not in text:  # of white space only the space is printable: nothing to do
        return text
    return " ".join(text.split())


def text_of(element: Element, separator: str = "\n") -> str:
    """The text of ``element`` without scripts, a piece a line."""
    if not len(element) and element.tag not in UNSEEN:
        return one_line(element.text or "")
    return separator.join([" ".join(words) for piece in pieces_of(element) if (words := piece.split())])


def is_longer(pieces: Iterable[str | bytes], limit: int) -> bool:
    """Whether ``pieces`` have as many as ``limit`` characters in all; looks at no more of them than it must."""
    total = 0
    for piece in pieces:
        total += len(piece)
        if total >= limit:
            return True
    return False


def is_sentence(text: str | None) -> bool:
    """Whether a piece of text is so long, and ends so, that it is a sentence or several."""
    return text is not None and len(text) > SENTENCE and (bare := text.strip())[-1:] in ENDS and len(bare) > SENTENCE


def prose_in(element: Element, enough: int) -> bool:
    """Whether the ``p`` elements in ``element`` have more than ``enough`` characters."""
    total = 0
    for p in element.iter("p"):
        total += len(p.text or "")
        for child in p:
            total += len(child.text or "") + len(child.tail or "")
        if total > enough:
            return True
    return False


def text_in(element: Element, enough: int) -> bool:
    """Whether the text in ``element``, without scripts, has more than ``enough`` characters."""
    total = 0
    for part in element.iter():
        if part.tag not in SKIPPED:
            total += len(part.text or "") + len(part.tail or "")
            if total > enough:
                return True
    return False
