"""What a shell is offered: from the archive, at once, never an error, never more than a word."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from archive.cli import main
from archive.store import Archive

Offered = Callable[..., list[str]]


@pytest.fixture
def offered(filled: Path, monkeypatch: pytest.MonkeyPatch) -> Offered:
    """What is offered for the last of some words."""
    monkeypatch.setenv("NEWSMORGUE_ARCHIVE", str(filled))

    def complete(*words: str) -> list[str]:
        shell = ShellComplete(main, {}, "newsmorgue", "_NEWSMORGUE_COMPLETE")
        return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]

    return complete


@pytest.mark.parametrize("command", ["show", "history", "diff", "removals"])
def test_articles_by_address_with_and_without_its_scheme(offered: Offered, command: str) -> None:
    assert offered(command, "tidewater.example/n") == ["tidewater.example/news/harbour-books"]
    assert offered(command, "https://inland") == ["https://inland.example/ferries"]
    assert offered(command, "//inland") == ["//inland.example/ferries"]
    assert offered(command, "elsewhere") == []
    assert offered(command, "") == ["inland.example/ferries", "tidewater.example/news/harbour-books"]


def test_articles_by_id(offered: Offered, filled: Path) -> None:
    with Archive.open(filled) as archive:
        found = archive.article("inland.example/ferries")["id"]
    assert offered("show", found[:5]) == [found]


def test_sites_and_kinds(offered: Offered) -> None:
    assert offered("list", "--site", "") == ["inland.example", "tidewater.example"]
    assert offered("coverage", "tide") == offered("health", "tide") == ["tidewater.example"]
    assert offered("sites", "--lines", "in") == ["inland.example"]
    assert offered("changes", "--kind", "silent,c") == ["silent,correction"]
    assert "--csv" in offered("list", "--")


@pytest.mark.parametrize("words", [["--archive", "absent.db"], ["--archive", __file__], ["--config", __file__]])
def test_what_cannot_be_read_offers_nothing_and_says_nothing(
    offered: Offered,
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    if words[0] == "--config":
        monkeypatch.delenv("NEWSMORGUE_ARCHIVE")
    monkeypatch.chdir(tmp_path)
    assert offered("show", *words, "tide") == []
    assert offered("list", "--since", "nonsense", *words, "--site", "") == []
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.glob("absent*")) == []


def test_an_archive_that_is_held_does_not_keep_the_shell_waiting(offered: Offered, filled: Path) -> None:
    holder = sqlite3.connect(filled, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert offered("show", "tidewater") == ["tidewater.example/news/harbour-books"]
    holder.close()


def test_what_a_shell_would_take_for_more_than_a_word_is_not_offered(
    path: Path, seen: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [
        f"https://evil.example/{end}" for end in ("fine", "a;reboot", "$(reboot)", "`reboot`", "a&b", "x'y", "*")
    ]
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        for address in addresses:
            archive.record(seen(asked=address, url=address))  # type: ignore[arg-type]
        archive.end_run({}, 0)
    monkeypatch.setenv("NEWSMORGUE_ARCHIVE", str(path))
    shell = ShellComplete(main, {}, "newsmorgue", "_NEWSMORGUE_COMPLETE")
    for typed in ("evil", "https://evil", ""):
        values = [item.value for item in shell.get_completions(["show"], typed)]
        assert any(value.endswith("/fine") for value in values) or typed == ""
        assert not [value for value in values if set(value) & set(";$`&'*()")]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell(shell: str) -> None:
    script = CliRunner().invoke(main, ["completion", shell])
    assert script.exit_code == 0
    assert f"_NEWSMORGUE_COMPLETE={shell}_complete" in script.stdout
    assert "newsmorgue" in script.stdout


def test_bash_completes(filled: Path, tmp_path: Path) -> None:
    command = tmp_path / "newsmorgue"
    command.write_text(
        f"#!{sys.executable}\nfrom archive.cli import main\nmain(prog_name='newsmorgue')\n", encoding="utf-8"
    )
    command.chmod(0o755)
    program = (
        'eval "$(newsmorgue completion bash)"; COMP_WORDS=(newsmorgue show tide); COMP_CWORD=2; '
        '_newsmorgue_completion newsmorgue; echo "${COMPREPLY[@]}"'
    )
    environment = os.environ | {
        "NEWSMORGUE_ARCHIVE": str(filled),
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    told = subprocess.run(["bash", "-c", program], capture_output=True, text=True, env=environment, check=False)
    assert (told.returncode, told.stdout, told.stderr) == (0, "tidewater.example/news/harbour-books\n", "")
