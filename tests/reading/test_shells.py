"""Shells, whose text only scripts bring, and pages that only look like one."""

import pytest

from archive.records import Outcome
from scraper.reading import outcome_of, parse, read_page

BUNDLE = "<script src=/static/main.4f1c.js></script>"
NEEDS = "<noscript>Please enable JavaScript to read the Beacon.</noscript>"
FRAME = "<header><a href=/>The Beacon</a> <a href=/news>News</a></header><footer>© 2026 The Beacon, all rights</footer>"
STORY = "<p>" + "The harbour board met on Monday and voted for the new slipway by nine votes to four. " * 8 + "</p>"


def outcome(body: str, head: str = "") -> Outcome:
    page = parse(f"<!doctype html><html><head><title>The Beacon</title>{head}</head><body>{body}</body></html>")
    return outcome_of(page, read_page(page))


@pytest.mark.parametrize(
    "body",
    [
        f"<div id=root></div>{BUNDLE}",
        f"<div id=app>Loading …</div>{BUNDLE}",
        f"<app-root></app-root>{BUNDLE}",
        f"{NEEDS}<div id=__next></div>{BUNDLE}",
        f"{FRAME}<main><div id=story></div></main>{NEEDS}{BUNDLE}",
        f"<div id=root><div class=spinner></div></div><script>{'x();' * 1000}</script>",
        BUNDLE,
    ],
)
def test_a_shell_needs_rendering(body: str) -> None:
    assert outcome(body) is Outcome.NEEDS_RENDERING


def test_a_shell_that_says_it_is_an_article_needs_rendering_all_the_same() -> None:
    told = '<meta property="og:type" content="article"><meta property="og:title" content="Slipway voted for">'
    assert outcome(f"<div id=root>Loading</div>{BUNDLE}", told) is Outcome.NEEDS_RENDERING


@pytest.mark.parametrize(
    ("body", "is_what"),
    [
        (f"<div id=root><article><h1>Slipway</h1>{STORY}</article></div>{NEEDS}{BUNDLE}", Outcome.ARTICLE),
        (f"<h1>404 – Page not found</h1><div id=root></div>{BUNDLE}", Outcome.SOFT_404),
        (f"<h1>Just a moment...</h1><p>Checking your browser.</p><div id=x></div>{BUNDLE}", Outcome.CHALLENGE),
        (f"<p>The page you want is being looked after by our staff.</p>{BUNDLE}", Outcome.THIN),
        ("<div id=root></div>", Outcome.THIN),
        ("<div id=root></div><script type=application/json>{}</script>", Outcome.THIN),
        ("<p>Closed on Monday.</p>", Outcome.THIN),
    ],
)
def test_what_is_no_shell(body: str, is_what: Outcome) -> None:
    assert outcome(body) is is_what
