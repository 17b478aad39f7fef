"""Addresses: the form that is stored, the key that identifies, and the site they belong to. Pure."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Query parameters that carry where a reader came from, never which article it is. Prefixes end in "_" or "-".
# Sources: the documented campaign parameters of Google Analytics, Matomo, Meta, HubSpot, Mailchimp, Marketo,
# Microsoft Advertising, AT Internet and Adobe.
TRACKING = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id mc_cid mc_eid mkt_tok "
    "_ga _gl _hsenc _hsmi __hstc __hssc hsctatracking vero_id wickedid oly_anon_id oly_enc_id rb_clickid s_cid s_kwcid "
    "soc_src soc_trk ncid cmpid ocid srnd guccounter guce_referrer guce_referrer_sig ref_src ref_url xtor cmp wt.mc_id "
    "wt_mc at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 dgcid spm sh_kit smid smtyp".split()
)
TRACKING_PREFIXES = ("utm_", "pk_", "piwik_", "mtm_", "matomo_", "hsa_", "sc_camp", "ga_")
# Parameters that tell one visitor from another, and the forms that servers give them in a path (Java, ASP.NET).
SESSION = frozenset("phpsessid jsessionid sessionid session_id sessid cfid cftoken".split())
SESSION_VALUE = re.compile(r"[0-9a-f]{16,}|(?=\D*\d)(?=[^a-z]*[a-z])[0-9a-z]{20,}", re.IGNORECASE)
SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*|/\(S\([0-9a-z]{20,30}\)\)", re.IGNORECASE)
DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_ADDRESS = 8_000  # characters; RFC 9110 asks servers to take as many, and browsers make none longer
WEB_SCHEMES = frozenset(DEFAULT_PORTS)
# An address that is in the form that is stored: to find that out the long way takes thirty times as long.
CANONICAL = re.compile(
    r"https?://(?:[a-z0-9][a-z0-9-]{0,61}(?:\.[a-z][a-z0-9-]{0,61})+|[0-9]{1,3}(?:\.[0-9]{1,3}){3})"
    r"(?::(?!80/|443/)[1-9][0-9]{0,4})?(?:/|(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+/?)"
)


def is_web_url(url: str) -> bool:
    """Whether ``url`` is absolute http or https with a host, and of a length that is."""
    if len(url) > MAX_ADDRESS:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in WEB_SCHEMES and bool(parts.hostname)
    except ValueError:
        return False


def is_tracking(parameter: str) -> bool:
    """Whether a query parameter only says where the reader came from."""
    name = parameter.lower()
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def is_session(parameter: str, value: str) -> bool:
    """Whether a query parameter names a visitor's session: by its name, or ``sid`` with a value that is no number."""
    name = parameter.lower()
    if name in SESSION or name.startswith("aspsessionid"):
        return True
    return name == "sid" and bool(SESSION_VALUE.fullmatch(value)) and not value.isdigit()


def _host_and_port(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        port = parts.port
    except ValueError:  # a port that is no number: keep the authority as it was written
        return parts.netloc.rpartition("@")[2].lower()
    if ":" in host:
        host = f"[{host}]"
    return host if port is None or port == DEFAULT_PORTS.get(parts.scheme) else f"{host}:{port}"


def _without_tracking(query: str) -> str:
    pairs = [(pair, *pair.partition("=")[::2]) for pair in query.split("&") if pair]
    return "&".join(pair for pair, name, value in pairs if not (is_tracking(name) or is_session(name, value)))


@lru_cache(maxsize=16384)
def canonical_url(url: str) -> str:
    """``url`` in the form that is stored: no fragment, tracking, session, default port or user name; query sorted.

    >>> canonical_url("HTTPS://Example.com:443/a/../b?utm_source=x&b=2&a=1#top")
    'https://example.com/b?a=1&b=2'

    A URL that cannot be parsed comes back as it is.
    """
    if CANONICAL.fullmatch(url):
        return url
    return _canonical(url)


def _canonical(url: str) -> str:
    try:
        parts = urlsplit(canonicalize_url(url.strip()))
        path = SESSION_IN_PATH.sub("", parts.path) if "(" in parts.path or ";" in parts.path else parts.path
        return urlunsplit((parts.scheme, _host_and_port(parts), path or "/", _without_tracking(parts.query), ""))
    except ValueError:
        return url


@lru_cache(maxsize=16384)
def url_key(url: str) -> str:
    """What identifies an address: ``canonical_url`` less scheme, ``www.``, a last slash and an index page.

    >>> url_key("http://www.example.com/a/") == url_key("https://example.com/a/index.html")
    True
    """
    key = canonical_url(url).partition("://")[2] or url
    place, mark, query = key.partition("?")
    place = re.sub(r"/(?:index\.(?:html?|php))?$", "", place.removeprefix("www."))
    return place + mark + query


@lru_cache(maxsize=4096)
def site_of(url: str) -> str:
    """The site of an address: its host without ``www.``, with the port if it is not the scheme's own.

    >>> site_of("https://www.example.com/a"), site_of("http://127.0.0.1:8000/a")
    ('example.com', '127.0.0.1:8000')
    """
    try:
        return _host_and_port(urlsplit(url.strip())).lower().removeprefix("www.")
    except ValueError:
        return ""
