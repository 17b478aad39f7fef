"""WARC and ARC files, plain or gzipped, also inside WACZ packages, as the captures they hold."""

import re
import zipfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from scraper.replay.source import Left, Source, Taken
from scraper.replay.unpacked import Broken, Unpacked
from scraper.replay.warc_records import RecordReader

NAMED = re.compile(r"\.(?:w?arc|wet|wat)(?:\.gz)?(?:\.open)?$|\.wacz$|\.warc\.zst$", re.IGNORECASE)
WACZ_MEMBER = re.compile(r"archive/.+\.w?arc(?:\.gz)?", re.IGNORECASE)
ZSTD = b"\x28\xb5\x2f\xfd"


def is_warc(path: Path) -> bool:
    """Whether a file's name says WARC, ARC or WACZ."""
    return NAMED.search(path.name) is not None


def holds_records(path: Path) -> bool:
    """Whether a file begins with a WARC or ARC record, whatever its name."""
    try:
        with path.open("rb") as file:
            return Unpacked.of(file).begins_with_record()
    except OSError:
        return False


def warc_files(path: Path) -> list[Source]:
    """The file at ``path``, or those inside it if it is a WACZ package."""
    if path.suffix.lower() != ".wacz":
        return [WarcFile(path.name, cast("Callable[[], BinaryIO]", partial(path.open, "rb")))]
    try:
        with zipfile.ZipFile(path) as package:
            names = [name for name in package.namelist() if WACZ_MEMBER.fullmatch(name)]
    except (OSError, zipfile.BadZipFile) as error:
        return [(Left(path.name, f"damaged: {error}"),)]
    if not names:
        return [(Left(path.name, "no WARC file in it"),)]
    return [WarcFile(f"{path.name}/{name}", partial(_member, path, name)) for name in names]


def _member(path: Path, name: str) -> BinaryIO:
    with zipfile.ZipFile(path) as package:
        return cast("BinaryIO", package.open(name))


@dataclass(frozen=True, slots=True)
class WarcFile:
    """The pages of one file. A damaged record is left with its name; what stands after it is read if it can be."""

    name: str
    open: Callable[[], BinaryIO]

    def __iter__(self) -> Iterator[Taken | Left]:
        """Each record that holds a page, and a note of each that is damaged."""
        reader = RecordReader(self.name.rpartition("/")[2])
        try:
            with self.open() as file:
                if file.read(4) == ZSTD:
                    yield Left(
                        self.name, "compressed with zstd, which is not read here: unpack it with `zstd -d` first"
                    )
                    return
                stream: Unpacked | None = Unpacked.of(file)
                while stream is not None:
                    stream = yield from self._read(stream, reader)
        except (OSError, zipfile.BadZipFile) as error:
            yield Left(self.name, getattr(error, "strerror", None) or str(error))
            return
        if reader.count == 0 and not reader.damaged:
            yield Left(self.name, "no WARC or ARC record in it")

    def _read(self, stream: Unpacked, reader: RecordReader) -> Generator[Taken | Left, None, Unpacked | None]:
        """What can be read of ``stream``; returns where to go on after damage, or ``None`` at the end."""
        from warcio.exceptions import ArchiveLoadFailed
        from warcio.statusandheaders import StatusAndHeadersParserException

        records = _records(stream)
        damage = (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError, IndexError)
        misfits = 0
        try:
            for record in records:
                name = self._name(stream, records.offset)
                yield from reader.take(record, name)
                if record.length is None:  # nobody knows where it ends
                    return stream.after(records.offset)
                if not _drained(record):
                    reader.damaged = True
                    yield Left(name, "the file breaks off in it")
                    return None
                records.read_to_end()
                if records.err_count > misfits:
                    misfits = records.err_count
                    yield Left(name, "its Content-Length is not that of its bytes")
        except Broken as error:
            reader.damaged = True
            yield Left(self._name(stream, stream.tell()), f"damaged: {error}")
            return stream.after_member()
        except damage as error:
            reader.damaged = True
            why = " ".join(str(error).split())[:200]
            yield Left(self._name(stream, records.offset), f"damaged: {why}" if why else "damaged")
            return stream.after(records.offset)
        return None

    def _name(self, stream: Unpacked, position: int) -> str:
        place, inside = stream.place(position)
        return f"{self.name} at byte {place}" + (f" (+{inside} unpacked)" if inside else "")


def _drained(record: Any) -> bool:
    """Read what is left of a record; whether all of it was there."""
    while record.raw_stream.read(1 << 16):
        pass
    return getattr(record.raw_stream, "limit", 0) <= 0


def _records(stream: Unpacked) -> Any:
    from warcio.archiveiterator import ArchiveIterator

    class Records(ArchiveIterator):  # type: ignore[misc]
        INC_RECORD = ""  # it would print; `err_count` says the same

    return Records(stream, no_record_parse=True, arc2warc=True)
