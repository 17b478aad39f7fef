"""Every list as JSON and as CSV: the same rows, whole, and safe to open in a spreadsheet."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import archive_commands, main
from archive.store import Archive

URL = "https://tidewater.example/news/harbour-books"
LISTS = (
    *(["list"], ["changes"], ["history", URL], ["search", "berths"], ["runs"], ["sites"], ["coverage"], ["health"]),
    ["removals", URL],
)
Run = Callable[..., Result]


@pytest.fixture
def run(discovered: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NEWSMORGUE_ARCHIVE", str(discovered))
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def read(result: Result) -> list[dict[str, str]]:
    assert result.exit_code in (0, 3)
    text = result.stdout_bytes.decode()
    assert text.count("\r\n") == len(list(csv.reader(io.StringIO(text))))
    return list(csv.DictReader(io.StringIO(text)))


def test_every_list_has_both() -> None:
    named = {arguments[0] for arguments in LISTS} | {"stats"}
    listing = {command.name for command in archive_commands if "listed_as" in {each.name for each in command.params}}
    assert listing == named


@pytest.mark.parametrize("arguments", LISTS, ids=" ".join)
def test_csv_has_the_rows_of_json(run: Run, arguments: list[str]) -> None:
    as_json = [json.loads(line) for line in run(*arguments, "--json").stdout.splitlines()]
    as_csv = read(run(*arguments, "--csv"))
    assert len(as_csv) == len(as_json) > 0
    for row, record in zip(as_csv, as_json, strict=True):
        shared = {name for name in row if isinstance(record.get(name), str)}
        assert {name: row[name] for name in shared} == {name: record[name] for name in shared}
        if arguments[0] not in ("coverage", "health"):
            assert set(row) == set(record)


def test_a_list_of_nothing_has_a_header(run: Run) -> None:
    told = run("changes", "--kind", "correction", "--csv")
    assert told.stdout_bytes.startswith(b"article_id,url,from_version,to_version,changed_at,kind,")
    assert len(told.stdout_bytes.splitlines()) == 1
    assert run("changes", "--kind", "correction", "--json").stdout == ""


def test_numbers_of_the_whole(run: Run) -> None:
    numbers = {row["measure"]: row["value"] for row in read(run("stats", "--csv"))}
    whole = json.loads(run("stats", "--json").stdout)
    assert numbers["articles"] == "2"
    assert numbers["changes.silent"] == str(whole["changes"]["silent"])


def test_lists_and_mappings_in_cells(run: Run) -> None:
    assert {row["authors"] for row in read(run("list", "--csv"))} == {"", "Mara Quist; Ole Brandt"}
    row = read(run("runs", "--csv"))[-1]
    assert json.loads(row["counts"]) == {"articles": 2}
    assert read(run("sites", "--lines", "tidewater.example", "--csv")) == []


def test_no_cell_is_a_formula(path: Path, seen: Callable[..., object]) -> None:
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test", ["@SUM(1)"])
        archive.record(seen(headline='=HYPERLINK("http://evil.example")', authors=("+1", "Mara")))  # type: ignore[arg-type]
        archive.record(seen("2026-01-09T00:00:00.000Z", headline="-2+3", authors=("+1", "Mara")))  # type: ignore[arg-type]
        archive.end_run({}, 0)
    for arguments in LISTS:
        told = read(CliRunner().invoke(main, [*arguments, "--csv", "--archive", str(path)]))
        cells = [cell for row in told for cell in row.values()]
        assert not [cell for cell in cells if (cell and cell[0] in "=+@") or cell.startswith("-2")], arguments
    assert read(CliRunner().invoke(main, ["list", "--csv", "--archive", str(path)]))[0]["headline"] == "'-2+3"
