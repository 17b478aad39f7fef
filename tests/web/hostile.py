"""Five hundred strings that would like to be more than text, and an archive whose every field is one of them."""

from datetime import timedelta
from itertools import islice, product
from pathlib import Path

from archive.records import Article, ArticleKind, Block, BlockKind, Evidence, Link, Removal, RemovalKind
from archive.store import Archive
from tests.web.newsroom import FIRST, visit

CALLS = (
    "confirm('x')",
    "alert(1)",
    "window.hacked=1",
    "parent.hacked=1",
    "document.title='run'",
    "eval('hacked=1')",
    "fetch('//x.example')",
)
FORMS = (
    "<script>{}</script>",
    "</title><script>{}</script>",
    "<ScRiPt>{}</sCrIpT>",
    "<img src=x onerror={}>",
    '"><img src=x onerror="{}">',
    "' autofocus onfocus='{}",
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror={}>",
    "<iframe srcdoc='<script>{}</script>'></iframe>",
    "<iframe src='javascript:{}'></iframe>",
    "<a href='javascript:{}'>x</a>",
    "javascript:{}",
    "JaVaScRiPt:{}",
    "java\tscript:{}",
    "data:text/html,<script>{}</script>",
    "<body onload={}>",
    "<details open ontoggle={}>",
    "<video><source onerror={}>",
    "<input autofocus onfocus={}>",
    "<marquee onstart={}>",
    "<object data='javascript:{}'>",
    "<embed src='javascript:{}'>",
    "<form action='javascript:{}'><button>x",
    "<button formaction='javascript:{}'>x",
    "<base href='javascript:{}//'>",
    "<link rel=stylesheet href='javascript:{}'>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<style>@import 'javascript:{}';</style>",
    "<div style='background:url(javascript:{})'>",
    "&lt;script&gt;{}&lt;/script&gt;",
    "&#60;script&#62;{}&#60;/script&#62;",
    "&#x3c;img src=x onerror={}&#x3e;",
    "<!--><script>{}</script-->",
    "<![CDATA[<script>{}</script>]]>",
    "<noscript><p title='</noscript><img src=x onerror={}>'>",
    "<textarea></textarea><script>{}</script>",
    "</textarea><script>{}</script>",
    "</style><script>{}</script>",
    "</script><script>{}</script>",
    "--><script>{}</script>",
    "{{{{ {} }}}}",
    "{{% set x = 7 * 7 %}}{{{{ x }}}}{}",
    "${{{}}}",
    "#{{{}}}",
    "<%= {} %>",
    "{{{{constructor.constructor('{}')()}}}}",
    "[x](javascript:{})",
    "![x](javascript:{})",
    "[x]: javascript:{}\n[x]",
    "<javascript:{}>",
    "`</code><script>{}</script>`",
    "| <script>{}</script> |\n|---|\n| x |",
    "\u202e<script>{}</script>\u202c",
    "\u2066<img src=x onerror={}>\u2069",
    "\ufeff<script>{}</script>",
    "＜script＞{}＜/script＞",
    "<scr\u0000ipt>{}</scr\u0000ipt>",
    "<svg><a xlink:href='javascript:{}'><text y=20>x",
    "<svg><use href='data:image/svg+xml,<svg onload={}>#x'>",
    "<xss style='x:expression({})'>",
    "\u2028{}//",
    "\\u003cscript\\u003e{}",
    '<img src=1 href=1 onerror="javascript:{}"></img>',
    "<x onclick={}>click",
    "<p onmouseover={}>hover",
    '"; {}; //',
    "'); {}; //",
    "</a><a onclick={}>",
    "<template><script>{}</script></template>",
    "<select onfocus={} autofocus><option>",
    "<audio src onloadstart={}>",
    "<isindex action=javascript:{}>",
    "<keygen autofocus onfocus={}>",
    "%3Cscript%3E{}%3C/script%3E",
    "+ADw-script+AD4-{}+ADw-/script+AD4-",
    "<script/x>{}</script>",
    "<script\n>{}</script\n>",
    "<<script>{}//<</script>",
    "<img/src/onerror={}>",
)


def strings(most: int = 500) -> list[str]:
    """The strings, each with a call of its own."""
    return list(islice((form.format(call) for call, form in product(CALLS, FORMS)), most))


def build(path: Path, texts: list[str]) -> Path:
    """An archive with an article for each: twice visited, with the string as every field."""
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("crawl", texts[:3])
        for place in range(len(texts)):
            for state in (0, 1):
                archive.record(visit(FIRST + timedelta(minutes=place, days=state), _article(place, texts, state)))
        archive.end_run(dict.fromkeys(texts[:5], 1), 0)
    return path


def _article(place: int, texts: list[str], state: int) -> Article:
    """Every field is the text of that place; its blocks and authors are all that have the same form besides."""
    text, alike = texts[place], texts[place % len(FORMS) :: len(FORMS)]
    blocks = (
        Block(BlockKind.PARAGRAPH, f"A paragraph of its own, number {place}, state {state}."),
        *(
            Block(kind, each, markdown=f"| a |\n|---|\n| {each} |" if kind is BlockKind.TABLE else None)
            for each in alike
            for kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.CAPTION, BlockKind.TABLE)
        ),
        Block(BlockKind.HEADING, text, level=2),
    )
    return Article(
        url=f"https://hostile{place % 3}.example/{place}?q={text}",
        site=text,
        headline=f"{text} {state}" if state else text,
        standfirst=text,
        section=text,
        authors=(text, *alike),
        published_at="2026-01-13T06:00:00Z",
        language=text if place % 2 else "en",
        tags=(text,),
        image_url=text,
        kind=ArticleKind.ARTICLE,
        confidence=0.5,
        correction=text,
        blocks=blocks,
        removals=(Removal(RemovalKind.OTHER, text, text, 1, text),),
        evidence=(Evidence("headline", text, text),),
        links=(Link(text, text),),
    )
