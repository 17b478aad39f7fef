"""The lesser fields: section, tags, language, image, addresses, paywall. Each with its evidence."""

import re
from collections.abc import Iterable
from typing import Any

from archive.records import Evidence, UrlVariant
from archive.urls import canonical_url, is_web_url, url_key
from scraper.reading.head import Head, squeeze
from scraper.reading.jsonld import DEEPEST, strings, types_of
from scraper.reading.markup import plain
from scraper.reading.page import Page

LANGUAGE = re.compile(r"([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?![a-zA-Z])")
TAG_SEPARATOR = re.compile(r"\s*[,;|，、]\s*")
MOST_IMAGES = 50
NO_SECTIONS = frozenset("home homepage news article articles startseite accueil inicio blog".split())


def language_tag(text: str | None) -> str | None:
    """``text`` as a BCP 47 tag: ``en_gb`` is ``en-GB``.

    >>> language_tag("en_gb"), language_tag("zh-hans-cn"), language_tag("")
    ('en-GB', 'zh-Hans-CN', None)
    """
    match = LANGUAGE.fullmatch(text.strip()) if text else None
    if not match:
        return None
    parts = [match[1].lower(), (match[2] or "").title(), (match[3] or "").upper()]
    return "-".join(part for part in parts if part)


def choose_language(head: Head) -> tuple[str | None, list[Evidence]]:
    """The language that the page declares."""
    given = [("dom:lang", head.language)]
    given += [("json-ld:inLanguage", value) for value in strings(head.article.get("inLanguage"))]
    given += [
        (f"meta:{name}", value)
        for name, value in head.metas("og:locale", "content-language", "language", "dc.language", "inlanguage")
    ]
    for source, value in given:
        if tag := language_tag(value):
            return tag, [Evidence("language", source, value or "")]
    return None, []


def choose_section(head: Head) -> tuple[str | None, list[Evidence]]:
    """The section that the page says it belongs to."""
    given = [("json-ld:articleSection", value) for value in strings(head.article.get("articleSection"))]
    given += [
        (f"meta:{name}", value)
        for name, value in head.metas(
            "article:section",
            "og:article:section",
            "parsely-section",
            "section",
            "sailthru.section",
            "cxenseparse:section",
            "dc.subject.section",
            "articlesection",
        )
    ]
    for source, value in given:
        text = squeeze(plain(value))
        if text and len(text) < 80 and text.casefold() not in NO_SECTIONS and not text.startswith(("http", "/")):
            return text, [Evidence("section", source, value)]
    return None, []


def _tag_texts(head: Head) -> list[tuple[str, str]]:
    for source, values in (
        ("json-ld:keywords", strings(head.article.get("keywords"))),
        ("meta:article:tag", [value for _, value in head.metas("article:tag", "og:article:tag", "video:tag")]),
        (
            "meta:keywords",
            [value for _, value in head.metas("news_keywords", "keywords", "parsely-tags", "sailthru.tags")][:1],
        ),
    ):
        texts = [
            squeeze(plain(part))
            for value in values
            for part in (TAG_SEPARATOR.split(squeeze(value)) if len(values) == 1 else [value])
        ]
        if found := [(source, text) for text in texts if text and len(text) < 80]:
            return found
    return []


def choose_tags(head: Head) -> tuple[tuple[str, ...], list[Evidence]]:
    """The tags that the page declares, each once."""
    found = _tag_texts(head)
    unique = {text.casefold(): text for _, text in reversed(found)}
    tags = tuple(text for _, text in found if unique.pop(text.casefold(), None))
    return tags[:50], [Evidence("tags", found[0][0], ", ".join(tags))] if tags else []


def _image_of(value: Any, depth: int = 0) -> str | None:
    if depth > DEEPEST:
        return None
    if isinstance(value, list):
        return next((image for child in value[:MOST_IMAGES] if (image := _image_of(child, depth + 1))), None)
    if isinstance(value, dict):
        return _image_of(value.get("url") or value.get("contentUrl") or value.get("@id"), depth + 1)
    return value if isinstance(value, str) else None


