"""One page, outside any archive: what the reader and the cleaning stages make of it, in four forms. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from html import escape
from typing import Any

from archive.identity import article_id_of
from archive.records import Article, Block, BlockKind, Capture, Outcome, Visit
from archive.urls import site_of
from pipelines import cleaning_stages, run_stages
from pipelines.canonicalise import Canonicalise
from scraper.reading import outcome_of, parse, read_page
from scraper.replay.saved_pages import stated_address

FIELDS = (
    *("url", "site", "headline", "standfirst", "section", "authors", "published_at", "modified_at", "language", "tags"),
    *("image_url", "text", "markdown", "words", "kind", "confidence", "paywalled"),
)
ELEMENTS = {
    BlockKind.QUOTE: "blockquote",
    BlockKind.CODE: "pre",
    BlockKind.TABLE: "pre",
    BlockKind.CAPTION: "figcaption",
    BlockKind.LIST_ITEM: "li",
}


def extract(
    page: bytes, url: str | None = None, content_type: str | None = None, *, latest: str | None = None
) -> tuple[Article, Outcome]:
    """``page`` as the archive would take it, and whether it would. Never raises for any bytes.

    ``latest`` is when the page was seen: no date after it is believed.
    """
    parsed = parse(page, url or stated_address(page), content_type)
    article = read_page(parsed, latest=latest)
    address = url or article.url
    capture = Capture(url=address or "", fetched_at="", outcome=Outcome.FETCHED)
    visit = Visit(capture=capture, article=article, outcome=outcome_of(parsed, article))
    # a page that has no address cannot be given a canonical one
    stages = [stage for stage in cleaning_stages() if address or not isinstance(stage, Canonicalise)]
    visit = run_stages(stages, visit)
    assert visit.article is not None
    return visit.article, visit.outcome


def to_record(article: Article, *, explain: bool = False) -> dict[str, Any]:
    """The article's fields by their names; with ``explain`` also lists of its blocks, removals and evidence."""
    record: dict[str, Any] = {"id": article_id_of(article.url) if article.url else None}
    record |= {name: getattr(article, name) for name in FIELDS}
    if explain:
        record["reason"] = article.reason
        record["blocks"] = [asdict(block) for block in article.blocks]
        record["removals"] = [asdict(removal) for removal in article.removals]
        record["evidence"] = [asdict(found) for found in article.evidence]
    return record


def _head(article: Article) -> Iterator[str]:
    if article.section:
        yield article.section
    byline = ", ".join(article.authors)
    line = " · ".join(part for part in (byline, article.published_at or "", site_of(article.url or "")) if part)
    if line:
        yield line


def to_text(article: Article) -> str:
    """Headline, standfirst, a line of section, authors and time, then the story."""
    parts = (article.headline, article.standfirst, *_head(article), article.text)
    return "\n\n".join(part for part in parts if part)


def to_markdown(article: Article) -> str:
    """The same in Markdown: the headline as a title, the standfirst strong, the story with its links and figures."""
    headline = f"# {article.headline}" if article.headline else None
    standfirst = f"**{article.standfirst}**" if article.standfirst else None
    return "\n\n".join(part for part in (headline, standfirst, *_head(article), article.markdown) if part)


def _element(block: Block) -> str:
    heading = f"h{min(max(block.level, 2), 6)}"
    name = heading if block.kind is BlockKind.HEADING else ELEMENTS.get(block.kind, "p")
    return f"<{name}>{escape(block.text)}</{name}>"


def to_html(article: Article) -> str:
    """A bare HTML document of the article: no scripts, no styles, nothing from elsewhere, all text escaped."""
    language = f' lang="{escape(article.language)}"' if article.language else ""
    title = escape(article.headline or article.url or "")
    body = [f"<h1>{escape(article.headline)}</h1>"] if article.headline else []
    body += [f"<p><strong>{escape(article.standfirst)}</strong></p>"] if article.standfirst else []
    body += [f"<p>{escape(line)}</p>" for line in _head(article)]
    body += [_element(block) for block in article.blocks if block.text]
    head = f'<!DOCTYPE html>\n<html{language}>\n<meta charset="utf-8">\n<title>{title}</title>\n<article>'
    return "\n".join([head, *body, "</article>\n</html>"])


RENDERINGS: dict[str, Callable[[Article], str]] = {"markdown": to_markdown, "text": to_text, "html": to_html}
