"""Pages made to exhaust a reader: each is read in a process of its own, whose CPU and peak memory are measured.

    python -m benchmarks hostile [BEGINNING-OF-NAME …] [--share 1.0]

``--share`` makes the pages smaller than the promise's sizes (50 MB, a million); the tests take a fiftieth of most.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SECONDS, MEGABYTES = 10, 900  # of CPU and of resident memory: what reading any page may take
LONG = "The night ferry between Northport and Southport runs through the winter, the board said. "
Size = Callable[[int], int]


def _text(count: int, unit: str = LONG) -> bytes:
    return (unit * (count // len(unit) + 1)).encode()


def _data(value: str) -> bytes:
    return b'<script type="application/ld+json">' + value.encode() + b"</script><p>" + LONG.encode() * 3


def _numbered(count: int, pattern: str, between: str = "") -> bytes:
    return between.join(pattern % number for number in range(count)).encode()


def nestings(of: Size) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Elements in elements, 100,000 deep at full size."""
    deep = of(100_000)
    for tag in "div span table blockquote font b a template ins section x-y figure h1 title select math".split():
        yield f"deep-{tag}", lambda tag=tag: f"<{tag}>".encode() * deep + b"deep" + f"</{tag}>".encode() * deep
    yield "deep-lists", lambda: b"<ul><li>" * deep + b"deep"
    yield "deep-cells", lambda: b"<table><tr><td>" * deep + b"deep"
    yield "deep-cut", lambda: b'<div class="related">' * deep + b"<p></p>" * deep + b"deep"
    yield "deep-aside-shallow", lambda: b'<aside class="related">' * 110 + b"<p></p>" * deep
    yield "deep-label", lambda: b"<label>" * 110 + b"<b>word</b>" * deep
    yield "deep-template-wide", lambda: b"<nav>" + b"<template>" * 2_000 + b"<i></i>" * deep
    yield "deep-tables-wide", lambda: b"<table><tr><td>" * 110 + b"<tr><td>a<td>b" * deep
    for tag in ("h1", "time", "title"):
        yield f"deep-{tag}-wide", lambda tag=tag: f"<{tag}>".encode() * 2_000 + b"<i>x</i>" * (2 * deep)
    yield "deep-hidden-wide", lambda: b"<div hidden>" * 110 + b"<i>x</i>" * (2 * deep) + b"<svg></svg>"
    yield "deep-nav-wide", lambda: b"<nav>" + b"<x-y>" * 2_000 + b"<svg></svg>" + b"<i>x</i>" * (2 * deep)
    yield "deep-unclosed-font", lambda: b"<p><font>" * deep + LONG.encode()


