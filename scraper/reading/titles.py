"""The titles that a page's data gives, and what a site puts around them."""

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from scraper.reading.head import Head, squeeze
from scraper.reading.jsonld import strings
from scraper.reading.markup import plain

SEPARATOR = re.compile(r"\s+[|–—\-·•:»«/]\s+|\s*[|»«｜]\s*|\s+[-–—]{2}\s+|\s*[_＿]\s*(?=\S+$)")
SAME = re.compile(r"[\W_]+")
UNMISTAKABLE = frozenset("| » ｜".split())  # separators that stand between a title and a name, and nowhere else
SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
MOST_LABEL, LEAST_TITLE = 2, 4  # words of a label before the site's name, and of what is left without it
LONGEST = 400
MOST = 24  # titles that are compared with each other, and names of the site
# Where a title is told, by the names under which the headline's model knows these places.
TOLD = {
    "og:title": "og",
    "twitter:title": "tw",
    "headline": "meta",
    "title": "meta",
    "dc.title": "meta",
    "sailthru.title": "meta",
    "parsely-title": "meta",
    "cxenseparse:title": "meta",
}
SOURCES = {"og": "meta:og:title", "tw": "meta:twitter:title", "ld": "json-ld:headline", "name": "json-ld:name"}


def word_count(text: str) -> int:
    """How many words ``text`` has; of scripts without spaces, two letters are a word."""
    return text.count(" ") + 1 + len(SPACELESS.findall(text)) // 2


@lru_cache(maxsize=1_000)
def title_key(text: str) -> str:
    """``text`` as titles are compared: letters and digits alone, without case."""
    return SAME.sub("", text).casefold()


def told_titles(head: Head) -> list[tuple[str, str]]:
    """``(place, title)`` of JSON-LD (``ld``), meta (``og``, ``tw``, ``meta``), ``title`` and JSON-LD ``name``."""
    found = [("ld", text) for text in strings(head.article.get("headline"))[:1]]
    found += [(TOLD[name], value) for name, value in head.metas(*TOLD)]
    found += [("title", text) for text in head.titles[:1]]
    found += [("name", text) for text in strings(head.article.get("name"))[:1]]
    cleaned = ((place, squeeze(plain(text))) for place, text in found)
    return [(place, text) for place, text in cleaned if 1 < len(text) <= LONGEST][:MOST]


def domain_names(address: str | None) -> list[str]:
    """The host of an address without ``www.``, and its telling part: ``harbour.example`` and ``harbour``."""
    try:
        host = (urlsplit(address or "").hostname or "").removeprefix("www.")
    except ValueError:
        return []
    labels = host.split(".")[:-1]
    return [host, max(labels, key=len)] if labels else []


def site_names(head: Head) -> list[str]:
    """What the site calls itself."""
    found = [
        value
        for _, value in head.metas(
            "og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site", "dc.publisher"
        )
    ]
    found += strings(head.article.get("publisher"))
    return [plain(name).lstrip("@") for name in found if len(name) < 80 and "://" not in name][:MOST]


def without_suffix(title: str, others: Sequence[str], names: Sequence[str]) -> str:
    """``title`` less what a site puts around it: the part that another place has alone, or all but the site's name.

    ``others`` are the titles of other places, ``names`` what the site calls itself.
    """
    keys = {title_key(other) for other in others}
    sites = [key for name in names if (key := title_key(name))]
    own = title_key(title)
    if own in keys and not any(own.endswith(site) for site in sites):
        return title
    for other in others:
        rest = title[len(other) :].strip()
        if len(other) > 15 and title.startswith(other) and rest and not rest[0].isalnum() and len(rest) < 30:
            return other
    cuts = [(title[: cut.start()], title[cut.end() :], cut[0].strip()) for cut in SEPARATOR.finditer(title)]
    for before, after, _ in cuts:
        for part in (before, after):
            if len(key := title_key(part)) > 8 and key in keys:
                return part
    for place, (before, after, sign) in enumerate(cuts):
        front, back = title_key(before), title_key(after)
        if before and any(back.startswith(site) for site in sites):
            return _without_labels(before, sign, cuts[:place])
        if after and front in sites:
            return after
    led = (title[len(name) + 2 :] for name in names if title[len(name) : len(name) + 2] == ": ")
    return next((rest for rest in led if title_key(title[: -len(rest)]) in sites), None) or _without_last(title, cuts)


def _without_last(title: str, cuts: Sequence[tuple[str, str, str]]) -> str:
    """``title`` less a last part that is short beside the rest: a site's name that nothing else confirms."""
    if cuts and cuts[-1][2] in UNMISTAKABLE:
        before, after, sign = cuts[-1]
        if word_count(after) <= 4 and len(before) > len(after) and word_count(before) >= 3:
            return _without_labels(before, sign, cuts[:-1])
    return title


def _without_labels(title: str, sign: str, cuts: Sequence[tuple[str, str, str]]) -> str:
    """``title`` less the labels that stood, between the same signs, before the site's name: ``Title | Politics``."""
    for before, _, other in reversed(cuts):
        label = title[len(before) :].strip(f" {sign}")
        if other != sign or word_count(label) > MOST_LABEL or word_count(before) < LEAST_TITLE:
            break
        title = before
    return title
