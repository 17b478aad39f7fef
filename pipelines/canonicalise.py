"""Which address an article is known by, and which others lead to it."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from archive.records import Article, UrlVariant, Visit
from archive.urls import canonical_url, is_web_url, site_of

Host = tuple[str, ...]


def _same_publisher(left: str, right: str) -> bool:
    """Whether two sites share a domain: one is the other's subdomain, or both are of one name."""
    a, b = left.partition(":")[0], right.partition(":")[0]
    if left.partition(":")[2] != right.partition(":")[2]:
        return False
    return a == b or a.endswith("." + b) or b.endswith("." + a) or _parent(a) == _parent(b) is not None


def _parent(host: str) -> str | None:
    """``example.com`` for ``amp.example.com``; nothing for an IP address or a bare domain, which have no siblings."""
    labels = host.split(".")
    return ".".join(labels[1:]) if len(labels) > 2 and not labels[-1].isdigit() else None


def is_trustworthy(declared: str, actual: str) -> bool:
    """Whether a page at ``actual`` may say that its address is ``declared``.

    A syndicated copy that names another publisher, or a page that names the site's front page (a common template
    mistake), may not: believing them would fold different articles into one.
    """
    if not is_web_url(declared) or not _same_publisher(site_of(declared), site_of(actual)):
        return False
    there, here = urlsplit(declared), urlsplit(actual)
    return there.path.strip("/") != "" or bool(there.query) or here.path.strip("/") == ""


def _variants(article: Article, visit: Visit, chosen: str) -> Iterator[UrlVariant]:
    capture = visit.capture
    yield UrlVariant(chosen, "canonical")
    yield UrlVariant(capture.url, "requested")
    for url in capture.redirects:
        yield UrlVariant(url, "redirect")
    if capture.final_url:
        yield UrlVariant(capture.final_url, "redirect")
    for variant in article.variants:
        if variant.kind != "canonical" and is_trustworthy(variant.url, visit.url):
            yield variant


def canonicalise(article: Article, visit: Visit) -> Article:
    """``article`` with its canonical ``url``, its ``site``, and every known variant, each once, canonical first."""
    declared = article.url
    chosen = canonical_url(declared if declared and is_trustworthy(declared, visit.url) else visit.url)
    variants: dict[str, UrlVariant] = {}
    for variant in _variants(article, visit, chosen):
        variants.setdefault(variant.url, variant)
    return replace(article, url=chosen, site=site_of(chosen), variants=tuple(variants.values()))


class Canonicalise:
    """The stage."""

    def process_item(self, item: Visit) -> Visit:
        """``item`` with its article's addresses settled."""
        return replace(item, article=canonicalise(item.article, item)) if item.article else item
