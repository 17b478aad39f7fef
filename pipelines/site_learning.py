"""Learning: from the marks in an archive to its table ``site_lines``.

What is in force is worked out from all that the archive has seen of a site, each time there is something new. So it
does not matter in which order pages came, and what stops being common stops being furniture.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from archive import site_lines
from archive.records import BlockKind, SiteLine
from archive.store import Archive
from pipelines.site_evidence import Recurrence, Sighting, recurrence
from pipelines.site_marks import (
    LABEL,
    RULES,
    Role,
    mark_of_byline,
    mark_of_label,
    mark_of_line_about,
    mark_of_title,
    marks_of_line,
    title_ends,
    title_of,
)
from pipelines.site_verdicts import SiteVerdict, judge_site, with_texts

KINDS = {
    Role.LINE: "line",
    Role.SHORT: "line",
    Role.HEADING: "heading",
    Role.NUMBERED: "pattern",
    Role.TITLE: "title",
    Role.BYLINE: "byline",
    Role.LABEL: "label",
    Role.BANNER: "heading",
}
MOST_SHOWN = 50  # of what recurs and is not in force, those that stand on most articles


def learn(sightings: Sequence[Sighting]) -> tuple[Recurrence, list[SiteVerdict]]:
    """What recurs among ``sightings``, and a verdict on each that is worth telling: in force, or common."""
    site = recurrence(sightings)
    verdicts = judge_site(site)
    common = [each for each in verdicts if not each.in_force]
    told = {each.evidence.mark for each in common[:MOST_SHOWN]} | {
        each.evidence.mark for each in common if each.evidence.role is Role.TITLE
    }
    return site, [each for each in verdicts if each.in_force or each.evidence.mark in told]


def _marks_of(text: str) -> Iterator[int]:
    """The marks of ``text`` in every role."""
    yield mark_of_title(text)
    yield mark_of_byline(text)
    yield mark_of_label(text)
    yield from marks_of_line(text, BlockKind.PARAGRAPH)
    yield from marks_of_line(text, BlockKind.HEADING)


def _parts(text: str) -> Iterator[str]:
    """``text`` whole, and what a site might have added to it if it is a title."""
    yield text
    yield from (text[start:stop] for start, stop in title_ends(text))
    if label := LABEL.match(text):
        yield label[0]


def texts_of(connection: sqlite3.Connection, verdicts: Sequence[SiteVerdict]) -> dict[int, str]:
    """How each mark is printed on the first article that has it, by mark."""
    wanted: dict[str, set[int]] = {}
    for each in verdicts:
        wanted.setdefault(each.evidence.example, set()).add(each.evidence.mark)
    found: dict[int, str] = {}
    for article_id, marks in wanted.items():
        texts = sorted(site_lines.texts(connection, article_id, RULES.keys()))
        for text in texts:
            for part in _parts(text):
                for mark in marks.intersection(_marks_of(part)):
                    found.setdefault(mark, part)
        if marks - found.keys():
            found |= {mark: text for mark, text in _about(texts) if mark in marks and mark not in found}
    return found


def _about(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines that hold another, as an article's headline, with the marks that they have then."""
    titles = {title for text in texts if (title := title_of(text))}
    for text in texts:
        for title in sorted(titles):
            if title in text and title != text and (mark := mark_of_line_about(text, title)) is not None:
                yield mark, text


def to_lines(site: Recurrence, verdicts: Sequence[SiteVerdict], texts: Mapping[int, str]) -> Iterator[SiteLine]:
    """The verdicts as rows."""
    for each in verdicts:
        found = each.evidence
        yield SiteLine(
            mark=found.mark,
            kind=KINDS[found.role],
            line=texts[found.mark].strip(),
            articles=found.articles,
            seen=site.articles,
            share=each.share,
            first_seen_at=found.first_seen_at,
            last_seen_at=found.last_seen_at,
            in_force=each.in_force,
            reason=each.reason,
        )


def learn_site(archive: Archive, site: str) -> None:
    """Bring what the archive knows of a site to what all its articles show."""
    seen = [Sighting(*row) for row in site_lines.sightings(archive.connection, site)]
    whole, verdicts = learn(seen)
    texts = texts_of(archive.connection, verdicts)
    archive.keep_site_lines(site, to_lines(whole, with_texts(verdicts, texts, site), texts))
