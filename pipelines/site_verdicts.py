"""Whether what recurs on a site is its furniture. docs/pipelines.md gives the reasons for each bound.

A story line that is lost is worse than a promo that stays, so each way to be furniture asks for more than a count:
that it stands on most of the site, or that it keeps its place while everything around it changes, in many sections.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipelines.site_evidence import FEWEST, Evidence, Recurrence
from pipelines.site_marks import MORE, Role, role_of

FEW_ARTICLES = 10  # a site of fewer says little: there, only what stands on nearly all of it is its own
NEARLY_ALL, MOST = 0.8, 0.5
ON_MANY, MANY = 0.3, 10  # share and number of works from which a line's place and spread are asked
WITH_NUMBERS = 8  # works that must have a line whose numbers differ
STEADY = 0.8  # share of its works in which such a line must stand at one place
AT_START = 0.2  # share of its works in which it may stand before all else: there a series says what it is
SECTION_SHARE, SECTIONS = 0.05, 3  # a section is one that has this share of the site; a line must stand in so many
ONE_SECTION = 0.7  # share of a line's works that may lie in a single section
# A heading, or a line as short as one, has the text under it: it goes by itself only where none is left there.
ENDS = 0.9  # share of its works in which a line must stand at the place where several take turns; or a heading, on one
BIG = 20  # works of a section, of a campaign, or with a long heading, that can be judged by themselves
CAMPAIGN_DAYS = 7

# Bylines that are no person: a desk, or words that papers are called by.
DESK = re.compile(
    r"\b(?:staff|desk|newsroom|newsdesk|editors?|editorial|team|agency|agencies|admin|bureau|"
    r"(?:staff|our|own|web|news) (?:reporters?|correspondents?|writers?)|"
    r"redaktion\w*|rédaction|redacción|redazione|redação|redactie|redakcja|"
    r"redaktionen|toimitus|agentur\w*)\b|編集部|编辑部|記者団|редакция",
    re.IGNORECASE,
)
THE_PAPER = re.compile(r"The (?!Rev|Hon|Very|Right|Most|Ven)\w")
PAPER = re.compile(
    r"\b(?:news|times|post|herald|gazette|ledger|tribune|journal|chronicle|observer|courier|mail|daily|weekly|online|"
    r"today|press|media|magazine|star|sun|mirror|standard|review|telegraph|guardian|echo|argus|examiner|inquirer|"
    r"register|record|dispatch|express|advertiser|independent|mercury|sentinel|bulletin|reporter|globe|wire|radio|tv|"
    r"zeitung|anzeiger|blatt|tagblatt|nachrichten|kurier|bote|presse|rundschau|journal|gazette|dépêche|monde|"
    r"diario|periódico|noticias|correo|prensa|corriere|gazzetta|giornale|jornal|notícias|folha|dagblad|nieuws|krant)\b|"
    r"新聞|日報|\.\w{2,4}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SiteVerdict:
    """What becomes of one mark: whether it is in force, the share of the site that it stands on, and why, in words."""

    evidence: Evidence
    in_force: bool
    share: float
    reason: str


def judge_site(site: Recurrence) -> list[SiteVerdict]:
    """A verdict for each piece of evidence, in its order; titles and bylines still depend on what they say."""
    by_turns = _taking_turns(site)
    verdicts = []
    for found in site.evidence:
        share = round(found.works / site.works, 4) if site.works else 0.0
        reason = _on_the_whole_site(found, site) or _by_its_place(found, site, by_turns)
        verdicts.append(SiteVerdict(found, bool(reason), share, reason or _why_not(found)))
    in_force = {each.evidence.mark for each in verdicts if each.in_force}
    return [_with_line_below(each, in_force) for each in verdicts]


def _with_line_below(verdict: SiteVerdict, in_force: Collection[int]) -> SiteVerdict:
    """A heading that nearly always stands on a line that goes is that line's."""
    found = verdict.evidence
    if found.role not in (Role.HEADING, Role.BANNER) or verdict.in_force or found.works < FEWEST:
        return verdict
    above = sum(count for mark, count in found.below.items() if mark in in_force and role_of(mark) not in MORE)
    if above < ENDS * found.works:
        return verdict
    return SiteVerdict(found, True, verdict.share, "the heading of a line that goes")


def _on_the_whole_site(found: Evidence, site: Recurrence) -> str | None:
    if (found.role is Role.HEADING and found.tail < ENDS * found.works) or found.works < (
        WITH_NUMBERS if found.role in MORE else FEWEST
    ):
        return None
    if site.works >= (BIG if found.role is Role.BANNER else FEW_ARTICLES) and found.works >= NEARLY_ALL * site.works:
        return "on nearly every article"
    if found.role is Role.BANNER:
        return None
    if found.sound >= FEWEST and found.sound >= (MOST if site.works >= FEW_ARTICLES else NEARLY_ALL) * site.works:
        return "on most articles"
    return None


