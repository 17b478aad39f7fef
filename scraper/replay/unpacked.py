"""The bytes of a WARC or ARC file, unpacked where they are gzipped, with the places in the file that they are from."""

import re
import zlib
from typing import BinaryIO, Self

GZIP = b"\x1f\x8b\x08"
CHUNK = 64 * 1024
HEAD = 512  # bytes after which a record has said what it is
RECORD = re.compile(rb"(?:^|\n)(WARC/\d\.\d+\r?\n)")
ARC_RECORD = re.compile(rb"\S+ [\d.:a-fA-F]+ \d{14} \S+ \d+\r?\n")


class Broken(Exception):
    """The compression is damaged or breaks off."""


class Unpacked:
    """A stream from the byte ``start`` of ``file`` on: gzip members one after the other, or plain bytes.

    Whether each record is a member of its own or all are one makes no difference here.
    """

    def __init__(self, file: BinaryIO, start: int = 0) -> None:
        self._file, self._start = file, start
        file.seek(start)
        self._packed = file.read(CHUNK)
        self._is_gzip = self._packed.startswith(GZIP)
        self._decoder = zlib.decompressobj(31)
        self._members = [(0, start)]  # where each begins, unpacked and in the file; what was passed is dropped
        self._ready = b""
        self._position = 0

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, nothing at the end. Raises ``Broken``."""
        if not self._ready:
            self._ready = self._next()
        size = len(self._ready) if size < 0 else size
        data, self._ready = self._ready[:size], self._ready[size:]
        self._position += len(data)
        return data

    def tell(self) -> int:
        """How many bytes were read since ``start``, unpacked."""
        return self._position

    def _next(self) -> bytes:
        if not self._is_gzip:
            data, self._packed = self._packed, self._file.read(CHUNK)
            return data
        while True:
            if self._decoder.eof and not self._next_member():
                return b""
            data = self._inflate()
            if data:
                return data

    def _next_member(self) -> bool:
        rest = self._decoder.unused_data or self._packed or self._file.read(CHUNK)
        while len(rest) < len(GZIP) and (more := self._file.read(CHUNK)):
            rest += more
        if not rest.strip(b"\0"):  # some writers fill up with zeros
            return False
        place = self._file.tell() - len(rest)
        if not rest.startswith(GZIP):
            raise Broken(f"no gzip member at byte {place}")
        self._members.append((self._position + len(self._ready), place))
        self._decoder, self._packed = zlib.decompressobj(31), rest
        return True

    def _inflate(self) -> bytes:
        if not self._packed:
            self._packed = self._file.read(CHUNK)
            if not self._packed:
                raise Broken("the file breaks off in it")
        try:
            data = self._decoder.decompress(self._packed, 4 * CHUNK)
        except zlib.error as error:
            raise Broken(f"its compression is damaged ({error})") from None
        self._packed = self._decoder.unconsumed_tail
        return data

    def place(self, position: int) -> tuple[int, int]:
        """The byte of the file where the gzip member of ``position`` begins, and how far into it that is.

        For plain bytes, the byte itself and 0.
        """
        if not self._is_gzip:
            return self._start + position, 0
        while len(self._members) > 1 and self._members[1][0] <= position:
            del self._members[0]
        unpacked, place = self._members[0]
        return place, position - unpacked

    def after(self, position: int) -> "Unpacked | None":
        """A stream from the next record after ``position`` that can be found, or ``None``: past a damaged one."""
        place, inside = self.place(position)
        stream = Unpacked(self._file, place)
        try:
            stream._skip(inside + 1)
            if stream._to_record():
                return stream
        except Broken:
            pass
        return self._next_readable_member(place + 1) if self._is_gzip else None

    def after_member(self) -> "Unpacked | None":
        """A stream from the next gzip member whose record can be read, or ``None``: past one that is broken."""
        return self._next_readable_member(self.place(self._position)[0] + 1)

    def _skip(self, count: int) -> None:
        while count > 0 and (data := self.read(min(count, CHUNK))):
            count -= len(data)

    def _to_record(self) -> bool:
        """Go on to where the next record begins; whether there is one."""
        before = b""
        while data := self.read(CHUNK):
            window = before + data
            if found := RECORD.search(window):
                rest = window[found.start(1) :]
                self._ready = rest + self._ready
                self._position -= len(rest)
                return True
            before = window[-16:]
        return False

    def _next_readable_member(self, place: int) -> "Unpacked | None":
        while (found := _find(self._file, GZIP, place)) is not None:
            stream = Unpacked(self._file, found)
            if stream.begins_with_record():
                return Unpacked(self._file, found)
            place = found + 1
        return None

    def begins_with_record(self) -> bool:
        """Whether the next bytes are those of a WARC or ARC record."""
        try:
            head = self.peek(HEAD)
        except Broken:
            return False
        return bool(RECORD.match(head) or ARC_RECORD.match(head)) or head.startswith(b"filedesc:")

    def peek(self, size: int) -> bytes:
        """The next ``size`` bytes, or fewer at the end; they stay to be read."""
        while len(self._ready) < size and (more := self._next()):
            self._ready += more
        return self._ready[:size]

    @classmethod
    def of(cls, file: BinaryIO) -> Self:
        """All of ``file``."""
        return cls(file)

    @classmethod
    def at(cls, file: BinaryIO, start: int, inside: int) -> Self:
        """What comes ``inside`` unpacked bytes after the byte ``start``, as ``place`` tells them."""
        stream = cls(file, start)
        stream._skip(inside)
        return stream


def _find(file: BinaryIO, sign: bytes, place: int) -> int | None:
    """Where ``sign`` next stands in ``file``, from ``place`` on."""
    file.seek(place)
    window = b""
    while chunk := file.read(CHUNK):
        window += chunk
        found = window.find(sign)
        if found >= 0:
            return file.tell() - len(window) + found
        window = window[-len(sign) + 1 :]
    return None
