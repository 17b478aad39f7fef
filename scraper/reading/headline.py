"""The headline, by agreement between the places that give one."""

import re
from collections.abc import Sequence

from archive.records import Evidence
from scraper.reading.head import Head, squeeze
from scraper.reading.jsonld import strings
from scraper.reading.markup import plain

SEPARATOR = re.compile(r"\s+[|–—\-·•:»«/]\s+|\s*[|»«｜]\s*|\s+[-–—]{2}\s+|\s*[_＿]\s*(?=\S+$)")
SAME = re.compile(r"[\W_]+")
ROUGH = re.compile(r"\s[:?!,.](?:\s|$)|[\u200b\u00ad]|[?!:]\S? :|:$")
GENERIC = frozenset("home homepage untitled news article blog index startseite accueil inicio".split())
UNMISTAKABLE = frozenset("| » ｜".split())  # separators that stand between a title and a name, and nowhere else
LONGEST = 400
INEXACT = 0.7  # how much a place that says nearly the same agrees


def _key(text: str) -> str:
    return SAME.sub("", text).casefold()


def without_suffix(title: str, others: Sequence[str], site_names: Sequence[str]) -> str:
    """``title`` less what a site puts around it: the part that another place has alone, or all but the site's name."""
    keys = {_key(other) for other in others}
    if _key(title) in keys and not any(_key(name) and _key(title).endswith(_key(name)) for name in site_names):
        return title
    for other in others:
        rest = title[len(other) :].strip()
        if len(other) > 15 and title.startswith(other) and rest and not rest[0].isalnum() and len(rest) < 30:
            return other
    cuts = list(SEPARATOR.finditer(title))
    for cut in cuts:
        for part in (title[: cut.start()], title[cut.end() :]):
            if len(_key(part)) > 8 and _key(part) in keys:
                return part
    for cut in cuts:
        tail, head = title[cut.end() :], title[: cut.start()]
        if (
            any(_key(name) and (_key(tail) == _key(name) or _key(tail).startswith(_key(name))) for name in site_names)
            and head
        ):
            return head
        if any(_key(name) and _key(head) == _key(name) for name in site_names) and tail:
            return tail
    return _without_last(title, cuts)


def _without_last(title: str, cuts: Sequence[re.Match[str]]) -> str:
    """``title`` less a last part that is short beside the rest: a site's name that nothing else confirms."""
    if cuts and cuts[-1][0].strip() in UNMISTAKABLE:
        head, tail = title[: cuts[-1].start()], title[cuts[-1].end() :]
        if len(tail.split()) <= 4 and len(head) > len(tail) and len(head.split()) >= 3:
            return head
    return title


def _candidates(head: Head, headings: Sequence[str]) -> list[tuple[str, str]]:
    found = [("dom:h1", text) for text in headings]
    found += [("json-ld:headline", text) for text in strings(head.article.get("headline"))]
    found += [
        (f"meta:{name}", value)
        for name, value in head.metas(
            "og:title", "twitter:title", "headline", "title", "dc.title", "sailthru.title", "parsely-title"
        )
    ]
    found += [("title", text) for text in head.titles[:1]]
    found += [("json-ld:name", text) for text in strings(head.article.get("name"))]
    cleaned = [(source, squeeze(plain(text))) for source, text in found]
    return [(source, text) for source, text in cleaned if 1 < len(text) <= LONGEST and text.casefold() not in GENERIC]


def site_names(head: Head) -> list[str]:
    """What the site calls itself."""
    found = [
        value
        for _, value in head.metas(
            "og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site", "dc.publisher"
        )
    ]
    found += strings(head.article.get("publisher"))
    return [name.lstrip("@") for name in found if len(name) < 80]


def _alike(one: str, other: str) -> float:
    """How much two keys agree, 0 to 1: one in the other, or many runs of three characters in common."""
    if one == other:
        return 1.0
    shorter, longer = sorted((len(one), len(other)))
    if one in other or other in one:
        return INEXACT * shorter / longer
    if shorter < 0.4 * longer:
        return 0.0
    runs = {one[place : place + 3] for place in range(len(one) - 2)}
    shared = len(runs.intersection([other[place : place + 3] for place in range(len(other) - 2)]))
    ratio = min(1.0, 1.3 * shared / (longer - 2)) if longer > 2 else 0.0
    return INEXACT * ratio if ratio > 0.45 else 0.0


def _roughness(text: str) -> int:
    return len(ROUGH.findall(text))


# How much each place is believed by itself, before any other agrees.
TRUST = {
    "dom:h1": 1.15,
    "json-ld:headline": 0.9,
    "meta:og:title": 0.75,
    "meta:twitter:title": 0.5,
    "title": 0.55,
    "json-ld:name": 0.3,
}


def choose_headline(head: Head, headings: Sequence[str]) -> tuple[str | None, list[Evidence]]:
    """The headline and where it came from; ``headings`` are the texts of the ``h1`` elements, most likely first."""
    candidates = _candidates(head, headings)
    names = site_names(head)
    texts = [text for _, text in candidates]
    split = [
        (source, without_suffix(text, [*texts[:index], *texts[index + 1 :]], names) if source != "dom:h1" else text)
        for index, (source, text) in enumerate(candidates)
    ]
    keys = [_key(text) for _, text in split]
    best, most = None, 0.0
    for index, (source, _) in enumerate(split):
        if not keys[index]:
            continue
        agreement = sum(
            TRUST.get(other, 0.3) * _alike(keys[index], keys[at])
            for at, (other, _) in enumerate(split)
            if at != index and other != source
        )
        score = TRUST.get(source, 0.3) + agreement
        if source == "dom:h1":
            score += 0.35 if agreement > 0 or len(split) == 1 else -0.3
        if score > most:
            best, most = index, score
    if best is None:
        return None, []
    source, text = split[best]
    # Another place may print the same words better: without the space that a kicker's element leaves before a colon.
    text = min((other for at, (_, other) in enumerate(split) if keys[at] == keys[best]), key=_roughness, default=text)
    return text, [Evidence("headline", source, candidates[best][1])]
