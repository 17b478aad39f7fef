"""A passage's inline Markdown: links made absolute, emphasis, code, images."""

import re
from collections.abc import Iterator, Sequence

from lxml.etree import _Element as Element

from archive.records import BlockKind, Link
from archive.urls import is_web_url
from scraper.reading.outline import Mark, Passage
from scraper.reading.page import Page

FENCES = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
SPECIAL = re.compile(r"([\\`*\[\]])")
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


def paired(marks: Sequence[Mark]) -> list[Mark]:
    """``marks`` without those whose other half stands in another passage."""
    waiting: list[int] = []
    good: set[int] = set()
    for place, (_, what, element) in enumerate(marks):
        if what == "img":
            good.add(place)
        elif not what.startswith("/"):
            waiting.append(place)
        elif waiting and marks[waiting[-1]][2] is element:
            good.update((waiting.pop(), place))
    return [mark for place, mark in enumerate(marks) if place in good]


def _fragments(passage: Passage, page: Page) -> Iterator[tuple[bool, str]]:
    """``(is text, fragment)`` in order."""
    at = 0
    for index, what, element in paired(passage.marks):
        if index > at:
            yield True, "".join(passage.pieces[at:index])
            at = index
        tag = what.lstrip("/")
        if what == "img":
            yield False, image(element, page) if element is not None else ""
        elif tag in FENCES:
            yield False, FENCES[tag]
        elif tag == "a" and element is not None:
            url = web_address(element, page)
            if url:
                yield False, f"]({_target(url)})" if what == "/a" else "["
    yield True, "".join(passage.pieces[at:])


def _join(fragments: list[tuple[bool, str]]) -> str:
    """Fragments as one line, spaces moved out of emphasis, pairs around nothing left out."""
    text = ""
    for is_text, fragment in fragments:
        text += escape(fragment) if is_text else f"\x00{fragment}\x00"
    for fence in ("**", "*", "`"):
        if f"\x00{fence}\x00" not in text:
            continue
        quoted = re.escape(f"\x00{fence}\x00")
        text = re.sub(rf"{quoted}(\s*){quoted}", r"\1", text)
        text = re.sub(
            rf"{quoted}(\s*)((?:(?!{quoted}).)*?)(\s*){quoted}",
            rf"\1{fence}\2{fence}\3".replace("\\*", "*"),
            text,
            flags=re.DOTALL,
        )
    if "\x00[\x00" not in text:
        return " ".join(text.replace("\x00", "").split())
    text = re.sub(r"\x00\[\x00(\s*)\x00\]\([^)]*\)\x00", r"\1", text)
    return " ".join(text.replace("\x00", "").split())


def figure_markdown(passage: Passage, element: Element, page: Page) -> str | None:
    """A caption under the image of the figure that it stands in; ``None`` when there is no such image."""
    figure: Element | None = element
    for _ in range(4):
        if figure is None:
            return None
        found = next((markdown for img in figure.iter("img", "amp-img") if (markdown := image(img, page))), None)
        if found:
            return f"{found}\n*{escape(passage.text)}*"
        figure = figure.getparent()
    return None


def inline_markdown(passage: Passage, page: Page) -> str | None:
    """The inline Markdown of ``passage`` if it says more than its text."""
    if passage.kind is BlockKind.TABLE:
        return _table(passage.text)
    if not passage.marks or passage.kind is BlockKind.CODE:
        return None
    text = _join(list(_fragments(passage, page)))
    return text if text and text != passage.text else None


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
            yield Link(opened[1], " ".join("".join(passage.pieces[opened[0] : index]).split()))
            opened = None
