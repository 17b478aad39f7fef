"""One Twisted reactor for the life of the process, so that it can crawl more than once.

A reactor that has been run and stopped cannot be run again. So it is started once and never stopped: each crawl
is a coroutine that its asyncio loop runs to the end.
"""

import asyncio
import atexit
import signal
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from scraper.stopping import SIGNALS

_loop: asyncio.AbstractEventLoop | None = None


def reactor_loop() -> asyncio.AbstractEventLoop:
    """The loop under the reactor; the first call installs and starts both."""
    global _loop  # noqa: PLW0603 - Twisted's reactor is one for the process, and so is its loop
    if _loop is None:
        from twisted.internet import asyncioreactor

        _loop = asyncio.new_event_loop()
        asyncio.set_event_loop(_loop)
        asyncioreactor.install(_loop)  # type: ignore[no-untyped-call]
        from twisted.internet import reactor

        reactor.startRunning(installSignalHandlers=False)
        atexit.register(_loop.close)
    return _loop


def run_until_done(work: Coroutine[Any, Any, None], on_signal: Callable[[int], None]) -> bool:
    """Run ``work``; SIGINT and SIGTERM call ``on_signal``, a second one stops at once. Whether it came to its end."""
    loop = reactor_loop()
    caught: list[int] = []

    def handle(number: int) -> None:
        caught.append(number)
        on_signal(number) if len(caught) == 1 else loop.stop()

    _handle_signals(loop, SIGNALS, handle)
    try:
        loop.run_until_complete(work)
    except RuntimeError:
        if len(caught) < 2:
            raise
        return False
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
    return True


def _handle_signals(
    loop: asyncio.AbstractEventLoop, numbers: Iterable[signal.Signals], handle: Callable[[int], None]
) -> None:
    for number in numbers:
        loop.add_signal_handler(number, handle, number)
