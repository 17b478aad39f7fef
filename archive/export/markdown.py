"""A folder of Markdown files with front matter: ``site/year/name-id.md``, the same names at each export."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from archive.errors import UsageError

FRONT_MATTER = (
    *("id", "url", "site", "headline", "standfirst", "section", "authors", "published_at", "modified_at", "language"),
    *("tags", "image_url", "kind", "paywalled", "words", "first_seen_at", "last_seen_at", "gone_at", "versions"),
)
LONGEST_NAME = 80  # bytes of UTF-8, so that with id and folders a path stays below 255


def safe_name(text: str) -> str:
    """``text`` as part of a file name: letters and digits joined by ``-``, never a dot, slash or reserved character.

    >>> safe_name("../../etc/passwd%00"), safe_name("Café au lait!")
    ('etc-passwd-00', 'café-au-lait')
    """
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower())
    name = "-".join(words).encode()[:LONGEST_NAME].decode(errors="ignore")
    return name.strip("-")


def safe_site(site: str) -> str:
    """A site as the name of a folder: dots stay within it, a port follows ``_``."""
    name = re.sub(r"[^a-z0-9._-]", "_", site.lower()).strip(".")
    return name[:100] or "unknown"


def path_of(record: Mapping[str, Any]) -> Path:
    """Where an article stands below the folder. The name comes from the address, which edits do not change."""
    last = [part for part in urlsplit(record["url"]).path.split("/") if part][-1:]
    stem = re.sub(r"\.\w{1,5}$", "", unquote(last[0])) if last else ""
    year = re.match(r"\d{4}", record["published_at"] or "")
    parts = [safe_name(stem), re.sub(r"\W", "", record["id"])]
    return Path(safe_site(record["site"]), year[0] if year else "undated", "-".join(filter(None, parts)) + ".md")


def page_of(record: Mapping[str, Any]) -> str:
    """The file's contents. Values in the front matter are JSON, which is YAML too."""
    lines = [f"{name}: {json.dumps(record.get(name), ensure_ascii=False)}" for name in FRONT_MATTER]
    title = f"# {' '.join(record['headline'].split())}\n\n" if record["headline"] else ""
    stand = f"**{' '.join(record['standfirst'].split())}**\n\n" if record["standfirst"] else ""
    return "\n".join(["---", *lines, "---", "", f"{title}{stand}{record['markdown']}", ""])


def write(records: Iterable[Mapping[str, Any]], output: str) -> int:
    """Write a file for each of ``records`` below the folder ``output``; how many there were."""
    if output == "-":
        raise UsageError("an export as markdown is a folder: name one with --output")
    root = Path(output)
    count = 0
    for record in records:
        path = root / path_of(record)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page_of(record), encoding="utf-8", newline="")
        count += 1
    return count
