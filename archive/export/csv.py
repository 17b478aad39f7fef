"""CSV as RFC 4180 has it, UTF-8, for spreadsheets too: no cell can be taken for a formula."""

import csv
import json
from collections.abc import Iterable, Mapping
from typing import Any

from archive.export.output import text_output

COLUMNS = (
    *("id", "url", "site", "headline", "standfirst", "section", "authors", "published_at", "modified_at", "language"),
    *("tags", "image_url", "kind", "confidence", "paywalled", "words", "first_seen_at", "last_seen_at", "gone_at"),
    *("versions", "text", "markdown"),
)
# What spreadsheets read as the start of a formula (OWASP, "CSV Injection"), also behind white space.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def cell(value: Any) -> str | int | float | None:
    """``value`` as a cell: lists joined by ``; ``, and an apostrophe before what a spreadsheet would calculate."""
    if value is None or isinstance(value, int | float):
        return json.dumps(value) if isinstance(value, bool) else value
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def write(records: Iterable[Mapping[str, Any]], output: str) -> int:
    """Write ``records`` with a header line to ``output``; how many there were."""
    count = 0
    with text_output(output) as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for record in records:
            writer.writerow([cell(record.get(name)) for name in COLUMNS])
            count += 1
    return count
