"""The bytes that a visit brought: kept once by their SHA-256, compressed against an earlier page that is like them.

A body is compressed with zstd, and where it is smaller, with another body as prefix: the one that the same address
brought before, or one of the same site. Reading follows the chain of bases, at most ``MOST_STEPS`` long, and checks the
hash of what comes out.
"""

import hashlib
import sqlite3
import sys
from collections import OrderedDict
from collections.abc import Iterator

from archive.errors import ArchiveDamaged

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 3  # measured on news pages: level 9 costs 4 times the time for a twelfth less
MOST_STEPS = 8
LEAST_BASE = 64  # bytes; zstd takes no prefix under 8, and a short one is no help
CLOSE = 12  # times smaller: a base that does this well spares trying the next
KEPT_BYTES = 32 * 1024 * 1024  # of bodies that may soon be a base, in memory
LONG = 1 << 20
MOST_LOG = 27  # a window of 128 MiB, what zstd decodes without being asked


def hash_of(data: bytes) -> str:
    """The id of a body: SHA-256 of its bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def compress(data: bytes, base: bytes | None = None) -> bytes:
    """``data`` as a zstd frame, which needs ``base`` to be read if one is given."""
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: LEVEL,
        zstd.CompressionParameter.checksum_flag: 0,  # the SHA-256 says more
    }
    if base is None:
        return zstd.compress(data, options=options)
    # The window must reach from the end of the data back to the start of the base.
    options[zstd.CompressionParameter.window_log] = min(max((len(base) + len(data)).bit_length(), 10), MOST_LOG)
    if len(base) + len(data) > LONG:  # the tables of level 3 forget the start of the base before its end is reached
        options[zstd.CompressionParameter.enable_long_distance_matching] = 1
    return zstd.compress(data, options=options, zstd_dict=zstd.ZstdDict(base, is_raw=True).as_prefix)


def decompress(data: bytes, base: bytes | None = None) -> bytes:
    """What ``compress`` was given."""
    if base is None:
        return zstd.decompress(data)
    return zstd.decompress(data, zstd_dict=zstd.ZstdDict(base, is_raw=True).as_prefix)


class Bodies:
    """The table ``bodies`` over one connection, with the bodies of late in memory."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._kept: OrderedDict[str, tuple[bytes, int]] = OrderedDict()
        self._kept_bytes = 0
        self._of_site: dict[str, str] = {}

    def __contains__(self, body_id: str) -> bool:
        return self.connection.execute("SELECT 1 FROM bodies WHERE id = ?", (body_id,)).fetchone() is not None

    def add(self, data: bytes, *, body_id: str | None = None, url: str, site: str) -> str:
        """Keep ``data`` and return its id; nothing is written when it is there already.

        ``body_id`` spares the hashing when the caller knows that it is there. ``url`` and ``site`` find a base.
        """
        if body_id is not None and body_id in self:
            return body_id
        body_id = hash_of(data)
        if body_id in self:
            return body_id
        stored, base_id, depth = self._smallest(data, url, site)
        encoding = "zstd" if len(stored) < len(data) else "identity"
        if encoding == "identity":
            stored, base_id, depth = data, None, 0
        self.connection.execute(
            "INSERT INTO bodies (id, size, encoding, base_id, depth, data) VALUES (?, ?, ?, ?, ?, ?)",
            (body_id, len(data), encoding, base_id, depth, stored),
        )
        self._keep(body_id, data, depth)
        if depth == 0:
            self._of_site[site] = body_id
        return body_id

    def _smallest(self, data: bytes, url: str, site: str) -> tuple[bytes, str | None, int]:
        best: tuple[bytes, str | None, int] | None = None
        for base_id in self._likely_bases(url, site):
            base, depth = self._with_depth(base_id)
            if len(base) < LEAST_BASE or depth >= MOST_STEPS:
                continue
            against = compress(data, base)
            if best is None or len(against) < len(best[0]):
                best = against, base_id, depth + 1
            if len(against) * CLOSE <= len(data):
                return best
        plain = compress(data)
        return best if best is not None and len(best[0]) < len(plain) else (plain, None, 0)

    def _likely_bases(self, url: str, site: str) -> Iterator[str]:
        """What the address brought before, then the page that others of the site lean on."""
        if before := self._newest("url = ?", url):
            yield before
        if site not in self._of_site:
            newest = self._newest("site = ?", site)
            self._of_site[site] = self._chain(newest)[-1][0] if newest else ""
        if self._of_site[site]:
            yield self._of_site[site]

    def _newest(self, where: str, value: str) -> str | None:
        found = self.connection.execute(
            f"SELECT body_id FROM captures WHERE {where} AND body_id IS NOT NULL "  # noqa: S608 - conditions of this file
            "ORDER BY fetched_at DESC LIMIT 1",
            (value,),
        ).fetchone()
        return found[0] if found else None

    def _keep(self, body_id: str, data: bytes, depth: int) -> None:
        if body_id in self._kept or len(data) > KEPT_BYTES // 4:
            return
        self._kept[body_id] = (data, depth)
        self._kept_bytes += len(data)
        while self._kept_bytes > KEPT_BYTES:
            _, (dropped, _) = self._kept.popitem(last=False)
            self._kept_bytes -= len(dropped)

    def forget(self) -> None:
        """Drop what is in memory: after a rollback it may not be in the file."""
        self._kept.clear()
        self._of_site.clear()
        self._kept_bytes = 0

    def get(self, body_id: str) -> bytes:
        """The bytes of a body, checked against its hash.

        Raises ``KeyError`` for an id that is not there and ``ArchiveDamaged`` when it, or a base, does not check out.
        """
        data, _ = self._with_depth(body_id)
        return data

    def _with_depth(self, body_id: str) -> tuple[bytes, int]:
        if body_id in self._kept:
            self._kept.move_to_end(body_id)
            return self._kept[body_id]
        chain = self._chain(body_id)
        data: bytes | None = None
        for _, encoding, stored in reversed(chain):
            try:
                data = stored if encoding == "identity" else decompress(stored, data)
            except (zstd.ZstdError, MemoryError):
                raise ArchiveDamaged(f"body {body_id} cannot be decoded") from None
        if data is None or hash_of(data) != body_id:
            raise ArchiveDamaged(f"body {body_id} does not match its SHA-256")
        self._keep(body_id, data, len(chain) - 1)
        return data, len(chain) - 1

    def _chain(self, body_id: str) -> list[tuple[str, str, bytes]]:
        """Id, encoding and stored bytes of a body and of each base under it."""
        chain: list[tuple[str, str, bytes]] = []
        step: str | None = body_id
        while step is not None:
            row = self.connection.execute("SELECT encoding, data, base_id FROM bodies WHERE id = ?", (step,)).fetchone()
            if row is None and step == body_id:
                raise KeyError(body_id)
            if row is None or len(chain) > MOST_STEPS:
                raise ArchiveDamaged(f"body {body_id} needs body {step}, which is missing or too far down")
            chain.append((step, row[0], row[1]))
            step = row[2]
        return chain
