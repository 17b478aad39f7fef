"""An address that a document named, and what the document said about it."""

from dataclasses import dataclass

from archive.records import Term


class Target(Term):
    """What a discovered address is taken for until it has been fetched; ``frontier.kind``."""

    ARTICLE = "article"
    PAGE = "page"  # its address says nothing: reading will tell
    HUB = "hub"  # a start page or section
    PART = "part"  # a further page of a story
    PAGINATION = "pagination"  # a further page of a hub
    FEED = "feed"
    SITEMAP = "sitemap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """``url`` is absolute. ``via`` is seed, sitemap, feed, section or link; ``within`` the document that named it.

    ``depth`` counts links from the address that the user named. Times keep the precision that was printed.
    """

    url: str
    target: Target
    via: str
    within: str | None = None
    headline: str | None = None
    published_at: str | None = None
    modified_at: str | None = None
    language: str | None = None
    image_url: str | None = None
    depth: int = 0
