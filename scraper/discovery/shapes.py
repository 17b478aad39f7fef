"""What an address looks like: an article, a section, a list by tag or author, or no page at all. Pure.

The signs are those that news sites share, whatever their language: a date in the path, a slug of several words,
a long number or hash, an article word before an id, an id in the query. None is certain, so nothing is left out
because of its shape alone, except what is no page of news: files, log-ins, shops, imprints.
"""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from archive.records import Term


class Shape(Term):
    """What an address looks like."""

    ARTICLE = "article"
    SECTION = "section"  # short words only: a start page or section
    LISTING = "listing"  # by tag, author or topic
    UNKNOWN = "unknown"
    NO_PAGE = "no page"


YEAR = r"(?:19[89]\d|20[0-4]\d)"
MONTH = r"(?:0?[1-9]|1[0-2]|jan\w*|feb\w*|mar\w*|apr\w*|may|mai|jun\w*|jul\w*|aug\w*|sep\w*|o[ck]t\w*|nov\w*|de[cz]\w*)"
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
DATE = re.compile(
    rf"(?<!\d){YEAR}(?:[/_.-]{MONTH}(?:[/_.-]{DAY})?(?=[/_.-]|$)|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))",
    re.IGNORECASE,
)
PAGE_NUMBER = re.compile(
    r"(?:^|&)(?:page|paged|pg|p|seite|pagina|página|side|sida|start|offset|from)=\d{1,5}(?:&|$)", re.IGNORECASE
)
PAGE_PATH = re.compile(
    r"(?:/(?:page|seite|pagina|página|pag|sida|side)[/_-]?\d{1,5}|/p[/_-]?\d{1,3}|"
    r"[;,._-](?:page|seite|pagina|pag)[=_-]?\d{1,3})(?:\.html?|/?(?:index\.html?)?)$",
    re.IGNORECASE,
)
EXTENSION = re.compile(r"\.([a-z0-9]{1,5})$", re.IGNORECASE)
PAGE_EXTENSIONS = frozenset("html htm shtml xhtml php php5 asp aspx jsp jspx cfm cgi amp ece story do txt".split())
FILES = frozenset(
    "jpg jpeg png gif webp avif svg ico bmp tif tiff css js mjs map json xml rss atom rdf pdf doc docx xls xlsx "
    "ppt pptx odt ods epub mp3 m4a ogg oga wav flac mp4 m4v webm mov avi mkv m3u8 mpd ts zip gz tgz bz2 xz 7z rar "
    "tar exe dmg apk woff woff2 ttf eot otf ics csv vcf swf wasm webmanifest".split()
)
# Segments that name a service of the site rather than news, in the languages of the line rules.
SERVICE = frozenset(
    "login log-in signin sign-in signup sign-up register registrieren anmelden anmeldung connexion inscription "
    "account konto mein-konto my-account profile logout subscribe subscription subscriptions subscribe-now abo "
    "abonnement abonnements abonnieren abonnes suscripcion suscribete assinatura abbonamenti shop store cart "
    "checkout basket warenkorb search suche recherche buscar busqueda busca cerca zoeken cdn-cgi wp-admin wp- "
    "login wp-json wp-content wp-includes xmlrpc api oauth share print email-a-friend privacy privacy-policy "
    "privacy-notice datenschutz datenschutzerklaerung confidentialite privacidad privacidade privacybeleid "
    "cookies cookie-policy cookie-notice cookie-settings terms terms-of-use terms-of-service terms-and-conditions "
    "conditions agb cgu cgv impressum imprint mentions-legales aviso-legal legal legal-notice about about-us "
    "ueber-uns a-propos contact contact-us kontakt contacto contatti advertise advertising advertise-with-us "
    "mediadaten werbung publicite careers jobs-at-us faq help hilfe aide ayuda newsletter newsletters newsletter- "
    "signup sitemap accessibility corrections-policy unsubscribe rss feeds apps".split()
)
LISTING = frozenset(
    "tag tags tagged schlagwort thema themen topic topics author authors autor autoren autore auteur auteurs "
    "redakteur writer writers people person profil by stichwort keyword keywords label labels archive archives "
    "archiv hashtag".split()
)
ARTICLE_WORDS = frozenset(
    "article articles artikel articulo articulos articolo artigo story stories news noticia noticias notizia "
    "nachricht meldung item post posts read id detail details view newsdetail show liveblog live video videos "
    "gallery".split()
)
QUERY_IDS = frozenset(
    "id p nid aid sid story storyid story_id article articleid article_id artid art newsid news_id idnews "
    "idnoticia item itemid postid post_id contentid content_id idx no num key a_id arcid cid".split()
)
ID_IN_SEGMENT = re.compile(r"(?:^|[-_.,/a-z])\d{5,}(?:$|[-_.,a-z])", re.IGNORECASE)
HASH = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{10,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{21,}", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
SPACELESS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
SLUG_WORDS = 4  # "scottish-national-party" names a topic; four words mostly tell something
SLUG_LETTERS = 18


def _segments(path: str) -> list[str]:
    return [segment for segment in unquote(path).lower().split("/") if segment]


def _stem(segment: str) -> tuple[str, str]:
    """A segment without its file extension, and the extension."""
    match = EXTENSION.search(segment)
    if match and (match[1] in PAGE_EXTENSIONS or match[1] in FILES):
        return segment[: match.start()], match[1]
    return segment, ""


def is_slug(segment: str) -> bool:
    """Whether a path segment tells a story: at least four words, or a run of a script without spaces."""
    words = WORD.findall(segment)
    if len(SPACELESS.findall(segment)) >= 6:
        return True
    return len(words) >= SLUG_WORDS and sum(map(len, words)) >= SLUG_LETTERS


def _has_id(stem: str, before: list[str]) -> bool:
    if ID_IN_SEGMENT.search(stem):
        return True
    named = any(segment in ARTICLE_WORDS for segment in before)
    return named and bool(re.search(r"\d{3,}", stem) or HASH.fullmatch(stem))


def _query_id(query: str) -> bool:
    return any(
        name.lower() in QUERY_IDS and re.search(r"\d{2,}|^\d+$", value) and not PAGE_NUMBER.search(f"{name}={value}")
        for name, value in parse_qsl(query)
    ) or any(name.lower() == "p" and len(value) > 3 and value.isdigit() for name, value in parse_qsl(query))


def _dated(path: str) -> bool:
    """Whether the path has a date and more behind it: a bare date is an archive of that day."""
    match = DATE.search(path)
    if match is None:
        return False
    rest = path[match.end() :].strip("/_-.")
    stem = _stem(rest.rsplit("/", 1)[-1])[0]
    before = path[: match.start()].rpartition("/")[2]
    return len(WORD.findall(stem)) >= 2 or bool(re.search(r"\d{3,}", stem)) or len(WORD.findall(before)) >= 3


def page_number(url: str) -> int:
    """Which page of a list ``url`` is: the number that it carries, else 1."""
    parts = urlsplit(url)
    match = PAGE_NUMBER.search(parts.query) or PAGE_PATH.search(parts.path)
    return int(re.findall(r"\d+", match[0])[0]) if match else 1


def is_pagination(url: str) -> bool:
    """Whether ``url`` looks like the second or a further page of a list."""
    parts = urlsplit(url)
    return bool(PAGE_NUMBER.search(parts.query) or PAGE_PATH.search(parts.path))


def _no_page(segments: list[str], query: str) -> bool:
    extension = _stem(segments[-1])[1] if segments else ""
    shares = re.search(r"(?:^|&)(?:replytocom|share|add-to-cart|action|format|output|print|attachment_id)=", query)
    return (
        extension in FILES
        or bool(shares)
        or bool(segments and _stem(segments[-1])[0] in SERVICE)
        or bool(segments and segments[0] in SERVICE and segments[0] != "rss")
    )


def _deep_slug(segments: list[str]) -> bool:
    """Whether a slug stands at least two segments below a listing's name: ``/authors/jo-smith/a-story-of-hers``."""
    return len(segments) > 2 and segments[-2] not in LISTING and is_slug(_stem(segments[-1])[0])


def _shape_of_path(path: str, segments: list[str]) -> Shape:
    stem, extension = _stem(segments[-1])
    if _dated(path) or is_slug(stem) or _has_id(stem, segments[:-1]):
        return Shape.ARTICLE
    if len(segments) > 1 and (is_slug(segments[-2]) or _has_id(segments[-2], segments[:-2])):
        return Shape.ARTICLE
    short = all(len(WORD.findall(_stem(segment)[0])) <= 2 and not re.search(r"\d", segment) for segment in segments)
    return Shape.SECTION if short and len(segments) <= 3 and extension not in ("story", "ece") else Shape.UNKNOWN


@lru_cache(maxsize=16384)  # the links of a site's pages are mostly the same
def shape_of(url: str) -> Shape:
    """What ``url`` looks like.

    >>> [str(shape_of("https://e.com" + path)) for path in ("/world", "/2024/05/03/mayor-quits", "/a-b", "/x.jpg")]
    ['section', 'article', 'section', 'no page']
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return Shape.NO_PAGE
    segments = _segments(parts.path)
    if _no_page(segments, parts.query):
        return Shape.NO_PAGE
    return _shape_of_page(url, segments, parts.query)


def _shape_of_page(url: str, segments: list[str], query: str) -> Shape:
    if _query_id(query):
        return Shape.ARTICLE
    if not segments or segments in (["index.html"], ["index.php"]):
        return Shape.SECTION
    if is_pagination(url):
        return Shape.LISTING
    if any(segment in LISTING for segment in segments[:-1]) or segments[-1] in LISTING:
        return Shape.ARTICLE if _dated("/".join(segments)) or _deep_slug(segments) else Shape.LISTING
    return _shape_of_path("/" + "/".join(segments), segments)
