"""Fragments of markup inside data (JSON-LD bodies, meta descriptions) as plain text."""

import html
import re

from lxml import etree

TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
BLOCK_END = re.compile(r"</(?:p|div|h[1-6]|li|blockquote|tr)\s*>|<br\s*/?>\s*(?:<br\s*/?>)?|<hr\s*/?>", re.IGNORECASE)


def plain(text: str) -> str:
    """``text`` without entities and tags, which data often carries although it should not."""
    if "&" in text:
        text = html.unescape(html.unescape(text)) if "&amp;" in text else html.unescape(text)
    return TAG.sub(" ", text) if "<" in text else text


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a body that came as one string, marked up or not."""
    if "&lt;" in text:
        text = html.unescape(text)
    if TAG.search(text):
        text = BLOCK_END.sub("\n", text)
        try:
            tree = etree.fromstring(f"<div>{text}</div>".encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8"))
            etree.strip_elements(tree, "script", "style", with_tail=False)
            text = "".join(map(str, tree.itertext()))
        except (etree.LxmlError, ValueError, AttributeError, TypeError):
            text = TAG.sub("", text)
    elif "&" in text:
        text = html.unescape(text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [line for line in lines if line]
