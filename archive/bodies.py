"""The bytes that a visit brought: kept once by their SHA-256, compressed against an earlier page that is like them.

A body is compressed with zstd, and where it is smaller, with another body as prefix: the one that the same address
brought before, or the site's *anchor*, a page of it that others lean on. When the site's template has moved away from
its anchor, a newer page becomes the anchor. Reading follows the chain of bases, at most ``MOST_STEPS`` long, and checks
the hash of what comes out.
"""

import hashlib
import sqlite3
import sys
from collections import OrderedDict
from dataclasses import dataclass

from archive.digested import Digests
from archive.errors import ArchiveDamaged

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ZstdError = zstd.ZstdError
LEVEL = 5  # `python -m benchmarks bodies`: level 3 takes a tenth more room; level 9 a thirtieth less, but half as fast
LEVEL_AT_LEISURE = 9
LEVEL_DIGESTED = 5  # with the tables of the base made once: as much room as ``LEVEL`` takes, in less than half its time
MOST_STEPS = 8
MOST_ANCHOR_STEPS = 2  # so that there is room for a page's own history above
LEAST_BASE = 64  # bytes; zstd takes no prefix under 8, and a short one is no help
CLOSE = 12  # times smaller: a base that does this well spares trying the next
FAR = 1.3  # times what pages usually cost against their anchor: the template may have moved
NEARER = 0.8  # of that cost, against the site's newest page: it has
SHORTER = 4  # times: a start page or a robots.txt says little about articles
MOST_TRIALS = 16  # of the newest page against an anchor that is short: then a site's pages are just not alike
LOST = "lost"  # the encoding of a body whose bytes a salvage could not save
KEPT_BYTES = 16 * 1024 * 1024  # of bodies that may soon be a base, in memory
LONG = 1 << 20
MOST_LOG = 27  # a window of 128 MiB, what zstd decodes without being asked


def hash_of(data: bytes) -> str:
    """The id of a body: SHA-256 of its bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def compress(data: bytes, base: bytes | None = None, level: int = LEVEL) -> bytes:
    """``data`` as a zstd frame, which needs ``base`` to be read if one is given."""
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: level,
        zstd.CompressionParameter.checksum_flag: 0,  # the SHA-256 says more
    }
    if base is None:
        return zstd.compress(data, options=options)
    # The window must reach from the end of the data back to the start of the base.
    options[zstd.CompressionParameter.window_log] = min(max((len(base) + len(data)).bit_length(), 10), MOST_LOG)
    if len(base) + len(data) > LONG:  # the tables of level 3 forget the start of the base before its end is reached
        options[zstd.CompressionParameter.enable_long_distance_matching] = 1
    return zstd.compress(data, options=options, zstd_dict=zstd.ZstdDict(base, is_raw=True).as_prefix)


def compress_onto(data: bytes, digested: zstd.ZstdDict) -> bytes:
    """The same against a base that many lean on; ``decompress`` needs the base's bytes, as always."""
    return zstd.compress(data, LEVEL_DIGESTED, zstd_dict=digested.as_digested_dict)


def decompress(data: bytes, base: bytes | None = None) -> bytes:
    """What ``compress`` was given."""
    if base is None:
        return zstd.decompress(data)
    return zstd.decompress(data, zstd_dict=zstd.ZstdDict(base, is_raw=True).as_prefix)


@dataclass(slots=True)
class Anchor:
    """The page of a site that others lean on: the ``newest`` of them, and the share of their size that is ``usual``.

    ``size`` is its own, in bytes; ``trials`` is how often the newest was tried because that is little.
    """

    body_id: str
    size: int
    usual: float | None = None
    newest: str | None = None
    trials: int = 0

    def may_be_unlike(self, size: int, share: float) -> bool:
        """Whether a page of ``size``, which costs ``share`` of it against the anchor, may be of another template."""
        if self.usual and share > FAR * self.usual:
            return True
        if self.size * SHORTER > size or self.trials >= MOST_TRIALS:
            return False
        self.trials += 1
        return True

    def used(self, share: float, body_id: str) -> None:
        """Note what one more page cost."""
        self.usual = share if self.usual is None else self.usual + (share - self.usual) / 16
        self.newest = body_id


@dataclass(frozen=True, slots=True)
class Packed:
    """A body as it is stored: ``depth`` is how many others must be read before it."""

    data: bytes
    base_id: str | None = None
    depth: int = 0
    is_anchor: bool = False


