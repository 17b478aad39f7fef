"""The dates that are printed in a page: each line that holds one weighed by its label, its names and its place."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from lxml.etree import _Element as Element

from archive.records import RemovalKind
from scraper.reading.head import Head
from scraper.reading.lexicon import role_of
from scraper.reading.moments import Dated, Found, Order, find_moment, read_moment
from scraper.reading.outline import Outline
from scraper.reading.surroundings import NEAR, element_text

# These four are searched in lower case, and none begins with an assertion: so the matcher skips by first letters.
MODIFIED = re.compile(
    r"updat|modif|aktuali[sz]|edited(?! by)|revis|geändert|stand\b|actuali[sz]|editado|atualiz|aggiorn|mise? à jour|"
    r"änderung|zuletzt|bijgewerkt|gewijzigd|更新|修改|업데이트|수정|обновл|изменен|оновлен|güncel|uppdater|opdater|oppdater|päivitetty|"
    r"zaktualiz|upraven|frissít|ενημέρ|تحديث|تعديل|עודכן|cập nhật|diperbarui|แก้ไข|अपडेट",
)
PUBLISHED = re.compile(
    r"publi|posted|post\b|gepostet|geplaatst|erstellt|veröffentl|erschien|created|written|submitted|gespeichert|"
    r"verfasst|dat(?:e|um)\b|fecha|data\b|pubbl|creado|criado|postado|issued|first seen|filed|入力|公開|"
    r"掲載|发布|發布|发表|时间|時間|日期|등록|입력|게시|опубл|дата|yayın|tarih|publicer|julkaistu|megjelen|objav|"
    r"press(?:e|e?mitteilung| release)\b|δημοσ|نشر|تاریخ|انتشار|פורסם|đăng|tayang|diterbitkan|เผยแพร่|प्रकाशित",
)
PREPOSITION = re.compile(r"\b(?:am|vom|on|le|el|il|den|op|em|dnia) $", re.IGNORECASE)
SAID_AFTER = re.compile(
    r"geschrieben|veröffentlicht|verfasst|gepostet|posted|written|publish|publié|publicado|pubblicat|掲載|公開|发布|發布",
)
# What the date after it belongs to instead.
ELSEWHERE = re.compile(
    r"©|copyright|registriert|registered|joined|member since|mitglied seit|expire|valid (?:until|through)|gültig bis|"
    r"deadline|nächste|next|born|geboren|foto\b|photo|archivbild|retrieved|abgerufen|accessed|引用|"
    r"viewed|version|event|termin|served from|cache|"
    # The visitor's day, which forums print.
    r"(?:current|aktuelle[sr]?) (?:date|time|datum|zeit)|it is currently|today is|heute ist|"
    r"(?:last|letzter) (?:visit|besuch)",
)
# A date after it is the first one, whatever stands at the headline.
ORIGINALLY = re.compile(
    r"(?:originally|first) (?:published|posted|appeared|written)|"
    r"(?:ursprünglich|zuerst|erstmals) (?:veröffentlicht|erschienen)|"
    r"erstveröffentlich|erstmals publiziert|publié (?:initialement|pour la première fois)|"
    r"(?:publicado|publicada) (?:originalmente|por primera vez)|pubblicato originariamente",
)
ORIGINAL_WEIGHT = 9.0
LEAST_LABEL, MOST_LABEL = 14, 60  # characters before such a date
CAPTION_START = re.compile(
    r"(?:abb(?:ildung)?\b|fig(?:ure|\.)|foto\b|photo\b|grafik\b|tab(?:elle|le)\b)", re.IGNORECASE
)
DATE_NAME = re.compile(
    r"date|datum|publi|posted|created|fecha|time|meta|byline|submitted|(?:^|[\s_-])info", re.IGNORECASE
)
PUBLISHED_NAME = re.compile(r"publi|entry-date|entry__date|posted|post-?date|created|dt-", re.IGNORECASE)
SPAN = re.compile(
    r"\d{1,2}[:.]\d\d(?:\s*Uhr)?\s*(?:-|–|bis|to)\s*\d|\d\.?\s*(?:-|–|bis|to)\s*\d{1,2}\.\s"
)  # of an event
# The digits of the scripts that newspapers write, spelt out for the matcher's sake.
HOLDS_DATE = re.compile(
    r"[0-9٠-٩۰-۹०-९০-৯๐-๙](?:\d{3}|\d?\s?[./|-]\s?\d{1,2}\s?[./|-]\s?\d|\d?[\s-]{0,3}[^\W\d]{3,14}[\s-]{0,3}[’']?\d\d|\d{0,2}年)"
)
EITHER_WAY = re.compile(r"(?:0?[1-9]|1[0-2])\s?[./|-]\s?(?:0?[1-9]|1[0-2])\s?[./|-]")
WORD = re.compile(r"[a-z]{3}", re.IGNORECASE)
HOLDERS = "span p div li small i time a td dd footer em".split()
MOST_PARTS = 150
ENDS = (".", "!", "?", "…", "。")
SMALL_CUT = 400  # characters
READ = 240  # characters of a line; of a longer one the first are read
LEAD = 80
MOST_ALIKE = 2  # of lines or elements that look alike; more are a list
MOST_TRIED = 300  # lines that may hold a date, of passages and of cuts
MOST_LINES = 60  # with a date; a page of more is a list
ENOUGH = 3.0  # weight of a line from which its date is the page's
BARELY = 1.0  # weight from which it is, when nothing else is there
ROLE_WEIGHT = {
    RemovalKind.DATE: 2.0,
    RemovalKind.BYLINE: 2.0,
    RemovalKind.COMMENT: -9.0,
    RemovalKind.RELATED: -3.0,
    RemovalKind.PROMO: -2.0,
    RemovalKind.CAPTION: -4.0,
    RemovalKind.LEGAL: -4.0,
    RemovalKind.ADVERTISEMENT: -4.0,
    RemovalKind.CONSENT: -6.0,
    RemovalKind.NAVIGATION: -1.0,
    RemovalKind.OTHER: -1.0,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line with a date: where it stands among the passages, in what element, what the line dates."""

    at: int
    text: str
    role: RemovalKind | None
    element: Element
    is_foreign: bool
    is_linked: bool
    dated: Dated
    is_modified: bool = False


