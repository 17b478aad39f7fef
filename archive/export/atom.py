"""Changes as an Atom feed (RFC 4287), the newest first: an entry for each step from one version to the next."""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from archive.export.output import text_output
from archive.times import now

# What XML 1.0 cannot hold, in any writing.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NAMESPACE = uuid.UUID("5d0f1f3c-6f0b-5b4b-9a0e-6e6d6f726775")  # of this feed's ids, made for it
SCHEMES = ("https://", "http://", "file://")


def plain(value: Any) -> str:
    """``value`` as character data of XML: on one line, without what XML forbids."""
    return escape(" ".join(FORBIDDEN.sub(" ", str(value)).split()))


def iri(url: str) -> str:
    """``url`` as an IRI in quotation marks: what may not stand in one is percent-encoded."""
    return quoteattr(quote(FORBIDDEN.sub("", url), safe="!#$%&'()*+,/:;=?@[]~"))


def entry_id(change: Mapping[str, Any]) -> str:
    """The entry's id, the same in every export: from the article, the time, and whether it went."""
    gone = "gone" if change["to_version"] is None else ""
    return uuid.uuid5(NAMESPACE, f"{change['article_id']} {change['changed_at']} {gone}").urn


def summary_of(change: Mapping[str, Any]) -> str:
    """``silent: 3 words added, 1 removed; was "Harbour opens its books"``."""
    if change["kind"] == "new":
        return f"new: {change['words_added']} words" if change["words_added"] else "new"
    words = f"{change['kind']}: {change['words_added']} words added, {change['words_removed']} removed"
    before, after = change["headline_before"], change["headline_after"]
    return f'{words}; was "{before}"' if after is not None and before and before != after else words


def entry_of(change: Mapping[str, Any]) -> Iterator[str]:
    """The lines of one entry."""
    headline = change["headline_after"] or change["headline_before"] or change["url"]
    yield "<entry>"
    yield f"<id>{entry_id(change)}</id>"
    yield f"<title>{plain(headline)}</title>"
    yield f"<updated>{change['changed_at']}</updated>"
    yield f'<link rel="alternate" href={iri(change["url"])}/>'
    yield f"<category term={quoteattr(change['kind'])}/>"
    yield f"<summary>{plain(summary_of(change))}</summary>"
    yield "</entry>"


def head_of(subject: str, updated: str) -> Iterator[str]:
    """The feed's own elements; ``subject`` says whose changes they are."""
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<feed xmlns="http://www.w3.org/2005/Atom">'
    yield f"<id>{uuid.uuid5(NAMESPACE, subject).urn}</id>"
    yield f"<title>{plain(subject)}</title>"
    yield f"<updated>{updated}</updated>"
    yield "<author><name>newsmorgue</name></author>"
    yield "<generator>newsmorgue</generator>"


def write(changes: Iterable[Mapping[str, Any]], output: str, *, subject: str = "Changes") -> int:
    """Write ``changes`` (rows of the view, the newest first) to ``output``; how many there were."""
    count = 0
    with text_output(output) as file:
        for change in changes:
            if not count:
                file.writelines(f"{line}\n" for line in head_of(subject, change["changed_at"]))
            file.writelines(f"{line}\n" for line in entry_of(change))
            count += 1
        if not count:
            file.writelines(f"{line}\n" for line in head_of(subject, now()))
        file.write("</feed>\n")
    return count
