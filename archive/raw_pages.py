"""Rows straight from the pages of an SQLite file, for one that SQLite itself cannot read any more.

Written after the file format as SQLite documents it (fileformat2: b-tree pages, record format, overflow chains, the
freelist, the write-ahead log). Nothing here trusts a page: what does not decode is passed over.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

LEAF_TABLE, LEAF_INDEX, INTERIOR_INDEX = 0x0D, 0x0A, 0x02
DEFAULT_PAGE_SIZE = 4096
WAL_MAGIC = (0x377F0682, 0x377F0683)
FLOAT = 7
Value = None | int | float | str | bytes
Row = tuple[int | None, tuple[Value, ...]]  # rowid, where there is one, and the columns


class RawFile:
    """The pages of a file, with those that are committed in the log beside it."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        size = int.from_bytes(self._data[16:18])
        self.page_size = 65536 if size == 1 else size
        if self.page_size < 512 or self.page_size & (self.page_size - 1):
            self.page_size = DEFAULT_PAGE_SIZE
        self.usable = self.page_size - (self._data[20] if len(self._data) > 20 and self._data[20] < 64 else 0)
        wal = path.with_name(path.name + "-wal")
        self._logged = _committed(wal.read_bytes()) if wal.exists() else {}
        last = max(self._logged, default=0)
        self.pages = max(-(-len(self._data) // self.page_size), last)

    def page(self, number: int) -> bytes:
        """Page ``number``, counted from 1; shorter at a torn end, empty beyond it."""
        if number in self._logged:
            return self._logged[number]
        return self._data[(number - 1) * self.page_size : number * self.page_size]

    def rows(self) -> Iterator[Row]:
        """Every row of every leaf page that is not free."""
        free = self._free()
        for number in range(1, self.pages + 1):
            if number not in free:
                yield from self._rows(number)

    def _free(self) -> set[int]:
        """Pages of the freelist: what stands on them was deleted, or moved."""
        found: set[int] = set()
        trunk = int.from_bytes(self.page(1)[32:36])
        while trunk and trunk <= self.pages and trunk not in found:
            page = self.page(trunk)
            count = min(int.from_bytes(page[4:8]), self.page_size // 4 - 2)
            found.add(trunk)
            found.update(int.from_bytes(page[8 + 4 * place : 12 + 4 * place]) for place in range(count))
            trunk = int.from_bytes(page[:4])
        return found

    def _rows(self, number: int) -> Iterator[Row]:
        page, start = self.page(number), 100 if number == 1 else 0
        kind = page[start] if len(page) > start else 0
        if kind not in (LEAF_TABLE, LEAF_INDEX, INTERIOR_INDEX):
            return
        cells = start + (12 if kind == INTERIOR_INDEX else 8)
        count = min(int.from_bytes(page[start + 3 : start + 5]), self.page_size // 4)
        for place in range(count):
            at = int.from_bytes(page[cells + 2 * place : cells + 2 * place + 2])
            try:
                yield self._cell(page, at, kind)
            except (IndexError, ValueError, struct.error, OverflowError):
                continue

    def _cell(self, page: bytes, at: int, kind: int) -> Row:
        at += 4 if kind == INTERIOR_INDEX else 0
        size, at = _varint(page, at)
        rowid: int | None = None
        if kind == LEAF_TABLE:
            rowid, at = _varint(page, at)
        return rowid, tuple(_record(self._payload(page, at, size, is_table=kind == LEAF_TABLE)))

    def _payload(self, page: bytes, at: int, size: int, *, is_table: bool) -> bytes:
        if size > self.pages * self.page_size:
            raise ValueError("longer than the file")
        most = self.usable - 35 if is_table else (self.usable - 12) * 64 // 255 - 23
        if size <= most:
            return page[at : at + size]
        least = (self.usable - 12) * 32 // 255 - 23
        local = least + (size - least) % (self.usable - 4)
        local = local if local <= most else least
        parts, left = [page[at : at + local]], size - local
        following = int.from_bytes(page[at + local : at + local + 4])
        while left > 0:
            if not 0 < following <= self.pages:
                raise ValueError("its chain ends too soon")
            overflow = self.page(following)
            parts.append(overflow[4 : 4 + min(left, self.usable - 4)])
            left -= self.usable - 4
            following = int.from_bytes(overflow[:4])
        return b"".join(parts)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(8):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    return value << 8 | data[at + 8], at + 9


def _record(payload: bytes) -> Iterator[Value]:
    end, at = _varint(payload, 0)
    place = end
    while at < end:
        kind, at = _varint(payload, at)
        size = _size(kind)
        if place + size > len(payload):
            raise ValueError("a value reaches beyond its row")
        yield _value(kind, payload[place : place + size])
        place += size


def _size(kind: int) -> int:
    return (kind - 12) // 2 if kind >= 12 else (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)[kind]


def _value(kind: int, data: bytes) -> Value:
    if kind >= 12:
        return data.decode() if kind % 2 else data
    if kind == FLOAT:
        return float(struct.unpack(">d", data)[0])
    if kind in (8, 9):
        return kind - 8
    return int.from_bytes(data, signed=True) if data else None


def _committed(log: bytes) -> dict[int, bytes]:
    """The pages of a write-ahead log by number, up to its last whole transaction."""
    if len(log) < 32 or int.from_bytes(log[:4]) not in WAL_MAGIC:
        return {}
    order, size, salts = ">" if log[3] & 1 else "<", int.from_bytes(log[8:12]), log[16:24]
    if size < 512:
        return {}
    sums = _checksum(order, log[:24], (0, 0))
    committed: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    for at in range(32, len(log) - size - 23, size + 24):
        head, page = log[at : at + 24], log[at + 24 : at + 24 + size]
        sums = _checksum(order, page, _checksum(order, head[:8], sums))
        if head[8:16] != salts or sums != struct.unpack(">II", head[16:24]):
            break
        waiting[int.from_bytes(head[:4])] = page
        if int.from_bytes(head[4:8]):
            committed |= waiting
            waiting = {}
    return committed


def _checksum(order: str, data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
