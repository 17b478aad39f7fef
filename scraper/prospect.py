"""Looking at a site before the first crawl: the feeds, sitemaps and sections that ``newsmorgue init`` writes down."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import tomlkit

from archive.errors import NothingFetched
from archive.records import Outcome
from archive.urls import canonical_url
from scraper.discovery.links import announced_feeds, page_links
from scraper.discovery.robots import parse_robots
from scraper.discovery.shapes import Shape, shape_of
from scraper.fetch import fetch
from scraper.reading import outcome_of, parse, read_page
from scraper.sites import Site, site_for

Answer = tuple[bytes, str, str | None]

MAX_SECTIONS = 12  # the first links of a page are its navigation; more is no longer a choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What a look at a site found; ``render`` if its start page is a shell, ``problem`` says why nothing was seen."""

    site: Site
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    render: bool = False
    problem: str | None = None


def _is_section(url: str, site: Site) -> bool:
    path = urlsplit(url).path.strip("/")
    return bool(path) and "/" not in path and site.covers(url) and shape_of(url) is Shape.SECTION


def prospect_from(site: Site, start: Answer, robots: bytes) -> Prospect:
    """What the start page of ``site`` (bytes, address, content type) and its robots.txt offer."""
    body, address, content_type = start
    page = parse(body, address, content_type)
    feeds = announced_feeds(page.root, address) if page.root is not None else []
    links = page_links(page.root, address) if page.root is not None else []
    sections = dict.fromkeys(canonical_url(url) for url in links if _is_section(url, site))
    sitemaps = parse_robots(robots, urljoin(address, "/robots.txt")).sitemaps
    return Prospect(
        site=site,
        feeds=tuple(feeds),
        sitemaps=sitemaps,
        sections=tuple(sections)[:MAX_SECTIONS],
        render=outcome_of(page, read_page(page)) is Outcome.NEEDS_RENDERING,
    )


def prospect(url: str) -> Prospect:
    """Look at the site of ``url``. Raises ``UsageError`` for what is no address."""
    site = site_for(url)
    try:
        start = fetch(site.url)
    except NothingFetched as error:
        return Prospect(site=site, problem=str(error))
    robots = b""
    with suppress(NothingFetched):  # most sites without one answer 404
        robots = fetch(urljoin(start[1], "/robots.txt"))[0]
    return prospect_from(site, start, robots)


def to_toml(prospects: Sequence[Prospect]) -> str:
    """``newsmorgue.toml`` for what was found. Sections are left as a comment: naming some leaves out the others."""
    document = tomlkit.document()
    document.add(tomlkit.comment("The sites of this archive. Every key: docs/configuration.md"))
    document.add(tomlkit.comment('contact = "mailto:you@example.org"  # shown to the sites; uncomment and fill in'))
    tables = tomlkit.aot()
    for found in prospects:
        table = tomlkit.table()
        table.add("name", found.site.name)
        table.add("url", found.site.url)
        for key, addresses in (("feeds", found.feeds), ("sitemaps", found.sitemaps)):
            if addresses:
                table.add(key, tomlkit.array().multiline(multiline=len(addresses) > 1))
                table[key].extend(addresses)
        if found.render:
            table.add(tomlkit.comment("Its pages have no text without a browser: pip install 'newsmorgue[browser]'"))
            table.add("render", True)
        if found.sections:
            table.add(tomlkit.comment("All sections are followed. To follow some only, keep those here:"))
            table.add(tomlkit.comment(f"sections = {tomlkit.item(list(found.sections)).as_string()}"))
        tables.append(table)
    document.append("site", tables)
    return tomlkit.dumps(document)
