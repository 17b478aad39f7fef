"""Pages invented for the tests: one story in many layouts."""
# ruff: noqa: E501, ISC004 - markup reads best unbroken

PARAGRAPHS = (
    "The night ferry between Northport and Southport will run through the winter, the harbour board said on Tuesday,"
    " after a trial in which nine crossings out of ten left on time.",
    "Passengers had asked for the service for years. Until now the last boat left at six, which meant that nurses and"
    " cleaners who worked late slept in the waiting room or took a taxi over the long bridge.",
    "“We counted forty people in that room in one week,” said Mara Quill, who runs the kiosk beside the pier. “Nobody"
    " should have to spend a night on a bench because a timetable was written in another century.”",
    "The board will pay for the extra boat with money that had been set aside for a car park. A decision on summer"
    " crossings is expected in March, once the accounts of the trial have been published.",
)
HEADLINE = "Night ferry stays for the winter"
STANDFIRST = "Nine crossings out of ten left on time in a trial that the harbour board called a success"

JSON_LD = """{"@context": "https://schema.org", "@graph": [
  {"@type": "WebSite", "name": "The Harbour Post"},
  {"@type": "NewsArticle", "headline": "Night ferry stays for the winter", "author": [{"@id": "#ada"}],
   "datePublished": "2026-01-13T08:30:00+01:00", "dateModified": "2026-01-13T10:00:00+01:00",
   "articleSection": "Transport", "keywords": ["ferries", "harbour"], "isAccessibleForFree": false,
   "image": {"@type": "ImageObject", "url": "/pier.jpg"}},
  {"@type": "Person", "@id": "#ada", "name": "Ada Brook"},
]}"""


def page(body: str, head: str = "", lang: str = "en") -> bytes:
    """A page around ``body``."""
    return f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()


def story(tag: str = "p") -> str:
    """The story's paragraphs in elements of ``tag``."""
    return "".join(f"<{tag}>{text}</{tag}>" for text in PARAGRAPHS)


NEWSROOM = page(
    f"""<header><nav><a href="/">Home</a><a href="/transport">Transport</a></nav></header>
    <main><article><h1>{HEADLINE}</h1><p class="standfirst">{STANDFIRST}</p>
    <div class="byline">By <a href="/ada">Ada Brook</a></div><time datetime="2026-01-13T08:30:00+01:00">13 January</time>
    <ul class="share-buttons"><li><a href="#">Facebook</a></li></ul>
    <div class="article-body">{story()}</div></article>
    <aside class="related"><h2>Related</h2><a href="/x">A bridge too dear</a><time datetime="2026-01-01">1 Jan</time></aside>
    </main><footer>© 2026 The Harbour Post</footer>""",
    f'<title>{HEADLINE} | The Harbour Post</title><script type="application/ld+json">{JSON_LD}</script>'
    '<link rel="canonical" href="https://harbour.example/ferry"><link rel="amphtml" href="/amp/ferry">',
)
DIVS = page(
    f"""<div><div><a href="/">Home</a> <a href="/t">Transport</a> <a href="/s">Sport</a></div><div>TRANSPORT</div>
    <div>{STANDFIRST}</div><div>13 Jan 2026</div><div>{story("div")}</div>
    <div><div>13 Jan 2026</div><div>12 Jan 2026</div></div>
    <div><a href="/1"><div>TRANSPORT</div><div>13 Jan 2026</div></a></div>
    <div>By submitting, you agree to receive email communications from the harbour, including promotions.</div></div>"""
)
BREAKS = page(f"<div id=c><h1>{HEADLINE}</h1>{'<br><br>'.join(PARAGRAPHS)}</div>")
TABLES = page(
    f"""<table><tr><td><a href="/">Home</a><br><a href="/s">Sport</a></td><td><table><tr><td><h1>{HEADLINE}</h1></td></tr>
    <tr><td>{story()}</td></tr></table></td></tr></table>"""
)
SPLIT = page(
    f"<main><h1>{HEADLINE}</h1><div class=part><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></div><div class=ad>Advert</div>"
    f"<div class=part><p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p></div></main>"
)
AMP = f"""<!doctype html><html ⚡ lang="en"><head><meta charset="utf-8"><link rel="canonical" href="https://harbour.example/ferry">
</head><body><amp-sidebar><ul><li><a href="/">Home</a></li></ul></amp-sidebar><article><h1>{HEADLINE}</h1>
<amp-img src="/pier.jpg" width="2" height="1"></amp-img>{story()}</article></body></html>""".encode()
LAYOUTS = {"newsroom": NEWSROOM, "divs": DIVS, "breaks": BREAKS, "tables": TABLES, "split": SPLIT, "amp": AMP}

DUMP = f"""TRANSPORT
{STANDFIRST}
13 Jan 2026

{chr(10).join(PARAGRAPHS)}
13 Jan 2026
12 Jan 2026
8 Jan 2026

TRANSPORT
13 Jan 2026

SPORT
12 Jan 2026
By submitting, you agree to receive email communications from the harbour, including promotions and news.
"""
