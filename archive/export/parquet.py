"""Apache Parquet, by pyarrow: an article a row, lists as lists, times of visits as timestamps in UTC."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from archive.errors import UsageError
from archive.export.fields import FIELDS
from archive.export.output import binary_output

MOST_ROWS = 10_000  # in a row group
MOST_CHARACTERS = 8_000_000  # of text and Markdown in a row group: what is in memory at once


def write(records: Iterable[Mapping[str, Any]], output: str) -> int:
    """Write ``records`` to ``output``; how many there were. Raises ``UsageError`` where pyarrow is missing."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise UsageError("parquet needs pyarrow: pip install 'newsmorgue[parquet]'") from None
    count, schema = 0, schema_of(pa)
    with (
        binary_output(output) as file,
        parquet.ParquetWriter(file, schema, compression="zstd", write_page_checksum=True) as writer,
    ):
        for rows in groups(records):
            columns = {field.name: [value_of(field.type, row.get(field.name)) for row in rows] for field in FIELDS}
            writer.write_table(pa.table(columns, schema=schema), row_group_size=MOST_ROWS)
            count += len(rows)
    return count


def schema_of(pa: Any) -> Any:
    """The Arrow schema of ``FIELDS``, with their descriptions."""
    types = {
        "string": pa.string(),
        "list": pa.list_(pa.string()),
        "number": pa.float64(),
        "integer": pa.int64(),
        "boolean": pa.bool_(),
        "datetime": pa.timestamp("ms", tz="UTC"),
    }
    return pa.schema(
        pa.field(
            field.name, types[field.type], nullable=not field.required, metadata={"description": field.description}
        )
        for field in FIELDS
    )


def value_of(kind: str, value: Any) -> Any:
    """``value`` as Arrow wants it."""
    return datetime.fromisoformat(value) if kind == "datetime" and value else value


def groups(records: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """``records`` in lists that are small enough for memory."""
    rows: list[Mapping[str, Any]] = []
    characters = 0
    for record in records:
        rows.append(record)
        characters += len(record.get("text") or "") + len(record.get("markdown") or "")
        if len(rows) >= MOST_ROWS or characters >= MOST_CHARACTERS:
            yield rows
            rows, characters = [], 0
    if rows:
        yield rows
