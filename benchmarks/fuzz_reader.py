"""Damaged pages: each is read twice, and what comes out must be sound, the same both times, and soon there.

    python -m benchmarks fuzz [--pages FOLDER] [--mutants 10000] [--seed 1] [--jobs 1]

The same pages, number and seed give the same mutants. Pages are the files of FOLDER (``.html``, or gzip ``.html.gz``),
those of ``shared/pages`` beside the checkout, or else the demo newspaper's. ``--mutants`` are spread over at most 200.
"""

import argparse
import gzip
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path

from archive.records import UNSPOKEN, Article, ArticleKind, Block, BlockKind
from scraper.extract import extract
from scraper.reading import read

SHARED = Path(__file__).parents[2] / "shared" / "pages"
MOST_PAGES = 200
SECONDS = 10  # of CPU that a page may take
URL = "https://harbour.example/2026/01/13/ferry"
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ?)?")
TAG = re.compile(rb"<[^<>]*>")
DATA = re.compile(rb"ld\+json[^>]*>")
PLAIN = frozenset(BlockKind) - {BlockKind.CODE, BlockKind.TABLE}
CHARSETS = (
    "utf-8 utf-16 utf-32 iso-8859-1 windows-1251 shift_jis gb2312 iso-2022-jp utf-7 unicode_escape x-none".split()
)
GARBAGE = (
    *(b"\0", b"\x0b\x0c\x1b\x7f", b"\xed\xa0\x80", b"\xff\xfe", b"\xc3", b"\xe2\x80\xae", b"\r", b"\xc2\x85"),
    *(b"&#0;", b"&#xd800;", b"&#99999999999;", b"&amp;amp;amp;", b"&", b"&#", b"&nbsp", b"&#x1F468;&zwj;", b"%00"),
    *(b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x", b"</", b"<", b">", b"<!doctype x", b"<script>", b"</script>"),
    *(
        b"<plaintext>",
        b"<textarea>",
        b"<title>",
        b"<style>",
        b"<table><p>",
        b"<svg><p>",
        b"<frameset>",
        b"<base href=x>",
    ),
    *(
        b"</body>",
        b"</html><html>",
        b"<template>",
        b"<select>",
        b"<noscript>",
        b"<iframe>",
        b"<br><br>",
        b"<hr>",
        b"<pre>",
    ),
)
ATTRIBUTES = (
    *(
        b' class="related"',
        b" class='article-body",
        b" hidden",
        b' style="display:none"',
        b' href="//[x"',
        b' ="',
    ),
    *(
        b' datetime="2026-13-45"',
        b' itemprop="articleBody"',
        b' class="\xff"',
        b" a b=c d='e",
        b' id="' + b"x" * 3_000 + b'"',
    ),
    *(b' role="navigation"', b' aria-hidden="true"', b' src="javascript:x"', b' content="9999-12-31T23:59:59-14:00"'),
)
VALUES = (
    *(
        b"null",
        b"[]",
        b"{}",
        b"-1",
        b"1e999",
        b"9" * 5_000,
        b'"\\ud800"',
        b"[[[[[[[[1]]]]]]]]",
        b'{"@id": {"@id": []}}',
    ),
    *(b"NaN", b"true", b'{"name": [{"name": 1}]}', b"[" * 2_000, b'{"a":' * 2_000, b'"' + b"x" * 9_000 + b'"', b"'x'"),
)
Mutation = Callable[[random.Random, bytes, bytes], bytes]


def _place(rng: random.Random, page: bytes) -> int:
    return rng.randrange(len(page) + 1)


def _tags(rng: random.Random, page: bytes, count: int) -> list[tuple[int, int]]:
    """The places of some tags, in order."""
    found = [tag.span() for tag in TAG.finditer(page)]
    return sorted(rng.sample(found, min(count, len(found))))


def _insert(page: bytes, place: int, piece: bytes) -> bytes:
    return page[:place] + piece + page[place:]


def flip(rng: random.Random, page: bytes, _: bytes) -> bytes:
    data = bytearray(page)
    for _ in range(rng.choice((1, 10, 300))):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def truncate(rng: random.Random, page: bytes, _: bytes) -> bytes:
    start, stop = sorted((_place(rng, page), _place(rng, page)))
    return rng.choice((page[:stop], page[start:], page[start:stop]))


def drop_tags(rng: random.Random, page: bytes, _: bytes) -> bytes:
    for start, stop in reversed(_tags(rng, page, rng.choice((1, 20, 400)))):
        page = page[:start] + page[stop:]
    return page


def repeat_tags(rng: random.Random, page: bytes, _: bytes) -> bytes:
    for start, stop in reversed(_tags(rng, page, rng.choice((1, 10, 60)))):
        page = _insert(page, stop, page[start:stop] * rng.choice((1, 2, 40)))
    return page


def swap_tags(rng: random.Random, page: bytes, _: bytes) -> bytes:
    places = _tags(rng, page, rng.choice((2, 20, 100)))
    tags = [page[start:stop] for start, stop in places]
    rng.shuffle(tags)
    for (start, stop), tag in zip(reversed(places), tags, strict=True):
        page = page[:start] + tag + page[stop:]
    return page


def move(rng: random.Random, page: bytes, _: bytes) -> bytes:
    start, stop, place = sorted(_place(rng, page) for _ in range(3))
    return page[:start] + page[stop:place] + page[start:stop] + page[place:]


def splice(rng: random.Random, page: bytes, other: bytes) -> bytes:
    start, stop = sorted((_place(rng, other), _place(rng, other)))
    return _insert(page, _place(rng, page), other[start:stop])


def spoil_attributes(rng: random.Random, page: bytes, _: bytes) -> bytes:
    for _, stop in reversed(_tags(rng, page, rng.choice((1, 10, 100)))):
        page = _insert(page, stop - 1, rng.choice(ATTRIBUTES))
    return page


def litter(rng: random.Random, page: bytes, _: bytes) -> bytes:
    for _ in range(rng.choice((1, 5, 50))):
        page = _insert(page, _place(rng, page), rng.choice(GARBAGE))
    return page


def nest(rng: random.Random, page: bytes, _: bytes) -> bytes:
    tag = rng.choice("div span b a table ul li blockquote font section template label aside".split())
    depth = rng.choice((100, 130, 300, 3_000))
    page = _insert(page, _place(rng, page), f"<{tag}>".encode() * depth)
    return _insert(page, _place(rng, page), f"</{tag}>".encode() * rng.choice((0, depth)))


def lie(rng: random.Random, page: bytes, _: bytes) -> bytes:
    declared = b"<meta charset=" + rng.choice(CHARSETS).encode() + b">"
    text = page.decode("utf-8", "replace")
    written = rng.choice(("utf-8", "utf-16", "utf-16-be", "utf-32", "cp1252", "koi8-r", "shift_jis", "iso-2022-jp"))
    return rng.choice((declared + page, (declared.decode() + text).encode(written, rng.choice(("ignore", "replace")))))


def spoil_data(rng: random.Random, page: bytes, _: bytes) -> bytes:
    found = [match.end() for match in DATA.finditer(page)]
    if not found:
        value = rng.choice(VALUES)
        return b'<script type="application/ld+json">{"@type": "NewsArticle", "author": ' + value + b"}</script>" + page
    place = rng.choice(found)
    colons = [colon.end() for colon in re.finditer(rb":\s*", page[place : place + 5_000])] or [0]
    at = place + rng.choice(colons)
    return page[:at] + rng.choice(VALUES) + rng.choice((b",", b"")) + page[at + rng.choice((0, 1, 30)) :]


MUTATIONS: tuple[Mutation, ...] = (
    *(flip, truncate, drop_tags, repeat_tags, swap_tags, move, splice),
    *(spoil_attributes, litter, nest, lie, spoil_data),
)


def mutant(pages: Sequence[bytes], number: int, seed: int) -> bytes:
    """The mutant ``number`` of ``pages``: one to three mutations of one page."""
    rng = random.Random(f"{seed}/{number}")
    page, other = pages[number % len(pages)], rng.choice(pages)
    for mutation in rng.choices(MUTATIONS, k=rng.choice((1, 1, 2, 3))):
        page = mutation(rng, page, other)
    return page


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from _strings(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from _strings(child)


def _is_sound(block: Block) -> bool:
    return bool(block.text) and (block.kind not in PLAIN or "\n" not in block.text) and block.level >= 0


def faults(article: Article) -> list[str]:
    """What is wrong with the form of ``article``, by the contract of ``archive.records``."""
    spoken = "\n\n".join(block.text for block in article.blocks if block.kind not in UNSPOKEN)
    optional = (article.headline, article.standfirst, article.section, article.language, article.image_url)
    positions = [removal.position for removal in article.removals]
    wanted = {
        "strings that no file can hold": not any(
            "\ud800" <= c <= "\udfff" for text in _strings(asdict(article)) for c in text
        ),
        "a text that is not its blocks": article.text == spoken,
        "an unsound block": all(map(_is_sound, article.blocks)),
        "a time in no form of the contract": all(
            moment is None or MOMENT.fullmatch(moment) for moment in (article.published_at, article.modified_at)
        ),
        "an empty or endless author": all(0 < len(name) <= 60 and name == name.strip() for name in article.authors),
        "an empty field": all(value is None or value.strip() for value in optional),
        "a confidence out of range": 0 <= article.confidence <= 1,
        "no reason": article.kind not in (ArticleKind.HUB, ArticleKind.OTHER) or bool(article.reason),
        "a removal without rule or text": all(removal.rule and removal.text for removal in article.removals),
        "removals out of order": positions == sorted(positions),
        "evidence without source": all(found.field and found.source for found in article.evidence),
        "a link to nowhere": all(link.url.startswith(("http://", "https://")) for link in article.links),
    }
    return [what for what, is_so in wanted.items() if not is_so]


def check(page: bytes) -> list[str]:
    """What is wrong with what reading ``page`` gives."""
    start = time.process_time()
    article = read(page, URL)
    spent = time.process_time() - start
    found = faults(article)
    if spent > SECONDS:
        found.append(f"{spent:.1f} s of CPU")
    if read(page, URL) != article:
        found.append("another article the second time")
    article.markdown.encode()
    extract(page, URL)
    return found


def try_mutants(pages: Sequence[bytes], seed: int, numbers: Sequence[int]) -> dict[int, list[str]]:
    """The faults of those mutants that have any, by their number; an exception is one."""
    found = {}
    for number in numbers:
        try:
            wrong = check(mutant(pages, number, seed))
        except Exception as error:  # noqa: BLE001 - that nothing is raised is what is tried
            wrong = [f"{type(error).__name__}: {error}"[:200]]
        if wrong:
            found[number] = wrong
    return found


def load(folder: Path | None) -> list[bytes]:
    """The pages to damage."""
    folder = folder or (SHARED if SHARED.exists() else None)
    if folder is None:
        from scraper.demo.pages import resources

        served = resources(1, "http://127.0.0.1:8000").values()
        return [resource.body for resource in served if b"<h1" in resource.body][:MOST_PAGES]
    files = sorted(path for path in folder.rglob("*") if path.name.endswith((".html", ".html.gz", ".htm")))
    chosen = random.Random(1).sample(files, min(MOST_PAGES, len(files)))
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in chosen]


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args(arguments)
    pages = load(options.pages)
    parts = [range(start, min(start + 100, options.mutants)) for start in range(0, options.mutants, 100)]
    kinds: Counter[str] = Counter()
    with ProcessPoolExecutor(options.jobs) as pool:
        for part, found in zip(parts, pool.map(partial(try_mutants, pages, options.seed), parts), strict=True):
            for number, wrong in found.items():
                print(f"mutant {number}: {'; '.join(wrong)}")
                kinds.update(wrong)
            print(f"{part.stop} of {options.mutants} mutants of {len(pages)} pages, {kinds.total()} faults", flush=True)
    if kinds:
        sys.exit("\n".join(f"{count} × {what}" for what, count in kinds.most_common()))


if __name__ == "__main__":
    main(sys.argv[1:])
