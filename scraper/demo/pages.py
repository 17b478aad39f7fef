"""The newspaper's pages: stories through layouts, lists, feed, sitemaps, robots.txt. Deterministic."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template

from scraper.demo.paper import SECTIONS, Story, edition

PAGE_LENGTH = 5  # stories on one page of a section
FRONT_LENGTH = 9
FEED_LENGTH = 10
NEWS_SITEMAP_DAYS = 2  # as the news extension asks


@dataclass(frozen=True, slots=True)
class Resource:
    """What one address answers."""

    status: int
    content_type: str
    body: bytes
    changed: datetime

    @property
    def etag(self) -> str:
        """A strong validator, from the bytes."""
        return f'"{sha256(self.body).hexdigest()[:20]}"'


@cache
def _layout(name: str) -> Template:
    return Template((files("scraper.demo") / "layouts" / f"{name}.html").read_text(encoding="utf-8"))


def _filled(name: str, values: Mapping[str, str]) -> bytes:
    parts = {"frame": _layout("frame").template, "foot": _layout("foot").template}
    return _layout(name).substitute(parts | dict(values)).encode()


def _words(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _block(block: str) -> str:
    if block.startswith("## "):
        return f"<h2>{escape(block[3:])}</h2>"
    if block.startswith("- "):
        items = "".join(f"<li>{escape(line[2:], quote=False)}</li>" for line in block.splitlines())
        return f"<ul>{items}</ul>"
    return f"<p>{escape(block, quote=False)}</p>"


def _body(text: str) -> str:
    return "\n".join(_block(block) for block in text.strip().split("\n\n"))


def _card(story: Story) -> str:
    return (
        f'<div class="card"><a href="{story.path}">{escape(story.headline)}</a> '
        f'<span class="card-date">{_words(story.published)}</span></div>'
    )


def _teaser(story: Story) -> str:
    return (
        f'<div class="teaser"><h2><a href="{story.path}">{escape(story.headline)}</a></h2>'
        f'<p>{escape(story.standfirst)}</p><span class="date">{_words(story.published)}</span></div>'
    )


def _json_ld(story: Story, base: str) -> str:
    document = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "description": story.standfirst,
        "datePublished": story.published.isoformat(),
        "dateModified": (story.modified or story.published).isoformat(),
        "author": [{"@type": "Person", "name": story.author}],
        "articleSection": story.section,
        "keywords": list(story.tags),
        "image": f"{base}/pictures/{story.slug}.jpg",
        "mainEntityOfPage": base + story.path,
        "publisher": {"@type": "NewsMediaOrganization", "name": "The Penmarrow Ledger"},
    }
    return json.dumps(document, ensure_ascii=False).replace("</", "<\\/")


def _story_page(story: Story, related: Sequence[Story], base: str) -> bytes:
    values = {
        "headline": escape(story.headline),
        "standfirst": escape(story.standfirst),
        "author": escape(story.author),
        "author_slug": story.author.lower().replace(" ", "-"),
        "section": story.section,
        "section_slug": story.section.lower(),
        "url": base + story.path,
        "image": f"{base}/pictures/{story.slug}.jpg",
        "caption": escape(story.caption),
        "published": story.published.isoformat(),
        "published_words": _words(story.published),
        "updated": f" · Updated {_words(story.modified)}" if story.modified else "",
        "body": _body(story.text),
        "correction": f'<p class="correction"><em>{escape(story.correction)}</em></p>' if story.correction else "",
        "related": "\n".join(map(_card, related)),
    }
    if story.section == "Culture":
        return _filled("magazine", values)
    return _filled("classic", values | {"json_ld": _json_ld(story, base)})


def _list_page(title: str, path: str, base: str, listed: Sequence[Story], pagination: str = "") -> bytes:
    values = {
        "title": title,
        "url": base + path,
        "teasers": "\n".join(map(_teaser, listed)),
        "pagination": pagination,
    }
    return _filled("list", values)


def _pagination(path: str, page: int, pages: int) -> str:
    links = [f'<a href="{path}?page={number}">{number}</a>' for number in range(1, pages + 1) if number != page]
    if page < pages:
        links.append(f'<a rel="next" href="{path}?page={page + 1}">Older stories</a>')
    return " ".join(links)


def _section_pages(section: str, listed: Sequence[Story], base: str) -> Iterator[tuple[str, bytes]]:
    path = f"/{section.lower()}/"
    pages = -(-len(listed) // PAGE_LENGTH)
    for page in range(1, pages + 1):
        address = path if page == 1 else f"{path}?page={page}"
        shown = listed[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]
        body = _list_page(section, address, base, shown, _pagination(path, page, pages))
        yield address, body
        if page == 1:
            yield f"{path}?page=1", body


def _feed(listed: Sequence[Story], base: str) -> bytes:
    items = "".join(
        f"<item><title>{escape(story.headline)}</title><link>{base}{story.path}</link>"
        f"<guid>{base}{story.path}</guid><description>{escape(story.standfirst)}</description>"
        f"<pubDate>{story.published:%a, %d %b %Y %H:%M:%S +0000}</pubDate></item>"
        for story in listed[:FEED_LENGTH]
    )
    head = f"<title>The Penmarrow Ledger</title><link>{base}/</link><description>News from the Isk</description>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def _sitemaps(listed: Sequence[Story], base: str) -> Iterator[tuple[str, bytes]]:
    schema = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    news = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    newest = listed[0].published
    recent = [story for story in listed if newest - story.published <= timedelta(days=NEWS_SITEMAP_DAYS)]
    entries = "".join(
        f"<url><loc>{base}{story.path}</loc><news:news><news:publication><news:name>The Penmarrow Ledger</news:name>"
        f"<news:language>en</news:language></news:publication><news:publication_date>{story.published.isoformat()}"
        f"</news:publication_date><news:title>{escape(story.headline)}</news:title></news:news></url>"
        for story in recent
    )
    yield "/sitemap-news.xml", f'<?xml version="1.0"?><urlset {schema} {news}>{entries}</urlset>'.encode()
    older = "".join(
        f"<url><loc>{base}{story.path}</loc><lastmod>{(story.modified or story.published).isoformat()}</lastmod></url>"
        for story in listed
        if story.section == "Town"
    )
    yield "/sitemap-town.xml", f'<?xml version="1.0"?><urlset {schema}>{older}</urlset>'.encode()
    index = "".join(f"<sitemap><loc>{base}/sitemap-{name}.xml</loc></sitemap>" for name in ("news", "town"))
    yield "/sitemap.xml", f'<?xml version="1.0"?><sitemapindex {schema}>{index}</sitemapindex>'.encode()


def _stories(everything: Sequence[Story], base: str) -> Iterator[tuple[str, Resource]]:
    html = "text/html; charset=utf-8"
    for section in SECTIONS:
        told = [story for story in everything if story.section == section]
        for place, story in enumerate(told):
            if story.status != 200:
                reason = "This article has been withdrawn." if story.status == 410 else "There is nothing here."
                yield (
                    story.path,
                    Resource(story.status, html, _filled("not_found", {"reason": reason}), story.last_change),
                )
                continue
            others = [other for other in (told[place + 1 :] + told[:place]) if other.status == 200 and other.day == 1]
            yield story.path, Resource(200, html, _story_page(story, others[:3], base), story.last_change)


def resources(day: int, base: str) -> dict[str, Resource]:
    """Every address of the newspaper on ``day``; ``base`` is scheme and host."""
    everything = edition(day)
    listed = [story for story in everything if story.status == 200]
    html, xml, changed = "text/html; charset=utf-8", "application/xml", listed[0].published
    table = dict(_stories(everything, base))
    table["/"] = Resource(200, html, _list_page("Front page", "/", base, listed[:FRONT_LENGTH]), changed)
    for section in SECTIONS:
        told = [story for story in listed if story.section == section]
        for path, body in _section_pages(section, told, base):
            table[path] = Resource(200, html, body, changed)
    for path, body in _sitemaps(listed, base):
        table[path] = Resource(200, xml, body, changed)
    table["/feed.xml"] = Resource(200, "application/rss+xml", _feed(listed, base), changed)
    robots = f"User-agent: *\nDisallow: /newsletter\nDisallow: /subscribe\n\nSitemap: {base}/sitemap.xml\n"
    table["/robots.txt"] = Resource(200, "text/plain", robots.encode(), changed)
    return table


def not_found() -> bytes:
    """The page for an address that was never there."""
    return _filled("not_found", {"reason": "The page that you are looking for does not exist, or has moved."})
