"""What a person at a terminal sees, at a pseudo-terminal; and that pipes get none of it."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.cells import cell_len

from archive.records import Block, BlockKind
from archive.store import Archive

ENTRY = [sys.executable, "-c", "from archive.cli import main; main(prog_name='newsmorgue')"]
SEVERAL = """
import json, sys
from archive.cli import main
for arguments in json.loads(sys.argv[1]):
    main(arguments, prog_name='newsmorgue', standalone_mode=False)
    print("\x1e", end="", flush=True)
"""
URL = "https://tidewater.example/news/harbour-books"
CODE = re.compile(r"\x1b\[([0-9;]*)m")
LISTS = (
    *(["list"], ["changes"], ["history", URL], ["search", "berths"], ["runs"], ["sites"], ["stats"], ["coverage"]),
    *(["health"], ["removals", URL]),
)
Terminal = Callable[..., list[str]]


def all_shown(parent: int) -> bytes:
    """All that is written to a terminal until nobody has it open, given the end to read from; that is closed."""
    output = b""
    try:
        while chunk := os.read(parent, 65536):
            output += chunk
    except OSError:  # the other end of a terminal is closed by an error, on Linux
        pass
    os.close(parent)
    return output


def at_terminal(archive: Path, *commands: Sequence[str], lines: int = 50, columns: int = 100, **more: str) -> list[str]:
    """What each of ``commands`` prints on a terminal of that size, which does not touch what is written to it."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    modes = termios.tcgetattr(child)
    modes[1] &= ~termios.OPOST
    termios.tcsetattr(child, termios.TCSANOW, modes)
    unset = {"COLUMNS", "LINES", "NO_COLOR", "PAGER", "LESS", "FORCE_COLOR"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment |= {"NEWSMORGUE_ARCHIVE": str(archive), "TERM": "xterm-256color", "PYTHONUTF8": "1"} | more
    with subprocess.Popen(
        [sys.executable, "-c", SEVERAL, json.dumps(commands)],
        stdin=child,
        stdout=child,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        os.close(child)
        output = all_shown(parent)
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 0
    return output.decode().split("\x1e")[:-1]


@pytest.fixture
def terminal(discovered: Path) -> Terminal:
    return lambda *commands, **how: at_terminal(discovered, *commands, **how)


def test_every_list_is_a_table_within_the_width(terminal: Terminal) -> None:
    for arguments, shown in zip(LISTS, terminal(*LISTS, columns=120), strict=True):
        assert "───" in shown, arguments
        assert CODE.search(shown), arguments
        assert all(cell_len(CODE.sub("", line)) <= 120 for line in shown.splitlines()), arguments


def test_nothing_is_cut_where_a_table_does_not_fit(terminal: Terminal) -> None:
    (shown,) = terminal(["list"], columns=50)
    assert "───" not in shown
    plain = CODE.sub("", shown)
    assert re.search(r"^headline +Ferries are back *$", plain, re.MULTILINE)
    assert re.search(r"^published +2026-01-02 08:30 *$", plain, re.MULTILINE)


def test_kinds_of_change_matches_and_words_that_came_or_went_are_in_colour(terminal: Terminal) -> None:
    changes, found, difference = terminal(["changes"], ["search", "berths"], ["diff", URL, "2", "3"])
    assert re.search(r"\x1b\[33msilent", changes)
    assert re.search(r"\x1b\[1;33mberths\x1b", found)
    assert re.search(r"\x1b\[9;31m *14\x1b", difference)
    assert re.search(r"\x1b\[32m *15\x1b", difference)
    assert "[-14-]" not in difference


@pytest.mark.parametrize("how", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_without_colour_nothing_is_said_by_colour(terminal: Terminal, how: dict[str, str]) -> None:
    shown = terminal(["diff", URL, "2", "3"], ["changes"], ["show", URL], ["search", "berths"], **how)
    assert "[-14-] {+15+}" in shown[0]
    codes = {code for text in shown for found in CODE.findall(text) for code in found.split(";")}
    assert codes <= {"0", "1", "2", "3", "4", "9", ""}
    if how.get("TERM") == "dumb":
        assert "\x1b" not in "".join(shown)
        assert "[berths]" in shown[3]


@pytest.fixture
def pager(tmp_path: Path) -> str:
    """A pager that says that it was asked."""
    script = tmp_path / "pager"
    script.write_text("#!/bin/sh\necho PAGED\ncat\n", encoding="utf-8")
    script.chmod(0o755)
    return str(script)


def test_what_is_longer_than_the_screen_goes_through_the_pager(terminal: Terminal, pager: str) -> None:
    commands = (["show", URL], ["changes"], ["stats"], ["diff", URL, "2", "3"])
    assert not [shown for shown in terminal(*commands, lines=60, PAGER=pager) if "PAGED" in shown]
    for arguments, shown in zip(commands, terminal(*commands, lines=5, PAGER=pager), strict=True):
        assert shown.startswith("PAGED\n"), arguments
        assert CODE.search(shown)
    assert not [shown for shown in terminal(*commands, lines=5, PAGER=pager, TERM="dumb") if "PAGED" in shown]


def test_no_pager_and_no_code_in_a_pipe(filled: Path, pager: str) -> None:
    environment = os.environ | {"NEWSMORGUE_ARCHIVE": str(filled), "PAGER": pager, "LINES": "3", "FORCE_COLOR": "1"}
    for arguments in (["show", URL], ["diff", URL, "2", "3"], ["changes"]):
        told = subprocess.run([*ENTRY, *arguments], capture_output=True, text=True, env=environment, check=True)
        assert "PAGED" not in told.stdout
        assert "\x1b" not in told.stdout


STORY = (
    Block(
        BlockKind.PARAGRAPH, "The [mara] wrote :smile: a line of **stars**. " + "Long words follow one another. " * 8
    ),
    Block(BlockKind.HEADING, "What was found", level=2),
    Block(BlockKind.LIST_ITEM, "fourteen berths", level=1),
    Block(BlockKind.LIST_ITEM, "one buoy", level=1),
    Block(BlockKind.QUOTE, "We looked everywhere."),
    Block(BlockKind.PARAGRAPH, "漁港の記録が公開された。" * 12),
    Block(BlockKind.PARAGRAPH, "فتح مكتب الميناء دفاتره يوم الاثنين. " * 6),
    Block(BlockKind.PARAGRAPH, "See the book.", markdown="See [the book](https://tidewater.example/book?a=1)."),
    Block(BlockKind.CAPTION, "The quay.", markdown="![The quay.](https://tidewater.example/quay.jpg)"),
    Block(BlockKind.TABLE, "quay | berths\nnorth | 9", markdown="| quay | berths |\n|---|---|\n| north | 9 |"),
    Block(BlockKind.PARAGRAPH, "<div>A tag</div> <script>is(text)</script> where 3 < 4."),
    Block(BlockKind.PARAGRAPH, "Red \x1b[31m alert \x1b]8;;https://evil.example\x07here"),
)


@pytest.fixture
def told(path: Path, seen: Callable[..., object]) -> Path:
    fields = {"blocks": STORY, "standfirst": "A short one.", "authors": ("Mara Quist", "Ole Brandt"), "section": "Port"}
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        archive.record(seen(published_at="2026-01-01", headline="Harbour [opens] its *books*", **fields))  # type: ignore[arg-type]
        archive.end_run({}, 0)
    return path


@pytest.mark.parametrize("columns", [200, 60])
def test_an_article_is_set_to_be_read(told: Path, columns: int) -> None:
    (shown,) = at_terminal(told, ["show", URL], lines=200, columns=columns)
    plain = CODE.sub("", shown)
    lines = [line.rstrip() for line in plain.splitlines()]
    assert max(cell_len(line) for line in lines) <= min(columns, 80)
    assert lines[0] == "tidewater.example · Port"
    assert lines[1:3] == ["Harbour [opens] its *books*", "A short one."]
    assert "Mara Quist, Ole Brandt · 2026-01-01" in lines
    assert "What was found" in lines
    assert any("• one buoy" in line for line in lines)
    assert any(line.startswith("▌ We looked") for line in lines)
    assert plain.replace("\n", "").replace(" ", "").count("漁港の記録が公開された。") == 12
    assert " ".join(plain.split()).count("فتح مكتب الميناء دفاتره يوم الاثنين.") == 6
    assert "[The quay.]" in plain
    assert "<div>A tag</div> <script>is(text)</script> where 3 < 4." in " ".join(plain.split())
    assert "See the book." in plain
    assert re.search(r"north +9", plain)


def test_a_story_cannot_command_the_terminal(told: Path) -> None:
    commands = (["show", URL], ["show", URL, "--markdown"], ["list"], ["search", "alert"])
    for shown in at_terminal(told, *commands, lines=200):
        assert not set(CODE.sub("", shown)) & {"\x1b", "\x07"}
        assert "\x1b[31m alert" not in shown


def test_very_many_rows_come_in_tables_one_after_another(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from archive.commands import terminal

    monkeypatch.setattr(terminal, "TOGETHER", 2)
    assert terminal.print_table(({"site": str(number)} for number in range(5)), ["site"]) == 5
    shown = capsys.readouterr().out
    assert shown.count("site") == 3
    assert [shown.index(str(number)) for number in range(5)] == sorted(shown.index(str(number)) for number in range(5))
