"""One writer at a time: a lock file beside the archive that says who holds it."""

import json
import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from archive.errors import ArchiveBusy, UsageError
from archive.times import now


class WriterLock:
    """Holds ``<archive>.lock`` from ``acquire`` to ``release``; the system drops it when the process dies."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive
        self.path = archive.with_name(archive.name + ".lock")
        self._lock = FileLock(self.path, mode=0o600, thread_local=False)

    def acquire(self) -> None:
        """Take the lock at once, or raise ``ArchiveBusy`` naming the process that holds it and since when.

        Raises ``UsageError`` where no lock file can be made.
        """
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise ArchiveBusy(
                f"{self.archive} is being written by {self._holder()}; try again when it has ended"
            ) from None
        except OSError as error:
            raise UsageError(f"cannot lock {self.path}: {error.strerror or error}") from None
        self.path.write_text(json.dumps({"pid": os.getpid(), "since": now()}), encoding="utf-8")

    def _holder(self) -> str:
        with suppress(OSError, ValueError, KeyError, TypeError):
            holder = json.loads(self.path.read_text(encoding="utf-8"))
            return f"process {holder['pid']} since {holder['since']}"
        return "another run"

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        self._lock.release()
