"""An archived page for the frame: what would run or fetch is renamed, so that the browser need not refuse it.

The policy of ``policies.ARCHIVED`` is what makes the page harmless. This spares the refusals, and the connections to
other hosts that ``preconnect`` makes without asking any policy. Works on the bytes of any encoding that contains ASCII.
"""

import re

SCRIPT = re.compile(rb"<(script|noscript)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
TAG = re.compile(rb"<[a-z](?:[^>\"']|\"[^\"]*\"|'[^']*')*>?", re.IGNORECASE)
ATTRIBUTE = re.compile(rb"([^\s\"'>/=<]+)(\s*=\s*(?:\"[^\"]*\"?|'[^']*'?|[^\s>]+))")
FETCHING = re.compile(
    rb"src|srcset|srcdoc|imagesrcset|poster|background|data|action|formaction|ping|on[a-z]+|http-equiv|manifest|xlink:href",
    re.IGNORECASE,
)
LINKING = re.compile(rb"<(?:a|area)\b", re.IGNORECASE)
STYLED = re.compile(rb"url\(\s*(?![\s\"']*(?:data:|#))|@import", re.IGNORECASE)


def _tag(found: re.Match[bytes]) -> bytes:
    is_link = LINKING.match(found[0])

    def attribute(each: re.Match[bytes]) -> bytes:
        name = each[1].lower()
        fetches = FETCHING.fullmatch(name) or (name == b"href" and not is_link)
        return b"was-" + each[0] if fetches else each[0]

    return ATTRIBUTE.sub(attribute, found[0])


def _style(found: re.Match[bytes]) -> bytes:
    return b"@was-import" if found[0].startswith(b"@") else b"was-url("


def disarm(page: bytes) -> bytes:
    """``page`` less its scripts, handlers, pictures, frames, fonts and style sheets from elsewhere."""
    return STYLED.sub(_style, TAG.sub(_tag, SCRIPT.sub(b"", page)))
