"""Reading a page by the rules of its site: selectors of fields and of what is no part of the story. Pure.

What a site's entry says outranks what the reader finds out. What its selectors take out of the story is a removal like
any other, and where a field came from is evidence.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from archive.records import Article, ArticleKind, Block, Evidence, Removal, RemovalKind
from pipelines.site_rules import Rules
from scraper.reading import Page, read_page
from scraper.reading.moments import read_moment
from scraper.reading.names import clean_names

FIELDS = (
    *("headline", "standfirst", "section", "authors", "published_at", "modified_at", "language", "tags", "image_url"),
    "text",
)
LISTS = frozenset(("authors", "tags"))
TIMES = frozenset(("published_at", "modified_at"))
TOLD_BY = {"published_at": "datetime", "modified_at": "datetime", "image_url": "src"}  # attributes that say it better
XPATH_STARTS = ("/", "(", "./")
SOURCE = "site:fields"


@lru_cache(maxsize=1024)
def compiled(selector: str) -> etree.XPath:
    """A selector, CSS or XPath, ready for use. Raises ``ValueError`` for one that is neither."""
    if not selector.startswith(XPATH_STARTS):
        from parsel.csstranslator import HTMLTranslator

        try:
            selector = HTMLTranslator().css_to_xpath(selector)
        except (SyntaxError, RuntimeError) as error:
            raise ValueError(str(error)) from None
    try:
        return etree.XPath(selector)
    except etree.XPathSyntaxError as error:
        raise ValueError(str(error)) from None


def select(root: Element, selector: str) -> list[Any]:
    """What ``selector`` matches: elements or texts, in the page's order."""
    try:
        found = compiled(selector)(root)
    except etree.XPathEvalError:  # a function or a prefix that there is not, known only now
        return []
    return list(found) if isinstance(found, list) else [found]


def _text(match: Any) -> str:
    pieces = match.itertext() if isinstance(match, Element) else (str(match),)
    return " ".join("".join(map(str, pieces)).split())


def _told(match: Any, name: str) -> str:
    """What a match says of a field: its attribute where that says it better, else its text."""
    if isinstance(match, Element):
        for attribute in (TOLD_BY.get(name), "content"):
            if attribute and (value := match.get(attribute, "").strip()):
                return value
    return _text(match)


def _value(name: str, told: Sequence[str], page: Page) -> Any:
    if name == "authors":
        return clean_names(told, declared=True) or tuple(told)
    if name in LISTS:
        return tuple(dict.fromkeys(told))
    if name in TIMES:
        return next((moment for each in told if (moment := read_moment(each, printed=True))), None)
    return page.absolute(told[0]) if name == "image_url" else told[0]


def _fields(page: Page, root: Element, rules: Rules) -> Iterator[tuple[str, Any, Evidence]]:
    """Each field that a selector finds: its name, its value, and where it came from."""
    for name, selector in rules.fields:
        told = [text for match in select(root, selector) if (text := _told(match, name))] if name != "text" else []
        if told and (value := _value(name, told, page)):
            yield name, value, Evidence(name, f"{SOURCE} {selector}", told[0] if len(told) == 1 else "; ".join(told))


def _path(element: Element) -> str:
    names = []
    for each in (element, *element.iterancestors()):
        style = each.get("class", "").split()
        names.append(f"{each.tag}.{style[0]}" if style else str(each.tag))
    return "/".join(reversed(names[:-1])) or str(element.tag)


def _before(element: Element) -> str:
    """The text that stands right before an element."""
    for each in (element, *element.iterancestors()):
        for earlier in each.itersiblings(preceding=True):
            if isinstance(earlier.tag, str) and (text := _text(earlier)):
                return text
    return ""


def _stripped(root: Element, selectors: Sequence[str]) -> list[tuple[str, Removal]]:
    """Take out of a tree what the selectors match; each with the text that stood before it."""
    cut: list[tuple[str, Removal]] = []
    for selector in selectors:
        for match in select(root, selector):
            if not isinstance(match, Element) or match.getparent() is None or match.tag in ("html", "body"):
                continue
            if text := _text(match):
                rule = f"site:strip {selector}"
                cut.append((_before(match), Removal(RemovalKind.OTHER, rule, text, path=_path(match))))
            _drop(match)
    return cut


def _drop(element: Element) -> None:
    """Take an element out of its tree, but not the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    assert parent is not None
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _placed(before: str, removal: Removal, blocks: Sequence[Block]) -> Removal:
    """``removal`` with its place: behind the block that stood before it."""
    end = before[-60:]
    place = next((block.position + 1 for block in reversed(blocks) if end and block.text.endswith(end)), 0)
    return replace(removal, position=place)


def _inside(root: Element, selector: str) -> Element | None:
    """A page of nothing but the head and what ``selector`` matches."""
    matches = [match for match in select(root, selector) if isinstance(match, Element)]
    chosen = set(matches)
    outermost = [match for match in matches if not any(each in chosen for each in match.iterancestors())]
    if not outermost:
        return None
    page = etree.Element("html", {str(name): str(value) for name, value in root.attrib.items()})
    head = root.find("head")
    if head is not None:
        page.append(deepcopy(head))
    story = etree.SubElement(etree.SubElement(page, "body"), "article")
    for match in outermost:
        copy = deepcopy(match)
        copy.tail = None
        story.append(copy)
    return page


def _with_story(whole: Article, story: Article, selector: str) -> Article:
    """``whole`` with the blocks of ``story`` alone; what else it took for the story becomes removals."""
    kept = {block.text for block in story.blocks}
    outside = [block for block in whole.blocks if block.text and block.text not in kept]
    cut = [Removal(RemovalKind.OTHER, f"{SOURCE} text {selector}", block.text, block.position) for block in outside]
    known = {removal.text for removal in story.removals}
    others = [each for each in whole.removals if each.text not in kept and each.text not in known]
    surer = story if story.confidence > whole.confidence else whole
    return replace(
        whole,
        blocks=story.blocks,
        links=story.links,
        kind=surer.kind if surer.kind not in (ArticleKind.HUB, ArticleKind.OTHER) else ArticleKind.ARTICLE,
        confidence=max(surer.confidence, 0.5),
        reason=None,
        removals=tuple(sorted((*others, *story.removals, *cut), key=attrgetter("position"))),
    )


def read_by_rules(page: Page, rules: Rules, latest: str | None = None) -> Article:
    """The article of a parsed page by its site's ``rules``; the page stays as it is. ``latest`` as for the reader."""
    if page.root is None or not (rules.strip or rules.fields):
        return read_page(page, latest=latest)
    root = deepcopy(page.root) if rules.strip else page.root
    cut = _stripped(root, rules.strip)
    article = read_page(replace(page, root=root), latest=latest)
    body = dict(rules.fields).get("text")
    if body and (inside := _inside(root, body)) is not None:
        article = _with_story(article, read_page(replace(page, root=inside), latest=latest), body)
    if cut:
        removals = (*article.removals, *(_placed(before, removal, article.blocks) for before, removal in cut))
        article = replace(article, removals=tuple(sorted(removals, key=attrgetter("position"))))
    found = list(_fields(page, root, rules))
    if not found:
        return article
    names = {name for name, *_ in found}
    evidence = (*(each for each in article.evidence if each.field not in names), *(told for *_, told in found))
    return replace(article, evidence=evidence, **{name: value for name, value, _ in found})
