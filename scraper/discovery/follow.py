"""Which of the addresses that a document names are worth a visit, and as what. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from archive.records import Article
from archive.urls import canonical_url
from scraper.discovery.dated import dated_list
from scraper.discovery.feeds import FeedEntry
from scraper.discovery.found import Found, Target
from scraper.discovery.json_lists import addresses_in, next_in
from scraper.discovery.links import NO_PAGES, Pages, announced_feeds, page_links, pages_of
from scraper.discovery.shapes import Shape, shape_of
from scraper.discovery.sitemaps import Sitemap, SitemapEntry
from scraper.reading import Page
from scraper.sites import Site

HUB_DEPTH = 2  # sections of sections are followed, no further
CHAIN = 5  # from article to article to article
MAX_SITEMAP_DEPTH = 3  # sitemaps.org allows an index to name sitemaps only; some nest once more
MAX_PAGINATION = 200  # pages of one list
SURE_PAGINATION = 10  # pages that are turned although the one before brought nothing new, on the first visit
PERIODS_AT_ONCE = 3


class _Asking:
    """A site as part of a key: told from others by identity, since its many fields take long to hash."""

    def __init__(self, site: Site) -> None:
        self.site = site


@lru_cache(maxsize=256)
def _asking(site: Site) -> _Asking:
    return _Asking(site)


@lru_cache(maxsize=16_384)  # the links of a site's pages are mostly the same
def _judged(url: str, asking: _Asking) -> tuple[Target | None, Shape, bool]:
    """What ``target_of`` says of a link, and whether it is to the list of a day, month or year."""
    target, shape = target_of(url, asking.site)
    return target, shape, target not in (None, Target.ARTICLE) and dated_list(url) is not None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a crawl a page was read: links from the start (``depth``), pages of its list turned to come to it.

    ``story``: it was read as an article, so only articles are followed. ``since``: how far back a backfill goes.
    ``visited``: it had been seen in an earlier run.
    """

    depth: int = 0
    turned: int = 0
    story: bool = False
    visited: bool = False
    since: str | None = None


def _leads_back(url: str, place: Place) -> bool:
    """Whether ``url`` is the list of a day, month or year that a backfill wants."""
    period = dated_list(url)
    return period is not None and bool(place.since) and str(period.last) >= str(place.since)


def _is_to_come(url: str) -> bool:
    """Whether ``url`` is the list of a time that has not begun: calendars go on for ever."""
    period = dated_list(url)
    return period is not None and period.first > datetime.now(UTC).date() + timedelta(days=1)


def from_page(page: Page, site: Site, place: Place, pages: Pages = NO_PAGES) -> Iterator[Found]:
    """What the links of a page lead to, but for ``pages`` of the same list, which are turned one by one."""
    if page.root is None or page.url is None:
        return
    asking, via = _asking(site), "link" if place.story else "section"
    for url in page_links(page.root, page.base_url or page.url):
        target, shape, is_dated = _judged(url, asking)
        if target is None or url in pages.others:
            continue
        if not is_dated:
            follows = _followed(shape, place.depth, story=place.story, sections=bool(site.sections))
        else:
            target, follows = Target.HUB, not (place.story or site.sections or _is_to_come(url))
            follows = follows and (place.depth < HUB_DEPTH or _leads_back(url, place))
        if follows:
            yield Found(url=canonical_url(url), target=target, via=via, within=page.url, depth=place.depth + 1)


def next_part(article: Article, within: str, site: Site) -> Iterator[Found]:
    """The further page of a story that is on several."""
    if article.next_url and site.wants(article.next_url):
        yield Found(url=canonical_url(article.next_url), target=Target.PART, via="link", within=within, depth=1)


def feeds_of(page: Page) -> Iterator[Found]:
    """The feeds that a page announces."""
    if page.root is not None and page.url is not None:
        for url in announced_feeds(page.root, page.base_url or page.url):
            yield Found(url=url, target=Target.FEED, via="link", within=page.url, depth=1)


def list_pages(page: Page) -> Pages:
    """The further pages of the list on ``page``."""
    if page.root is None or page.url is None:
        return NO_PAGES
    return pages_of(page.root, page.base_url or page.url, page.url)


def is_worth_turning(place: Place, *, new: int) -> bool:
    """Whether a list on which ``new`` addresses were found is followed to its next page."""
    if place.turned >= MAX_PAGINATION:
        return False
    return bool(new) or (not place.visited and place.turned < SURE_PAGINATION)


def next_page(pages: Pages, site: Site, within: str, place: Place) -> Iterator[Found]:
    """The page of a list that follows the one at ``within``."""
    if pages.next and site.wants(pages.next):
        yield Found(url=pages.next, target=Target.PAGINATION, via="section", within=within, depth=place.turned + 1)


def earlier_lists(url: str, target: Target, depth: int, since: str | None) -> Iterator[Found]:
    """The lists of the periods before the one at ``url``, as far back as ``since``, whether anything names them or not.

    Three at a time, so that a period of which there is no list does not end the way back.
    """
    period = dated_list(url)
    if not since or period is None:
        return
    for before in period.earlier(PERIODS_AT_ONCE):
        if str(before.last) >= since:
            via = "sitemap" if target is Target.SITEMAP else "section"
            yield Found(url=before.url, target=target, via=via, within=url, depth=depth)


def from_listing(body: bytes, url: str, site: Site) -> Iterator[Found]:
    """What a list in JSON that the site's entry names (``more``) lists."""
    for address in addresses_in(body, url):
        target, _ = target_of(address, site)
        if target in (Target.ARTICLE, Target.PAGE):
            yield Found(url=canonical_url(address), target=target, via="section", within=url, depth=1)


def further_listing(body: bytes, url: str, site: Site, place: Place) -> Iterator[Found]:
    """The list in JSON after the one at ``url``: what it names as the next, else the next number of its pattern."""
    number, following = site.more_after(url)
    following = next_in(body, url) or following
    if following and following != url and site.covers(following):
        yield Found(url=following, target=Target.PAGINATION, via="section", within=url, depth=max(place.turned, number))


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
                language=entry.language,
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
                language=entry.language,
                image_url=entry.image_url,
                depth=HUB_DEPTH,
            )
            yield from _alternates(entry, target, url, site)
    for entry in sitemap.sitemaps if depth < MAX_SITEMAP_DEPTH else ():
        period = dated_list(entry.url)
        yield Found(
            url=entry.url,
            target=Target.SITEMAP,
            via="sitemap",
            within=url,
            published_at=str(period.last) if period else None,
            modified_at=entry.modified_at,
            depth=depth + 1,
        )


def _alternates(entry: SitemapEntry, target: Target, url: str, site: Site) -> Iterator[Found]:
    """The same story in other languages, as far as it is on the site."""
    for address in entry.alternates:
        if address != entry.url and target_of(address, site)[0] is not None:
            yield Found(url=canonical_url(address), target=target, via="sitemap", within=url, depth=HUB_DEPTH)
