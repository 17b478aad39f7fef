"""schema.org ``NewsArticle``s as one JSON-LD document, an article a line of its ``@graph``."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from archive.export.output import text_output

CONTEXT = "https://schema.org"


def article_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """One article as schema.org describes it; what is not known is left out."""
    names = record.get("authors") or []
    properties = {
        "@type": "LiveBlogPosting" if record.get("kind") == "live" else "NewsArticle",
        "@id": record["url"],
        "identifier": record["id"],
        "url": record["url"],
        "headline": record.get("headline"),
        "description": record.get("standfirst"),
        "articleSection": record.get("section"),
        "author": [{"@type": "Person", "name": name} for name in names],
        "datePublished": record.get("published_at"),
        "dateModified": record.get("modified_at"),
        "inLanguage": record.get("language"),
        "keywords": record.get("tags"),
        "image": record.get("image_url"),
        "isAccessibleForFree": None if record.get("paywalled") is None else not record["paywalled"],
        "wordCount": record.get("words"),
        "articleBody": record.get("text"),
        "version": record.get("versions"),
        "sdDatePublished": record.get("last_seen_at"),
    }
    return {name: value for name, value in properties.items() if value not in (None, "", [])}


def write(records: Iterable[Mapping[str, Any]], output: str) -> int:
    """Write ``records`` to ``output``; how many there were."""
    count = 0
    with text_output(output) as file:
        file.write(f'{{"@context": "{CONTEXT}", "@graph": [')
        for record in records:
            file.write(",\n" if count else "\n")
            file.write(json.dumps(article_of(record), ensure_ascii=False))
            count += 1
        file.write("\n]}\n")
    return count