def choose_image(head: Head, page: Page) -> tuple[str | None, list[Evidence]]:
    """The address of the main image."""
    given = [
        (f"meta:{name}", value)
        for name, value in head.metas(
            "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"
        )
    ]
    if image := _image_of(head.article.get("image")):
        given.append(("json-ld:image", image))
    if link := head.link("image_src"):
        given.append(("link:image_src", link))
    for source, value in given:
        if (url := page.absolute(value)) and is_web_url(url):
            return url, [Evidence("image_url", source, value)]
    return None, []


def addresses(head: Head, page: Page) -> tuple[str | None, tuple[UrlVariant, ...], list[Evidence]]:
    """``(url, variants, evidence)``: the canonical address, or the one that was read when none is declared."""
    variants: dict[str, UrlVariant] = {}

    def add(kind: str, link: str | None) -> str | None:
        url = page.absolute(link)
        if not url or not is_web_url(url):
            return None
        url = canonical_url(url)
        variants.setdefault(url, UrlVariant(url, kind))
        return url

    declared = head.link("canonical") or next((value for _, value in head.metas("og:url")), None)
    canonical = add("canonical", declared)
    own = add("requested", page.url)
    add("amp", head.link("amphtml"))
    add("short", head.link("shortlink"))
    evidence = (
        [Evidence("url", "link:canonical" if head.link("canonical") else "meta:og:url", declared or "")]
        if canonical
        else []
    )
    if (
        canonical and own and _is_front(canonical) and not _is_front(own)
    ):  # a canonical that names the front page is a mistake
        return own, tuple(variants.values()), []
    return canonical or own or page.url, tuple(variants.values()), evidence


def _is_front(url: str) -> bool:
    return "/" not in url_key(url).rstrip("/")


def choose_paywall(head: Head) -> tuple[bool | None, list[Evidence]]:
    """Whether the page says that its text is not free; ``None`` when it says nothing."""
    for thing in (head.article, *head.things[:200]):
        value = thing.get("isAccessibleForFree")
        if value is not None:
            words = str(value).lower()
            if words in ("false", "true", "no", "yes", "http://schema.org/false", "https://schema.org/false"):
                paid = words.endswith(("false", "no"))
                return paid, [Evidence("paywalled", "json-ld:isAccessibleForFree", str(value))]
    for name, value in head.metas("article:content_tier", "og:article:content_tier"):
        return value.lower() in ("locked", "metered"), [Evidence("paywalled", f"meta:{name}", value)]
    return None, []


CORRECTION = re.compile(
    r"\W*(?:corrections?|clarification|editor['’]s note|korrektur|berichtigung|richtigstellung|in "
    r"einer früheren (?:version|fassung)|rectificatif|correctif|fe de erratas?|corrección|rettifica|"
    r"errata corrige|correção|errata|rectificatie|correctie|訂正|おことわり|정정)\b"
    r"|(?:this|the) (?:article|story|post|headline) (?:was|has been) (?:corrected|amended|updated to "
    r"correct)|an earlier version of this (?:article|story)",
    re.IGNORECASE,
)


def choose_correction(head: Head, lines: Iterable[str]) -> tuple[str | None, list[Evidence]]:
    """The correction note: what JSON-LD declares, or the one of ``lines`` that begins like one."""
    if declared := strings(head.article.get("correction")) or [
        text
        for thing in head.things[:200]
        if "correctioncomment" in types_of(thing)
        for text in strings(thing.get("text"))
    ]:
        return declared[0], [Evidence("correction", "json-ld:correction", declared[0])]
    note = next((line for line in lines if 20 < len(line) < 1_500 and CORRECTION.match(line)), None)
    return note, [Evidence("correction", "dom:note", note)] if note else []
