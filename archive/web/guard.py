"""Around every answer: which names the server goes by, which methods it knows, and the headers of ``policies``."""

import ipaddress
import logging
import re
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any

from archive.web import policies

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Callable[[], Awaitable[Message]], Send], Awaitable[None]]

HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - recognised, not bound
METHODS = frozenset({"GET", "HEAD"})
log = logging.getLogger(__name__)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return None


def is_served(host: str, names: Collection[str]) -> bool:
    """Whether a ``Host`` header names this server: loopback, or one of ``names``.

    A page elsewhere can have its own name lead here (DNS rebinding), but not ours. A server that listens everywhere
    answers to every bare address: those cannot be rebound.
    """
    match = HOST.fullmatch(host)
    if match is None:
        return False
    name = match[1].lower().rstrip(".").strip("[]")
    if name in names or name == "localhost":
        return True
    address = _address(name)
    return address is not None and (address.is_loopback or not EVERYWHERE.isdisjoint(names))


def refusal(scope: MutableMapping[str, Any], names: Collection[str]) -> tuple[int, str] | None:
    """Why a request is not answered: status and words; ``None`` where it is."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if len(hosts) != 1 or not HOST.fullmatch(hosts[0]):
        return 400, "The request does not say, or not clearly, which server it is for."
    if not is_served(hosts[0], names):
        return 421, "This server does not go by that name; --allow-host adds one."
    if scope["method"] not in METHODS:
        return 405, "This archive can be read here, and nothing else."
    if scope["path"].startswith(("//", "/\\")):
        return 404, "There is no such page."
    return None


def guarded(names: Collection[str]) -> Callable[[App], App]:
    """A wrapper for an application that answers to ``names`` besides loopback."""
    served = frozenset(name.lower().strip("[]") for name in names)

    def wrap(app: App) -> App:
        async def answer(
            scope: MutableMapping[str, Any], receive: Callable[[], Awaitable[Message]], send: Send
        ) -> None:
            if scope["type"] == "http":
                await _answer(app, scope, receive, send, served)
            elif scope["type"] == "lifespan":
                await app(scope, receive, send)

        return answer

    return wrap


async def _answer(
    app: App,
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[Message]],
    send: Send,
    names: Collection[str],
) -> None:
    begun = False

    async def send_with_headers(message: Message) -> None:
        nonlocal begun
        if message["type"] == "http.response.start":
            begun = True
            message = {**message, "headers": with_policies(message.get("headers", ()))}
        elif scope["method"] == "HEAD":
            message = {**message, "body": b""}
        await send(message)

    refused = refusal(scope, names)
    if refused:
        await _say(send_with_headers, *refused)
        return
    try:
        await app(scope, receive, send_with_headers)
    except Exception:
        log.exception("no answer to %s", scope["path"])
        if not begun:
            await _say(send_with_headers, 500, "Something went wrong; the server's log says what.")


def with_policies(headers: Collection[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer and those of ``policies`` that it does not set itself; none that opens it to others."""
    kept = [(name, value) for name, value in headers if not name.lower().startswith(b"access-control-")]
    given = {name.lower() for name, _ in kept}
    wanted = {"content-security-policy": policies.datasettes(), "x-frame-options": "DENY", **policies.ALWAYS}
    added = [(name.encode(), value.encode()) for name, value in wanted.items() if name.encode() not in given]
    return kept + added


async def _say(send: Send, status: int, words: str) -> None:
    """An answer of one line."""
    body = f"{status}: {words}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if status == 405:
        headers.append((b"allow", b"GET, HEAD"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
