"""The layers hold at run time too: what a command does not need, it does not load."""

import os
import subprocess
import sys

import pytest


def modules_after(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    bare = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}  # it loads SQLite
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=bare)
    return set(done.stdout.split())


def test_reading_a_page_needs_neither_scrapy_nor_sqlite():
    loaded = modules_after("from scraper.reading import read\nread(b'<p>Some text</p>', 'https://example.com/a')")
    assert not loaded & {"scrapy", "twisted", "sqlite3", "sqlite_utils"}


def test_the_archive_needs_nothing_of_the_web():
    loaded = modules_after("import archive.store, archive.cli")
    assert not loaded & {"scrapy", "twisted", "parsel", "lxml", "bs4"}


@pytest.mark.parametrize("module", ["scraper.cli", "archive.cli"])
def test_the_command_line_starts_without_what_it_may_not_need(module: str):
    loaded = modules_after(f"import {module}")
    assert not loaded & {"scrapy", "twisted", "parsel", "lxml", "bs4", "rich", "dateparser", "warcio"}
