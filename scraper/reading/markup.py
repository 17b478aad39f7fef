"""Fragments of markup inside data (JSON-LD bodies, meta descriptions) as plain text."""

import html
import re

from lxml import etree

from scraper.reading.bounds import without_endless_tags

TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
BLOCK_END = re.compile(r"</(?:p|div|h[1-6]|li|blockquote|tr)\s*>|<br\s*/?>\s*(?:<br\s*/?>)?|<hr\s*/?>", re.IGNORECASE)

ENDLESS_NUMBER = re.compile(r"&#[0-9]{8,};?")  # no character has so high a number, and ``int`` refuses 5,000 digits


def unescape(text: str) -> str:
    """``text`` with characters for entities; a number that is none becomes U+FFFD."""
    return html.unescape(ENDLESS_NUMBER.sub("\ufffd", text))


def plain(text: str) -> str:
    """``text`` without entities and tags, which data often carries although it should not."""
    if "&" in text:
        text = unescape(unescape(text)) if "&amp;" in text else unescape(text)
    return TAG.sub(" ", text) if "<" in text else text


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a body that came as one string, marked up or not."""
    if "&lt;" in text:
        text = unescape(text)
    if TAG.search(text):
        text = BLOCK_END.sub("\n", text)
        try:
            data = without_endless_tags(f"<div>{text}</div>".encode("utf-8", "replace"))
            tree = etree.fromstring(data, etree.HTMLParser(encoding="utf-8", huge_tree=True))
            etree.strip_elements(tree, "script", "style", with_tail=False)
            text = "".join(map(str, tree.itertext()))
        except (etree.LxmlError, ValueError, AttributeError, TypeError):
            text = TAG.sub("", text)
    elif "&" in text:
        text = unescape(text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [line for line in lines if line]
