"""Pages whose text only scripts bring: a shell, as it arrives without a browser."""

import re

from lxml import etree
from lxml.etree import _Element as Element

from scraper.reading.page import Page

MOST_WORDS = 30  # that the page may have as an article: "Loading …", a line of a header
MOST_TEXT = 200  # characters that stand outside of links and scripts in a shell without further signs
MOST_FRAME = 3_000  # and in one that says that it needs scripts, or has an empty place for them: header and footer
LONG_SCRIPT = 2_000  # characters: a shorter one within the page is a counter or a setting
NEEDS_SCRIPTS = re.compile(r"java\s?script", re.IGNORECASE)
VISIBLE = etree.XPath(
    "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]"
)
NOSCRIPT = etree.XPath("string(//body//noscript)")
SCRIPTS = etree.XPath("//script[@src or string-length(.) > $long]")
# Elements that a script fills: a bare element with an id or an own tag name, right under the body or its main part.
MOUNTS = etree.XPath(
    "(/html/body | //main)/*[(self::div or self::main or self::section or contains(local-name(), '-')) and (@id or "
    "contains(local-name(), '-'))][not(.//p or .//a or .//img) and string-length(normalize-space(.)) < 40]"
)


def _is_program(script: Element) -> bool:
    """Whether a script may build the page: data in JSON does not."""
    return "json" not in (script.get("type") or "").lower()


def is_shell(page: Page, words: int) -> bool:
    """Whether ``page``, read as an article of so many ``words``, is only the frame that scripts put its text into."""
    if page.root is None or words >= MOST_WORDS:
        return False
    scripts = SCRIPTS(page.root, long=LONG_SCRIPT)
    if not isinstance(scripts, list) or not any(isinstance(each, Element) and _is_program(each) for each in scripts):
        return False
    texts = VISIBLE(page.root)
    length = sum(len(str(text).strip()) for text in texts) if isinstance(texts, list) else 0
    if length <= MOST_TEXT and (MOUNTS(page.root) or not length):
        return True
    return length <= MOST_FRAME and bool(NEEDS_SCRIPTS.search(str(NOSCRIPT(page.root)))) and bool(MOUNTS(page.root))
