"""``newsmorgue serve`` as it is started and ended, and what it says when it cannot."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from archive.cli import main
from tests.web import browser


def test_it_serves_at_loopback_and_ends_when_told(newspaper: Path):
    with subprocess.Popen(
        [*browser.SERVE, str(newspaper)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - background jobs ignore it
    ) as server:
        line = server.stdout.readline()
        address = line.split(" at ")[1].split(" ")[0]
        assert address.startswith("http://127.0.0.1:")
        assert httpx.get(address).status_code == 200
        assert httpx.get(address, headers={"Host": "evil.example"}).status_code == 421
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 130
        assert "Traceback" not in server.stderr.read()


def test_a_port_that_is_taken_is_told(newspaper: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(main, ["serve", "--archive", str(newspaper), "--port", port])
    assert result.exit_code == 2
    assert f"port {port}" in result.stderr


def test_no_archive_is_told(tmp_path: Path):
    result = CliRunner().invoke(main, ["serve", "--archive", str(tmp_path / "none.db")])
    assert (result.exit_code, "no archive" in result.stderr) == (2, True)


def test_without_datasette_it_says_what_to_install(newspaper: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "archive.web.serving", None)
    result = CliRunner().invoke(main, ["serve", "--archive", str(newspaper)])
    assert result.exit_code == 2
    assert "newsmorgue[web]" in result.stderr
