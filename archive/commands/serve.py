"""``serve``: the archive as a website."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive import cli_options as options
from archive.cli_errors import errors_told
from archive.errors import UsageError

if TYPE_CHECKING:
    import socket

MISSING = "the web pages need Datasette, which is not installed: pip install 'newsmorgue[web]'"


@click.command()
@options.archive_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8010, show_default=True, help="0 takes a free one.")
@click.option(
    "--allow-host", "names", metavar="NAME", multiple=True, help="Another name that the server goes by; repeatable."
)
def serve(archive: Path, host: str, port: int, names: tuple[str, ...]) -> None:
    """Show the archive in a browser: pages, charts, feeds, tables and SQL. Reading alone, beside a crawl too.

    Listens at this machine's own address unless --host says otherwise.

    Example: newsmorgue serve --port 8010
    """
    with errors_told():
        try:
            from archive.web.serving import make_datasette
        except ModuleNotFoundError as error:
            raise UsageError(f"{MISSING} ({error.name})") from None
        datasette = make_datasette(archive, hosts={host, *names})
        _run(datasette.app(), _listen(host, port), archive)


def _listen(host: str, port: int) -> "socket.socket":
    import socket

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        raise UsageError(f"cannot listen at {host}, port {port}: {error.strerror or error}") from None


def _run(app: object, listening: "socket.socket", archive: Path) -> None:
    import uvicorn

    host, port = listening.getsockname()[:2]
    name = f"[{host}]" if ":" in host else host
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]  # Datasette has no types
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )
    click.echo(f"{archive} is shown at http://{name}:{port}/ (Ctrl-C ends)")
    with listening:
        uvicorn.Server(config).run(sockets=[listening])
