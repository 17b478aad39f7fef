"""One archive and one Datasette for all tests of the pages."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from archive.web.serving import make_datasette
from tests.web import newsroom

Get = Callable[..., httpx.Response]


@pytest.fixture(scope="session")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of ``newsroom``."""
    return newsroom.build(tmp_path_factory.mktemp("web") / "papers.db")


class Visitor:
    """Asks a Datasette, in a loop that lasts as long as it."""

    def __init__(self, path: Path, **options: Any) -> None:
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.datasette = make_datasette(path, **options)
        self.loop.run_until_complete(self.datasette.invoke_startup())

    def __call__(self, path: str, method: str = "GET", **options: Any) -> httpx.Response:
        """The answer to a request; redirects are not followed."""
        return self.loop.run_until_complete(self.datasette.client.request(method, path, **options))

    def close(self) -> None:
        for database in self.datasette.databases.values():
            database.close()
        self.datasette.executor.shutdown()
        self.loop.close()
        asyncio.set_event_loop(None)


@pytest.fixture(scope="module")
def get(newspaper: Path) -> Iterator[Visitor]:
    """Pages of the newspaper's archive."""
    visitor = Visitor(newspaper)
    yield visitor
    visitor.close()
