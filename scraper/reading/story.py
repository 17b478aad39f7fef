"""Which passages are the story: the container that holds it, then each passage in it by features."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.records import RemovalKind
from pipelines.line_rules import match_line
from scraper.reading.compare import Known, same
from scraper.reading.kinds import CAPTION, CODE, HEADING, LIST_ITEM, PARAGRAPH, QUOTE, TABLE
from scraper.reading.lexicon import Hint
from scraper.reading.outline import Node, Outline, Passage

SENTENCE_END = re.compile(r"[.!?…。！？؟।։]['\"”’»)\]]*(?:\s|$)")
UNLIKE = "unlike-story"
DOUBTED = -2.0  # log-odds of a heading that may still be one of the story's
BARELY_DOUBTED = -0.6  # of a short paragraph that may be one
SHORTEST_SUBHEAD = 12  # characters of such a one
BETWEEN = frozenset({RemovalKind.CAPTION, RemovalKind.ADVERTISEMENT})  # stands between a heading and its text
MOST_BETWEEN = 6  # passages that may stand there
SHORTEST = 3  # characters of a passage that says anything
LISTED = frozenset({"", "mostly-links"})  # rules of the items of a list
MOST_TEASERS = 10  # items of a list of other articles
SHORTEST_TEASER, LABEL_BEFORE = 35, 30  # characters of such an item, and of what stands before its link
NUMBERED = re.compile(r"\d{1,3}\s?[.):]\s?\S")
WORD = re.compile(r"[^\W_]")
CERTAIN = 1.0  # log-odds from which a line is story, whatever a line rule makes of its wording
LONGEST_LINE = 400  # characters of a line that a rule may take although the model would keep it
SHORT = 60  # characters of a heading or an item of a list under which a line rule is asked
LABEL = 24  # of an item of a list that may be a label, whatever the model makes of it
LINE = 130  # of a paragraph under which a line rule is always asked
# What a longer line has that a rule takes, however like a paragraph it is: consent, letters, a wire's credit.
TELLTALES = (
    *"ookie onsent extern ersonenbezogen rivacy rivatsph ewsletter journalism ictured IMAGO".split(),
    "eporting by ",
)
SHORTEST_PULL, LONGEST_PULL = 25, 500  # characters of a pull quote
MOST_PULLS = 40  # of a page
HINT_WORTH = 1.3  # how much more a container is worth when its name says that it holds a story


def weight_of(text: str) -> int:
    """The length of ``text`` in letters; a character of Han, kana or Hangul says as much as three."""
    length = len(text)
    return length * 3 if length > 2 and "\u2e80" < text[length // 2] < "\ufb00" else length


WORTHLESS = frozenset({CAPTION, HEADING})
ASIDE = frozenset({RemovalKind.BYLINE, RemovalKind.DATE, RemovalKind.CAPTION})


def worth(passage: Passage) -> float:
    """How much a passage speaks for its containers: its prose in characters, less its links."""
    kind, linked = passage.kind, passage.linked
    if kind in WORTHLESS or passage.role in ASIDE:
        return 0.0
    length = weight_of(passage.text)
    if linked > 0.5 * length:
        return -0.5 * linked
    if kind is LIST_ITEM:
        return 0.6 * length if length > 40 else 0.0
    if kind is TABLE or kind is CODE:
        return 0.4 * length
    if length >= 80 or (length >= 25 and SENTENCE_END.search(passage.text)):
        return length - 2.0 * linked
    return -0.3 * length


def _sums(nodes: Sequence[Node], passages: Sequence[Passage]) -> list[float]:
    sums = [0.0] * len(nodes)
    for passage in passages:
        sums[passage.node] += worth(passage)
    for index in range(len(nodes) - 1, 0, -1):
        sums[nodes[index].parent] += sums[index]
    return sums


def container(found: Outline) -> int:
    """The index of the node that holds the story best: most prose, fewest links, with a bonus for its name."""
    sums = _sums(found.nodes, found.passages)
    best, most = 0, float("-inf")
    for index, node in enumerate(found.nodes):
        if node.tag in ("p", "li", "h1", "h2", "h3"):
            continue
        bonus = HINT_WORTH if node.hint and node.hint is Hint.BODY else 1.1 if node.tag == "article" else 1.0
        value = sums[index] * bonus
        if value >= most:
            best, most = index, value
    return best


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a passage: ``None`` for ``kind`` keeps it."""

    kind: RemovalKind | None
    rule: str = ""


