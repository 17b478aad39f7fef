"""Exports: everything is in them, and nothing in them does harm."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.commands.export import FORMS
from archive.errors import UsageError
from archive.export import FORMATS, jsonl, write
from archive.export.csv import FORMULA, cell
from archive.export.markdown import front_matter, path_of, safe_name, safe_site
from archive.records import Visit
from archive.store import Archive
from tests.archive.conftest import make_visit


def export(archive_path: Path, form: str, output: Path | str, **options: str) -> int:
    with Archive.open(archive_path) as archive:
        return write(form, archive, output, **options)


def test_jsonl(filled: Path, tmp_path: Path) -> None:
    assert export(filled, "jsonl", tmp_path / "out" / "news.jsonl") == 2
    rows = [json.loads(line) for line in (tmp_path / "out" / "news.jsonl").read_text(encoding="utf-8").splitlines()]
    ferries = next(row for row in rows if row["site"] == "inland.example")
    assert ferries["authors"] == ["Mara Quist", "Ole Brandt"]
    assert ferries["text"].startswith("Ferries run hourly again.")
    assert ferries["paywalled"] is None
    assert {"id", "url", "headline", "markdown", "published_at", "words", "kind", "first_seen_at", "gone_at"} <= set(
        ferries
    )


def test_as_of_and_site_and_since(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "news.jsonl"
    assert export(filled, "jsonl", out, at="2026-01-03T12:00:00.000Z", site="tidewater.example") == 1
    assert "15 berths" in json.loads(out.read_text(encoding="utf-8"))["text"]
    assert export(filled, "jsonl", out, since="2026-01-02T00:00:00.000Z") == 1
    assert export(filled, "jsonl", out, at="2026-01-05T12:00:00.000Z") == 1
    assert export(filled, "jsonl", out, at="2025-01-05T12:00:00.000Z") == 0
    assert out.read_bytes() == b""


def test_csv_round_trip(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "news.csv"
    assert export(filled, "csv", out) == 2
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ferries = next(row for row in rows if row["site"] == "inland.example")
    assert (ferries["authors"], ferries["gone_at"]) == ("Mara Quist; Ole Brandt", "")
    assert ferries["text"] == "Ferries run hourly again.\n\nThe pier was closed for a week."


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=HYPERLINK("x")', "\n=1", "\ufeff=1", "\u200b@x"],
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text) == "'" + text
    assert cell([text]) == "'" + text


@given(st.text())
def test_no_text_makes_a_formula(text: str) -> None:
    assert not FORMULA.match(str(cell(text)))


def test_cells_of_other_sorts() -> None:
    assert [cell(value) for value in (None, True, False, -3, 0.5, [], ["a", "b"], "plain")] == [
        *(None, "true", "false", -3, 0.5, "", "a; b", "plain")
    ]


def test_markdown_tree(filled: Path, tmp_path: Path) -> None:
    assert export(filled, "markdown", tmp_path / "tree") == 2
    (path,) = (tmp_path / "tree" / "inland.example" / "2026").iterdir()
    assert path.name.startswith("ferries-")
    head, _, body = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    assert json.loads(fields["authors"]) == ["Mara Quist", "Ole Brandt"]
    assert body.startswith("# Ferries are back\n\nFerries run hourly again.\n\n")
    before = sorted(tmp_path.rglob("*.md"))
    export(filled, "markdown", tmp_path / "tree")
    assert sorted(tmp_path.rglob("*.md")) == before


@given(
    url=st.text(max_size=60) | st.text(alphabet="./\\%00~:|", max_size=30),
    site=st.text(max_size=30),
    year=st.text(max_size=12),
)
def test_names_stay_below_the_folder(url: str, site: str, year: str) -> None:
    path = path_of({"url": f"https://a.example/{url}", "id": "../0123abcd", "site": site, "published_at": year})
    assert not path.is_absolute()
    assert len(path.parts) == 3
    assert not any(part in (".", "..") or part.startswith(".") for part in path.parts)
    assert not set(str(path)) & set('\\:*?"<>|\0\n')
    assert all(len(part.encode()) < 200 for part in path.parts)


def test_names() -> None:
    assert safe_name("..%2f..%2fetc") == "2f-2fetc"
    assert safe_name("港湾の帳簿" * 20).encode() < b"\xff" * 81
    assert (safe_site("127.0.0.1:8000"), safe_site(".."), safe_site("A/../B")) == (
        "127.0.0.1_8000",
        "unknown",
        "a_.._b",
    )
    assert (safe_site("con"), safe_site("aux.example"), safe_site("console.example")) == (
        "_con",
        "_aux.example",
        "console.example",
    )
    assert path_of({"url": "https://[a", "id": "1", "site": "", "published_at": "２０２６"}) == Path(
        "unknown/undated/1.md"
    )


def test_what_cannot_be_written_is_told(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot write"):
        export(filled, "csv", tmp_path / "file" / "news.csv")
    with pytest.raises(UsageError, match="is a folder"):
        export(filled, "markdown", "-")
    with pytest.raises(UsageError, match="no form of export"):
        export(filled, "pdf", "-")


def test_a_broken_export_leaves_no_half_file(filled: Path, tmp_path: Path) -> None:
    def records() -> object:
        yield {"id": "1"}
        raise KeyboardInterrupt

    (tmp_path / "news.jsonl").write_text("of yesterday")
    with pytest.raises(KeyboardInterrupt):
        jsonl.write(records(), str(tmp_path / "news.jsonl"))  # type: ignore[arg-type]
    assert [entry.name for entry in tmp_path.iterdir() if "jsonl" in entry.name] == ["news.jsonl"]
    assert (tmp_path / "news.jsonl").read_text() == "of yesterday"


def test_a_device_is_written_to_and_not_replaced(filled: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True)
    assert export(filled, "jsonl", pipe) == 2
    assert reader.communicate(timeout=20)[0].count("\n") == 2
    assert pipe.is_fifo()


def test_the_archive_is_not_overwritten(filled: Path) -> None:
    before = filled.read_bytes()
    with pytest.raises(UsageError, match="is the archive itself"):
        export(filled, "csv", filled)
    assert filled.read_bytes() == before


def test_a_link_stays_a_link(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "deep" / "real.jsonl")
    export(filled, "jsonl", tmp_path / "link.jsonl")
    assert (tmp_path / "link.jsonl").is_symlink()
    assert (tmp_path / "deep" / "real.jsonl").read_text(encoding="utf-8").count("\n") == 2


def test_a_tree_shows_only_what_changed(filled: Path, tmp_path: Path, seen: Callable[..., Visit]) -> None:
    tree = tmp_path / "tree"
    export(filled, "markdown", tree)
    (tree / "README.md").write_text("mine")
    before = {path: path.stat().st_mtime_ns for path in tree.rglob("*.md")}
    with Archive.open(filled, write=True) as archive:
        archive.begin_run("test")
        archive.record(seen("2026-01-09T00:00:00.000Z", published_at="2025-12-31"))
        archive.end_run({}, 0)
    export(filled, "markdown", tree)
    after = {path: path.stat().st_mtime_ns for path in tree.rglob("*.md")}
    (gone,), (come,) = before.keys() - after.keys(), after.keys() - before.keys()
    assert (gone.parent.name, come.parent.name, gone.name) == ("2026", "2025", come.name)
    assert all(after[path] == before[path] for path in before.keys() & after.keys())


@pytest.mark.parametrize("sign", ["\x7f", "\x85", "\u2028", "\ufeff", "\uffff", '"', "\n"])
def test_front_matter_is_yaml_whatever_the_headline(sign: str) -> None:
    written = front_matter(f"a{sign}b")
    assert written.isprintable()
    assert "\n" not in written
    assert json.loads(written) == f"a{sign}b"


def test_every_form_is_offered() -> None:
    assert list(FORMS) == list(FORMATS)


@pytest.fixture(scope="module")
def twenty_thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of 20,000 articles of 400 words, made in SQL from one that was recorded."""
    path = tmp_path_factory.mktemp("large") / "news.db"
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        archive.record(make_visit(text="harbour " * 400))
        archive.end_run({}, 0)
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TRIGGER versions_fts_insert")
        numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 19999)"
        for table, changed in (
            ("articles", {"id": "printf('%016x', i)", "url": "'https://a.example/' || i"}),
            (
                "versions",
                {
                    "id": "'v' || i",
                    "article_id": "printf('%016x', i)",
                    "docid": "docid + i",
                    "text": "i || ' ' || text",
                    "url": "'https://a.example/' || i",
                },
            ),
        ):
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            chosen = ", ".join(changed.get(column, column) for column in columns)
            database.execute(f"INSERT INTO {table} {numbers} SELECT {chosen} FROM {table}, n")
        database.commit()
    return path


@pytest.mark.parametrize("form", ["jsonl", "csv", "jsonld", "atom", "markdown", "parquet"])
def test_memory_does_not_grow_with_the_archive(twenty_thousand: Path, tmp_path: Path, form: str) -> None:
    measuring = (
        "import resource\nfrom archive.store import Archive\nfrom archive.export import write\n"
        "rss = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"with Archive.open({str(twenty_thousand)!r}) as archive:\n"
        f"    write({form!r}, archive, {str(tmp_path / 'a')!r}, site='none.example')\n    before = rss()\n"
        f"    print(write({form!r}, archive, {str(tmp_path / 'b')!r}), rss() - before)"
    )
    done = subprocess.run([sys.executable, "-c", measuring], capture_output=True, text=True, check=True)
    count, grown = map(int, done.stdout.split())
    assert count == 20_000
    # KiB; all texts are 64 MB and their Markdown as much again. A row group of Parquet is in memory several times.
    assert grown < (100_000 if form == "parquet" else 12_000)
