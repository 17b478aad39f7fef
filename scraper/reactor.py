"""One Twisted reactor for the life of the process, so that it can crawl more than once.

A reactor that has been run and stopped cannot be run again. So it is started once and never stopped: each crawl
is a coroutine that its asyncio loop runs to the end.
"""

import asyncio
import atexit
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from scraper.stopping import SIGNALS

LOOKUPS = 32  # names that are looked up at once: each takes a thread, a slow one for half a minute
LAST_SECONDS = 1.0  # that what is called off gets to end

_loop: asyncio.AbstractEventLoop | None = None
_threads: ThreadPoolExecutor | None = None


def reactor_loop() -> asyncio.AbstractEventLoop:
    """The loop under the reactor; the first call installs and starts both."""
    global _loop, _threads  # noqa: PLW0603 - Twisted's reactor is one for the process, and so is its loop
    if _loop is None:
        from twisted.internet import asyncioreactor

        _loop = asyncio.new_event_loop()
        asyncio.set_event_loop(_loop)
        _threads = ThreadPoolExecutor(LOOKUPS, "newsmorgue")
        _loop.set_default_executor(_threads)
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

    before = {number: signal.getsignal(number) for number in SIGNALS}
    _handle_signals(loop, SIGNALS, handle)
    try:
        loop.run_until_complete(work)
    except RuntimeError:
        if len(caught) < 2:
            raise
        return False
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
    return True


async def call_off(keep: asyncio.Task[Any] | None = None) -> None:
    """Cancel everything that is under way in the loop but the caller and ``keep``, and let it end."""
    deadline = asyncio.get_running_loop().time() + LAST_SECONDS
    while tasks := asyncio.all_tasks() - {asyncio.current_task(), keep}:  # what ends may have begun something else
        for task in tasks:
            task.cancel()
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # it would tell of each at the end
            return
        await asyncio.wait(tasks, timeout=min(left, 0.1))


def leave_if_held_up(code: int) -> None:
    """End the process at once if a thread still waits for the net: nothing can call it off, and Python would wait."""
    if _threads is None:
        return
    _threads.shutdown(wait=False, cancel_futures=True)
    workers = [thread for thread in threading.enumerate() if thread.name.startswith("newsmorgue_")]
    for worker in workers:
        worker.join(0.1)
    if any(worker.is_alive() for worker in workers):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _handle_signals(
    loop: asyncio.AbstractEventLoop, numbers: Iterable[signal.Signals], handle: Callable[[int], None]
) -> None:
    for number in numbers:
        loop.add_signal_handler(number, handle, number)
