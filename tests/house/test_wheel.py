"""What is installed: the three layers with their data files, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = ("archive", "pipelines", "scraper")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_holds_the_layers_and_only_them(wheel: zipfile.ZipFile):
    top = {name.split("/")[0] for name in wheel.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == set(LAYERS)


def test_every_tracked_file_of_the_layers_is_in_the_wheel(wheel: zipfile.ZipFile):
    tracked = subprocess.run(["git", "ls-files", *LAYERS], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    missing = set(tracked.split()) - set(wheel.namelist())
    assert not missing


def test_the_wheel_names_its_command_licence_and_type_information(wheel: zipfile.ZipFile):
    names = wheel.namelist()
    entry = next(name for name in names if name.endswith("entry_points.txt"))
    assert "newsmorgue = scraper.cli:main" in wheel.read(entry).decode()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {f"{layer}/py.typed" for layer in LAYERS} <= set(names)