Undated = tuple[str, tuple[int, str, RemovalKind | None, Element, bool, bool]]
"""The part of a line that is read, and the first fields of its ``Line``."""


def lower(text: str) -> str:
    """``text`` in lower case, each letter where it stood."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(letter.lower()[0] for letter in text)


def _dates(text: str, order: Order) -> Iterator[tuple[Dated, bool]]:
    """The first date of a line, and one that its words call the date of a change, marked so."""
    low = lower(text)
    changed = MODIFIED.search(low)
    if changed is None:
        if dated := find_moment(text, order, printed=True):
            yield dated, False
        return
    place = changed.start()
    if dated := find_moment(text[:place], order, printed=True):
        yield dated, False
    if dated := find_moment(text[place:], order, printed=True):
        yield Dated(dated.moment, dated.start + place, dated.end + place), True
        place += dated.end
        if (again := PUBLISHED.search(low, place)) and (dated := find_moment(text[place:], order, printed=True)):
            yield Dated(dated.moment, dated.start + place, dated.end + place), again.start() > place + dated.start


def _passage_lines(found: Outline, around: range | None) -> Iterator[Undated]:
    places = range(len(found.passages)) if around is None else range(max(around.start, 0), around.stop)
    for at, passage in zip(places, found.passages[places.start : places.stop], strict=False):
        text = passage.text if len(passage.text) <= READ else "" if around else passage.text[:LEAD]
        if HOLDS_DATE.search(text):
            element, is_linked = found.nodes[passage.node].element, passage.linked > 0.5 * len(passage.text)
            yield text, (at, passage.text, passage.role, element, False, is_linked)


def _cut_lines(found: Outline, around: range | None) -> Iterator[Undated]:
    for cut in found.cuts:
        if around is not None and (cut.at not in around or len(cut.text) > SMALL_CUT):
            continue
        if cut.rule != "hidden" and cut.kind is not RemovalKind.COMMENT and HOLDS_DATE.search(cut.text):
            for text in cut.text.split("\n"):
                if HOLDS_DATE.search(text[:READ]):
                    yield text[:READ], (cut.at, text, cut.kind, cut.element, cut.rule == "name-related", False)


def _lines(found: Outline, order: Order, around: range | None = None) -> Iterator[Line]:
    """The lines with a date, of passages and of cuts; only those of the passages ``around`` and small cuts there."""
    for text, line in chain(
        islice(_passage_lines(found, around), MOST_TRIED), islice(_cut_lines(found, around), MOST_TRIED)
    ):
        for dated, is_modified in _dates(text, order):
            yield Line(*line, dated, is_modified)


def _names(line: Line) -> str:
    """The names of the element around the date, and of the line's element."""
    element = line.element
    names = [element.get("class") or "", element.get("id") or ""]
    day = line.text[line.dated.start : line.dated.end]
    for part in islice(element.iter(*HOLDERS), MOST_PARTS):
        if (part.text and day in part.text) or any(child.tail and day in child.tail for child in part):
            names += [part.get("class") or "", part.get("id") or "", part.get("itemprop") or ""]
            break
    return " ".join(names)


