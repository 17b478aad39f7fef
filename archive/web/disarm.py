"""An archived page for the frame: what would run or fetch is renamed, so that the browser need not refuse it.

The policy of ``policies.ARCHIVED`` is what makes the page harmless. This spares the refusals, and the connections to
other hosts that ``preconnect`` makes without asking any policy. Works on the bytes of any encoding that contains ASCII.
"""

import re

SCRIPT = re.compile(rb"<(script|noscript)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
TAG = re.compile(rb"<[a-z](?:[^>\"']|\"[^\"]*\"|'[^']*')*>?", re.IGNORECASE)
FETCHING = re.compile(
    rb"(?<=[\s\"'/])(src|srcset|srcdoc|imagesrcset|poster|background|data|action|formaction|ping|on[a-z]+|http-equiv|"
    rb"manifest|xlink:href)(?=\s*=)",
    re.IGNORECASE,
)
HREF = re.compile(rb"(?<=[\s\"'/])(href)(?=\s*=)", re.IGNORECASE)
LINKING = re.compile(rb"<(?:a|area)\b", re.IGNORECASE)
STYLED = re.compile(rb"url\(\s*(?![\s\"']*(?:data:|#))|@import", re.IGNORECASE)


def _tag(found: re.Match[bytes]) -> bytes:
    tag = FETCHING.sub(rb"was-\1", found[0])
    return tag if LINKING.match(tag) else HREF.sub(rb"was-\1", tag)


def _style(found: re.Match[bytes]) -> bytes:
    return b"@was-import" if found[0].startswith(b"@") else b"was-url("


def disarm(page: bytes) -> bytes:
    """``page`` less its scripts, handlers, pictures, frames, fonts and style sheets from elsewhere."""
    return STYLED.sub(_style, TAG.sub(_tag, SCRIPT.sub(b"", page)))
