"""CSV as RFC 4180 has it, UTF-8, for spreadsheets too: no cell can be taken for a formula."""

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from archive.export.fields import NAMES
from archive.export.output import text_output

COLUMNS = tuple(name for name in NAMES if name != "version_id")
# What spreadsheets read as the start of a formula (OWASP, "CSV Injection"), also behind what cannot be seen.
FORMULA = re.compile(r"[\t\r\n]|[\s\x00-\x20\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")


def cell(value: Any) -> str | int | float | None:
    """``value`` as a cell: lists joined by ``; ``, mappings as JSON.

    An apostrophe stands before what a spreadsheet would calculate.
    """
    if value is None or isinstance(value, int | float):
        return json.dumps(value) if isinstance(value, bool) else value
    if isinstance(value, Mapping):
        return json.dumps(dict(value), ensure_ascii=False)
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if FORMULA.match(text) else text


def write(records: Iterable[Mapping[str, Any]], output: str) -> int:
    """Write ``records`` with a header line to ``output``; how many there were."""
    with text_output(output) as file:
        return write_rows(records, COLUMNS, file)


def write_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], file: TextIO) -> int:
    """Write ``columns`` of ``rows`` with a header line to ``file``; how many there were."""
    count = 0
    writer = csv.writer(file)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(name)) for name in columns])
        count += 1
    return count
