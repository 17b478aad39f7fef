"""Which network addresses are private, however they are spelt. Pure."""

import ipaddress
import re
import unicodedata

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")  # RFC 8215
COMPATIBLE = ipaddress.ip_network("::/96")  # IPv4 written as IPv6, of old
NUMBER = re.compile(r"0x[0-9a-f]*|\d+", re.IGNORECASE)


def _number(text: str) -> int:
    if text.lower().startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8) if text.startswith("0") and len(text) > 1 else int(text)


def _loose_ipv4(host: str) -> ipaddress.IPv4Address | None:
    """An IPv4 address in the spellings that inet_aton takes: ``2130706433``, ``0x7f.1``, ``0177.0.0.1``."""
    parts = host.removesuffix(".").split(".")
    if len(parts) > 4 or not all(NUMBER.fullmatch(part) for part in parts):
        return None
    try:
        *front, last = [_number(part) for part in parts]
        if any(part > 255 for part in front) or last >= 256 ** (5 - len(parts)):
            return None
        return ipaddress.IPv4Address(sum(part << 8 * (3 - place) for place, part in enumerate(front)) + last)
    except ValueError:
        return None


def literal_address(host: str) -> Address | None:
    """The address that ``host`` is a spelling of; ``None`` if it is a name."""
    if not host.isascii():  # names are brought into this form before they are looked up
        host = unicodedata.normalize("NFKC", host).replace("\u3002", ".")
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return _loose_ipv4(host)


def is_private(address: Address) -> bool:
    """Whether ``address`` is not a public unicast one: loopback, private, link-local, multicast, reserved, wrapped."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and (address in NAT64 or address in LOCAL_NAT64 or address in COMPATIBLE):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_private(inner)
    return not address.is_global or address.is_multicast