class Bodies:
    """The table ``bodies`` over one connection, with the bodies of late in memory."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._kept: OrderedDict[str, tuple[bytes, int]] = OrderedDict()
        self._kept_bytes = 0
        self._anchors: dict[str, Anchor | None] = {}
        self._digests = Digests()

    def __contains__(self, body_id: str) -> bool:
        row = self.connection.execute("SELECT encoding FROM bodies WHERE id = ?", (body_id,)).fetchone()
        return row is not None and row[0] != LOST

    def add(self, data: bytes, *, body_id: str | None = None, url: str, site: str) -> str:
        """Keep ``data`` and return its id; nothing is written when it is there already.

        ``body_id`` spares the hashing when the caller knows that it is there. ``url`` and ``site`` find a base.
        """
        if body_id is not None and body_id in self:
            return body_id
        body_id = hash_of(data)
        if body_id in self:
            return body_id
        packed = self._pack(data, body_id, url, site)
        if len(packed.data) < len(data):
            self.insert(body_id, len(data), "zstd", packed)
        else:
            packed = Packed(data)
            self.insert(body_id, len(data), "identity", packed)
        self._keep(body_id, data, packed.depth)
        if packed.is_anchor or self._anchor_of(site) is None:
            self._anchors[site] = Anchor(body_id, len(data))
        return body_id

    def insert(self, body_id: str, size: int, encoding: str, packed: Packed) -> None:
        """Write the row of a body that is compressed already, also in the place of one that was lost."""
        self.connection.execute(
            "INSERT INTO bodies (id, size, encoding, base_id, depth, data) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET size = excluded.size, encoding = excluded.encoding, "
            "base_id = excluded.base_id, depth = excluded.depth, data = excluded.data WHERE encoding = 'lost'",
            (body_id, size, encoding, packed.base_id, packed.depth, packed.data),
        )

    def _pack(self, data: bytes, body_id: str, url: str, site: str) -> Packed:
        before = self._newest("url = ?", url)
        own = self._against(data, before) if before else None
        if own is not None and len(own.data) * CLOSE <= len(data):
            return own
        anchor = self._anchor_of(site)
        leaning = self._against(data, anchor.body_id, digest=True) if anchor and anchor.body_id != before else None
        if anchor and leaning is not None and (own is None or len(leaning.data) < len(own.data)):
            own = self._near(data, body_id, anchor, leaning) if before is None else leaning
        if own is None or len(own.data) * 4 > len(data):  # little was gained: perhaps nothing at all
            plain = compress(data)
            if own is None or len(plain) <= len(own.data):
                return Packed(plain, is_anchor=own is not None)
        return own

    def _near(self, data: bytes, body_id: str, anchor: Anchor, leaning: Packed) -> Packed:
        """``leaning``, or where the template has moved, what makes ``data`` the new anchor."""
        share = len(leaning.data) / len(data) if data else 0.0
        is_short = len(data) * SHORTER < anchor.size  # such a page is no anchor for the others
        if anchor.newest and not is_short and anchor.may_be_unlike(len(data), share):
            newest = self._against(data, anchor.newest)
            if newest is not None and len(newest.data) < NEARER * len(leaning.data):
                return self._as_anchor(data, leaning)
        anchor.used(share, body_id)
        return leaning

    def _as_anchor(self, data: bytes, leaning: Packed) -> Packed:
        if leaning.depth > MOST_ANCHOR_STEPS:
            return Packed(compress(data), is_anchor=True)
        return Packed(leaning.data, leaning.base_id, leaning.depth, is_anchor=True)

    def _against(self, data: bytes, base_id: str, *, digest: bool = False) -> Packed | None:
        """``data`` leaning on a base; ``None`` where that base is too short, too far up, or cannot be read.

        ``digest`` is for a base that serves many.
        """
        try:
            base, depth = self._with_depth(base_id)
        except ArchiveDamaged:  # verify tells of it; what comes new must not lean on it
            return None
        if len(base) < LEAST_BASE or depth >= MOST_STEPS:
            return None
        digested = self._digests.of(base_id, base) if digest and len(base) + len(data) <= LONG else None
        return Packed(compress_onto(data, digested) if digested else compress(data, base), base_id, depth + 1)

    def _anchor_of(self, site: str) -> Anchor | None:
        if site not in self._anchors:
            newest = self._newest("site = ?", site)
            self._anchors[site] = self._anchor(self._leaned_on(newest)) if newest else None
        return self._anchors[site]

    def _anchor(self, body_id: str) -> Anchor | None:
        row = self.connection.execute("SELECT size FROM bodies WHERE id = ?", (body_id,)).fetchone()
        return Anchor(body_id, row[0]) if row else None

    def _leaned_on(self, newest: str) -> str:
        """Of the bodies under a site's newest, the first that several lean on; else the last."""
        try:
            under = [step for step, *_ in self._chain(newest)]
        except ArchiveDamaged:
            return newest
        for step in under[1:]:
            if len(self.connection.execute("SELECT 1 FROM bodies WHERE base_id = ? LIMIT 2", (step,)).fetchall()) > 1:
                return step
        return under[-1]

    def _newest(self, where: str, value: str) -> str | None:
        found = self.connection.execute(
            f"SELECT coalesce(rendered_id, body_id) FROM captures WHERE {where} "  # noqa: S608 - conditions of this file
            "AND body_id IS NOT NULL ORDER BY fetched_at DESC LIMIT 1",
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
        self._anchors.clear()
        self._digests.clear()
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
        data, depth = self._kept.get(chain[-1][2], (None, -1))
        for step, encoding, _, stored in reversed(chain):
            try:
                data = stored if encoding == "identity" else decompress(stored, data)
            except (ZstdError, MemoryError):
                raise ArchiveDamaged(f"body {body_id} cannot be decoded") from None
            depth += 1
            if step == body_id or depth == 0:  # what is at the bottom serves many, so it is worth keeping
                if hash_of(data) != step:
                    raise ArchiveDamaged(f"body {body_id} does not match its SHA-256")
                self._keep(step, data, depth)
        assert data is not None
        return data, depth

    def _chain(self, body_id: str) -> list[tuple[str, str, str, bytes]]:
        """Id, encoding, base (or ``""``) and stored bytes of a body and of each under it that is not in memory."""
        chain: list[tuple[str, str, str, bytes]] = []
        step: str = body_id
        while step and (step not in self._kept or step == body_id):
            row = self.connection.execute("SELECT encoding, base_id, data FROM bodies WHERE id = ?", (step,)).fetchone()
            if row is None and step == body_id:
                raise KeyError(body_id)
            if row is None or len(chain) > MOST_STEPS:
                raise ArchiveDamaged(f"body {body_id} needs body {step}, which is missing or too far down")
            if row[0] == LOST:
                raise ArchiveDamaged(f"body {body_id} was lost: no copy was whole when the archive was salvaged")
            chain.append((step, row[0], row[1] or "", row[2]))
            step = row[1] or ""
        return chain