KEEP = Verdict(None)
OUTSIDE = Verdict(RemovalKind.OTHER, "outside-story")
"""A passage that stands outside the story's container."""


line_rule = lru_cache(maxsize=8_192)(match_line)  # the same lines come with every page of a site


def _may_be_ruled(passage: Passage, score: float) -> bool:
    """Whether to ask the line rules, which cost more than all else: not where the verdict is clear without them."""
    if score <= 0:
        return passage.role is None and passage.linked <= 0.5 * len(passage.text)
    length = len(passage.text)
    if passage.kind is HEADING:
        return length < SHORT
    if passage.kind is LIST_ITEM:
        return length < LABEL or (length < LINE and score < CERTAIN)
    return passage.kind is PARAGRAPH and (
        length < LINE or (length < LONGEST_LINE and (score < CERTAIN or _is_telling(passage.text)))
    )


def _is_telling(text: str) -> bool:
    for sign in TELLTALES:  # noqa: SIM110 - two thirds of what any() takes
        if sign in text:
            return True
    return False


def judge(  # noqa: PLR0911 - a rule a return
    passage: Passage, score: float, known: Known, seen: set[str], site_lines: Collection[str]
) -> Verdict:
    """What becomes of one passage by rules that are certain. ``known`` are fields that must not stand in the text."""
    text = passage.text
    if not WORD.search(text):
        return Verdict(RemovalKind.OTHER, "no-words")
    if text in site_lines:
        return Verdict(RemovalKind.OTHER, "site-line")
    if known.holds(text):
        return Verdict(RemovalKind.REPEAT, "field-repeated")
    if passage.kind is CAPTION or passage.role is RemovalKind.CAPTION:
        return Verdict(RemovalKind.CAPTION, "caption")
    if _may_be_ruled(passage, score) and (rule := line_rule(text)):
        return Verdict(rule.kind, rule.name)
    if text in seen and len(text) > 12 and passage.kind is not TABLE:
        return Verdict(RemovalKind.REPEAT, "repeated")
    return KEEP


def unlike(passage: Passage) -> Verdict:
    """Why a passage that the model takes out is furniture, as far as its name and its links tell."""
    if passage.role is not None:
        return Verdict(passage.role, "named")
    if passage.linked > 0.5 * len(passage.text):
        return Verdict(RemovalKind.RELATED, "mostly-links")
    return Verdict(RemovalKind.OTHER, UNLIKE)


def outside(passage: Passage, known: Known) -> Verdict:
    """What a passage outside the story's container is, as far as its name tells."""
    if known.holds(passage.text):
        return Verdict(RemovalKind.REPEAT, "field-repeated")
    return Verdict(passage.role, OUTSIDE.rule) if passage.role is not None else OUTSIDE


def _may_be_subhead(passage: Passage, tag: str, score: float) -> bool:
    """Whether a passage that the model doubts may be a heading of the story: by its tag, or as bare as one."""
    if passage.linked:
        return False
    if passage.kind is HEADING:
        return score > DOUBTED
    return (
        passage.kind is PARAGRAPH
        and tag == "p"
        and score > BARELY_DOUBTED
        and SHORTEST_SUBHEAD <= len(passage.text) < SHORT
        and passage.text[-1].isalnum()
    )


def _beside(passages: Sequence[Passage], verdicts: Sequence[Verdict], index: int, step: int) -> bool:
    """Whether the next passage in that direction that is no picture's or advertiser's is a paragraph of the story."""
    for at in range(index + step, index + step * (MOST_BETWEEN + 1), step):
        if not 0 <= at < len(passages):
            return False
        verdict, passage = verdicts[at], passages[at]
        if verdict.kind not in BETWEEN and (verdict is KEEP or len(passage.text) >= SHORTEST):
            return verdict is KEEP and passage.kind is PARAGRAPH
    return False