def _by_its_place(found: Evidence, site: Recurrence, by_turns: frozenset[int]) -> str | None:
    if found.mark in by_turns:
        return "one of the lines that take turns at one place of nearly every article"
    if (
        found.role is not Role.LINE
        or found.sound < MANY
        or found.first > AT_START * found.works
        or not _is_steady(found)
    ):
        return None
    if _is_spread(found, site) and found.sound >= ON_MANY * site.works:
        return "on many articles of many sections, always at one place"
    if any(_fills_section(found, site, section) for section in found.sections):
        return "on nearly every article of a section, always at one place"
    if found.sound >= BIG and _is_spread(found, site) and _is_campaign(found, site):
        return "on most articles of its time, always at one place"
    return None


def _is_steady(found: Evidence) -> bool:
    """Whether it stands after all of the story, in its middle, or after as many paragraphs each time."""
    return max(found.tail, found.middle, *found.places.values()) >= STEADY * found.works


def _is_spread(found: Evidence, site: Recurrence) -> bool:
    """Whether it stands in several of the site's sections, and most of them, none of which has nearly all of it."""
    known = {
        section for section, works in site.sections.items() if section and works >= max(2, SECTION_SHARE * site.works)
    }
    shared = known & found.sections.keys()
    return (
        len(shared) >= SECTIONS
        and 2 * len(shared) > len(known)
        and max(found.sections.values()) <= ONE_SECTION * found.works
    )


def _fills_section(found: Evidence, site: Recurrence, section: int) -> bool:
    return (
        bool(section)
        and site.sections[section] >= BIG
        and found.sections[section] >= NEARLY_ALL * site.sections[section]
    )


def _is_campaign(found: Evidence, site: Recurrence) -> bool:
    """Whether most of what was published, or visited, while it ran has it."""
    return _fills_its_time(found.days, site.days) or _fills_its_time(found.visits, site.visits)


def _fills_its_time(times: Sequence[int], of_site: Sequence[int]) -> bool:
    """``times`` and ``of_site`` are days; the outermost twentieths of ``times`` are left out."""
    days = sorted(times)
    cut = len(days) // 20
    first, last = days[cut], days[-1 - cut]
    return last - first >= CAMPAIGN_DAYS and _between(days, first, last) >= MOST * _between(of_site, first, last)


def _between(ordered: Sequence[int], first: int, last: int) -> int:
    return bisect_right(ordered, last) - bisect_left(ordered, first)


def _taking_turns(site: Recurrence) -> frozenset[int]:
    """Lines that take turns at one place, when nearly every article has one of them there.

    A place is the very end, or after so many own lines; not before them all, where series say what they are.
    """
    slots: dict[int, list[Evidence]] = {}
    for found in site.evidence:
        if found.role in (Role.LINE, Role.SHORT) and found.sound >= FEWEST:
            place, count = found.places.most_common(1)[0]
            if found.last >= ENDS * found.works:
                slots.setdefault(0, []).append(found)
            elif place > 0 and count >= ENDS * found.works:
                slots.setdefault(place, []).append(found)
    filled = [
        turns for turns in slots.values() if len(set().union(*(each.keys for each in turns))) >= NEARLY_ALL * site.works
    ]
    return frozenset(each.mark for turns in filled for each in turns) if site.works >= FEW_ARTICLES else frozenset()


def _why_not(found: Evidence) -> str:
    if found.role in (Role.HEADING, Role.BANNER):
        return "a heading goes only with the text under it"
    if found.works < FEWEST:
        return f"the same {found.works} texts under several addresses"
    return "not on enough articles for what is known of its place"


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold())).removeprefix("the")


def is_house(name: str, site: str, titles: Sequence[str], share: float) -> bool:
    """Whether a byline that stands on most articles is the house's and no person's.

    ``titles`` are what the site adds to its titles.
    """
    if DESK.search(name) or THE_PAPER.match(name):
        return True
    letters = _letters(name)
    own = len(letters) >= 4 and any(
        letters in other or (len(other) >= 4 and other in letters) for other in (_letters(site), *map(_letters, titles))
    )
    return bool(PAPER.search(name)) and (own or share >= NEARLY_ALL)


def with_texts(verdicts: Sequence[SiteVerdict], texts: Mapping[int, str], site: str) -> list[SiteVerdict]:
    """The verdicts that have a text, reconsidered by what it says: a person's byline stays, a section's title goes."""
    named = [
        texts[each.evidence.mark]
        for each in verdicts
        if _is_title(each) and each.in_force and each.evidence.mark in texts
    ]
    return [
        _reconsidered(each, texts[each.evidence.mark], site, named) for each in verdicts if each.evidence.mark in texts
    ]


def _is_title(verdict: SiteVerdict) -> bool:
    return verdict.evidence.role is Role.TITLE


def _reconsidered(verdict: SiteVerdict, text: str, site: str, titles: Sequence[str]) -> SiteVerdict:
    found, share = verdict.evidence, verdict.share
    if found.role is Role.BYLINE and verdict.in_force and not is_house(text, site, titles, share):
        return SiteVerdict(found, False, share, "a person's name, as far as can be told")
    ends = any(text != title and text.endswith(title) for title in titles)
    if _is_title(verdict) and not verdict.in_force and found.works >= FEWEST and ends:
        return SiteVerdict(found, True, share, "recurs before what the site adds to its titles")
    return verdict