def multitudes(of: Size) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Very many of one thing, a million at full size."""
    many = of(1_000_000)
    yield "many-attributes", lambda: b"<p " + _numbered(many, "a%d=1", " ") + b">many"
    yield "many-bare-attributes", lambda: b"<p " + _numbered(many, "a%x", " ") + b">many"
    yield "many-attributes-slashes", lambda: b"<p " + _numbered(many, "a%x", "/") + b">many"
    yield "many-attributes-odd-quote", lambda: b"<p a=don't " + _numbered(many, "a%x", " ") + b">many"
    yield "many-attributes-angles", lambda: b"<p " + _numbered(many, 'a%x="<>"', " ") + b">many"
    yield "many-tags-of-many-attributes", lambda: (b"<p " + _numbered(4_000, "a%x", " ") + b">x") * (many // 10_000)
    yield "many-same-attributes", lambda: b"<p " + b"a " * many + b">many"
    yield "many-elements", lambda: _numbered(many, '<i id="a%d">x</i>')
    yield "many-classes", lambda: _numbered(many // 4, '<p class="a%d-b related-item">x')
    yield "many-names", lambda: b'<p class="' + _numbered(many, "related%d", " ") + b'">x'
    yield "many-breaks", lambda: b"<p>" + b"<br>" * many
    yield "many-breaks-words", lambda: b"<br>word" * many
    yield "many-paragraphs", lambda: b"<p>Short.</p>" * (many // 2)
    yield "many-prose", lambda: _numbered(many // 5, f"<p>%d {LONG}")
    yield "many-links", lambda: _numbered(many // 5, '<p><a href="/%d">A link of some length to somewhere</a></p>')
    yield "many-inline-links", lambda: b"<p>" + _numbered(many // 5, 'word <a href="/%d">link</a> ')
    yield "many-strong", lambda: b"<p>" + b"<b>a</b> <i>b</i> <code>c</code>" * (many // 3)
    yield "many-open-marks", lambda: b"<p>" + b"<b><br><br>a" * (many // 10)
    yield "many-captions", lambda: b"<div>" + b"<figcaption>A caption.</figcaption>" * (many // 5)
    yield (
        "many-prose-captions",
        lambda: b"<article>" + (f"<p>{LONG}{LONG}" + '<p class="caption">A caption.').encode() * (many // 20),
    )
    yield "many-cells", lambda: b"<table>" + b"<tr><td>a<td>b" * many
    yield "many-items", lambda: b"<ul>" + b"<li>An item of a list" * many
    yield "many-headings", lambda: b"<h1>One heading</h1>" * (many // 5)
    yield "many-articles", lambda: _numbered(many // 30, f"<article><h1>Head %d</h1><p>{LONG}</p></article>")
    yield (
        "many-headings-in-article",
        lambda: b"<article><h1>A headline</h1></article><article>" + _numbered(many // 10, "<h1>Another %d</h1>"),
    )
    yield "many-tag-names", lambda: _numbered(many // 5, "<x%x>a")
    yield "many-times", lambda: b"<time>1 January 2026</time>" * (many // 5)
    yield "many-metas", lambda: _numbered(many // 5, '<meta name="author" content="A%d B">')
    yield "many-meta-names", lambda: _numbered(many // 5, '<meta name="a%d" content="1 Jan 2026">')
    yield "many-titles", lambda: b"<title>One | Two</title>" * (many // 5)
    yield "many-rels", lambda: _numbered(many // 5, '<link rel="a%d" href="/">')
    yield "many-cuts", lambda: b'<div class="related">Another story</div>' * (many // 5)
    yield "many-angles", lambda: b"<" * many
    yield "many-ampersands", lambda: b"<p>" + b"&" * many + b"&amp;" * many + b"&#x110000;" * many
    yield "many-comments", lambda: b"<!-- x -->" * many
    yield "many-open-comments", lambda: b"<!--" * many
    yield "many-quotes", lambda: b'<a href="' * many
    yield "many-scripts", lambda: b"<script>" * many
    yield "many-instructions", lambda: b"<?php x ?>" * many
    yield "many-controls", lambda: b"<p>x</p><button>Press</button>" * (many // 5)
    yield "many-blocks-mixed", lambda: b"<div>a<p>b<ul><li>c</ul><h2>d</h2>" * (many // 10)


def masses(of: Size) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """One text of 50 MB at full size, in every place where a text may stand."""
    mass = of(50_000_000)
    for tag in "p title script style h1 a time pre table li figcaption textarea aside blockquote".split():
        yield f"mass-{tag}", lambda tag=tag: f"<{tag}>".encode() + _text(mass) + f"</{tag}><p>after".encode()
    yield "mass-comment", lambda: b"<!--" + _text(mass) + b"--><p>after"
    yield "mass-attribute", lambda: b'<p title="' + _text(mass) + b'">after'
    yield "mass-href", lambda: b'<p><a href="/' + b"a" * mass + b'">after'
    yield "mass-class", lambda: b'<p class="' + _text(mass, "word-") + b'">after'
    yield "mass-meta", lambda: b'<meta name="description" content="' + _text(mass) + b'"><p>after'
    yield "mass-data", lambda: _data('{"@type": "NewsArticle", "articleBody": "' + LONG * (mass // len(LONG)) + '"}')
    yield (
        "mass-data-marked",
        lambda: _data('{"@type": "NewsArticle", "articleBody": "' + "<p>word" * (mass // 7) + '"}'),
    )
    yield (
        "mass-state",
        lambda: b"<script>window.__STATE__ = {" + b'"a": [1, {"body": "x"}], ' * (mass // 24) + b"</script>",
    )
    yield "mass-dump", lambda: _text(mass)
    yield "mass-dump-lines", lambda: _text(mass, LONG + "\n")
    yield "mass-dump-tail", lambda: (f"{LONG * 3}\n" * 3).encode() + _text(mass, "word\n")
    yield "mass-dump-short-lines", lambda: _text(mass, "word\n")
    yield (
        "mass-dump-dates",
        lambda: _text(mass, "13 Jan 2026\n") + (LONG * 3).encode() + _text(mass // 2, "13 Jan 2026\n"),
    )
    yield "mass-spaces", lambda: b"<p>a" + b" " * (mass // 5) + b"b"
    yield "mass-one-word", lambda: b"<p>" + b"x" * mass
    yield "mass-wide", lambda: b"<p>" + b"\xe6\x96\x87" * (mass // 3)
    yield "mass-latin", lambda: b"<meta charset=iso-8859-1><p>" + b"\xe9t\xe9 " * (mass // 4)
    yield "mass-unknown", lambda: b"<p>" + bytes(range(128, 256)) * (mass // 128)
    yield "mass-utf16", lambda: b"\xff\xfe" + ("<p>" + "\u6587 " * (mass // 4)).encode("utf-16-le")
    yield "mass-nul", lambda: b"<p>" + b"a\0" * (mass // 2)
    yield "mass-broken-utf8", lambda: b"<p>" + b"\xc3\x28 word " * (mass // 8)
    yield "mass-escapes", lambda: b"<meta charset=iso-2022-jp><p>" + b"\x1b$B" * (mass // 3)


def structures(of: Size) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Data that is deep, wide or long in its numbers."""
    deep, many = of(100_000), of(1_000_000)
    yield "data-arrays", lambda: _data("[" * deep)
    yield "data-closed-arrays", lambda: _data("[" * deep + "]" * deep)
    yield "data-objects", lambda: _data('{"a":' * deep + "1" + "}" * deep)
    for key in ("author", "name", "image", "keywords", "articleBody", "datePublished", "url", "publisher"):
        for depth in (400, 900):
            value = '[{"name":' * depth + '"A"' + "}]" * depth
            yield (
                f"data-{key}-{depth}",
                lambda key=key, value=value: _data(f'{{"@type": "NewsArticle", "{key}": {value}}}'),
            )
        urls = '{"url":' * 800 + '"A"' + "}" * 800
        yield f"data-{key}-urls", lambda key=key, urls=urls: _data(f'{{"@type": "NewsArticle", "{key}": {urls}}}')
    yield "data-number", lambda: _data('{"@type": "NewsArticle", "position": ' + "9" * 5_000 + "}")
    yield "data-numbers", lambda: _data("[" + ",".join(["9" * 5_000] * (many // 500)) + "]")
    yield "data-infinite", lambda: _data('{"@type": "NewsArticle", "datePublished": NaN, "wordCount": 1e999999}')
    yield "data-empties", lambda: _data("[" + "[]," * (many * 3) + "[]]")
    yield "data-empty-objects", lambda: _data("[" + "{}," * (many * 3) + "{}]")
    yield "data-many-scripts", lambda: _data("[" + "[]," * (of(4_900_000) // 3) + "[]]") * 10
    yield "data-small-scripts", lambda: _data('{"@type":"NewsArticle","headline":"A"}') * (many // 10)
    yield "data-long-list", lambda: _data('{"@type": "NewsArticle", "author": [' + '"A B",' * many + '"C D"]}')
    yield "data-references", lambda: _data("[" + '{"@id":"x","author":{"@id":"y"}},' * (many // 10) + "{}]")
    yield "data-commas", lambda: _data("{" + ", " * many + "}")
    yield "data-spaces", lambda: _data("{," + " " * many + "x")
    yield "data-semicolons", lambda: _data("{}" + "; " * many + "x")
    yield "data-strings", lambda: _data('"' + "\\" * many)
    yield "state-arrays", lambda: b"<script>window.__X__ = " + b"[" * deep + b"</script><p>x"
    yield "state-number", lambda: b"<script>window.__X__ = [" + b"9" * 5_000 + b"]</script><p>x"
    yield (
        "state-spaces",
        lambda: b'<script type="application/json">Fusion.globalContent' + b" " * many + b"</script><p>x",
    )
    yield "state-pushed", lambda: b'<script>self.__next_f.push([1,"1:[1]\\n"])</script>' * (many // 10)
    yield "state-pushes", lambda: b"<script>" + b'self.__next_f.push([1,"' * (many // 10) + b"</script>"
    yield "state-many", lambda: b"<script>__NEXT_DATA__ = [1]</script>" * (many // 10)


# Runs that make a careless pattern look again and again; one of each in every place that a pattern reads.
RUNS = {
    "separators": " | ",
    "dashes": " - ",
    "pipes": "| ",
    "by": "By ",
    "and": " and ",
    "commas": ", ",
    "digits": "1",
    "spaces": " ",
    "dates": "1.1.",
    "clocks": "1:1",
    "quotes": "\u201d",
    "stops": ".",
    "colons": ": ",
    "parentheses": "(",
    "brackets": "[",
    "entities": "&amp;",
    "tags": "<a",
    "angle": "&lt;",
    "fences": "*",
    "words": "a b ",
    "letters": "a",
    "capitals": "A ",
    "hyphens": "a-",
    "underscores": "_",
    "months": "May ",
    "updated": "updated ",
    "read": "read more ",
    "copyright": "all rights ",
    "photo": "photo ",
    "newlines": "\n",
    "signs": "sign up for ",
    "slashes": "/1",
}


def runs(of: Size) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """A megabyte of each run at full size, and many short ones, as headline, title, byline, date, line and data."""
    for name, unit in RUNS.items():
        yield f"run-{name}", lambda unit=unit: _everywhere(unit, of(1_000_000))


def _everywhere(unit: str, length: int) -> bytes:
    whole = unit * (length // len(unit))
    short = [(unit * (size // len(unit) + 1))[:size] for size in (60, 150, 299, 399)]
    pieces = [
        f'<title>{whole}</title><meta property="og:title" content="{whole}"><meta name="author" content="{whole}">'
    ]
    pieces += [
        f'<meta name="{key}" content="{text}x">' for text in short for key in ("author", "date", "keywords", "title")
    ]
    pieces.append(f'<h1>{whole}</h1><p class="byline">{whole}x</p><time>{whole}</time><p class="{whole}">{whole}x</p>')
    escaped = json.dumps(whole).replace("</", "<\\/")
    pieces.append(
        f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":{escaped},"author":{escaped},'
    )
    pieces.append(f'"datePublished":{escaped},"articleBody":{escaped},"keywords":{escaped}}}</script>')
    pieces += [
        f'<p>{text}</p><p class="byline">{text}</p><time>{text}</time><i><b>{text}</b>{text}</i>' for text in short
    ]
    pieces += [f"<p>{number} {text}" for number in range(100) for text in short]
    pieces.append(f"<p>{LONG}{LONG}<b>{whole}</b> <code>{whole}</code> <a href='/x'>{whole}</a></p>")
    return "".join(pieces).encode()


def pages(share: float = 1.0) -> dict[str, Callable[[], bytes]]:
    """Every page by its name, as a function that makes it, at ``share`` of the full size."""

    def of(count: int) -> int:
        return int(count * share)

    return dict(pair for kind in (nestings, multitudes, masses, structures, runs) for pair in kind(of))


def read_here(data: bytes) -> dict[str, object]:
    """What reading ``data`` in this process came to; the system ends the process if it takes longer than it may."""
    from scraper.reading import read

    before = time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (int(before) + SECONDS + 1, resource.RLIM_INFINITY))
    article = read(data, "https://harbour.example/a")
    spent = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found = {"seconds": round(spent, 2), "megabytes": peak, "kind": article.kind, "reason": article.reason}
    return found | {"characters": len(article.text), "removals": len(article.removals)}


def measure(names: Sequence[str], share: float = 1.0) -> dict[str, dict[str, object]]:
    """What reading each page took, all in one new process; a page at which it ended has ``failed`` and is the last."""
    command = [sys.executable, "-m", "benchmarks.hostile", "--here", "--share", str(share), *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = dict(zip(names, map(json.loads, done.stdout.splitlines()), strict=False))
    if done.returncode:
        found[names[len(found)]] = {"failed": f"exit {done.returncode}: {done.stderr.strip()[-300:]}"}
    return found


def is_within(found: Mapping[str, Any]) -> bool:
    """Whether a measured page kept the bounds."""
    return "failed" not in found and found["seconds"] <= SECONDS and found["megabytes"] <= MEGABYTES


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks hostile", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--share", type=float, default=1.0)
    options = parser.parse_args(arguments)
    known = pages(options.share)
    if options.here:
        for name in options.names:
            print(json.dumps(read_here(known[name]())), flush=True)
        return
    chosen = [name for name in known if name.startswith(tuple(options.names or [""]))]
    measured = {name: measure([name], options.share)[name] for name in chosen}
    for name, found in measured.items():
        print(f"{'ok  ' if is_within(found) else 'OVER'} {name:<32} {json.dumps(found, ensure_ascii=False)}")
    if over := [name for name, found in measured.items() if not is_within(found)]:
        sys.exit(f"{len(over)} of {len(chosen)} pages took more than they may: {', '.join(over)}")
    seconds, memory = (max(map(itemgetter(what), measured.values())) for what in ("seconds", "megabytes"))
    print(f"{len(chosen)} pages; the slowest took {seconds} s of CPU, the largest {memory} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
