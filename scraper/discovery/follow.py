"""Which of the addresses that a document names are worth a visit, and as what. Pure."""

from collections.abc import Iterable, Iterator

from archive.urls import canonical_url
from scraper.discovery.feeds import FeedEntry
from scraper.discovery.found import Found, Target
from scraper.discovery.links import announced_feeds, further_pages, page_links
from scraper.discovery.shapes import Shape, page_number, shape_of
from scraper.discovery.sitemaps import Sitemap, SitemapEntry
from scraper.reading import Page
from scraper.sites import Site

HUB_DEPTH = 2  # sections of sections are followed, no further
CHAIN = 5  # from article to article to article
MAX_SITEMAP_DEPTH = 3  # sitemaps.org allows an index to name sitemaps only; some nest once more
MAX_PAGINATION = 200  # pages of one list
SURE_PAGINATION = 10  # pages that are turned although the one before brought nothing new, on the first visit


def target_of(url: str, site: Site) -> tuple[Target | None, Shape]:
    """What ``url`` is to be fetched as: an article, a page that might be one, a hub, or not at all."""
    shape = shape_of(url)
    if shape is Shape.NO_PAGE or not site.wants(url):
        return None, shape
    if site.article is not None:
        shape = Shape.ARTICLE if site.article.search(url) else Shape.UNKNOWN if shape is Shape.ARTICLE else shape
    targets = {Shape.ARTICLE: Target.ARTICLE, Shape.UNKNOWN: Target.PAGE}
    return targets.get(shape, Target.HUB), shape


def _followed(shape: Shape, depth: int, *, story: bool, sections: bool) -> bool:
    """Whether a link of ``shape`` is followed from a page at ``depth``; ``sections``: the user has named them."""
    if shape is Shape.ARTICLE:
        return depth < CHAIN
    if story:
        return False
    if shape is Shape.UNKNOWN:
        return depth < HUB_DEPTH
    return not sections and depth < (1 if shape is Shape.LISTING else HUB_DEPTH)


def from_page(page: Page, site: Site, *, depth: int, story: bool) -> Iterator[Found]:
    """What the links of a page lead to. ``story``: it was read as an article, so only articles are followed."""
    if page.root is None or page.url is None:
        return
    for url in page_links(page.root, page.base_url or page.url):
        target, shape = target_of(url, site)
        if target is not None and _followed(shape, depth, story=story, sections=bool(site.sections)):
            via = "link" if story else "section"
            yield Found(url=canonical_url(url), target=target, via=via, within=page.url, depth=depth + 1)


def feeds_of(page: Page) -> Iterator[Found]:
    """The feeds that a page announces."""
    if page.root is not None and page.url is not None:
        for url in announced_feeds(page.root, page.base_url or page.url):
            yield Found(url=url, target=Target.FEED, via="link", within=page.url, depth=1)


def next_page(page: Page, site: Site, *, turned: int, new: int, visited: bool) -> Found | None:
    """The page after this one of a list.

    ``turned`` is how many pages were turned to come here, ``new`` how many addresses this one added, ``visited``
    whether it had been seen in an earlier run.
    """
    if page.root is None or page.url is None or turned >= MAX_PAGINATION:
        return None
    if not new and (visited or turned >= SURE_PAGINATION):
        return None
    here = page_number(page.url)
    pages = [url for url in further_pages(page.root, page.base_url or page.url, page.url) if site.wants(url)]
    ahead = sorted((number, url) for url in pages if (number := page_number(url)) > here)
    if not ahead:
        return None
    return Found(url=ahead[0][1], target=Target.PAGINATION, via="section", within=page.url, depth=turned + 1)


def from_feed(entries: Iterable[FeedEntry], feed: str, site: Site) -> Iterator[Found]:
    """What a feed lists: articles, whatever their addresses look like."""
    for entry in entries:
        if target_of(entry.url, site)[0] is not None:
            yield Found(
                url=canonical_url(entry.url),
                target=Target.ARTICLE,
                via="feed",
                within=feed,
                headline=entry.headline,
                published_at=entry.published_at,
                modified_at=entry.modified_at,
                depth=1,
            )


def _sitemap_target(entry: SitemapEntry, site: Site) -> Target | None:
    target, shape = target_of(entry.url, site)
    if target is None or shape is Shape.LISTING:
        return None
    if entry.published_at or entry.headline:
        return Target.ARTICLE
    return Target.PAGE if target is Target.HUB else target


def from_sitemap(sitemap: Sitemap, url: str, site: Site, *, depth: int) -> Iterator[Found]:
    """What a sitemap lists: articles, pages that may be some, and further sitemaps."""
    for entry in sitemap.pages:
        if (target := _sitemap_target(entry, site)) is not None:
            yield Found(
                url=canonical_url(entry.url),
                target=target,
                via="sitemap",
                within=url,
                headline=entry.headline,
                published_at=entry.published_at,
                modified_at=entry.modified_at,
                depth=HUB_DEPTH,
            )
    for entry in sitemap.sitemaps if depth < MAX_SITEMAP_DEPTH else ():
        yield Found(
            url=entry.url,
            target=Target.SITEMAP,
            via="sitemap",
            within=url,
            modified_at=entry.modified_at,
            depth=depth + 1,
        )
