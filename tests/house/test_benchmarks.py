"""The measurements measure: tables, percentiles, readers that fail, and packages that are named."""

import re
import tomllib
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks.peers import READERS, newsmorgue
from benchmarks.reading import cpu, demo_pages, measure_speed, percentile, surroundings, table

ROOT = Path(__file__).parents[2]


def test_a_table_is_markdown():
    assert table(["reader", "date"], [["ours", ".9"]]) == "| reader | date |\n| --- | ---: |\n| ours | .9 |"


def test_the_99th_percentile_is_a_value_that_was_measured():
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0
    assert percentile(list(range(1, 201)), 0.99) == 198


def test_speed_is_told_for_each_reader_that_reads_and_for_no_other():
    def broken(page: bytes, url: str | None) -> None:
        raise ValueError(url)

    pages = demo_pages(3)
    told = measure_speed([newsmorgue, broken], "three pages", pages)
    assert cpu(broken, *reversed(pages[0])) is None
    assert "three pages, 3 pages of" in told
    assert re.search(r"\| newsmorgue \| [\d.]+ \| [\d.]+ \| 3 \|", told)
    assert "broken" not in told


def test_the_surroundings_name_machine_and_versions():
    assert re.match(
        r"\d{4}-\d\d-\d\d, .+ cores, CPython 3\.\d+\.\d+, newsmorgue 1\.2, lxml [\d.]+\.$",
        surroundings({newsmorgue: "1.2"}),
    )


def test_every_package_of_the_group_bench_is_pinned_and_has_its_reason():
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    names = {re.split(r"[><=;\[ ]", entry)[0] for entry in groups["bench"]}
    pinned = {
        line.partition("==")[0].lower() for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    }
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert names <= pinned
    assert [name for name in names if name not in reasons] == []
    assert {package for package in READERS.values() if package != "newsmorgue"} <= names


@pytest.mark.parametrize("name", command.MEASUREMENTS)
def test_every_measurement_is_documented(name: str):
    assert f"python -m benchmarks {name}" in (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")


def test_an_unknown_measurement_is_told_with_those_there_are(monkeypatch):
    monkeypatch.setattr("sys.argv", ["benchmarks", "weather"])
    with pytest.raises(SystemExit, match="no such measurement: weather\nreading: "):
        command.main()
