"""Bytes to text: byte order mark, what is valid, what is declared, what it looks like. Never raises."""

import re
from codecs import utf_8_decode

from bs4.dammit import EncodingDetector
from charset_normalizer import detect

HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# What the WHATWG encoding standard reads these labels as: supersets that pages mean when they say the smaller one.
MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "x-user-defined": "cp1252",
}
# Guesses that differ from Windows-1252 in a few letters, and are wrong more often than right on pages that say nothing.
WESTERN = ("cp1257", "cp1254", "cp1258", "cp1256", "mac", "cp4", "cp8", "cp5", "hp", "iso8859", "latin", "ptcp", "kz")
# Codecs of Python that are no charsets of pages: escapes, names of hosts, and what depends on the machine.
NO_CHARSETS = frozenset(
    "idna punycode unicode_escape unicode-escape raw_unicode_escape raw-unicode-escape undefined mbcs oem utf_7 utf-7 "
    "utf7 u7 unicode-1-1-utf-7 ansi dbcs".split()
)
AT_ONCE = 16_384  # bytes: what is looked at then stays in the processor's cache
SNIFFED = 60_000  # bytes that are enough to guess from


def _try(data: bytes, encoding: str, errors: str = "strict") -> str | None:
    try:
        return data.decode(encoding, errors)
    except (UnicodeError, LookupError, ValueError):
        return None


def _declared(data: bytes, content_type: str | None) -> list[str]:
    """The charsets that the HTTP header and the page's head name, in that order."""
    named = HTTP_CHARSET.search(content_type or "")
    in_page = EncodingDetector.find_declared_encoding(data[:8192], is_html=True)
    found = [named[1] if named else None, in_page]
    names = [name.lower() for name in found if name]
    return [MEANT.get(name, name) for name in names if name not in NO_CHARSETS]


def _mostly_utf8(data: bytes) -> str | None:
    """``data`` as UTF-8 with marks for what is broken, if more of it is right than broken."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    meant = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if meant > broken else None


def _without_utf8(names: list[str]) -> list[str]:
    return [name for name in names if name.replace("-", "").replace("_", "") not in ("utf8", "utf8sig")]


def _sniff(data: bytes) -> tuple[str, str]:
    guess = detect(data[:SNIFFED])["encoding"] or "cp1252"
    encoding = "cp1252" if guess.lower().startswith(WESTERN) else guess.lower()
    text = _try(data, MEANT.get(encoding, encoding))
    return (text, encoding) if text is not None else (data.decode("cp1252", "replace"), "cp1252")


def _wide(data: bytes) -> str | None:
    """The 16-bit encoding of ``data`` without a mark: every other byte of its markup is then zero."""
    head = data[:200]
    if head.count(0) * 3 < len(head) or len(head) < 8:
        return None
    return "utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"


def is_sound(data: bytes) -> bool:
    """Whether ``data`` is UTF-8 throughout, and has nothing in it that says otherwise or is to be mended.

    That is a byte order mark, a zero, an escape, or the sign for what was lost.
    """
    if data[:2] in (b"\xef\xbb", b"\xff\xfe", b"\xfe\xff") or 0 in data or 0x1B in data:
        return False
    view, place, end = memoryview(data), 0, len(data)
    try:
        while place < end:
            text, taken = utf_8_decode(view[place : place + AT_ONCE], "strict", place + AT_ONCE >= end)
            if "\ufffd" in text:
                return False
            place += taken
    except UnicodeDecodeError:
        return False
    return True


def decode(data: bytes, content_type: str | None = None) -> tuple[str, str]:  # noqa: PLR0911 - an attempt a return
    """``(text, encoding)`` of a page's bytes; ``content_type`` is the HTTP header.

    Bytes that are valid UTF-8 are UTF-8 whatever is declared, since nothing else looks like it by chance; a page
    that declares UTF-8 and mostly is stays UTF-8; otherwise what is declared and fits, then a guess, then
    Windows-1252, which fits all.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding.removesuffix("-sig")
    if wide := _wide(data):
        return data.decode(wide, "replace"), wide
    if 0x1B in data:  # ISO-2022 writes its characters as ASCII after escapes
        for encoding in _declared(data, content_type):
            if encoding.startswith("iso-2022") and (text := _try(data, encoding)) is not None:
                return text, encoding
    if (text := _try(data, "utf-8")) is not None:
        return text, "utf-8"
    if (text := _mostly_utf8(data)) is not None:
        return text, "utf-8"
    for encoding in _without_utf8(_declared(data, content_type)):
        if (text := _try(data, encoding)) is not None or (text := _nearly(data, encoding)) is not None:
            return text, encoding
    return _sniff(data)


def _nearly(data: bytes, encoding: str) -> str | None:
    """``data`` in ``encoding`` if no more than a hundredth of it is broken (a cut character, a stray byte)."""
    text = _try(data, encoding, "replace")
    return text if text is not None and text.count("\ufffd") * 100 <= len(text) else None
