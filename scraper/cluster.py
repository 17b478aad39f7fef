"""A Dask cluster: one that runs already, or one of this machine's processors; functions that are called on it.

Dask schedules, retries, and does again what a worker had when it was lost. What is here bounds how much is under way,
lets a signal end the waiting, and puts what can go wrong into words.
"""

import logging
import pickle
import signal
import threading
import time
import zlib
from asyncio import CancelledError
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from archive.errors import NewsmorgueError, NothingFetched, UsageError

try:
    import dask
    from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin
    from distributed.client import ClosedClientError
    from distributed.comm.core import CommClosedError
except ImportError:
    raise UsageError("--dask needs Dask: pip install 'newsmorgue[dask]'") from None

logger = logging.getLogger(__name__)
GONE = "the Dask scheduler is gone; the same again goes on with what is left"
LOCAL = "local"  # instead of an address: a cluster of this machine's own
AHEAD = 3  # parts for each thread that are under way or wait to be taken: a bound on memory
RETRIES = 3  # of a part whose reading raised an error, such as a network that failed
CONNECT = 20.0  # seconds that a scheduler, and then its first worker, may take to answer
PATIENCE = 0.5  # seconds between two looks at whether to stop
LOOK_EVERY = 2.0  # seconds between two looks at who works
TELL_AFTER = 30.0  # seconds without any worker after which that is told
SETTINGS = {
    "distributed.admin.large-graph-warning-threshold": "1 GiB",  # pages go with their tasks where no disk is shared
}


class Lost(NewsmorgueError):
    """A part was given up: each worker that had it died."""


class LeavesInterrupts(WorkerPlugin):
    """In the workers of this machine: Ctrl-C goes to the whole terminal, and whoever began the run decides."""

    def setup(self, worker: object) -> None:  # noqa: ARG002 - Dask's signature
        """Called in each worker's main thread, also in one that takes the place of a dead one."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)


@dataclass(slots=True)
class Cluster:
    """A connection to a cluster; ``threads`` is how many its workers had when one last looked."""

    client: Any
    threads: int = 0
    looked_at: float = float("-inf")

    @property
    def ahead(self) -> int:
        """How many parts may be under way, or wait to be taken, by the workers that there are now."""
        return AHEAD * max(self._threads_now(), 1)

    def _threads_now(self) -> int:
        if time.monotonic() - self.looked_at > LOOK_EVERY:
            with _gone_told():
                self.threads = sum(self.client.nthreads().values())
            self.looked_at = time.monotonic()
        return self.threads

    def share(self, value: object) -> Any:
        """``value``, to be given to many tasks: kept by the workers, made again where one of them is lost."""
        return self.submit(unpacked, zlib.compress(pickle.dumps(value)))

    def submit(self, function: Callable[..., Any], *arguments: object) -> Any:
        """Call ``function`` on a worker; what comes back is for ``result``."""
        with _gone_told():
            return self.client.submit(function, *arguments, pure=False, retries=RETRIES)

    def result(self, future: Any, is_stopped: Callable[[], bool]) -> Any:
        """What the function returned or raised, or ``None`` where it ``is_stopped`` before.

        Raises ``Lost`` where it killed its workers, and ``NewsmorgueError`` where the cluster is gone.
        """
        alone_since: float | None = None
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        while future.status in ("pending", "lost"):
            if is_stopped():
                return None
            if self.client.status not in ("running", "connecting"):
                break
            done.wait(PATIENCE)
            alone_since = self._told_if_alone(alone_since)
        if future.status == "finished":
            with _gone_told():
                return self.client.gather(future)
        if future.status == "error":
            with _gone_told():
                error = future.exception()
            if isinstance(error, KilledWorker):
                raise Lost("each worker that read it died") from None
            raise error
        raise NewsmorgueError(GONE)

    def _told_if_alone(self, since: float | None) -> float | None:
        if self._threads_now():
            return None
        now = time.monotonic()
        if since is not None and now - since > TELL_AFTER:
            logger.warning("the Dask cluster has no worker; waiting for one")
            return now
        return since if since is not None else now


@contextmanager
def _gone_told() -> Iterator[None]:
    """Say in words that the connection to the scheduler broke: not an error of what a worker read."""
    try:
        yield
    except (ClosedClientError, CommClosedError, CancelledError):
        raise NewsmorgueError(GONE) from None


def unpacked(packed: bytes) -> Any:
    """On a worker: what ``share`` was given."""
    return pickle.loads(zlib.decompress(packed))  # noqa: S301 - of the client, whose code the worker runs anyway


@contextmanager
def cluster(address: str, workers: int) -> Iterator[Cluster]:
    """The cluster whose scheduler listens at ``address``, or for ``LOCAL`` one of so many processes of this machine.

    Raises ``UsageError`` for what is no address, and ``NothingFetched`` where nothing answers or nothing works.
    """
    if address != LOCAL and "://" not in address:
        raise UsageError(
            f"{address!r} is no address of a Dask scheduler, such as tcp://queue.example:8786; "
            "for a cluster of this machine's own write --dask=local, or --dask last"
        )
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        stack.enter_context(dask.config.set(SETTINGS))
        where = stack.enter_context(_local(workers)) if address == LOCAL else address
        try:
            client = stack.enter_context(Client(where, timeout=CONNECT, set_as_default=False, name="newsmorgue"))
            client.wait_for_workers(1, timeout=CONNECT)
        except (OSError, TimeoutError):
            what = "has no worker" if "client" in locals() else "does not answer"
            raise NothingFetched(f"the Dask scheduler {address} {what}") from None
        except ValueError as error:
            raise UsageError(f"{address}: {error}") from None
        if address == LOCAL:
            client.register_plugin(LeavesInterrupts())
        yield Cluster(client)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own log from the terminal: what matters of it is told in a line."""
    handlers = {handler: handler.level for handler in logging.getLogger("distributed").handlers}
    try:
        for handler in handlers:
            handler.setLevel(logging.CRITICAL)
        yield
    finally:
        for handler, level in handlers.items():
            handler.setLevel(level)


def _local(workers: int) -> Any:
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,  # reading is Python's own work: threads would wait for each other
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",  # of its health alone: ``None`` would take a port that may be another's
        scheduler_kwargs={"dashboard": False},
        silence_logs=logging.CRITICAL,
    )
