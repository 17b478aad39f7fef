"""``datapackage.json`` beside an export: what the file holds, as the Data Package standard (2.0) describes data."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archive.export.csv import COLUMNS
from archive.export.fields import FIELDS, Field
from archive.export.output import text_output
from archive.times import now

NAME = "datapackage.json"
PROFILES = "https://datapackage.org/profiles/2.0"
MAKER = "newsmorgue"
MEDIA = {
    "jsonl": "application/jsonl",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "jsonld": "application/ld+json",
    "atom": "application/atom+xml",
    "warc": "application/warc",
}
TABLES = {"jsonl": tuple(field.name for field in FIELDS), "csv": COLUMNS, "parquet": tuple(f.name for f in FIELDS)}
DIALECT = {
    "$schema": f"{PROFILES}/tabledialect.json",
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
}
BOUNDS: Mapping[str, Mapping[str, Any]] = {
    "id": {"unique": True, "pattern": "[0-9a-f]{16}"},
    "kind": {"enum": ["article", "live", "gallery", "video"]},
    "confidence": {"minimum": 0, "maximum": 1},
    "words": {"minimum": 0},
    "versions": {"minimum": 1},
}


def field_of(field: Field, form: str) -> dict[str, Any]:
    """A field as Table Schema describes it; in CSV, lists are text."""
    kind = field.type
    if kind == "list":
        kind = "string" if form == "csv" else "array"
    limits = dict(BOUNDS.get(field.name, {})) | ({"required": True} if field.required else {})
    if form == "csv" and field.name in ("text", "markdown"):
        limits.pop("required")  # what is empty is missing there
    apart = ", apart by semicolons" if field.type == "list" and form == "csv" else ""
    described = {"name": field.name, "type": kind, "description": field.description + apart}
    return described | ({"constraints": limits} if limits else {})


def resource_of(path: Path, form: str) -> dict[str, Any]:
    """The file at ``path``: its form, size and hash, and for tables the fields."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    resource: dict[str, Any] = {
        "name": path.name.lower(),
        "path": path.name,
        "format": form,
        "mediatype": MEDIA[form],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
    }
    if form in ("jsonl", "csv", "jsonld", "atom"):
        resource["encoding"] = "utf-8"
    if form not in TABLES:
        return resource
    by_name = {field.name: field for field in FIELDS}
    schema = {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [field_of(by_name[name], form) for name in TABLES[form]],
        "primaryKey": ["id"],
        "missingValues": [""] if form == "csv" else [],
    }
    return resource | {"type": "table", "schema": schema} | ({"dialect": DIALECT} if form == "csv" else {})


def describe(path: Path, form: str) -> bool:
    """Write or bring up to date the ``datapackage.json`` in the folder of ``path``; whether that was done.

    Other files that newsmorgue exported into the folder stay described. A package that it did not make is left alone.
    """
    place = path.with_name(NAME)
    others = _resources(place) if place.exists() else []
    if others is None or path.name == NAME:
        return False
    kept = [each for each in others if each.get("path") != path.name and (path.parent / str(each.get("path"))).exists()]
    package = {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": "newsmorgue-export",
        "title": "News articles out of an archive",
        "created": now(),
        "contributors": [{"title": MAKER, "roles": ["software"]}],
        "resources": sorted([*kept, resource_of(path, form)], key=lambda each: str(each["path"])),
    }
    with text_output(str(place)) as file:
        file.write(json.dumps(package, ensure_ascii=False, indent=2) + "\n")
    return True


def _resources(place: Path) -> list[dict[str, Any]] | None:
    """What a package describes, or ``None`` where it is somebody else's."""
    try:
        package = json.loads(place.read_text(encoding="utf-8"))
        if MAKER not in [each.get("title") for each in package["contributors"]]:
            return None
        return [each for each in package["resources"] if isinstance(each.get("path"), str)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
