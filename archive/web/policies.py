"""What a browser may do with each sort of answer: the headers that keep archived pages harmless.

Own pages run one script and one style sheet of their own. Datasette's pages carry inline scripts, which are allowed by
their hashes, and inline styles. A page of the archive is shown without scripts, without any request, and in an origin
of its own (``sandbox``).
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import datasette

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "x-dns-prefetch-control": "off",
}
OWN = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ARCHIVED = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
FACETS = ("DATASETTE_ALLOW_FACET = true;", "DATASETTE_ALLOW_FACET = false;")  # of table.html, filled in


def hash_of(script: str) -> str:
    """A script's hash as a policy names it (CSP 3, §2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _inline_scripts() -> list[str]:
    """The scripts that stand ready in the templates of the Datasette that is installed."""
    templates = (Path(datasette.__file__).parent / "templates").glob("*.html")
    found = (script for template in sorted(templates) for script in INLINE.findall(template.read_text("utf-8")))
    return [script for script in found if "{{" not in script and "{%" not in script]


@cache
def datasettes() -> str:
    """The policy of Datasette's own pages."""
    hashes = " ".join(sorted({hash_of(script) for script in (*_inline_scripts(), *FACETS)}))
    return (
        f"default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
