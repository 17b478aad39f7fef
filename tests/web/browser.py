"""Chromium, a server and axe-core for tests and screenshots."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SERVE = [sys.executable, "-c", "from archive.cli import main; main()", "serve", "--port", "0", "--archive"]
HINT = "Chromium is not installed (Debian: apt install chromium): pages are not looked at in a browser"
NO_AXE = "npm could not fetch axe-core (npm install axe-core@4 says why): it does not look at the pages"
AXE = Path(sys.prefix) / "axe"


def chromium() -> str | None:
    """Where Chromium is, if it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def axe() -> str | None:
    """The source of axe-core, fetched by npm into the virtual environment; ``None`` without npm."""
    script = AXE / "node_modules" / "axe-core" / "axe.min.js"
    npm = shutil.which("npm")
    AXE.mkdir(exist_ok=True)
    with FileLock(AXE / ".lock"):  # tests run in several processes
        if not script.exists() and npm:
            command = [npm, "install", "--prefix", str(AXE), "--no-audit", "--no-fund", "--silent", "axe-core@4"]
            with suppress(subprocess.TimeoutExpired):
                subprocess.run(command, check=False, capture_output=True, timeout=60)
    return script.read_text(encoding="utf-8") if script.exists() else None


@contextmanager
def serving(archive: Path) -> Iterator[str]:
    """``newsmorgue serve`` on a free port; its address."""
    with subprocess.Popen([*SERVE, str(archive)], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            line = server.stdout.readline()
            address = re.search(r"http://[^ ]+(?=/ )", line)
            assert address, line
            yield address[0]
        finally:
            server.terminate()
            server.wait(timeout=20)


@contextmanager
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield opened
        opened.close()
