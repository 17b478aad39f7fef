"""The explanation as an HTML document of its own: no scripts, nothing from elsewhere, all text escaped."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import escape

from archive.records import Article
from archive.urls import is_web_url
from scraper.explain import GROUPS, FieldRow, Piece, fields_of, pieces_of, verdict_of

# Background of each group by day and by night; text on it keeps the contrast of WCAG 2.2 AA (4.5 : 1) and more.
DAY = {"text": "#1b1d21", "page": "#ffffff", "faint": "#54585f", "line": "#8a8f98"}
NIGHT = {"text": "#eceef1", "page": "#15171a", "faint": "#b3b8c0", "line": "#7d838c"}
DAY_GROUPS = {
    "kept": "#e3f4e5",
    "field": "#dcecfb",
    "about": "#e2f1f2",
    "elsewhere": "#efe6fa",
    "asks": "#fdeedc",
    "rest": "#eeeeee",
}
NIGHT_GROUPS = {
    "kept": "#17321c",
    "field": "#14304a",
    "about": "#123538",
    "elsewhere": "#33244a",
    "asks": "#46300f",
    "rest": "#2b2e33",
}
LAYOUT = """
body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif;
  color: var(--text); background: var(--page); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
ol, ul { list-style: none; padding: 0; }
li { margin: .5rem 0; padding: .4rem .75rem; border-inline-start: .4rem solid var(--line); color: var(--text); }
.place { color: var(--faint); font-size: .85rem; overflow-wrap: anywhere; }
li .place { color: var(--text); }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.kept .text { font: 1.1rem/1.55 Georgia, serif; }
.removed .text { font-size: .9rem; }
a { color: inherit; }
"""


def _colours(base: Mapping[str, str], groups: Mapping[str, str]) -> str:
    variables = "".join(f"--{name}: {colour}; " for name, colour in base.items())
    rules = "".join(f".{group} {{ background: {colour}; }}\n" for group, colour in groups.items())
    return f":root {{ {variables}}}\n{rules}"


STYLE = (
    f":root {{ color-scheme: light dark; }}\n{_colours(DAY, DAY_GROUPS)}{LAYOUT}"
    f"@media (prefers-color-scheme: dark) {{\n{_colours(NIGHT, NIGHT_GROUPS)}}}\n"
)
POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"


def _head(title: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>How this page was read: {escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>"
    )


def _address(url: str) -> str:
    shown = escape(url)
    return f'<a href="{shown}" rel="noreferrer noopener">{shown}</a>' if is_web_url(url) else shown


def _row(row: FieldRow) -> str:
    cells = "".join(f'<td dir="auto">{escape(text)}</td>' for text in (row.value, row.source, row.raw))
    return f'<tr><th scope="row">{escape(row.name)}</th>{cells}</tr>'


def _fields(article: Article) -> Iterator[str]:
    yield '<section aria-labelledby="fields">\n<h2 id="fields">Fields</h2>\n<table>\n<thead><tr>'
    yield "".join(f'<th scope="col">{name}</th>' for name in ("Field", "Value", "Source", "As printed"))
    yield "</tr></thead>\n<tbody>"
    yield from map(_row, fields_of(article))
    yield "</tbody>\n</table>\n</section>"


def _legend(pieces: list[Piece]) -> Iterator[str]:
    counts = Counter(piece.group for piece in pieces)
    yield '<section aria-labelledby="legend">\n<h2 id="legend">Legend</h2>\n<ul>'
    for group, meaning in GROUPS.items():
        yield f'<li class="{group}">{escape(meaning)}: {counts[group]}</li>'
    yield "</ul>\n</section>"


def _piece(piece: Piece, language: str) -> str:
    classes = piece.group if piece.group == "kept" else f"{piece.group} removed"
    place = f'<span class="place">{escape(piece.place)}</span>'
    text = f'<div class="text" dir="auto"{language}>{escape(piece.text)}</div>'
    return f'<li class="{classes}"><strong>{escape(piece.fate)}</strong> {place}\n{text}</li>'


def to_document(article: Article) -> str:
    """The explanation of ``article`` as HTML: fields with evidence, a legend, and each piece of the page in order."""
    pieces = pieces_of(article)
    language = f' lang="{escape(article.language)}"' if article.language else ""
    title = article.headline or article.url or "a page"
    parts = [_head(title), f'<h1 dir="auto"{language}>{escape(title)}</h1>']
    parts.append(f"<p>{escape(verdict_of(article))}<br>{_address(article.url or '')}</p>")
    parts += [*_fields(article), *_legend(pieces)]
    parts.append('<section aria-labelledby="page">\n<h2 id="page">The page, in order</h2>\n<ol>')
    parts += [_piece(piece, language) for piece in pieces]
    return "\n".join([*parts, "</ol>\n</section>\n</main>\n</body>\n</html>"])
