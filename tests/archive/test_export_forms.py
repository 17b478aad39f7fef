"""Exports as other programs read them: Parquet by DuckDB, Atom by its schema's rules, JSON-LD, and data packages."""

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import duckdb
import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archive.export import FORMATS, atom, write
from archive.export.csv import COLUMNS
from archive.export.datapackage import MEDIA, TABLES
from archive.export.fields import FIELDS, NAMES
from archive.export.jsonld import article_of
from archive.store import Archive

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
SCHEMA = (Path(__file__).parents[2] / "docs" / "schema.md").read_text(encoding="utf-8")


def export(archive_path: Path, form: str, output: Path, **options: str) -> int:
    with Archive.open(archive_path) as archive:
        return write(form, archive, output, **options)


def test_fields_are_those_of_an_article_and_described_as_in_the_docs(filled: Path) -> None:
    with Archive.open(filled) as archive:
        assert set(NAMES) == set(next(iter(archive.articles(full=True))))
    documented: dict[str, str] = {}
    for name in ("articles", "latest"):
        section = SCHEMA.partition(f"### `{name}`\n")[2].partition("\n##")[0]
        for columns, text in re.findall(r"^\| (`.*?`) \| (.*?) \|$", section, re.MULTILINE):
            documented |= {column: documented.get(column, text) for column in re.findall(r"`(\w+)`", columns)}
    assert {field.name: field.description for field in FIELDS} == {
        name: documented[name].replace("`", "") for name in NAMES
    }


