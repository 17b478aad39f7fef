"""The line to Redis: an address that may hold a password, one connection, and errors that never show it.

>>> from scraper.shared.link import Link
>>> str(Link("rediss://worker:secret@queue.example:6380/2"))
'queue.example:6380/2'
"""

import contextlib
from typing import Any
from urllib.parse import urlsplit

from archive.errors import NothingFetched, UsageError
from scraper.shared.scripts import SCRIPTS

SCHEMES = frozenset(("redis", "rediss", "unix"))
PREFIX = "news:"  # as scrapy-redis names the keys of a spider that is called "news"
CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 10.0
FORM = "redis://[user:password@]host[:port][/number], rediss:// for TLS; special characters of a password as %40, %2F"
NO_ADDRESS = f"--redis is no address of a Redis server: it looks like {FORM}"
EVICTING = ("allkeys-lru", "allkeys-lfu", "allkeys-random", "allkeys-lrm")


class RedisAway(Exception):
    """Redis cannot be reached, or not now; the message says why in a few words."""


class RedisFull(Exception):
    """Redis has no room for more addresses."""


def _place(url: str) -> str:
    """Host, port and number of the database; never a name or a password. Raises ``UsageError``."""
    try:
        parts = urlsplit(url)
        port, number = parts.port or 6379, parts.path.strip("/")
    except ValueError:  # its message may hold a piece of the password
        raise UsageError(NO_ADDRESS) from None
    if parts.scheme == "unix":
        return parts.path
    if parts.scheme not in SCHEMES or not parts.hostname or not (number.isdigit() or not number):
        raise UsageError(NO_ADDRESS)
    return f"{parts.hostname}:{port}" + (f"/{number}" if number else "")


class Link:
    """A connection to the Redis server at ``url`` and the scripts there. Nothing is sent before the first call."""

    def __init__(self, url: str, prefix: str = PREFIX) -> None:
        self.place, self.prefix = _place(url), prefix
        self.client = _connect(url)
        self._scripts = {name: self.client.register_script(text) for name, text in SCRIPTS.items()}

    def __str__(self) -> str:
        return self.place

    __repr__ = __str__

    def call(self, name: str, *arguments: Any) -> Any:
        """What a script of ``scripts`` returns. Raises ``RedisAway``, ``RedisFull`` or ``UsageError``."""
        with translated(self.place):
            return self._scripts[name](keys=[self.prefix], args=arguments)

    def command(self, *words: Any) -> Any:
        """What a plain command returns. Raises as ``call`` does."""
        with translated(self.place):
            return self.client.execute_command(*words)

    def check(self) -> str:
        """Ask the server who it is; its ``run_id`` changes when it is started anew.

        Raises ``UsageError`` for a wrong password, a server that is too old, or one that throws keys away when full.
        """
        with translated(self.place):
            server: Any = self.client.info()
        version = str(server.get("redis_version", "0"))
        if int(version.partition(".")[0]) < 7:
            raise UsageError(f"Redis at {self.place} is version {version}; 7 or newer is needed (or Valkey)")
        if server.get("maxmemory") and server.get("maxmemory_policy") in EVICTING:
            policy = server["maxmemory_policy"]
            raise UsageError(f"Redis at {self.place} would throw addresses away when full: its maxmemory-policy is "
                             f"{policy}, and must be noeviction")  # fmt: skip
        return str(server.get("run_id", ""))

    def reached(self) -> "Link":
        """Itself, if the server answers; for commands that do not wait. Raises ``NothingFetched`` if it does not."""
        try:
            self.check()
        except RedisAway as error:
            raise NothingFetched(f"Redis at {self.place} does not answer: {error}") from None
        return self

    def close(self) -> None:
        """Close the connection."""
        self.client.close()


def _connect(url: str) -> Any:
    try:
        from redis.backoff import NoBackoff
        from redis.retry import Retry
        from scrapy_redis.connection import get_redis
    except ImportError:
        raise UsageError("crawling with Redis needs its extra: pip install 'newsmorgue[redis]'") from None
    try:
        return get_redis(
            url=url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),  # the crawl itself waits and tries again, and tells
            client_name="newsmorgue",
            decode_responses=False,
        )
    except (ValueError, TypeError):
        raise UsageError(NO_ADDRESS) from None


@contextlib.contextmanager
def translated(place: str) -> Any:
    """redis-py's errors as ours, without what was sent."""
    import redis

    try:
        yield
    except (redis.AuthenticationError, redis.exceptions.NoPermissionError):
        raise UsageError(f"Redis at {place} refuses this name and password, or what they may do") from None
    except redis.exceptions.OutOfMemoryError:
        raise RedisFull("its memory is full") from None
    except redis.ResponseError as error:
        if str(error).startswith("NOAUTH") or "WRONGPASS" in str(error):
            raise UsageError(f"Redis at {place} wants a name and password") from None
        if "OOM" in str(error)[:40]:
            raise RedisFull("its memory is full") from None
        if str(error).startswith(("LOADING", "READONLY", "MASTERDOWN", "BUSY", "MISCONF", "TRYAGAIN", "NOREPLICAS")):
            raise RedisAway(str(error).partition(" ")[0].lower()) from None
        raise
    except redis.exceptions.BusyLoadingError:
        raise RedisAway("it is still reading its data") from None
    except redis.TimeoutError:
        raise RedisAway("no answer in time") from None
    except (redis.ConnectionError, redis.exceptions.ReadOnlyError, OSError) as error:
        raise RedisAway(_reason(error)) from None


def _reason(error: BaseException) -> str:
    words = str(error).lower()
    known = {
        "refused": "connection refused",
        "certificate": "its certificate does not check out",
        "ssl": "no TLS there",
        "name or service": "unknown host",
        "max number of clients": "it has too many clients",
        "closed": "connection closed",
        "reset": "connection broke off",
        "read only": "it is a replica",
    }
    return next((told for word, told in known.items() if word in words), "no connection")
