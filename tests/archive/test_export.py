"""Exports: everything is in them, and nothing in them does harm."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import UsageError
from archive.export import write
from archive.export.csv import FORMULA, cell
from archive.export.markdown import path_of, safe_name, safe_site
from archive.records import Visit
from archive.store import Archive


def export(archive_path: Path, form: str, output: Path | str, **options: str) -> int:
    with Archive.open(archive_path) as archive:
        return write(form, archive.articles(full=True, **options), output)  # type: ignore[arg-type]


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


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=HYPERLINK("x")'])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text) == "'" + text
    assert cell([text]) == "'" + text


@given(st.text())
def test_no_text_makes_a_formula(text: str) -> None:
    assert not str(cell(text)).lstrip().startswith(FORMULA)


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
    try:
        path = path_of({"url": f"https://a.example/{url}", "id": "../0123abcd", "site": site, "published_at": year})
    except ValueError:  # no address that the archive would hold
        return
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

    with pytest.raises(KeyboardInterrupt):
        write("jsonl", records(), tmp_path / "news.jsonl")  # type: ignore[arg-type]
    assert [entry.name for entry in tmp_path.iterdir() if "jsonl" in entry.name] == []


def test_memory_does_not_grow_with_the_archive(path: Path, tmp_path: Path, seen: Callable[..., Visit]) -> None:
    from dataclasses import replace

    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        for number in range(300):
            visit = seen(text=f"{number} " + "harbour " * 8000, url=f"https://a.example/{number}", body=b"%d" % number)
            archive.record(replace(visit, capture=replace(visit.capture, url=f"https://a.example/{number}")))
        archive.end_run({}, 0)
    measuring = (
        "import resource\nfrom archive.store import Archive\nfrom archive.export import write\n"
        "rss = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"with Archive.open({str(path)!r}) as archive:\n"
        f"    write('jsonl', archive.articles(full=True, limit=20), {str(tmp_path / 'a')!r})\n    before = rss()\n"
        f"    write('jsonl', archive.articles(full=True), {str(tmp_path / 'a')!r})\n    print(rss() - before)"
    )
    grown = subprocess.run([sys.executable, "-c", measuring], capture_output=True, text=True, check=True)
    assert int(grown.stdout) < 12_000  # KiB; all texts are 19 MB and their Markdown as much again
