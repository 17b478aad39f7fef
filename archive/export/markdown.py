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
    *("tags", "image_url", "kind", "paywalled", "words", "first_seen_at", "gone_at", "versions"),
)  # not last_seen_at, which every visit moves
LONGEST_NAME = 80  # bytes of UTF-8, so that with id and folders a path stays below 255
# Names that mean devices on Windows, also with anything behind a dot.
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
# JSON leaves these as they are; YAML does not allow them or takes them for the end of a line.
NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


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
    name = re.sub(r"[^a-z0-9._-]", "_", site.lower())[:100].strip(".")
    return f"_{name}" if DEVICES.match(name) else name or "unknown"


def path_of(record: Mapping[str, Any]) -> Path:
    """Where an article stands below the folder. The name comes from the address, which edits do not change."""
    stem = re.sub(r"\.\w{1,5}$", "", unquote(_last_segment(record["url"])))
    year = re.match(r"[0-9]{4}", record["published_at"] or "")
    parts = [safe_name(stem), re.sub(r"\W", "", record["id"])]
    return Path(safe_site(record["site"]), year[0] if year else "undated", "-".join(filter(None, parts)) + ".md")


def _last_segment(url: str) -> str:
    try:
        path = urlsplit(url).path
    except ValueError:  # an address that nobody can take apart
        return ""
    return next((part for part in reversed(path.split("/")) if part), "")


def front_matter(value: Any) -> str:
    """``value`` as JSON that is YAML too."""
    return NOT_YAML.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(value, ensure_ascii=False))


def page_of(record: Mapping[str, Any]) -> str:
    """The file's contents. Values in the front matter are JSON, which is YAML too."""
    lines = [f"{name}: {front_matter(record.get(name))}" for name in FRONT_MATTER]
    title = f"# {' '.join(record['headline'].split())}\n\n" if record["headline"] else ""
    stand = f"**{' '.join(record['standfirst'].split())}**\n\n" if record["standfirst"] else ""
    return "\n".join(["---", *lines, "---", "", f"{title}{stand}{record['markdown']}", ""])


def write(records: Iterable[Mapping[str, Any]], output: str) -> int:
    """Write a file for each of ``records`` below the folder ``output``; how many there were.

    A file that would not change is left alone, and one whose article has another year now is moved, so that a folder
    under version control shows what changed and nothing else. Other files of the folder stay.
    """
    if output == "-":
        raise UsageError("an export as markdown is a folder: name one with --output")
    root = Path(output)
    root.mkdir(parents=True, exist_ok=True)
    count = 0
    for record in records:
        place = path_of(record)
        _write_page(root / place, page_of(record).encode(errors="replace"))
        for former in _elsewhere(root, place):
            former.unlink()
        count += 1
    return count


def _write_page(path: Path, page: bytes) -> None:
    if path.is_file() and path.stat().st_size == len(page) and path.read_bytes() == page:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(page)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _elsewhere(root: Path, place: Path) -> list[Path]:
    """The same article's file in the folders of other years."""
    years = [year for year in (root / place.parent.parent).iterdir() if year.name != place.parent.name]
    return [year / place.name for year in years if (year / place.name).is_file()]