def _place_weight(at: int, place: int | None) -> float:
    if place is None:
        return 1.0 if at <= NEAR else 0.0
    return 3.0 if -3 <= at - place <= 6 else 1.0 if -8 <= at - place <= NEAR + 5 else 0.0


def _text_weight(line: Line) -> float:
    """How much like the line of a date the text is."""
    before, rest = line.text[: line.dated.start], len(line.text) - (line.dated.end - line.dated.start)
    is_lead = len(before) <= 3
    weight = 2.0 if rest <= 12 else 1.0 if rest <= 60 else 0.0 if rest <= 160 else -2.0
    if is_lead:
        weight = max(weight, -1.0) + 1.0
    elif rest > 40 and line.text.endswith(ENDS) and line.role not in (RemovalKind.BYLINE, RemovalKind.DATE):
        weight -= 3.0
    if line.is_modified or PUBLISHED.search(lower(before[-40:])):
        weight += 3.0 if len(before) <= 60 else 1.0
    elif PREPOSITION.search(before) and not line.text.endswith(ENDS):
        weight += 2.0 if is_lead else 1.0
    if SAID_AFTER.search(lower(line.text[line.dated.end : line.dated.end + 60])):
        weight += 2.0
    if ELSEWHERE.search(lower(before[-60:])) or CAPTION_START.match(line.text):
        weight -= 5.0
    if LEAST_LABEL <= len(before) <= MOST_LABEL and ORIGINALLY.search(lower(before[-60:])):
        weight += ORIGINAL_WEIGHT
    if SPAN.search(line.text, max(line.dated.start - 8, 0), line.dated.end + 40):
        weight -= 4.0
    return weight


def weigh(line: Line, place: int | None) -> float:
    """How likely the date of ``line`` is the article's; ``place`` is the headline's index."""
    weight = _text_weight(line) + _place_weight(line.at, place) - line.is_linked - 3.0 * line.is_foreign
    if line.role:
        weight += ROLE_WEIGHT.get(line.role, 0.0)
    return weight + 2.0 if DATE_NAME.search(_names(line)) else weight


def _style(lines: list[Line]) -> set[bool]:
    """Whether the dates with a month's name put it before the day: the ways that the page has."""
    days = (line.text[line.dated.start : line.dated.end] for line in lines)
    return {not day[0].isdigit() for day in days if WORD.search(day) and day.isascii()}


def dated_lines(found: Outline, order: Order, around: range | None = None) -> list[Line]:
    """The lines with a date, in the order of the page; with ``around`` only of the passages in that range."""
    lines = list(islice(_lines(found, order, around), MOST_LINES))
    if order.is_guess and (style := _style(lines)) and order.month_first not in style:
        order = Order(not order.month_first, order.last_day)
        lines = list(islice(_lines(found, order, around), MOST_LINES))
    return _turned_right(lines)


def _turned_right(lines: list[Line]) -> list[Line]:
    """The lines, with 2/1/2026 read the other way round where the page spells out that day, and not the one read."""
    said = [(line, line.text[line.dated.start : line.dated.end]) for line in lines]
    doubtful = {id(line) for line, day in said if EITHER_WAY.match(day)}
    if not doubtful or len(doubtful) == len(lines):
        return lines
    certain = {line.dated.moment[:10] for line in lines if id(line) not in doubtful}
    return [
        replace(line, dated=replace(line.dated, moment=turned + line.dated.moment[10:]))
        if id(line) in doubtful
        and line.dated.moment[:10] not in certain
        and (turned := turned_day(line.dated.moment)) in certain
        else line
        for line in lines
    ]


