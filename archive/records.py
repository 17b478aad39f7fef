"""The records that every layer shares: what an article is, what a visit saw, what was stripped.

All are frozen. Times are ISO 8601 text in UTC that ends in ``Z``; times that newsmorgue itself takes
(``fetched_at``, ``seen_from`` …) have milliseconds, so that they compare as text. Times that a page
prints keep the precision it gave: ``2026-01-13`` is a day, never an invented midnight.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Term(StrEnum):
    """A word of a fixed list, hashed as the text that it is: ``Enum`` hashes names in Python, for each look-up."""

    __hash__ = str.__hash__


class BlockKind(Term):
    """What a block of a story is. Captions and embeds stand in the Markdown, not in the text."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    CAPTION = "caption"
    TABLE = "table"
    CODE = "code"
    EMBED = "embed"


class RemovalKind(Term):
    """Why a block was taken out of a page."""

    NAVIGATION = "navigation"
    DATE = "date"
    BYLINE = "byline"
    SIGNUP = "signup"
    CONSENT = "consent"
    SHARE = "share"
    RELATED = "related"
    PROMO = "promo"
    ADVERTISEMENT = "advertisement"
    COMMENT = "comment"
    LEGAL = "legal"
    CAPTION = "caption"
    REPEAT = "repeat"
    OTHER = "other"


class ArticleKind(Term):
    """What sort of page was read. ``hub`` (a list of articles) and ``other`` are not archived as articles."""

    ARTICLE = "article"
    LIVE = "live"
    GALLERY = "gallery"
    VIDEO = "video"
    HUB = "hub"
    OTHER = "other"


class Outcome(Term):
    """What a visit to a URL came to.

    The first group is what the network said and is a fact; the second is what reading made of a page
    that was fetched, and may change when the reader does.
    """

    FETCHED = "fetched"
    NOT_MODIFIED = "not_modified"  # 304
    GONE = "gone"  # 404, 410
    HTTP_ERROR = "http_error"  # any other status that is not 2xx
    FAILED = "failed"  # no answer: DNS, refused, reset, timed out
    TRUNCATED = "truncated"  # the body is shorter than announced or its compression is broken
    TOO_LARGE = "too_large"
    DENIED = "denied"  # robots.txt says no, or cannot be asked
    REFUSED = "refused"  # a guard said no: private address, foreign scheme, trap
    REDIRECT_LOOP = "redirect_loop"

    ARTICLE = "article"
    HUB = "hub"
    THIN = "thin"  # too little text to be a story
    WALL = "wall"  # login or payment stands before the text
    CHALLENGE = "challenge"  # a bot check
    SOFT_404 = "soft_404"
    NEEDS_RENDERING = "needs_rendering"  # a shell whose text only scripts bring, and no browser was there
    UNREADABLE = "unreadable"  # not a document: an image, a script, binary or empty bytes


