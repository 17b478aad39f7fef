"""The fields of an exported article: one list that CSV, Parquet and ``datapackage.json`` all follow.

Descriptions are those of docs/schema.md, word for word; a test compares them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """``type`` is a Frictionless type: string, integer, number, boolean, datetime, or list (of strings).

    ``required`` fields are never empty.
    """

    name: str
    type: str
    description: str
    required: bool = False


STAND = "as printed, cleaned"
PAGE = "as the page says"
SEEN = "the first and the last visit that saw the story, or a 304 that confirmed it"
VERSION = "as in versions"

FIELDS = (
    Field(
        "id",
        "string",
        "16 hex digits of the SHA-256 of the canonical address, less scheme, www., tracking and a last slash",
        required=True,
    ),
    Field("url", "string", "the canonical address", required=True),
    Field("site", "string", "its host without www.", required=True),
    Field("headline", "string", STAND),
    Field("standfirst", "string", STAND),
    Field("section", "string", STAND),
    Field("authors", "list", 'names, without "By"'),
    Field("published_at", "string", PAGE),
    Field("modified_at", "string", PAGE),
    Field("language", "string", "BCP 47, such as en or pt-BR"),
    Field("tags", "list", PAGE),
    Field("image_url", "string", PAGE),
    Field("words", "integer", "words of the text; scripts without spaces count characters", required=True),
    Field("kind", "string", "article, live, gallery or video", required=True),
    Field("confidence", "number", "0 to 1: how sure the reader is", required=True),
    Field("paywalled", "boolean", "whether the page says that part of it is behind a wall"),
    Field("first_seen_at", "datetime", SEEN, required=True),
    Field("last_seen_at", "datetime", SEEN, required=True),
    Field("gone_at", "datetime", "the 404 or 410 that closed it; empty while it stands"),
    Field("versions", "integer", "how many versions there are, and so the number of the last", required=True),
    Field("version_id", "string", "the version that these are from", required=True),
    Field("text", "string", VERSION, required=True),
    Field("markdown", "string", VERSION, required=True),
)
NAMES = tuple(field.name for field in FIELDS)