def test_parquet_read_by_duckdb(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "news.parquet"
    assert export(filled, "parquet", out) == 2
    rows = duckdb.sql(
        "SELECT site, authors, words, paywalled, epoch_ms(first_seen_at), published_at, text "
        f"FROM '{out}' ORDER BY site"
    ).fetchall()
    assert rows[0] == (
        "inland.example",
        ["Mara Quist", "Ole Brandt"],
        11,
        None,
        1767312000000,
        "2026-01-02T08:30:00Z",
        "Ferries run hourly again.\n\nThe pier was closed for a week.",
    )
    types = dict(duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{out}')").fetchall())
    assert (types["authors"], types["confidence"], types["gone_at"]) == (
        "VARCHAR[]",
        "DOUBLE",
        "TIMESTAMP WITH TIME ZONE",
    )
    assert list(types) == list(NAMES)
    assert export(filled, "parquet", tmp_path / "none.parquet", site="nowhere.example") == 0
    assert duckdb.sql(f"SELECT count(*) FROM '{tmp_path / 'none.parquet'}'").fetchall() == [(0,)]


def check_feed(document: bytes) -> list[Any]:
    """The entries of a feed that keeps the rules of RFC 4287, section 4.1."""
    feed = etree.fromstring(document)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert element.findtext(f"{ATOM}id").startswith("urn:uuid:")
        assert RFC_3339.fullmatch(element.findtext(f"{ATOM}updated"))
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None  # so that entries need none
    entries = list(feed.iter(f"{ATOM}entry"))
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    for entry in entries:
        (link,) = entry.findall(f"{ATOM}link")  # an entry without content must have an alternate
        assert link.get("rel") == "alternate"
        assert re.fullmatch(r"[!-~\u00a0-\U0010ffff]+", link.get("href"))
        assert entry.find(f"{ATOM}category").get("term")
    return entries


def test_atom_of_changes(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "changes.atom"
    count = export(filled, "atom", out)
    entries = check_feed(out.read_bytes())
    assert len(entries) == count == 7
    kinds = [entry.find(f"{ATOM}category").get("term") for entry in entries]
    assert sorted(kinds[:4]) == ["gone", "restored", "returned", "silent"]
    assert sorted(kinds[4:]) == ["headline", "new", "new"]
    parsed = feedparser.parse(out.read_bytes())
    assert (parsed.bozo, parsed.version, parsed.feed.title) == (False, "atom10", "Changes of all sites")
    assert [(each.id, each.tags[0].term) for each in parsed.entries] == [
        (entry.findtext(f"{ATOM}id"), kind) for entry, kind in zip(entries, kinds, strict=True)
    ]
    times = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert times == sorted(times, reverse=True)
    headline = next(entry for entry in entries if entry.find(f"{ATOM}category").get("term") == "headline")
    assert headline.findtext(f"{ATOM}summary").endswith('was "Harbour opens its books"')
    assert export(filled, "atom", out, site="inland.example") == 1
    assert export(filled, "atom", out, since="2026-01-05T00:00:00.000Z", at="2026-01-06T00:00:00.000Z") == 2
    assert export(filled, "atom", out, since="2027-01-01T00:00:00.000Z") == 0
    assert check_feed(out.read_bytes()) == []


@given(
    headline=st.text() | st.none(),
    url=st.text(max_size=30).map("https://a.example/{}".format),
    kind=st.sampled_from(["new", "silent", "gone"]),
)
def test_no_headline_breaks_a_feed(
    tmp_path_factory: pytest.TempPathFactory, headline: str, url: str, kind: str
) -> None:
    change = {
        "article_id": "a1",
        "url": url,
        "from_version": None,
        "to_version": None if kind == "gone" else 2,
        "changed_at": "2026-01-01T00:00:00.000Z",
        "kind": kind,
        "headline_before": "]]>&<" + (headline or ""),
        "headline_after": headline,
        "words_added": 1,
        "words_removed": 0,
    }
    out = tmp_path_factory.getbasetemp() / "hostile.atom"
    atom.write([change], str(out), subject="Changes & <more>")
    assert len(check_feed(out.read_bytes())) == 1


def test_json_ld(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "news.jsonld"
    assert export(filled, "jsonld", out) == 2
    document = json.loads(out.read_text(encoding="utf-8"))
    assert document["@context"] == "https://schema.org"
    ferries = next(each for each in document["@graph"] if each["url"] == "https://inland.example/ferries")
    assert (ferries["@type"], ferries["@id"]) == ("NewsArticle", ferries["url"])
    assert (ferries["headline"], ferries["wordCount"]) == ("Ferries are back", 11)
    assert ferries["author"] == [{"@type": "Person", "name": name} for name in ("Mara Quist", "Ole Brandt")]
    assert ferries["datePublished"] == "2026-01-02T08:30:00Z"
    assert ferries["articleBody"].startswith("Ferries run hourly again.")
    assert not [name for name, value in ferries.items() if value in (None, "", [])]
    assert export(filled, "jsonld", out, site="nowhere.example") == 0
    assert json.loads(out.read_text(encoding="utf-8"))["@graph"] == []


def test_what_is_walled_is_not_free() -> None:
    said = [article_of({"url": "u", "id": "i", "paywalled": value}) for value in (True, False, None)]
    assert [each.get("isAccessibleForFree") for each in said] == [False, True, None]
    assert article_of({"url": "u", "id": "i", "kind": "live"})["@type"] == "LiveBlogPosting"


def check_package(path: Path) -> dict[str, Any]:
    """The resources by path of a package that keeps the rules of the Data Package standard 2.0."""
    package = json.loads(path.read_text(encoding="utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert RFC_3339.fullmatch(package["created"])
    names = [resource["name"] for resource in package["resources"]]
    assert len(names) == len(set(names)) > 0
    for resource in package["resources"]:
        file = path.parent / resource["path"]
        assert re.fullmatch(r"[a-z0-9._-]+", resource["name"])
        assert not resource["path"].startswith(("/", ".."))
        assert resource["bytes"] == file.stat().st_size
        assert resource["hash"] == "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()
        if resource.get("type") == "table":
            fields = resource["schema"]["fields"]
            assert set(resource["schema"]["primaryKey"]) <= {field["name"] for field in fields}
            assert {field["type"] for field in fields} <= {
                *("string", "integer", "number", "boolean", "datetime", "array")
            }
    return {resource["path"]: resource for resource in package["resources"]}


def test_a_data_package_describes_each_file(filled: Path, tmp_path: Path) -> None:
    for form in ("csv", "jsonl", "atom"):
        export(filled, form, tmp_path / f"News.{form}")
    resources = check_package(tmp_path / "datapackage.json")
    assert sorted(resources) == ["News.atom", "News.csv", "News.jsonl"]
    with (tmp_path / "News.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    fields = resources["News.csv"]["schema"]["fields"]
    assert [field["name"] for field in fields] == header == list(COLUMNS)
    for field, values in zip(fields, zip(*rows, strict=True), strict=True):
        check_values(field, values)
    first = json.loads((tmp_path / "News.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert set(first) == {field["name"] for field in resources["News.jsonl"]["schema"]["fields"]}
    (tmp_path / "News.csv").unlink()
    export(filled, "jsonl", tmp_path / "News.jsonl")
    assert sorted(check_package(tmp_path / "datapackage.json")) == ["News.atom", "News.jsonl"]


def check_values(field: dict[str, Any], values: tuple[str, ...]) -> None:
    limits = field.get("constraints", {})
    for value in values:
        if not value:
            assert not limits.get("required"), field["name"]
            continue
        if field["type"] in ("integer", "number"):
            assert limits.get("minimum", 0) <= float(value) <= limits.get("maximum", float("inf"))
        assert value in limits.get("enum", [value])
        assert re.fullmatch(limits.get("pattern", ".*"), value, re.DOTALL)


@pytest.mark.parametrize("content", ["{}", "not JSON", '{"name": "theirs", "contributors": [{"title": "They"}]}'])
def test_a_data_package_of_somebody_else_is_left_alone(filled: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "datapackage.json").write_text(content)
    assert export(filled, "csv", tmp_path / "news.csv") == 2
    assert (tmp_path / "datapackage.json").read_text() == content


def test_every_file_form_has_a_media_type() -> None:
    assert set(MEDIA) == set(FORMATS) - {"markdown"}
    assert set(TABLES) <= set(MEDIA)
