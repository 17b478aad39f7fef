"""What a page says about itself: meta, link, title, JSON-LD, h1 and time elements, in one scan of the tree."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from scraper.reading.flight import is_pushed
from scraper.reading.jsonld import LONGEST, Thing, article_of, flatten, load
from scraper.reading.page import Page

SCANNED = ("meta", "link", "script", "title", "h1", "time", "html")
NAMING = ("name", "property", "itemprop", "http-equiv")  # attributes of a meta element
MOST_VALUES = 100  # of one name: tags and authors have some dozens


def squeeze(text: str | None) -> str:
    """``text`` on one line."""
    return " ".join(text.split()) if text else ""


@dataclass(slots=True)
class Head:
    """``meta`` maps lower-case names (name, property, itemprop) to values in order; ``things`` are JSON-LD objects."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    links: list[tuple[str, Element]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    h1: list[Element] = field(default_factory=list)
    times: list[Element] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    article: Thing = field(default_factory=dict)
    data_scripts: list[str] = field(default_factory=list)
    language: str | None = None
    is_amp: bool = False
    room: int = LONGEST  # characters of JSON-LD that are still read

    def metas(self, *names: str) -> Iterator[tuple[str, str]]:
        """``(name, value)`` for each of ``names`` that the page gives, in the order of ``names``."""
        for name in names:
            for value in self.meta.get(name, ()):
                yield name, value

    def link(self, relation: str) -> str | None:
        """The address of the first ``<link rel=relation>``."""
        return next((element.get("href") for rel, element in self.links if relation in rel.split()), None)


def _add_meta(head: Head, element: Element) -> None:
    attributes: dict[str, str] = dict(element.items())  # type: ignore[arg-type]  # a parsed tree has no bytes
    content = squeeze(attributes.get("content") or attributes.get("value"))
    if not content:
        return
    for attribute in NAMING:
        if name := attributes.get(attribute):
            values = head.meta.setdefault(name.strip().lower(), [])
            if len(values) < MOST_VALUES:
                values.append(content)


def _add_script(head: Head, element: Element, values: list[object]) -> None:
    kind = (element.get("type") or "").lower()
    text = element.text
    if not text:
        return
    if "ld+json" in kind:
        if len(text) <= head.room:
            head.room -= len(text)
            values.extend(load(text))
    elif "json" in kind or is_pushed(text) or "Fusion.globalContent" in text[:20_000] or "__NEXT_DATA__" in text[:200]:
        head.data_scripts.append(text)


def head_of(page: Page) -> Head:
    """Collect what ``page`` says about itself."""
    head = Head()
    values: list[object] = []
    if page.root is None:
        return head
    for element in page.root.iter(*SCANNED):
        match element.tag:
            case "meta":
                _add_meta(head, element)
            case "link":
                if relation := element.get("rel"):
                    head.links.append((relation.lower(), element))
            case "script":
                _add_script(head, element, values)
            case "title":
                head.titles.append(squeeze("".join(map(str, element.itertext()))))
            case "h1":
                head.h1.append(element)
            case "time":
                head.times.append(element)
            case "html":
                head.language = (
                    element.get("lang")
                    or element.get("{http://www.w3.org/XML/1998/namespace}lang")
                    or element.get("xml:lang")
                )
                head.is_amp = element.get("amp") is not None or element.get("⚡") is not None
    head.things = flatten(values)
    try:
        path = urlsplit(page.url or "").path.rstrip("/")
    except ValueError:
        path = ""
    head.article = article_of(head.things, path)
    return head
