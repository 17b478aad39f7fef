"""JSON Lines: one article a line, fields as in docs/schema.md."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from archive.export.output import text_output


def write(records: Iterable[Mapping[str, Any]], output: str) -> int:
    """Write ``records`` to ``output``; how many there were."""
    count = 0
    with text_output(output) as file:
        for record in records:
            file.write(json.dumps(dict(record), ensure_ascii=False) + "\n")
            count += 1
    return count
