"""The readers that newsmorgue is measured beside, each as ``(page, url) -> {text, title, authors, date}``.

Each gets the page decoded as newsmorgue decodes it, and the settings that its documentation gives for articles.
"""

import importlib
from collections.abc import Callable
from typing import Any

from scraper.reading import read
from scraper.reading.decode import decode

Reader = Callable[[bytes, str | None], Any]
NOWHERE = "http://example.com/article"  # for readers that want an address


def newsmorgue(page: bytes, url: str | None) -> Any:
    return read(page, url)


def bare_lxml(page: bytes, _: str | None) -> Any:
    """The floor: a parse, and nothing made of it."""
    html = importlib.import_module("lxml.html")
    return {"text": "", "tree": html.document_fromstring(page)}


def trafilatura_fast(page: bytes, _: str | None) -> Any:
    trafilatura = importlib.import_module("trafilatura")
    return {"text": trafilatura.extract(decode(page)[0], fast=True, include_comments=False)}


def trafilatura_metadata(page: bytes, url: str | None) -> Any:
    trafilatura = importlib.import_module("trafilatura")
    found = trafilatura.bare_extraction(decode(page)[0], url=url, with_metadata=True, include_comments=False)
    if found is None:
        return {}
    authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return {"text": found.text, "title": found.title, "authors": authors, "date": found.date}


def newspaper4k(page: bytes, url: str | None) -> Any:
    newspaper = importlib.import_module("newspaper")
    article = newspaper.Article(url or NOWHERE, fetch_images=False)
    article.download(input_html=decode(page)[0])
    article.parse()
    date = article.publish_date
    return {"text": article.text, "title": article.title, "authors": article.authors, "date": date}


def readability_lxml(page: bytes, _: str | None) -> Any:
    readability, html = importlib.import_module("readability"), importlib.import_module("lxml.html")
    document = readability.Document(decode(page)[0])
    summary = html.fragment_fromstring(document.summary(html_partial=True), create_parent="div")
    return {"text": "\n".join(summary.itertext()), "title": document.short_title()}


def resiliparse(page: bytes, _: str | None) -> Any:
    trees = importlib.import_module("resiliparse.parse.html")
    texts = importlib.import_module("resiliparse.extract.html2text")
    tree = trees.HTMLTree.parse(decode(page)[0])
    text = texts.extract_plain_text(tree, main_content=True, alt_texts=False, links=False)
    return {"text": text, "title": tree.title}


# Reader: its distribution, whose version is told with the results.
READERS: dict[Reader, str] = {
    newsmorgue: "newsmorgue",
    trafilatura_metadata: "trafilatura",
    trafilatura_fast: "trafilatura",
    newspaper4k: "newspaper4k",
    readability_lxml: "readability-lxml",
    resiliparse: "resiliparse",
}
