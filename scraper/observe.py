"""From a capture and its bytes to a visit: the one way that pages take, whatever they come from. Pure."""

from dataclasses import dataclass, replace

from archive.records import Article, ArticleKind, Capture, Evidence, Outcome, Visit
from archive.urls import site_of, url_key
from pipelines.line_rules import rules_digest
from pipelines.site_rules import RulesOf
from scraper.discovery.continuation import WHOLE, Part, part_of, readings_of
from scraper.discovery.documents import document_kind
from scraper.discovery.feeds import FeedEntry, parse_feed
from scraper.discovery.safe_xml import GZIP_MAGIC
from scraper.discovery.sitemaps import Sitemap, parse_sitemap
from scraper.reading import READER, Page, outcome_of, parse, read_page
from scraper.site_reading import read_by_rules

RENDERED_TYPE = "text/html; charset=utf-8"  # of what a browser's DOM is written out as
NEEDS_RENDERING = "needs rendering: without a browser the page has no text"
UNKEPT_HEADERS = frozenset(("set-cookie", "set-cookie2"))  # may hold secrets, say nothing about the page


def read_by() -> str:
    """What is noted with each reading: the version of the reader, and a digest of the line rules."""
    return f"{READER}+{rules_digest()}"


def own_rules(rules: RulesOf | None) -> dict[str, str]:
    """A digest of each site's own rules, noted with the readings of its pages."""
    return {site: its.digest for site, its in (rules or {}).items() if its}


def outcome_of_status(status: int) -> Outcome:
    """What a status says on its own."""
    if status == 304:
        return Outcome.NOT_MODIFIED
    if status in (404, 410):
        return Outcome.GONE
    return Outcome.FETCHED if 200 <= status < 300 and status != 206 else Outcome.HTTP_ERROR


@dataclass(frozen=True, slots=True)
class Observation:
    """``visit`` for the pipeline; ``document`` is page, feed, sitemap, robots, json or none.

    ``page`` is the tree of a page, ``feed`` and ``sitemap`` are what such a list names.
    """

    visit: Visit
    document: str
    page: Page | None = None
    feed: tuple[FeedEntry, ...] = ()
    sitemap: Sitemap | None = None


TOLD = ("headline", "published_at", "language", "image_url")


def with_told(article: Article, capture: Capture) -> Article:
    """``article`` with what the feed or sitemap that named it says, where the page itself says nothing."""
    told = {name: capture.told[name] for name in TOLD if capture.told.get(name) and getattr(article, name) is None}
    if not told:
        return article
    source = capture.found_via if capture.found_via in ("feed", "sitemap") else "list"
    evidence = (Evidence(name, source, value) for name, value in told.items())
    return replace(article, evidence=(*article.evidence, *evidence), **told)  # type: ignore[arg-type]


def _may_go_on(page: Page, outcome: Outcome) -> bool:
    """Whether a page may be one of several of a story: read as one, or with little text under a headline of its own."""
    if outcome is Outcome.THIN:
        return page.root is not None and next(page.root.iter("h1"), None) is not None
    return outcome is Outcome.ARTICLE


def _as_part(article: Article, part: Part, outcome: Outcome) -> tuple[Article, Outcome]:
    """A page of a story on several: a further one counts to the address of the first, however little it says."""
    if part.number == 1:
        return (replace(article, next_url=part.next), outcome) if outcome is Outcome.ARTICLE else (article, outcome)
    if not article.text:
        return article, outcome
    own = article.url is None or any(
        url_key(read.first) == url_key(str(part.first)) for read in readings_of(article.url)
    )
    kind = article.kind if article.kind not in (ArticleKind.HUB, ArticleKind.OTHER) else ArticleKind.ARTICLE
    first = part.first if own else article.url
    return replace(article, url=first, kind=kind, part=part.number, next_url=part.next), Outcome.ARTICLE


def _read(page: Page, capture: Capture) -> Article:
    return read_page(page, latest=capture.fetched_at)


def observe(
    capture: Capture, body: bytes | None, rendered: bytes | None = None, rules: RulesOf | None = None
) -> Observation:
    """Read what a capture brought, or what a browser made of that, by its site's own ``rules``.

    Only a body that arrived whole with a 2xx status is read at all.
    """
    if body is None or capture.outcome is not Outcome.FETCHED:
        return Observation(Visit(capture=capture, body=None, outcome=capture.outcome), "none")
    url = capture.final_url or capture.url
    document = document_kind(body, url, capture.content_type)
    if document != "page":
        return _observe_list(capture, body, url, document)
    if body.startswith(GZIP_MAGIC):  # which nothing announced, and no list was in
        return Observation(Visit(capture=capture, body=body, outcome=Outcome.UNREADABLE), "none")
    page = parse(body, url, capture.content_type) if rendered is None else parse(rendered, url, RENDERED_TYPE)
    own = rules.get(site_of(url)) if rules else None
    article = read_by_rules(page, own.at(capture.fetched_at), capture.fetched_at) if own else _read(page, capture)
    if capture.told:
        article = with_told(article, capture)
    outcome = outcome_of(page, article)
    if _may_go_on(page, outcome) and (part := part_of(page)) is not WHOLE:
        article, outcome = _as_part(article, part, outcome)
    if outcome is Outcome.NEEDS_RENDERING:
        if rendered is None:
            article = replace(article, reason=NEEDS_RENDERING)
        else:
            outcome = Outcome.THIN  # a browser has been, and there still is no text
    return Observation(
        Visit(capture=capture, body=body, rendered=rendered, article=article, outcome=outcome), document, page
    )


def _observe_list(capture: Capture, body: bytes, url: str, document: str) -> Observation:
    visit = Visit(capture=capture, body=body, outcome=Outcome.HUB)
    if document == "feed":
        feed = parse_feed(body, url)
        return Observation(replace(visit, entries=len(feed)), document, feed=feed)
    if document == "sitemap":
        sitemap = parse_sitemap(body, url)
        entries = len(sitemap.pages) + len(sitemap.sitemaps)
        return Observation(replace(visit, entries=entries), document, sitemap=sitemap)
    return Observation(visit, document)


def refused(visit: Visit, why: str) -> Visit:
    """``visit`` as a mere note that it took place: no body, no article."""
    capture = replace(visit.capture, outcome=Outcome.REFUSED, body_id=None, detail=why)
    return Visit(capture=capture, outcome=Outcome.REFUSED)
