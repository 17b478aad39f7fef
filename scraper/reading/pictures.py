"""What a page says of its main image: a caption, and who is credited for it. Both are kept as evidence."""

import re
from collections.abc import Iterator

from archive.records import Evidence, RemovalKind
from scraper.reading.head import Head, squeeze
from scraper.reading.jsonld import resolve, strings
from scraper.reading.layout import Layout
from scraper.reading.markup import plain

NEAR = 14  # passages from the headline among which its image's caption stands
CREDIT = re.compile(
    r"(?:^|[\s(|/])(?:©|\(c\)|(?:photo(?:graph)?|picture|image|foto|bild|fotografía|photographie|imagen|quelle|credits?|source)"
    r"(?: by| credit)?\s*[:：©]|(?:photo|foto|picture) (?:by|von|par|de|di))\s*(?P<who>[^|()]{2,80}?)[).\s]*$",
    re.IGNORECASE,
)
KEYS = (
    ("image_caption", ("caption", "description")),
    ("image_credit", ("creditText", "copyrightHolder", "creator", "author")),
)


def _declared(head: Head) -> Iterator[Evidence]:
    image = resolve(head.things, head.article.get("image"))
    image = image[0] if isinstance(image, list) and image else image
    if not isinstance(image, dict):
        return
    for field, keys in KEYS:
        told = ((key, text) for key in keys for value in strings(image.get(key)) if (text := squeeze(plain(value))))
        if first := next(told, None):
            yield Evidence(field, f"json-ld:image.{first[0]}", first[1])


def _printed(layout: Layout) -> Iterator[Evidence]:
    start = max((layout.place or 0) - 2, 0)
    captions = (
        passage.text
        for passage in layout.found.passages[start : start + NEAR]
        if passage.kind.value == "caption" or passage.role is RemovalKind.CAPTION
    )
    if caption := next(captions, None):
        yield Evidence("image_caption", "dom:caption", caption)
        if credit := CREDIT.search(caption):
            yield Evidence("image_credit", "dom:caption", credit["who"].strip())


def picture_evidence(head: Head, layout: Layout) -> list[Evidence]:
    """``image_caption`` and ``image_credit`` of the main image, from the page's data or else from its first caption."""
    found = {evidence.field: evidence for evidence in (*_printed(layout), *_declared(head))}
    return list(found.values())
