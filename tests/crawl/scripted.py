"""A paper whose pages are shells: scripts fetch every text as JSON and put it in its place."""

import json

from tests.crawl.newsroom import PROSE, Answer, Newsroom

COUNT = 3
PATHS = [f"/2026/01/{n + 1:02}/story-told-by-scripts-{n}" for n in range(COUNT)]
APP = r"""
const root = document.getElementById('root');
const put = (tag, text) => { const made = document.createElement(tag); made.textContent = text; return made; };
async function show() {
  const told = await (await fetch('/api' + location.pathname)).json();
  document.title = told.headline || 'News';
  if (told.paragraphs) {
    const article = document.createElement('article');
    article.append(put('h1', told.headline), ...told.paragraphs.map(each => put('p', each)));
    root.replaceChildren(article);
  } else {
    root.replaceChildren(...told.paths.map(path => { const a = put('a', path); a.href = path; return a; }));
  }
}
show();
"""
SHELL = (
    "<!doctype html><html lang=en><head><title>The Beacon</title><link rel=stylesheet href=/app.css>"
    "{head}</head><body><noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>"
    "<img src=/logo.png><script src=/app.js></script></body></html>"
)


def told(number: int) -> dict[str, object]:
    story = PROSE[number % len(PROSE)]
    return {"headline": f"{story.headline} ({number})", "paragraphs": story.text.strip().split("\n\n")}


def as_json(value: object) -> Answer:
    return Answer(json.dumps(value).encode(), content_type="application/json")


def scripted(room: Newsroom, head: str = "") -> None:
    """Make ``room`` such a paper."""
    shell = SHELL.replace("{head}", head).encode()
    room.pages = {"/": shell, "/app.js": Answer(APP.encode(), content_type="text/javascript")}
    room.pages["/api/"] = as_json({"paths": PATHS})
    for number, path in enumerate(PATHS):
        room.pages[path] = shell
        room.pages["/api" + path] = as_json(told(number))
