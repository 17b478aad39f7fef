"""Bases that many bodies lean on, with zstd's tables of them made once instead of for each body."""

import sys
from collections import OrderedDict

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST = 16  # bases at a time, half a megabyte each
IDLE = 256  # questions after which one makes room: where more sites take turns, some go without rather than all


class Digests:
    """The bases that were asked for of late."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[zstd.ZstdDict, int]] = OrderedDict()
        self._asked = 0

    def of(self, body_id: str, base: bytes) -> zstd.ZstdDict | None:
        """The body ``base`` for ``bodies.compress_onto``; ``None`` where there is no room for it."""
        self._asked += 1
        if body_id in self._kept:
            digested, _ = self._kept.pop(body_id)
        elif self._has_room():
            digested = zstd.ZstdDict(base, is_raw=True)
        else:
            return None
        self._kept[body_id] = digested, self._asked
        return digested

    def _has_room(self) -> bool:
        if len(self._kept) < MOST:
            return True
        oldest = next(iter(self._kept))
        if self._asked - self._kept[oldest][1] < IDLE:
            return False
        del self._kept[oldest]
        return True

    def clear(self) -> None:
        """Drop them all."""
        self._kept.clear()
