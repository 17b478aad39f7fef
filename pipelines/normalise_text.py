"""Characters: one Unicode form, single spaces, no control characters, mojibake mended where it is certain."""

import re
import unicodedata
from dataclasses import replace

from archive.records import Article, Block, BlockKind, Visit

# C0 and C1 controls but tab and newline, zero-width and BiDi-override characters that carry no text, the soft
# hyphen, the BOM, interlinear and object marks, lone surrogates. ZWJ and ZWNJ stay: scripts and emoji need them.
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff]"
)
SPACES = re.compile(r"[^\S\n]+")
LINE_ENDS = re.compile(r"\r\n?|\x85|[\u2028\u2029]")
# What UTF-8 turns into when it is read as Windows-1252: a lead byte and its continuation bytes, all as characters.
CONTINUATION = (
    r"[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2026\u2030\u2039\u203a"
    r"\u20ac\u2122]"
)
MOJIBAKE = re.compile(
    rf"[\u00c2-\u00df]{CONTINUATION}|[\u00e0-\u00ef]{CONTINUATION}{{2}}|[\u00f0-\u00f4]{CONTINUATION}{{3}}"
)
LEAD = re.compile("[\u00c2-\u00f4]")  # without one there is no need to look for the rest
OBJECT = "\ufffc"
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
MULTILINE = frozenset({BlockKind.CODE, BlockKind.TABLE})


def _to_byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")


def _may_be_mojibake(text: str) -> bool:
    return LEAD.search(text) is not None and MOJIBAKE.search(text) is not None


def mend_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252, if every character beyond ASCII takes part in such a sequence.

    A text with one genuine accent is left as it is: what is damaged there cannot be told from what is meant.

    >>> mend_mojibake("itâ€™s cafÃ© time"), mend_mojibake("São Ã©")
    ('it’s café time', 'São Ã©')
    """
    if not _may_be_mojibake(text) or NOT_ASCII.search(MOJIBAKE.sub("", text)):
        return text
    try:
        return b"".join(map(_to_byte, text)).decode("utf-8")
    except UnicodeError:
        return text


def _is_normal(text: str) -> bool:
    """Whether ``text``, but for spaces around it, is plainly as it ought to be, as nearly every text is."""
    if not text.isprintable() or "  " in text:  # no space but the plain one is printable, nor what is invisible …
        return False
    if text.isascii():
        return True
    return OBJECT not in text and unicodedata.is_normalized("NFC", text) and not _may_be_mojibake(text)  # … but OBJECT


def normalise_line(text: str) -> str:
    """``text`` in NFC on one line, single spaces, nothing invisible."""
    return text.strip() if _is_normal(text) else " ".join(normalise_lines(text).split())


def normalise_lines(text: str) -> str:
    """The same, with line breaks kept."""
    if _is_normal(text):
        return text.strip()
    text = INVISIBLE.sub("", LINE_ENDS.sub("\n", text))
    text = unicodedata.normalize("NFC", mend_mojibake(text))
    return "\n".join(line.strip() for line in SPACES.sub(" ", text).split("\n")).strip()


def _normalise_code(text: str) -> str:
    """Code keeps its indentation."""
    lines = INVISIBLE.sub("", LINE_ENDS.sub("\n", text)).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _normalise_block(block: Block) -> Block:
    if block.kind is BlockKind.CODE:
        text = _normalise_code(block.text)
    elif block.kind in MULTILINE:
        text = normalise_lines(block.text)
    else:
        text = normalise_line(block.text)
    markdown = block.markdown
    if markdown is not None and not _is_normal(markdown):
        markdown = INVISIBLE.sub("", markdown)
    return block if (text, markdown) == (block.text, block.markdown) else replace(block, text=text, markdown=markdown)


def _normalise_field(value: str | None) -> str | None:
    return (normalise_line(value) or None) if value else None


def normalise_text(article: Article) -> Article:
    """``article`` with every text field and block in normal form; blocks that end up empty go."""
    blocks = [_normalise_block(block) for block in article.blocks]
    return replace(
        article,
        headline=_normalise_field(article.headline),
        standfirst=_normalise_field(article.standfirst),
        section=_normalise_field(article.section),
        authors=tuple(name for author in article.authors if (name := normalise_line(author))),
        tags=tuple(dict.fromkeys(name for tag in article.tags if (name := normalise_line(tag)))),
        blocks=tuple(block for block in blocks if block.text or block.markdown),
    )


class NormaliseText:
    """The stage."""

    def process_item(self, item: Visit) -> Visit:
        """``item`` with its article in normal form."""
        return replace(item, article=normalise_text(item.article)) if item.article else item
