"""A Redis server of one's own: on a free port of loopback, with its own folder, ended by its own process id."""

import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

PATIENCE = 20.0  # seconds for a server to answer
MISSING = "needs a Redis server: apt install redis-server"


def is_there() -> bool:
    return shutil.which("redis-server") is not None


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


class RedisServer:
    """Started on entering; ``options`` are words of its command line. ``restart`` keeps port and folder."""

    def __init__(self, folder: Path, *options: str, password: str = "", tls: Sequence[str] = ()) -> None:
        self.folder, self.options, self.password, self.tls = folder, options, password, tls
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        secret = f":{self.password}@" if self.password else ""
        return f"{'rediss' if self.tls else 'redis'}://{secret}127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        port = ["--port", "0", "--tls-port", str(self.port), *self.tls] if self.tls else ["--port", str(self.port)]
        secret = ["--requirepass", self.password] if self.password else []
        command = ["redis-server", *port, *secret, "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", ""]
        with (self.folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen([*command, *self.options], stdout=log, stderr=log)
        self._await(True)

    def _await(self, answering: bool) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with socket.socket() as probe:
                if (probe.connect_ex(("127.0.0.1", self.port)) == 0) is answering:
                    return
            assert self._process is None or self._process.poll() is None, (self.folder / "redis.log").read_text()
            time.sleep(0.02)
        raise TimeoutError(f"Redis on port {self.port}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
