"""docs/web.md names every page, and the recipes of docs/analysts.md run."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from archive.web.routes import PAGES

DOCS = Path(__file__).parents[2] / "docs"
WEB = (DOCS / "web.md").read_text(encoding="utf-8")
RECIPES = (DOCS / "analysts.md").read_text(encoding="utf-8")
Get = Callable[..., httpx.Response]


def recipes(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", RECIPES, re.MULTILINE | re.DOTALL)


def test_every_address_is_documented():
    first = {re.match(r"/([a-z]*)", pattern)[1] for pattern, _ in PAGES} - {"", "framed", "robots"}
    assert [name for name in sorted(first) if f"`/{name}" not in WEB] == []


@pytest.fixture
def workplace(newspaper: Path, tmp_path: Path) -> Path:
    (tmp_path / "news.db").symlink_to(newspaper)
    return tmp_path


@pytest.mark.parametrize("number", range(5))
def test_recipes_in_python_run(workplace: Path, number: int):
    assert len(recipes("python")) == 5
    done = subprocess.run(
        [sys.executable, "-c", recipes("python")[number]], cwd=workplace, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("number", range(2))
def test_recipes_for_the_shell_run(workplace: Path, number: int):
    done = subprocess.run(recipes("sh")[number], shell=True, cwd=workplace, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) > 2


def test_the_addresses_for_datasette_answer(get: Get):
    for address in recipes("text")[0].split():
        assert get(address.replace("/news", "/papers", 1)).status_code == 200
