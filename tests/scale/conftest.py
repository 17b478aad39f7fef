"""A Redis server for the tests: their own, on a free port of loopback."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.shared.redis_server import MISSING, RedisServer, is_there

pytest.importorskip("scrapy_redis")

from scraper.shared.link import Link
from scraper.shared.queue import LeasedQueue


@pytest.fixture(scope="session")
def redis_there() -> None:
    if not is_there():
        if os.environ.get("CI"):
            pytest.fail(f"this test {MISSING}")
        pytest.skip(f"this test {MISSING}")


@pytest.fixture(scope="module")
def server(redis_there: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def link(server: RedisServer) -> Iterator[Link]:
    link = Link(server.url)
    link.client.flushall()
    yield link
    link.close()


@pytest.fixture
def hire(link: Link) -> Callable[..., LeasedQueue]:
    """The queue as a worker of that name uses it."""

    def make(name: str, lease: float = 60.0) -> LeasedQueue:
        spider: Any = SimpleNamespace(name="news", sites={}, frontier=SimpleNamespace(link=link))
        queue = LeasedQueue(link.client, spider, "%(spider)s:requests")
        queue.worker, queue.lease_ms = name, int(lease * 1000)
        return queue

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
