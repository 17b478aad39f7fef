"""The documentation is true: it names all that is there, and its examples run."""

import re
import shlex
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import pipelines
from archive import errors
from scraper.cli import main
from scraper.demo.server import Press
from scraper.demo.tour import tour

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
COMMON = {"archive", "config", "as_json", "listed_as", "help"}
DOCUMENTED_BASE = "http://127.0.0.1:42177"
NEWSMORGUE = [sys.executable, "-c", "from scraper.cli import main; main()"]


def sections() -> dict[str, str]:
    """The text on each command by its name."""
    found = re.findall(r"^### `newsmorgue (\S+?)[ `].*?$(.*?)(?=^##|\Z)", COMMANDS, re.MULTILINE | re.DOTALL)
    return dict(found)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_every_command_is_documented_and_no_other():
    assert set(sections()) == set(main.commands)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_option_is_documented(name: str):
    section = sections()[name]
    options = [
        parameter.opts[0]
        for parameter in main.commands[name].params
        if isinstance(parameter, click.Option) and parameter.name not in COMMON
    ]
    assert [option for option in options if f"`{option}" not in section] == []


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_with_an_example(name: str):
    text = main.commands[name].help or ""
    assert f"newsmorgue {name}" in text.partition("Example:")[2]


def test_every_list_is_named_with_its_forms():
    lists = {name for name, command in main.commands.items() if "listed_as" in {each.name for each in command.params}}
    said = re.search(r"^Lists \((.*?)\)", COMMANDS, re.MULTILINE | re.DOTALL)[1]
    assert set(re.findall(r"`(\w+)`", said)) == lists
    assert {"`--json`", "`--csv`"} <= set(re.findall(r"`[^`]+`", COMMANDS.partition("## Exit codes")[0]))


def test_every_exit_code_is_documented():
    codes = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.NewsmorgueError)
    }
    documented = set(map(int, re.findall(r"^\| (\d+) \|", COMMANDS, re.MULTILINE)))
    assert codes | {0} == documented


def test_the_stages_are_documented_in_order():
    text = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == [stage.__name__ for stage in pipelines.STAGES]


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [name for group in project["optional-dependencies"].values() for name in group]
    names = {re.split(r"[><=;\[ ]", entry)[0] for entry in [*project["dependencies"], *extras]} - {"newsmorgue"}
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert [name for name in sorted(names) if name not in text] == []


def test_every_link_to_a_file_leads_somewhere():
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        targets = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
        assert [target for target in targets if not (document.parent / target).exists()] == [], document.name


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's archive as ``news.db``, and what the demo said in ``demo.txt``."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "demo.txt").write_text("\n".join(tour(folder)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


def test_the_readme_shows_what_the_demo_says(workplace: Path):
    shown = blocks("console")[0].splitlines()[2:]
    said = (workplace / "demo.txt").read_text(encoding="utf-8").splitlines()
    assert sorted(shown) == sorted(said[1 : 1 + len(shown)])


def test_the_readmes_commands_run(workplace: Path, press: Press):
    """The demo's archive knows its addresses under the port that it had; the crawl goes to one that listens now."""
    with sqlite3.connect(workplace / "news.db") as database:
        (known,) = database.execute("SELECT min(url) FROM articles").fetchone()
    base = re.match(r"http://[^/]+", known)[0]
    for line in "".join(blocks("console")[1:]).splitlines():
        if line.startswith("$ newsmorgue "):
            command = shlex.split(line)[2:]
            here = press.base if command[0] == "crawl" else base
            archive = ["--archive", "crawled.db"] if command[0] == "crawl" else []
            words = [word.replace(DOCUMENTED_BASE, here) for word in command] + archive
            done = subprocess.run(
                [*NEWSMORGUE, *words], cwd=workplace, capture_output=True, text=True, timeout=60, check=False
            )
            assert done.returncode == 0, (line, done.stderr)
            assert done.stdout or "--output" in words, line


def test_the_readmes_sql_and_python_run(workplace: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(workplace)
    with sqlite3.connect("news.db") as database:
        for query in blocks("sql"):
            assert database.execute(query).fetchall()
    for code in blocks("python"):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout
