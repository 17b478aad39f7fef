"""How far work is: a line now and then, a bar on a terminal, nothing when quiet."""

import io
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import progress
from archive.cli import main
from archive.compact import compact
from archive.progress import Bar, Lines, Show, shown, silent
from archive.store import Archive
from archive.verify import verify

Told = list[tuple[str, int, int | None]]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def note(told: Told) -> Show:
    return lambda what, done, total: told.append((what, done, total))


def test_lines_come_when_it_is_time() -> None:
    eager = Lines(stream := io.StringIO(), interval=0)
    eager.show("bodies", 3, 40)
    eager.show("captures", 5, None)
    eager.close()
    first, second = stream.getvalue().splitlines()
    assert first.startswith("bodies: 3 of 40, ")
    assert second.startswith("captures: 5, ")
    patient = Lines(quiet := io.StringIO())
    patient.show("bodies", 3, 40)
    assert quiet.getvalue() == ""


def test_the_bar_shows_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    stream = Terminal()
    with shown(stream) as show:
        show("bodies", 40, 40)
    assert "bodies" in stream.getvalue()
    assert "40/40" in stream.getvalue()


def test_what_suits_the_stream() -> None:
    kinds = []
    for stream in (io.StringIO(), Terminal()):
        with shown(stream) as show:
            kinds.append(type(getattr(show, "__self__", None)))
    assert kinds == [Lines, Bar]
    with shown(Terminal(), quiet=True) as show:
        assert show is silent


def test_verifying_tells_each_object(filled: Path, told: Told, note: Show) -> None:
    assert list(verify(filled, deep=True, show=note)) == []
    assert {what for what, _, _ in told} >= {"versions", "bodies", "captures", "runs", "readings", "histories"}
    assert [(done, total) for what, done, total in told if what == "readings"] == [(0, None)] + [
        (place, 8) for place in range(8)
    ]


def test_compacting_tells_each_body(filled: Path, told: Told, note: Show) -> None:
    with Archive.open(filled, write=True) as archive:
        compact(archive, note)
    assert [(done, total) for what, done, total in told if what == "bodies"] == [(n, 5) for n in range(1, 6)]


@pytest.mark.parametrize("command", [("verify", "--deep"), ("compact",)])
def test_quiet_shows_none(filled: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]) -> None:
    monkeypatch.setattr(progress, "Lines", partial(Lines, interval=0.0))
    loud = CliRunner().invoke(main, [*command, "--archive", str(filled)])
    assert (loud.exit_code, "bodies: " in loud.stderr) == (0, True)
    quiet = CliRunner().invoke(main, [*command, "--archive", str(filled), "--quiet"])
    assert (quiet.exit_code, quiet.stderr) == (0, "")