def _with_subheads(found: Outline, scores: Sequence[float], verdicts: list[Verdict]) -> None:
    """A heading that the model doubts stays, if it is no link and stands between two paragraphs of the story."""
    passages = found.passages
    for index in range(1, len(passages) - 1):
        if (
            verdicts[index].rule == UNLIKE
            and _may_be_subhead(passages[index], found.nodes[passages[index].node].tag, scores[index])
            and _beside(passages, verdicts, index, -1)
            and _beside(passages, verdicts, index, 1)
        ):
            verdicts[index] = KEEP


def _without_pull_quotes(passages: Sequence[Passage], verdicts: list[Verdict]) -> None:
    """A quote that a paragraph of the story has too, word for word, is an ornament of the page."""
    kept = [index for index, verdict in enumerate(verdicts) if verdict is KEEP]
    quotes = [at for at in kept if passages[at].kind is QUOTE and len(passages[at].text) <= LONGEST_PULL]
    if not quotes:
        return
    told = "\n".join([same(passages[at].text) for at in kept if passages[at].kind is PARAGRAPH])
    for at in quotes[:MOST_PULLS]:
        key = same(passages[at].text)
        if len(key) >= SHORTEST_PULL and key in told:
            verdicts[at] = Verdict(RemovalKind.REPEAT, "pull-quote")


def _without_link_lists(found: Outline, verdicts: list[Verdict]) -> None:
    """A list of which each item is a link to another page, as long as a headline, is of other articles."""
    lists: dict[int, list[int]] = {}
    for at, passage in enumerate(found.passages):
        if passage.kind is LIST_ITEM and verdicts[at].rule in LISTED:
            lists.setdefault(found.nodes[passage.node].parent, []).append(at)
    for items in lists.values():
        if len(items) <= MOST_TEASERS and all(_is_teaser(found.passages[at]) for at in items):
            for at in items:
                if verdicts[at] is KEEP:
                    verdicts[at] = Verdict(RemovalKind.RELATED, "link-list")


def _is_teaser(passage: Passage) -> bool:
    size = len(passage.text)
    return size >= SHORTEST_TEASER and passage.linked >= 0.5 * size and size - passage.linked < LABEL_BEFORE


def _is_numbered(passage: Passage) -> bool:
    """Whether a heading is an item of a list that tells its story in headings, with pictures between them."""
    return NUMBERED.match(passage.text) is not None and not passage.linked


def _without_empty_headings(passages: Sequence[Passage], verdicts: list[Verdict]) -> None:
    """A heading stays only if kept text follows before the next heading of its level or above, or it is numbered."""
    deepest = 0  # the level of the shallowest heading since the last kept text, looking upward; 0 when there is text
    has_text = False
    for index in range(len(passages) - 1, -1, -1):
        if verdicts[index].kind is not None:
            continue
        passage = passages[index]
        if passage.kind is not HEADING:
            has_text, deepest = True, 0
        elif has_text or (deepest and passage.level < deepest) or _is_numbered(passage):
            has_text, deepest = False, passage.level
        else:
            verdicts[index] = Verdict(RemovalKind.RELATED, "heading-without-text")


def decide(
    found: Outline, scores: Sequence[float], top: int, known: Known, site_lines: Collection[str] = ()
) -> list[Verdict]:
    """A verdict for each passage: the certain rules first, then the model's ``scores`` (above 0 is story)."""
    end = found.nodes[top].end
    seen: set[str] = set()
    verdicts = []
    for passage, score in zip(found.passages, scores, strict=True):
        if score <= 0 and not top <= passage.node < end:
            verdicts.append(outside(passage, known))
            continue
        verdict = judge(passage, score, known, seen, site_lines)
        if verdict is KEEP and score <= 0:
            verdict = unlike(passage)
        if verdict is KEEP:
            seen.add(passage.text)
        verdicts.append(verdict)
    _without_pull_quotes(found.passages, verdicts)
    _with_subheads(found, scores, verdicts)
    _without_link_lists(found, verdicts)
    _without_empty_headings(found.passages, verdicts)
    if not any(verdict is KEEP for verdict in verdicts):
        # No story: what there is, for a page that is short or no article.
        for index, passage in enumerate(found.passages):
            if top <= passage.node < end and judge(passage, 0.0, known, set(), site_lines) is KEEP:
                verdicts[index] = KEEP
    return verdicts
