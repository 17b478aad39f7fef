"""A passage's inline Markdown: links made absolute, emphasis, code, images."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml.etree import _Element as Element

from archive.records import Link
from archive.urls import is_web_url
from scraper.reading.kinds import CODE, PARAGRAPH, TABLE
from scraper.reading.outline import Mark, Passage
from scraper.reading.page import Page
from scraper.reading.texts import one_line

FENCES = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
ORNAMENT = 60  # pixels
SPECIAL = re.compile(r"([\\`*\[\]])")
LARGEST_FIGURE = 200  # elements among which a caption's image is looked for
LAZY = ("data-src", "data-original", "data-lazy-src", "src")


def escape(text: str) -> str:
    """``text`` with what Markdown would read as markup escaped."""
    return SPECIAL.sub(r"\\\1", text) if SPECIAL.search(text) else text


def image(element: Element, page: Page) -> str:
    """An image as Markdown, or ``""`` when it has no web address."""
    source = next((url for name in LAZY if (url := page.absolute(element.get(name))) and is_web_url(url)), None)
    return f"![{escape(' '.join((element.get('alt') or '').split()))}]({_target(source)})" if source else ""


def _target(url: str) -> str:
    return url.replace(" ", "%20").replace("(", "%28").replace(")", "%29")


def web_address(element: Element, page: Page) -> str | None:
    """Where a link leads, if that is on the web."""
    url = page.absolute(element.get("href"))
    if not url or not url.startswith(("http://", "https://")):
        return None
    return url if "[" not in url or is_web_url(url) else None  # only a bracket makes an address unreadable


def paired(marks: Sequence[Mark]) -> Sequence[Mark]:
    """``marks`` without those whose other half stands in another passage."""
    waiting: list[int] = []
    lone: set[int] = set()
    for place, (_, what, element) in enumerate(marks):
        if what == "img":
            continue
        if what[0] != "/":
            waiting.append(place)
        elif waiting and marks[waiting[-1]][2] is element:
            waiting.pop()
        else:
            lone.add(place)
    lone.update(waiting)
    return [mark for place, mark in enumerate(marks) if place not in lone] if lone else marks


@dataclass(slots=True)
class _Open:
    """A link or an emphasis that is being written: what stands in it so far, and where a link leads."""

    fence: str
    url: str | None = None
    written: list[str] = field(default_factory=list)

    def closed(self) -> str:
        """Its Markdown: spaces stand outside of the signs, and signs around nothing are left out."""
        text = "".join(self.written)
        inner = text.strip()
        if not inner or not (self.fence or self.url):
            return text
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        marked = f"[{inner}]({_target(self.url)})" if self.url else f"{self.fence}{inner}{self.fence}"
        return f"{before}{marked}{after}"


def _written(passage: Passage, page: Page) -> str:
    """The inline Markdown of ``passage``, its spaces as they come."""
    stack = [_Open("")]
    pieces, at = passage.pieces, 0
    for index, what, element in paired(passage.marks[_leading(passage) :]):
        if index > at:
            stack[-1].written.append(escape("".join(pieces[at:index])))
            at = index
        if what == "img":
            stack[-1].written.append(image(element, page) if element is not None else "")
        elif what[0] == "/":
            done = stack.pop().closed()
            stack[-1].written.append(done)
        elif what == "a":
            stack.append(_Open("", web_address(element, page) if element is not None else None))
        else:
            fence = FENCES.get(what, "")
            stack.append(_Open("" if any(outer.fence == fence for outer in stack) else fence))
    stack[-1].written.append(escape("".join(pieces[at:])))
    return "".join(stack[0].written)


def figure_markdown(passage: Passage, element: Element, page: Page) -> str | None:
    """A caption under the image of the figure that it stands in; ``None`` when there is no such image."""
    figure: Element | None = element
    for _ in range(4):
        if figure is None:
            return None
        near = (part for part in islice(figure.iter(), LARGEST_FIGURE) if part.tag in ("img", "amp-img"))
        found = next((markdown for img in near if (markdown := image(img, page))), None)
        if found:
            return f"{found}\n*{escape(passage.text)}*"
        figure = figure.getparent()
    return None


def inline_markdown(passage: Passage, page: Page) -> str | None:
    """The inline Markdown of ``passage`` if it says more than its text."""
    if passage.kind is TABLE:
        return _table(passage.text)
    if not passage.marks or passage.kind is CODE:
        return None
    text = one_line(_written(passage, page))
    if passage.marks[0][1] == "img" and passage.kind is PARAGRAPH:
        text = "\n\n".join([*_pictures(passage, page), text])
    return text if text and text != passage.text else None


def _leading(passage: Passage) -> int:
    """How many images stand before all text of ``passage``."""
    count = 0
    for index, what, _ in passage.marks:
        if what != "img" or index:
            break
        count += 1
    return count


def _pictures(passage: Passage, page: Page) -> Iterator[str]:
    """The images before ``passage``, but for small ones, which are ornaments."""
    for _, _, element in passage.marks[: _leading(passage)]:
        if element is not None and not _is_ornament(element) and (markdown := image(element, page)):
            yield markdown


def _is_ornament(element: Element) -> bool:
    sizes = [element.get(name) or "" for name in ("width", "height")]
    return any(size.isdecimal() and int(size[:6]) <= ORNAMENT for size in sizes)


def _table(text: str) -> str:
    rows = [[cell.replace("|", "\\|") for cell in row.split(" | ")] for row in text.split("\n")]
    width = max(map(len, rows))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def links_of(passage: Passage, page: Page) -> Iterator[Link]:
    """The links in a passage."""
    opened: tuple[int, str] | None = None
    for index, what, element in passage.marks:
        if what == "a" and element is not None:
            url = web_address(element, page)
            opened = (index, url) if url else None
        elif what == "/a" and opened:
            yield Link(opened[1], one_line("".join(passage.pieces[opened[0] : index])))
            opened = None
