"""The same story elsewhere: found by a stretch of its words in the index, kept where most of the words agree."""

import re
from collections import Counter
from typing import Any

from archive.diff import likeness
from archive.reader import Reader
from archive.records import Version
from archive.words import WORD

STRETCH = 7  # words in a row: enough to be this story's own
LEAST_WORDS = 60  # shorter texts are alike by chance
ALIKE = 0.7  # share of words in common from which it is a copy
MOST = 12
CANDIDATES = (
    "SELECT versions.article_id, versions.number, versions.site, versions.headline, versions.published_at, "
    "versions.seen_from, versions.url, versions.text FROM versions_fts "
    "CROSS JOIN versions ON versions.docid = versions_fts.rowid "
    "WHERE versions_fts MATCH :match AND versions.article_id <> :id ORDER BY versions_fts.rowid DESC LIMIT 60"
)


def _stretches(text: str) -> list[str]:
    """Some stretches of words from the story, as phrases for the index."""
    words = re.findall(r"[^\W_]+", text)
    starts = (place for place in (len(words) // 4, len(words) // 2) if place + STRETCH <= len(words))
    return ['text : "' + " ".join(words[start : start + STRETCH]) + '"' for start in starts]


def _bag(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.casefold()))


def copies_of(reader: Reader, version: Version) -> list[dict[str, Any]]:
    """Other articles with mostly the same words: the latest version of each, the likest first."""
    stretches = _stretches(version.text)
    if version.words < LEAST_WORDS or not stretches:
        return []
    mine = _bag(version.text)
    found: dict[str, dict[str, Any]] = {}
    values = {"match": " OR ".join(stretches), "id": version.article_id}
    for row in reader.connection.execute(CANDIDATES, values).fetchall():
        if row["article_id"] in found:
            continue
        like = likeness(mine, _bag(row["text"]))
        if like >= ALIKE:
            found[row["article_id"]] = {name: row[name] for name in row.keys() if name != "text"} | {"likeness": like}  # noqa: SIM118
    return sorted(found.values(), key=lambda row: -row["likeness"])[:MOST]
