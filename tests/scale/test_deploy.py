"""What lies in deploy/ is well formed and calls what there is."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from scraper.cli import main

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir())
CALL = re.compile(r"\bnewsmorgue ((?:[a-z]+)(?: [^\s'\"|;]+)*)")


def calls(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("#", "Description"))]
    return [match.split() for line in lines for match in CALL.findall(line) if match.split()[0] in main.commands]


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_finds_no_fault_with_a_unit(unit, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze: apt install systemd")
    folder = shutil.copytree(DEPLOY / "systemd", tmp_path / "units")
    name = unit.replace("@.", "@1.")
    if name != unit:
        shutil.copy(folder / unit, folder / name)
    done = subprocess.run(
        ["systemd-analyze", "verify", f"./{name}"], cwd=folder, capture_output=True, text=True, check=False
    )
    about = [line for line in done.stderr.splitlines() if "newsmorgue" in line]
    assert (done.returncode, about) == (0, []), done.stderr


@pytest.mark.parametrize("file", ["compose.yaml", *(f"systemd/{unit}" for unit in UNITS if unit.endswith("service"))])
def test_every_call_is_one_that_newsmorgue_understands(file):
    found = calls((DEPLOY / file).read_text(encoding="utf-8"))
    assert found or file == "compose.yaml"
    for command, *words in found:
        options = {
            name for each in main.commands[command].params if isinstance(each, click.Option) for name in each.opts
        }
        assert {word for word in words if word.startswith("--")} <= options, (command, words)


def test_the_compose_file_keeps_secrets_out_of_commands_and_addresses_in_redis():
    yaml = pytest.importorskip("yaml")
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    redis = " ".join(services["redis"]["command"])
    assert "noeviction" in redis
    assert "appendonly yes" in redis
    assert "redis://" not in (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert all(service["env_file"] for name, service in services.items())


def test_what_holds_a_password_is_not_tracked():
    ignored = (DEPLOY.parent / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "/deploy/newsmorgue.env" in ignored
