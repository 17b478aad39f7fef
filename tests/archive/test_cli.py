"""The commands as they are typed: what they print where, and how they end."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from archive.cli import archive_commands, main
from archive.cli_errors import MorgueGroup
from archive.errors import ArchiveBusy, Degraded
from tests.archive.test_terminal import all_shown

ENTRY = [sys.executable, "-c", "from archive.cli import main; main(prog_name='newsmorgue')"]
URL = "https://tidewater.example/news/harbour-books"
Run = Callable[..., Result]


@pytest.fixture
def run(filled: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NEWSMORGUE_ARCHIVE", str(filled))
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def lines(result: Result) -> list[str]:
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines()


def rows(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines(result)]


def test_list(run: Run) -> None:
    ferries, harbour = lines(run("list"))
    assert ferries.split("  ")[1:] == [
        "2026-01-02 08:30",
        "inland.example",
        "1",
        "Ferries are back",
        "https://inland.example/ferries",
    ]
    assert harbour.split("  ")[3] == "5"
    assert [row["site"] for row in rows(run("list", "--json", "--site", "tidewater.example"))] == ["tidewater.example"]
    assert len(lines(run("list", "--limit", "1"))) == 1
    assert len(lines(run("list", "--since", "2026-01-02"))) == 1
    assert [
        row["versions"]
        for row in rows(run("list", "--json", "--at", "2026-01-02T12:00Z", "--site", "tidewater.example"))
    ] == [2]


def test_show(run: Run) -> None:
    shown = run("show", URL)
    assert "headline           Harbour opens its books\n" in shown.stdout
    assert "number             5 of 5\n" in shown.stdout
    assert shown.stdout.endswith(
        "\n\nThe harbour office opened its books on Monday.\n\nThree of 14 berths have stood empty since March.\n"
    )
    assert "15 berths" in run("show", URL, "--version", "3").stdout
    assert "15 berths" in run("show", URL, "--at", "2026-01-03T09:00Z").stdout
    assert rows(run("show", URL, "--json"))[0]["change"] == "restored"
    assert run("show", "inland.example/ferries", "--markdown").stdout.startswith("Ferries run hourly")
    assert run("show", URL, "--raw", "--version", "1").stdout_bytes.startswith(
        b"<html><h1>Harbour opens its books</h1>"
    )


def test_history(run: Run) -> None:
    assert [line.split("  ")[1] for line in lines(run("history", URL))] == [
        "new",
        "headline",
        "silent",
        "returned",
        "restored",
    ]
    assert [row["seen_to"] for row in rows(run("history", URL, "--json"))][-1] is None


def test_changes(run: Run) -> None:
    kinds = [row["kind"] for row in rows(run("changes", "--json"))]
    assert kinds == ["restored", "returned", "gone", "silent", "new", "headline", "new"] or sorted(kinds) == sorted(
        ["restored", "returned", "gone", "silent", "new", "headline", "new"]
    )
    assert len(lines(run("changes", "--kind", "silent,gone", "--site", "tidewater.example"))) == 2
    assert len(lines(run("changes", "--since", "2026-01-06"))) == 2
    nothing = run("changes", "--kind", "correction")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (0, "", "no changes\n")


def test_diff(run: Run) -> None:
    told = lines(run("diff", URL, "2", "3"))
    assert told[0].startswith("version 2 (2026-01-02")
    assert told[1] == "headline: Harbour office opens its books → Harbour opens its books"
    assert told[-1] == "~ Three of [-14-] {+15+} berths have stood empty since March."
    assert lines(run("diff", URL))[0].endswith("version 5 (2026-01-07T00:00:00.000Z), restored")
    assert rows(run("diff", URL, "2", "3", "--json"))[0]["words_added"] == 1
    assert "<del> 14</del><ins> 15</ins>" in run("diff", URL, "2", "3", "--html").stdout


def test_search(run: Run) -> None:
    (found,) = lines(run("search", "berths", "NOT", "ferries"))
    assert "[berths]" in found
    assert rows(run("search", "--json", '"opened its books"'))[0]["url"] == URL
    assert lines(run("search", "--at", "2026-01-03T12:00Z", "15"))
    assert run("search", "absent").stderr == "nothing found\n"
    assert run("search", '"(*').exit_code == 0


def test_removals(run: Run) -> None:
    assert lines(run("removals", URL)) == ["1  date  printed-date  12 January 2026"]
    assert rows(run("removals", URL, "--json", "--version", "1"))[0]["path"] == "body/main/p"


def test_accounts(run: Run) -> None:
    assert lines(run("runs"))[0].split("  ")[-2:] == ["0", "articles 2"]
    assert [row["gone"] for row in rows(run("sites", "--json"))] == [0, 0]
    assert rows(run("stats", "--json"))[0]["versions"] == 6
    assert "articles           2" in lines(run("stats"))


def test_export(run: Run, tmp_path: Path) -> None:
    exported = run("export")
    assert (len(exported.stdout.splitlines()), exported.stderr) == (2, "2 articles written\n")
    assert run("export", "--format", "csv", "--output", str(tmp_path / "news.csv")).stdout == ""
    assert run("export", "--format", "markdown").exit_code == 2


def test_verify_and_backup(run: Run, filled: Path, tmp_path: Path) -> None:
    assert "is whole: 1 runs" in lines(run("verify", "--deep"))[0]
    assert run("verify", "--json").stdout == ""
    assert lines(run("backup", str(tmp_path / "copy.db")))[0].endswith("bytes, checked")
    contents = filled.read_bytes()
    filled.write_bytes(contents.replace(b"14 berths", b"24 berths"))
    damaged = run("verify")
    assert damaged.exit_code == 5
    assert damaged.stderr.splitlines()[-1].startswith(f"newsmorgue: {filled}: ")
    assert any(line.startswith("version ") for line in damaged.stdout.splitlines())
    assert all(set(json.loads(line)) == {"object", "problem"} for line in run("verify", "--json").stdout.splitlines())


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["show", "https://elsewhere.example/"], 2, "newsmorgue: no article https://elsewhere.example/"),
        (["show", URL, "--version", "9"], 2, "has no version 9"),
        (["show", URL, "--at", "2020-01-01"], 2, "was not standing at 2020"),
        (["show", URL, "--at", "once"], 2, "newsmorgue: 'once' is no time"),
        (["show", URL, "--at", "1d", "--version", "1"], 2, "exclude each other"),
        (["changes", "--kind", "rumour"], 2, "newsmorgue: 'rumour' is no kind of change"),
        (["list", "--archive", "absent.db"], 2, "newsmorgue: there is no archive at absent.db"),
        (["list", "--archive", __file__], 2, "is not a newsmorgue archive"),
        (["list", "--config", "absent.toml", "--archive", "absent.db"], 2, "there is no archive"),
        (["list", "--limit", "0"], 2, "Invalid value"),
        (["rumour"], 2, "No such command"),
    ],
)
def test_mistakes_are_told_in_one_line(run: Run, arguments: Sequence[str], code: int, words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_the_archive_that_the_configuration_names(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSMORGUE_ARCHIVE", raising=False)
    monkeypatch.chdir(tmp_path)
    assert "no archive at news.db" in CliRunner().invoke(main, ["list"]).stderr or filled.parent == tmp_path
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "mine.toml").write_text(f'archive = "../{filled.name}"\n', encoding="utf-8")
    assert CliRunner().invoke(main, ["list", "--config", str(folder / "mine.toml")]).exit_code == 0
    (tmp_path / "newsmorgue.toml").write_text("archive = [\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["list"]).stderr.startswith("newsmorgue: newsmorgue.toml: ")


@pytest.mark.parametrize("command", archive_commands, ids=lambda command: command.name)
def test_every_command_has_help_with_an_example(command: click.Command) -> None:
    shown = CliRunner().invoke(main, [command.name or "", "--help"])
    assert shown.exit_code == 0
    assert f"Example: newsmorgue {command.name}" in " ".join(shown.output.split())
    assert "--archive" in shown.output or command.name == "completion"
    assert all(option.help for option in command.params if isinstance(option, click.Option) and option.name != "form")


@pytest.mark.parametrize(
    ("raised", "code", "stderr"),
    [
        (ArchiveBusy("held by\nprocess 7"), 4, "newsmorgue: held by process 7\n"),
        (Degraded("a feed is dead"), 3, "newsmorgue: a feed is dead\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_how_errors_leave(raised: BaseException, code: int, stderr: str) -> None:
    @click.group(cls=MorgueGroup)
    def group() -> None:
        pass

    @group.command()
    def fail() -> None:
        raise raised

    result = CliRunner().invoke(group, ["fail"])
    assert (result.exit_code, result.stderr) == (code, stderr)


def test_text_from_the_web_cannot_command_the_terminal(path: Path, seen: Callable[..., object]) -> None:
    from archive.store import Archive

    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        archive.record(seen(text="Red \x1b[31m alert", headline="A\x1b]0;title\x07\u202eB\tC"))  # type: ignore[arg-type]
        archive.end_run({}, 0)
    for arguments in (["list"], ["show", URL], ["changes"], ["search", "alert"], ["diff", URL]):
        output = CliRunner().invoke(main, [*arguments, "--archive", str(path)]).stdout
        assert not set(output) & set("\x1b\x07\u202e\t")


def real(arguments: Sequence[str], archive: Path, **options: object) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"NEWSMORGUE_ARCHIVE": str(archive)}
    return subprocess.run([*ENTRY, *arguments], capture_output=True, env=environment, check=False, **options)  # type: ignore[call-overload,no-any-return]


def test_a_closed_pipe_is_quiet(filled: Path) -> None:
    environment = os.environ | {"NEWSMORGUE_ARCHIVE": str(filled)}
    for arguments in (["export"], ["list"], ["show", URL, "--raw"]):
        reading, writing = os.pipe()
        os.close(reading)
        closed = subprocess.run(
            [*ENTRY, *arguments], stdout=writing, stderr=subprocess.PIPE, env=environment, check=False
        )
        os.close(writing)
        assert (closed.returncode, closed.stderr) in [(0, b""), (0, b"2 articles written\n")]


def test_a_foreign_encoding_does_not_stop_a_command(filled: Path) -> None:
    environment = os.environ | {"NEWSMORGUE_ARCHIVE": str(filled), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    told = subprocess.run([*ENTRY, "diff", URL, "2", "3"], capture_output=True, env=environment, check=False)
    assert (told.returncode, told.stderr) == (0, b"")


def test_no_reading_command_loads_what_only_crawling_needs(filled: Path) -> None:
    for arguments in (["list"], ["show", URL], ["search", "berths"], ["diff", URL], ["export"], ["verify"]):
        code = (
            f"import sys; sys.argv[1:] = {arguments!r}\nfrom archive.cli import main\n"
            "try:\n    main()\nfinally:\n"
            "    print(sorted(set(sys.modules) & {'scrapy', 'parsel', 'lxml', 'bs4', 'twisted', 'rich',"
            " 'sqlite_utils', 'pandas'}))"
        )
        environment = os.environ | {"NEWSMORGUE_ARCHIVE": str(filled)}
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
        assert told.stdout.splitlines()[-1] == "[]"


def test_help_loads_no_database() -> None:
    code = (
        "import sys; sys.argv[1:] = ['--help']\nfrom archive.cli import main\n"
        "try:\n    main()\nfinally:\n    print(sorted(set(sys.modules) & "
        "{'sqlite_utils', 'rich', 'w3lib', 'filelock', 'backports.zstd'}))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"


def test_a_terminal_gets_a_table_and_no_colour_when_it_wants_none(filled: Path) -> None:
    import pty

    def at_terminal(arguments: Sequence[str], **environment: str) -> str:
        parent, child = pty.openpty()
        process = subprocess.Popen(
            [*ENTRY, *arguments],
            stdout=child,
            stderr=subprocess.PIPE,
            env=os.environ
            | {"NEWSMORGUE_ARCHIVE": str(filled), "TERM": "xterm-256color", "COLUMNS": "140"}
            | environment,
        )
        with process:
            os.close(child)
            output = all_shown(parent)
        assert process.returncode == 0
        return output.decode()

    table = at_terminal(["list"])
    assert "published" in table
    assert "Ferries are back" in table
    coloured = at_terminal(["diff", URL, "2", "3"])
    assert "\x1b[" in coloured
    assert "15" in coloured
    assert "\x1b[3" not in at_terminal(["diff", URL, "2", "3"], NO_COLOR="1")


def test_the_digest_of_an_archive_is_that_of_its_backup(run: Run, tmp_path: Path) -> None:
    assert run("backup", str(tmp_path / "copy.db")).exit_code == 0
    digests = [run("stats", "--digest", "--json", *where) for where in ([], ["--archive", str(tmp_path / "copy.db")])]
    found = {json.loads(done.stdout)["digest"] for done in digests}
    assert len(found) == 1
    assert len(found.pop()) == 64
    assert "digest" not in json.loads(run("stats", "--json").stdout)
