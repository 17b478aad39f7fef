"""Digests as WARC files write them: ``sha1:`` and base 32, mostly, but any algorithm and base is met."""

import hashlib
import re
from base64 import b32decode, urlsafe_b64decode
from binascii import Error

ALGORITHMS = {"sha1": "sha1", "sha256": "sha256", "sha512": "sha512", "sha384": "sha384", "md5": "md5"}


def normal(digest: str | None) -> str | None:
    """``digest`` as algorithm and lower-case hex, or ``None`` where it is none that can be understood.

    >>> normal("SHA-1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    'sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709'
    """
    algorithm, _, value = (digest or "").strip().partition(":")
    name = ALGORITHMS.get(re.sub(r"[^a-z0-9]", "", algorithm.lower()))
    if name is None:
        return None
    size = hashlib.new(name, usedforsecurity=False).digest_size
    raw = _raw(value.strip(), size)
    return f"{name}:{raw.hex()}" if raw is not None else None


def _raw(value: str, size: int) -> bytes | None:
    try:
        if len(value) == 2 * size:
            raw = bytes.fromhex(value)
        elif len(value.rstrip("=")) == -(-size * 8 // 5):
            raw = b32decode(value.rstrip("=").upper() + "=" * (-len(value.rstrip("=")) % 8))
        else:
            raw = urlsafe_b64decode(value.replace("+", "-").replace("/", "_") + "=" * (-len(value) % 4))
    except (ValueError, Error):
        return None
    return raw if len(raw) == size else None


def is_of(digest: str, *candidates: bytes) -> bool:
    """Whether a normal ``digest`` is that of one of ``candidates``."""
    name, _, value = digest.partition(":")
    return any(hashlib.new(name, data, usedforsecurity=False).hexdigest() == value for data in candidates)
