"""What some tests need beside Python: they are skipped where it is missing, with a line saying how to get it.

Under ``CI=true`` they fail instead: there it is to be installed.
"""

import os
import shutil

import pytest

from scraper.rendering.browser import browser_problem


def need(problem: str | None) -> None:
    """Skip the test that asks if there is a problem, or fail it where nothing may be skipped."""
    if problem and os.environ.get("CI") == "true":
        pytest.fail(problem)
    elif problem:
        pytest.skip(problem)


def need_program(name: str, package: str) -> None:
    need(None if shutil.which(name) else f"needs {name} (Debian: apt install {package})")


@pytest.fixture
def browser() -> None:
    """Chromium and the extra ``browser``."""
    problem = browser_problem()
    need(f"needs a browser: {problem}" if problem else None)