def turned_day(moment: str) -> str:
    """The day with day and month exchanged, which need not exist."""
    return f"{moment[:5]}{moment[8:10]}-{moment[5:7]}"


def weighed_lines(lines: Sequence[Line], place: int | None) -> list[tuple[float, Found]]:
    """The dates of ``lines``, the likeliest first, each with its weight; ``place`` is the headline's index."""
    alike = Counter((line.role, line.element.get("class")) for line in lines)
    days = Counter(line.dated.moment[:10] for line in lines if line.role is not RemovalKind.COMMENT)
    weighed: list[tuple[float, Found]] = []
    for line in lines:
        is_listed = alike[line.role, line.element.get("class")] > MOST_ALIKE
        agreeing = min(days[line.dated.moment[:10]] - 1, 2)
        source = "dom:modified" if line.is_modified else "dom:text"
        printed = line.dated.moment, source, line.text[:READ]
        weighed.append((weigh(line, place) - 2.0 * is_listed + 0.5 * agreeing, printed))
    return sorted(weighed, key=lambda pair: -pair[0])


def _standing(element: Element) -> float:
    """What the names around ``element`` take from its date: much in another article's part, little in a page's."""
    current, steps, worst = element.getparent(), 0, 0.0
    while current is not None and steps < 12 and current.tag not in ("body", "html"):
        role = role_of(f"{current.get('class') or ''} {current.get('id') or ''}")
        if role in (RemovalKind.RELATED, RemovalKind.COMMENT, RemovalKind.PROMO):
            return -6.0
        if current.tag in ("aside", "footer", "nav") or role is RemovalKind.NAVIGATION:
            worst = -2.0
        current, steps = current.getparent(), steps + 1
    return worst


def _is_carded(element: Element) -> bool:
    """Whether a link stands so near that the two are a card of another article."""
    near = element.getparent()
    above = near.getparent() if near is not None else None
    return any(place is not None and next(place.iter("a"), None) is not None for place in (near, above))


def _look(element: Element) -> tuple[str | None, str | None]:
    """The names of an element and of the one around it: those of comments are all alike."""
    above = element.getparent()
    return element.get("class"), above.get("class") if above is not None else None


def _is_named(element: Element) -> bool:
    """Whether the element's own names say that its time is that of publication."""
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    return element.get("pubdate") is not None or bool(PUBLISHED_NAME.search(names))


def _raw_times(head: Head) -> Iterator[tuple[Element, str]]:
    for element in head.times[:30]:
        yield element, element.get("datetime") or element.get("content") or element_text(element)


def time_elements(head: Head, order: Order) -> list[tuple[float, Found]]:
    """The ``time`` elements, the likeliest first, each with its weight: above nought, it is the page's own."""
    weighed: list[tuple[float, Found]] = []
    dated = [(element, moment, raw) for element, raw in _raw_times(head) if (moment := read_moment(raw, order))]
    many_named = len({moment for element, moment, _ in dated if _is_named(element)}) > 2
    is_only = len({moment for _, moment, _ in dated}) == 1
    alike = Counter(_look(element) for element, _, _ in dated)
    for element, moment, raw in dated:
        is_named = _is_named(element)
        is_change = not is_named and MODIFIED.search(
            lower(f"{element.get('class') or ''} {element.get('itemprop') or ''}")
        )
        standing = _standing(element)
        is_card = (many_named if is_named else bool(standing)) and _is_carded(element)
        weight = 1.0 + 2.0 * (is_named and not many_named) + standing - 3.0 * is_card
        if standing and not (is_named or is_only):
            weight -= 5.0
        if not is_named and alike[_look(element)] > MOST_ALIKE:
            weight -= 6.0
        if is_only and not is_card:
            weight = max(weight, -1.0)
        weighed.append((weight, (moment, "dom:modified" if is_change else "dom:time", raw)))
    return sorted(weighed, key=lambda pair: -pair[0])