class ChangeKind(Term):
    """How a version differs from the one before it; ``gone`` closes a history without a new version."""

    NEW = "new"
    HEADLINE = "headline"
    UPDATE = "update"
    SILENT = "silent"
    CORRECTION = "correction"
    TYPOGRAPHIC = "typographic"
    METADATA = "metadata"
    RESTORED = "restored"
    TEMPLATE = "template"
    GONE = "gone"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a story.

    ``text`` is one line, except in code and tables (a row a line, cells separated by `` | ``).
    ``markdown`` is the block's inline Markdown where it says more than the text (links, emphasis, a
    whole table or figure), without the prefix that its kind gives it (``##``, ``-``, ``>``).
    ``level`` is 1–6 for headings and the depth, from 1, for list items. ``position`` counts the page's blocks from
    0, kept and stripped alike, as that of a ``Removal`` does; it is no part of what a block says.
    """

    kind: BlockKind
    text: str
    level: int = 0
    markdown: str | None = None
    ordered: bool = False
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Removal:
    """One piece that was stripped: its text, why, which rule took it, and where it stood.

    ``position`` counts the page's blocks from 0, kept and stripped alike; a part that was stripped whole stands
    before the block that has its position. ``path`` is the tag path of the element, such as
    ``body/main/aside.related``, or ``""`` for a source that has none.
    """

    kind: RemovalKind
    rule: str
    text: str
    position: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a field came from: ``source`` (``json-ld``, ``meta:og:title``, ``dom:h1`` …) and the string as printed."""

    field: str
    source: str
    raw: str


@dataclass(frozen=True, slots=True)
class UrlVariant:
    """Another address of the same article; ``kind`` is canonical, amp, requested, redirect, short or print."""

    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link inside the story: absolute URL and anchor text."""

    url: str
    text: str


# Kinds that the plain text leaves out; the Markdown shows them.
UNSPOKEN = frozenset({BlockKind.CAPTION, BlockKind.EMBED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A page as read: the fields, the story's blocks in order, and everything that was stripped.

    ``headline`` and the other optional fields are ``None`` when the page does not give them, never ``""``.
    ``authors`` are names without "By". ``confidence`` is 0–1: how sure the reader is that this is an
    article and that the blocks are its story. ``reason`` says in words why a page is ``hub`` or ``other``.
    ``part`` is which page of a story on several pages this is, ``next_url`` the address of the page after it.
    """

    url: str | None = None
    site: str | None = None
    headline: str | None = None
    standfirst: str | None = None
    section: str | None = None
    authors: tuple[str, ...] = ()
    published_at: str | None = None
    modified_at: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    kind: ArticleKind = ArticleKind.OTHER
    confidence: float = 0.0
    paywalled: bool | None = None
    correction: str | None = None
    reason: str | None = None
    part: int = 1
    next_url: str | None = None
    blocks: tuple[Block, ...] = ()
    removals: tuple[Removal, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    variants: tuple[UrlVariant, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def text(self) -> str:
        """The story: its blocks but for captions and embeds, separated by blank lines."""
        return "\n\n".join(block.text for block in self.blocks if block.text and block.kind not in UNSPOKEN)

    @property
    def markdown(self) -> str:
        """The story with headings, lists, quotes, tables, links and figures."""
        from archive.markdown import render

        return render(self.blocks)

    @property
    def words(self) -> int:
        """Words of the text; scripts without spaces count each character."""
        return self.words_up_to(None)

    def words_up_to(self, most: int | None) -> int:
        """Words of the text, of which no more are counted than it takes to see that there are ``most``."""
        from archive.words import count_words

        words = 0
        for block in self.blocks:
            if block.kind not in UNSPOKEN:
                words += count_words(block.text)
                if most is not None and words >= most:
                    break
        return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One visit to one URL, whatever it brought: a fact, never changed.

    ``url`` is the URL that was asked for, ``final_url`` where redirects led, ``redirects`` the chain between.
    ``body_id`` is the SHA-256 of the body's bytes after transfer and content decoding, in hex, or ``None``;
    ``rendered_id`` that of what a browser made of them, as HTML in UTF-8: where there is one, it is what is read.
    ``found_via`` is seed, sitemap, feed, section, link, revisit or import; ``found_in`` the document that named it;
    ``told`` what that feed or sitemap said of it (headline, published_at, language, image_url).
    """

    url: str
    fetched_at: str
    outcome: Outcome
    status: int | None = None
    final_url: str | None = None
    redirects: tuple[str, ...] = ()
    body_id: str | None = None
    rendered_id: str | None = None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    found_via: str | None = None
    found_in: str | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What the pipeline's stages pass on: a capture, its bytes and what reading made of them.

    ``outcome`` starts as the capture's and becomes the reading's: only ``Outcome.ARTICLE`` can make a version.
    ``rendered`` is what a browser made of the body, where one did: then that is what was read.
    ``marks`` are what of the article might recur on its site, packed: the archive keeps them, and learns from them.
    ``entries`` is how many addresses a feed or sitemap lists.
    """

    capture: Capture
    body: bytes | None = None
    rendered: bytes | None = None
    article: Article | None = None
    outcome: Outcome
    marks: bytes | None = None
    entries: int | None = None

    @property
    def url(self) -> str:
        """The address that the bytes came from, after redirects."""
        return self.capture.final_url or self.capture.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One state of an article: every field, and the half-open time ``[seen_from, seen_to)`` it stood for.

    ``last_confirmed_at`` is the last visit that still saw it; ``seen_to`` is ``None`` while it is current.
    ``words_added``, ``words_removed`` and ``similarity`` (0–1) compare it with the version before.
    """

    id: str
    article_id: str
    number: int
    url: str
    site: str
    headline: str | None
    standfirst: str | None
    section: str | None
    authors: tuple[str, ...]
    published_at: str | None
    modified_at: str | None
    language: str | None
    tags: tuple[str, ...]
    image_url: str | None
    kind: ArticleKind
    confidence: float
    paywalled: bool | None
    correction: str | None
    text: str
    markdown: str
    words: int
    fingerprint: str
    change: ChangeKind
    words_added: int
    words_removed: int
    similarity: float | None
    seen_from: str
    last_confirmed_at: str
    seen_to: str | None
    capture_id: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a visit did: the capture, and for an article its id, version number and change, if one was made.

    ``change`` is ``None`` when the visit confirmed what was known or was no article at all.
    """

    capture_id: str
    outcome: Outcome
    article_id: str | None = None
    version: int | None = None
    change: ChangeKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLine:
    """What recurs on a site: a line, the end of its titles, a byline or a standfirst, and whether it is furniture.

    ``mark`` is the number that it is known by, ``line`` how it is printed on one of the articles. It stands on
    ``articles`` of the ``seen`` articles of the site, which is ``share`` of its different texts. It came new to an
    article at ``first_seen_at`` for the first, at ``last_seen_at`` for the last time.
    """

    mark: int
    kind: str
    line: str
    articles: int
    seen: int
    share: float
    first_seen_at: str
    last_seen_at: str
    in_force: bool
    reason: str
