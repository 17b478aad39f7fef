"""The pages of an invented paper as it serves them at one instant, in four layouts, never twice the same.

Each request brings what real pages bring anew: counters, tokens, times that run, other related stories, other
advertisements. None of that is the story, and none of it may make a version.
"""

import json
from datetime import datetime, timedelta
from html import escape
from random import Random

from benchmarks.life.story import FIRST_DAY, HOURS, SECTIONS, Life, Story

NAME = "The Saltmarsh Courier"
LISTED = 25
PROMO = "The Courier’s weekly letter comes out on Thursdays, with the stories that our reporters are proudest of."
SIGN_UP = (
    "Enter your email address and you agree that we may write to you about our offers. You can unsubscribe any time."
)
NAVIGATION = "".join(f'<li><a href="/{section.lower()}/">{section}</a></li>' for section in SECTIONS)


def _iso(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S+00:00")


class Pages:
    """``answer(path, instant)`` gives status, headers and body."""

    def __init__(self, life: Life, seed: int) -> None:
        self.life, self.chance, self.base = life, Random(seed), ""

    def answer(self, path: str, instant: int) -> tuple[int, dict[str, str], bytes]:
        """What the server says at that instant."""
        place = path.partition("?")[0]
        if place == "/robots.txt":
            return 200, {"Content-Type": "text/plain"}, f"User-agent: *\nSitemap: {self.base}/news.xml\n".encode()
        if place == "/news.xml":
            return 200, {"Content-Type": "application/xml"}, self._sitemap(instant).encode()
        if place == "/feed.xml":
            return 200, {"Content-Type": "application/rss+xml"}, self._feed(instant).encode()
        listed = self._list(path, instant)
        if listed is not None:
            return 200, {"Content-Type": "text/html; charset=utf-8"}, listed.encode()
        return self._story(place, instant)

    def _standing(self, instant: int) -> list[Story]:
        stories = [story for story in self.life.at[instant].values() if story is not None]
        return sorted(stories, key=lambda story: story.published, reverse=True)

    def _sitemap(self, instant: int) -> str:
        entries = "".join(
            f"<url><loc>{self.base}{story.path}</loc><news:news><news:publication><news:name>{NAME}</news:name>"
            f"<news:language>en</news:language></news:publication><news:publication_date>{_iso(story.published)}"
            f"</news:publication_date><news:title>{escape(story.headline)}</news:title></news:news></url>"
            for story in self._standing(instant)[:60]
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{entries}</urlset>'
        )

    def _feed(self, instant: int) -> str:
        items = "".join(
            f"<item><title>{escape(story.headline)}</title><link>{self.base}{story.path}</link>"
            f"<pubDate>{story.published:%a, %d %b %Y %H:%M:%S +0000}</pubDate></item>"
            for story in self._standing(instant)[:20]
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{NAME}</title>{items}</channel></rss>'

    def _list(self, path: str, instant: int) -> str | None:
        place, _, number = path.partition("?page=")
        stories = self._standing(instant)
        if place != "/":
            stories = [story for story in stories if place == f"/{story.section.lower()}/"]
        if place.strip("/") not in ("", *(section.lower() for section in SECTIONS)):
            return None
        first = (int(number or 1) - 1) * LISTED
        cards = "".join(
            f'<article class="card"><h2><a href="{story.path}">{escape(story.headline)}</a></h2>'
            f"<p>{escape(story.standfirst)}</p><time>{story.published:%d %B %Y}</time></article>"
            for story in stories[first : first + LISTED]
        )
        further = f'<a href="{place}?page={int(number or 1) + 1}">Older stories</a>'
        body = cards + (further if first + LISTED < len(stories) and place != "/" else "")
        feed = f'<link rel="alternate" type="application/rss+xml" href="{self.base}/feed.xml">'
        return f"<!doctype html><html lang=en><head><title>{NAME}</title>{feed}</head><body><ul>{NAVIGATION}</ul>{body}"

    def _story(self, path: str, instant: int) -> tuple[int, dict[str, str], bytes]:
        html = {"Content-Type": "text/html; charset=utf-8"}
        for number, paths in self.life.paths.items():
            story = self.life.at[instant].get(number)
            if path not in paths or number not in self.life.at[instant]:
                continue
            if story is None:
                return 404, html, b"<html><title>Not found</title><body><h1>Page not found</h1><p>It is gone.</p>"
            if path != story.path:
                return 301, html | {"Location": self.base + story.path}, b""
            return self._shown(story, self.life.hidden[instant].get(number), instant)
        return 404, html, b"<html><title>Not found</title><body><h1>Page not found</h1><p>No such page.</p>"

    def _shown(self, story: Story, hidden: str | None, instant: int) -> tuple[int, dict[str, str], bytes]:
        html = {"Content-Type": "text/html; charset=utf-8"}
        if hidden == "error":
            return 500, html, b"<html><body><h1>Internal server error</h1>"
        if hidden == "challenge":
            body = (
                "<html><head><title>Just a moment...</title></head><body><p>Checking your browser before you go on.</p>"
            )
            return 403 if instant % 2 else 200, html, body.encode()
        if hidden == "soft 404":
            body = f"<html><head><title>Page not found - {NAME}</title></head><body><ul>{NAVIGATION}</ul>"
            return (
                200,
                html,
                f"{body}<h1>Page not found</h1><p>We looked everywhere for what you asked for.</p>".encode(),
            )
        if hidden == "wall":
            return 200, html, self._wall(story).encode()
        layouts = (self._with_data, self._in_lines, self._in_containers, self._in_table)
        return 200, html, layouts[story.layout](story, instant).encode()

    def _head(self, story: Story, more: str = "") -> str:
        url = self.base + story.path
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(story.headline)} | {NAME}</title>"
            f'<link rel="canonical" href="{url}"><meta property="og:type" content="article">'
            f'<meta property="og:title" content="{escape(story.headline)}">'
            f'<meta name="description" content="{escape(story.standfirst)}">'
            f'<meta name="csrf-token" content="{self.chance.getrandbits(128):032x}">{more}</head><body>'
            f"<header><ul>{NAVIGATION}</ul><span>{self.chance.randrange(9, 99)} readers are here now</span></header>"
        )

    def _wall(self, story: Story) -> str:
        free = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
        return (
            f"{self._head(story, free)}<main><h1>{escape(story.headline)}</h1><p>{escape(story.paragraphs[0])}</p>"
            "<div><h3>Subscribe to continue reading</h3><p>Already a subscriber? Log in to read this article.</p></div>"
            "</main></body></html>"
        )

    def _related(self, story: Story, instant: int, many: int = 6) -> str:
        others = [other for other in self._standing(instant) if other.number != story.number]
        return "".join(
            f'<div class="teaser"><a href="{other.path}">{escape(other.headline)}</a>'
            f"<span>{other.published:%d %b %Y}</span> <span>{self.chance.randrange(900)} comments</span></div>"
            for other in self.chance.sample(others, min(many, len(others)))
        )

    def _foot(self) -> str:
        served = f"<!-- served by node {self.chance.randrange(40)} -->"
        return f"<footer><p>{SIGN_UP}</p><p>© 2026 {NAME}. All rights reserved.</p></footer>{served}</body></html>"

    def _ago(self, story: Story, instant: int) -> str:
        hours = (FIRST_DAY + timedelta(hours=HOURS * (instant + 1)) - story.published) // timedelta(hours=1)
        return f"{hours} hours ago · {self.chance.randrange(100, 99999)} views"

    def _with_data(self, story: Story, instant: int) -> str:
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": story.headline,
            "datePublished": _iso(story.published),
            "dateModified": _iso(story.modified or story.published),
            "author": [{"@type": "Person", "name": story.author}],
            "articleSection": story.section,
        }
        half = len(story.paragraphs) // 2
        lines = [f"<p>{escape(line)}</p>" for line in story.paragraphs]
        lines.insert(half, f'<div class="ad" id="slot-{self.chance.randrange(9999)}"><p>Advertisement</p></div>')
        return (
            self._head(story, f'<script type="application/ld+json">{json.dumps(data)}</script>')
            + f'<main><article><h1>{escape(story.headline)}</h1><p class="standfirst">{escape(story.standfirst)}</p>'
            f'<p class="byline">By <a rel="author" href="/by">{story.author}</a></p>'
            f"<p>{self._ago(story, instant)}</p>{''.join(lines)}</article></main>"
            f"<aside><h3>Most read</h3>{self._related(story, instant)}</aside>{self._foot()}"
        )

    def _in_lines(self, story: Story, instant: int) -> str:
        when = f'<meta property="article:published_time" content="{_iso(story.published)}">'
        if story.modified:
            when += f'<meta property="article:modified_time" content="{_iso(story.modified)}">'
        when += (
            f'<meta name="author" content="{story.author}"><meta property="article:section" content="{story.section}">'
        )
        return (
            self._head(story, when) + f'<div id="content"><h1>{escape(story.headline)}</h1>'
            f"<h2>{escape(story.standfirst)}</h2>"
            f"<div>{story.author} | {story.published:%d %B %Y, %H:%M} | {story.section}</div>"
            f"<div class=text>{'<br><br>'.join(map(escape, story.paragraphs))}</div><p>{PROMO}</p>"
            f"<div class=more>{self._related(story, instant, 8)}</div></div>{self._foot()}"
        )

    def _in_containers(self, story: Story, instant: int) -> str:
        when = (
            f'<meta itemprop="datePublished" content="{_iso(story.published)}">'
            f'<meta itemprop="articleSection" content="{story.section}">'
        )
        parts = [
            f'<div class="para-{place}"><p>{escape(line)}</p></div>' for place, line in enumerate(story.paragraphs)
        ]
        parts.insert(2, f'<div class="box"><h4>Read more</h4>{self._related(story, instant, 2)}</div>')
        return (
            self._head(story) + f'<section itemscope itemtype="https://schema.org/NewsArticle">{when}'
            f'<h1 itemprop="headline">{escape(story.headline)}</h1><p itemprop="description">{escape(story.standfirst)}'
            f'</p><span itemprop="author">{story.author}</span><div itemprop="articleBody">{"".join(parts)}</div>'
            f"<p>{SIGN_UP}</p></section><ul>{self._related(story, instant)}</ul>{self._foot()}"
        )

    def _in_table(self, story: Story, instant: int) -> str:
        when = f'<meta name="date" content="{_iso(story.published)}"><meta name="section" content="{story.section}">'
        lines = "".join(f"<p>{escape(line)}</p>" for line in story.paragraphs)
        return (
            self._head(story, when) + f"<table><tr><td><ul>{NAVIGATION}</ul></td><td><h1>{escape(story.headline)}</h1>"
            f'<p class="lead"><b>{escape(story.standfirst)}</b></p><p class="author">By {story.author}</p>'
            f"{lines}<p>{PROMO}</p><p>Share this story</p></td><td><b>Latest</b>{self._related(story, instant)}</td>"
            f"</tr></table>{self._foot()}"
        )
