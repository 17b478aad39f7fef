"""WARC files at addresses that fsspec understands: ``s3://``, ``gs://``, ``https://``, ``file://``, ``memory://`` …"""

import re
from functools import partial
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from archive.errors import UsageError
from scraper.replay.source import Source
from scraper.replay.warc_files import is_warc, warc_files_in

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?:::|://)")
SECRET = re.compile(r"(?<=://)[^/@\s]*@")
GLOB = re.compile(r"[*?\[]")


def is_address(path: object) -> bool:
    """Whether ``path`` is an address rather than the path of a file."""
    return isinstance(path, str) and ADDRESS.match(path) is not None


def without_secret(address: str) -> str:
    """``address`` as it may be shown and kept: without name and password."""
    return SECRET.sub("", address)


def open_address(address: str) -> BinaryIO:
    """The file at ``address``, for reading."""
    import fsspec

    return cast("BinaryIO", fsspec.open(address, "rb").open())


def remote_files(address: str) -> list[Source]:
    """The WARC file at ``address``, those that a pattern with ``*`` stands for, or those below a folder.

    Raises ``UsageError`` for an address that fsspec does not understand, and where nothing is there.
    """
    shown = without_secret(address)
    try:
        found = _expanded(address)
    except ImportError as error:
        raise UsageError(f"{shown}: {error}") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{shown}: {getattr(error, 'strerror', None) or error}") from None
    if not found:
        raise UsageError(f"{shown}: no such file, or no WARC file in it")
    return [
        source
        for each in found
        for source in warc_files_in(PurePosixPath(without_secret(each)).name, partial(open_address, each))
    ]


def _expanded(address: str) -> list[str]:
    try:
        import fsspec
    except ImportError:
        raise ImportError("such addresses need fsspec: pip install 'newsmorgue[dask]'") from None
    system, path = fsspec.core.url_to_fs(address)
    if GLOB.search(path):
        return [_whole(system, each, address) for each in sorted(system.glob(path))]
    if not address.endswith("/") and (system.protocol in ("http", ("http", "https")) or system.isfile(path)):
        return [address]
    names = sorted(each for each in system.find(path) if is_warc(PurePosixPath(each)))
    return [_whole(system, each, address) for each in names]


def _whole(system: Any, path: str, address: str) -> str:
    """The address of a file that was found below ``address``, with the name and password of that."""
    scheme, separator, rest = address.partition("://")
    secret = SECRET.match("://" + rest, 3)
    if "::" in scheme or not secret:
        return str(system.unstrip_protocol(path))
    return f"{scheme}{separator}{secret[0]}{PurePosixPath(path).as_posix().lstrip('/')}"
