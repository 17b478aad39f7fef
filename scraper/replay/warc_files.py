"""WARC and ARC files, plain or gzipped, also inside WACZ packages, as the captures they hold."""

import re
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import Any, BinaryIO, cast

from scraper.replay.source import Bound, Left, Place, Source, Taken
from scraper.replay.unpacked import Broken, Unpacked
from scraper.replay.warc_records import RecordReader

NAMED = re.compile(r"\.(?:w?arc|wet|wat)(?:\.gz)?(?:\.open)?$|\.wacz$|\.warc\.zst$", re.IGNORECASE)
WACZ_MEMBER = re.compile(r"archive/.+\.w?arc(?:\.gz)?", re.IGNORECASE)
DERIVED = re.compile(r"\.wet(?:\.gz)?$", re.IGNORECASE)
Opener = Callable[[], AbstractContextManager[BinaryIO]]  # opens one file anew; may be sent to another process
ZSTD = b"\x28\xb5\x2f\xfd"


def is_warc(path: PurePath) -> bool:
    """Whether a file's name says WARC, ARC or WACZ."""
    return NAMED.search(path.name) is not None


def begins_with_record(open_file: Opener) -> bool:
    """Whether a file begins with a WARC or ARC record, whatever its name."""
    try:
        with open_file() as file:
            return Unpacked.of(file).begins_with_record()
    except OSError:
        return False


def holds_records(path: Path) -> bool:
    """The same of the file at ``path``."""
    return begins_with_record(partial(open_path, path))


def open_path(path: Path) -> BinaryIO:
    """A local file, for reading."""
    return path.open("rb")


def warc_files(path: Path) -> list[Source]:
    """The file at ``path``, or those inside it if it is a WACZ package."""
    return warc_files_in(path.name, partial(open_path, path))


def warc_files_in(name: str, open_file: Opener) -> list[Source]:
    """The file of that name, or those inside it if it is a WACZ package."""
    if not name.lower().endswith(".wacz"):
        return [WarcFile(name, open_file)]
    try:
        with open_file() as file, zipfile.ZipFile(file) as package:
            names = [member for member in package.namelist() if WACZ_MEMBER.fullmatch(member)]
    except (OSError, zipfile.BadZipFile) as error:
        return [(Left(name, f"damaged: {error}"),)]
    if not names:
        return [(Left(name, "no WARC file in it"),)]
    return [WarcFile(f"{name}/{member}", partial(_member, open_file, member)) for member in names]


@contextmanager
def _member(open_file: Opener, name: str) -> Iterator[BinaryIO]:
    with open_file() as file, zipfile.ZipFile(file) as package, package.open(name) as member:
        yield cast("BinaryIO", member)


@dataclass(frozen=True, slots=True)
class WarcFile:
    """The pages of one file. A damaged record is left with its name; what stands after it is read if it can be."""

    name: str
    open: Opener

    def __iter__(self) -> Iterator[Taken | Left]:
        """Each record that holds a page, and a note of each that is damaged."""
        try:
            yield from self.part()
        except (OSError, zipfile.BadZipFile) as error:
            yield Left(self.name, told(error))

    @property
    def is_derived(self) -> bool:
        """Whether its name says that it holds texts that were made from pages, which may be in other files."""
        return DERIVED.search(self.name) is not None

    def part(
        self, start: Place | None = None, bound: Bound | None = None
    ) -> Generator[Taken | Left, None, Place | None]:
        """What it holds from ``start`` on, up to ``bound``; returns where the next part begins, if there is one.

        Raises ``OSError`` and ``BadZipFile`` where the file cannot be read.
        """
        reader = RecordReader(self.name.rpartition("/")[2])
        with self.open() as file:
            if start is None and file.read(4) == ZSTD:
                yield Left(self.name, "compressed with zstd, which is not read here: unpack it with `zstd -d` first")
                return None
            going_on: Unpacked | Place | None = Unpacked.at(file, *start) if start else Unpacked.of(file)
            while isinstance(going_on, Unpacked):
                going_on = yield from self._read(going_on, reader, bound)
        if start is None and going_on is None and reader.count == 0 and not reader.damaged:
            yield Left(self.name, "no WARC or ARC record in it")
        return going_on

    def _read(
        self, stream: Unpacked, reader: RecordReader, bound: Bound | None
    ) -> Generator[Taken | Left, None, Unpacked | Place | None]:
        """What can be read of ``stream``; returns where to go on after damage or the bound, or ``None`` at the end."""
        from warcio.exceptions import ArchiveLoadFailed
        from warcio.statusandheaders import StatusAndHeadersParserException

        records = _records(stream)
        damage = (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError, IndexError)
        misfits = 0
        try:
            for record in records:
                if bound is not None and bound.is_reached and not reader.is_amid:
                    return stream.place(records.offset)
                name = self._name(stream, records.offset)
                for found in reader.take(record, name):
                    yield found
                    if bound is not None:
                        bound.count(found)
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


def told(error: Exception) -> str:
    """An error of the system in its own words, without the name of the file."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


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
