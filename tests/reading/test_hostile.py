"""Pages made to exhaust a reader: nothing is raised, time and memory stay bounded, and what can be read is."""

from encodings.aliases import aliases

import pytest

from archive.records import ArticleKind
from benchmarks.hostile import is_within, measure
from benchmarks.hostile import pages as hostile_pages
from scraper.reading import parse, read, texts
from scraper.reading.bounds import MOST_ATTRIBUTES, MOST_BYTES, MOST_TEXT, without_endless_tags
from scraper.reading.jsonld import load, strings
from scraper.reading.markup import plain

SMALL = 0.01  # of the promise's sizes
WHOLE = [
    *("deep-div", "many-attributes-odd-quote", "many-elements", "mass-p", "mass-latin", "data-many-scripts"),
    *("data-spaces", "run-spaces", "run-tags"),
]


def test_every_hostile_page_is_read_within_bounds():
    names = list(hostile_pages(SMALL))
    found = measure(names, SMALL)
    assert {
        name: found.get(name) for name in names if not is_within(found.get(name) or {"failed": "not reached"})
    } == {}


@pytest.mark.parametrize("name", WHOLE)
def test_hostile_pages_of_full_size_take_ten_seconds_and_900_megabytes_at_most(name: str):
    found = measure([name])[name]
    assert is_within(found), found


@pytest.mark.parametrize("tag", "div span font blockquote section b x-y".split())
@pytest.mark.parametrize("depth", [150, 1_000, 1_500, 20_000])
def test_text_that_stands_deep_is_kept_and_so_is_what_comes_after(pages, tag, depth):
    html = pages.page(
        f"<h1>{pages.HEADLINE}</h1>" + f"<{tag}>" * depth + f"<p>{pages.PARAGRAPHS[0]}</p><p>{pages.PARAGRAPHS[1]}</p>"
        f"{f'</{tag}>' * depth}<p>{pages.PARAGRAPHS[2]}</p>"
    )
    assert [block.text for block in read(html).blocks] == list(pages.PARAGRAPHS[:3])


def test_tags_that_are_never_closed_lose_no_paragraph(pages):
    lines = [f"Paragraph {number}: {pages.PARAGRAPHS[number % 4]}" for number in range(1_500)]
    article = read(pages.page("".join(f"<p><font size=2><b>{line}" for line in lines)))
    assert sorted([block.text for block in article.blocks] + [removal.text for removal in article.removals]) == sorted(
        lines
    )


def test_scripts_stay_out_of_what_stands_deep(pages):
    html = pages.page("<div>" * 200 + f"<p>{pages.PARAGRAPHS[0]}<script>var x = 1</script><style>p {{}}</style></p>")
    assert read(html).text == pages.PARAGRAPHS[0]


@pytest.mark.parametrize(
    "before", ["", "a=don't ", 'x="<>" ', 'a = "b" ', 'href="/" ="', "a/b/c/", "<!-- ' ", 'x=b=" ', "y='\"' "]
)
@pytest.mark.parametrize("separator", [b" ", b"/", b"='<'", b'=">"', b"\n"])
def test_no_tag_keeps_more_attributes_than_it_may(before: str, separator: bytes):
    attributes = separator.join(b"a%d" % number for number in range(60_000))
    data = b"<div class=story id=x " + before.encode() + attributes + b"><p>Kept.</p></div>"
    cut = without_endless_tags(data)
    page = parse(cut)
    assert max(len(element.attrib) for element in page.root.iter()) <= MOST_ATTRIBUTES
    div = page.root.find(".//div")
    assert (div.get("class"), div.get("id")) == ("story", "x")
    assert page.root.findtext(".//p") == "Kept." or b'="' in data


@pytest.mark.parametrize(
    "harmless",
    [
        b"<script>if (a <b c=1) { '" + b"word word2 " * 50_000 + b"' }</script><p>Kept.",
        b"<!-- <a " + b"word word2 " * 50_000 + b" --><p>Kept.",
        b"<textarea><a " + b"word word2 " * 50_000 + b"</textarea><p>Kept.",
        b'<img alt="' + b"word word2 " * 50_000 + b'"><p>Kept.',
        b"<p>" + b"word word2 " * 50_000,
        b"<!---><p>" + b"word word2 " * 50_000,
    ],
)
def test_long_tags_and_texts_without_many_attributes_stay_as_they_are(harmless: bytes):
    assert without_endless_tags(harmless) == harmless


@pytest.mark.parametrize(
    "unit",
    [b'a="b" ', b"<a ", b"<a b='", b'<a "', b"a=", b'="', b"='\"", b"<a" * 300 + b">", b" ", b"a " * 190 + b"><a "],
)
def test_the_look_for_endless_tags_is_short_wherever_it_begins(unit: bytes):
    for ending in (b"", b">", b'">', b"'>"):
        data = b"<script>x</script><a " + unit * (500_000 // len(unit)) + ending
        assert len(without_endless_tags(data)) <= len(data) + 1  # within the suite's patience: it took minutes


def test_what_is_read_in_part_says_so_and_is_no_article(pages):
    for page in (
        pages.NEWSROOM + b"<!-- " + b"x" * MOST_BYTES,
        (pages.NEWSROOM + b"<!-- " + b"x" * MOST_BYTES).decode(),
        pages.NEWSROOM + b"<i></i>" * 400_000,
        pages.DUMP + "word\n" * 60_000,
        pages.DUMP + f"{pages.PARAGRAPHS[0]}\n" * (MOST_TEXT // 150),
        pages.page("".join(f"<p>{number}. {pages.PARAGRAPHS[1]}" for number in range(31_000))),
    ):
        article = read(page)
        assert article.kind is ArticleKind.OTHER
        assert article.reason
        assert article.reason.startswith("read in part: ")
        assert article.confidence <= 0.3
        assert pages.PARAGRAPHS[1] in article.text


def test_a_long_page_within_bounds_is_read_like_any_other(pages):
    article = read(pages.NEWSROOM + b"<!-- " + b"x" * 11_000_000 + b" --><script>" + b"y" * 5_000_000 + b"</script>")
    assert article.text == "\n\n".join(pages.PARAGRAPHS)
    assert article.kind is ArticleKind.ARTICLE


def test_whatever_charset_is_declared():
    body = b"<p>caf\xe9 \xff \\d \\u12 +AGE- \x1b$B \x80-abc " * 30
    for name in {*aliases, *aliases.values(), "idna", "unicode_escape", "undefined", "a\0b", "x" * 999, "\ud800"}:
        spelt = name.encode("utf-8", "replace")
        for page in (
            b"<meta charset=" + spelt + b">" + body,
            b'<?xml version="1.0" encoding="' + spelt + b'"?>' + body,
        ):
            assert read(page).text, name
        assert read(body, content_type=f"text/html; charset={name}").text, name


@pytest.mark.parametrize("digits", ["9" * 5_000, "0" * 5_000, "x" + "f" * 5_000])
@pytest.mark.parametrize("before", ["&#", "&amp;#", "&amp;amp;#"])
def test_references_to_characters_that_cannot_be(digits: str, before: str):
    text = f"A {before}{digits}; word"
    assert plain(text).startswith("A ")
    assert read(f"<meta name=description content='{text}'><title>{text}</title><h1>{text}</h1><p>{text}").headline


@pytest.mark.parametrize("key", "author headline image keywords articleBody datePublished url publisher @id".split())
@pytest.mark.parametrize("depth", [10, 400, 900, 5_000])
def test_data_of_any_depth(key: str, depth: int):
    for inner in ("name", "url"):
        value = f'[{{"{inner}":' * depth + '"Ada Brook"' + "}]" * depth
        page = (
            f'<script type="application/ld+json">{{"@type":"NewsArticle","{key}":{value}}}</script><h1>A headline</h1>'
        )
        assert read(page).headline


def test_names_are_looked_for_some_levels_deep_and_no_deeper():
    thing: object = "Ada Brook"
    for _ in range(9):
        thing = [{"name": thing}]
    assert strings(thing) == ["Ada Brook"]
    for _ in range(50):
        thing = [{"name": thing}]
    assert strings(thing) == []


@pytest.mark.parametrize(
    ("script", "values"),
    [
        ('{"a": 1};\n', [{"a": 1}]),
        ('<!-- {"a": 1} -->', [{"a": 1}]),
        ('//<![CDATA[\n{"a": 1};\n//]]>', [{"a": 1}]),
        ('/* <![CDATA[ */ {"a": 1} /* ]]> */ ;', [{"a": 1}]),
        ('<![CDATA[{"a": "]]>"}]]>', [{"a": "]]>"}]),
        ('{"a": 1}; {"b": 2,}', [{"a": 1}]),
        (" ; ", []),
    ],
)
def test_data_comes_out_of_its_wrapping(script: str, values: list[object]):
    assert load(script) == values


def test_spaces_within_emphasis_are_one(pages):
    article = read(pages.page(f"<p>{pages.PARAGRAPHS[0]} <b>two{' ' * 100_000}three</b> <i> four </i>five.</p>"))
    assert article.markdown.endswith("**two three** *four* five.")


@pytest.mark.parametrize("layout", ["newsroom", "divs", "breaks", "tables", "split", "amp"])
def test_large_parts_give_the_same_pieces_as_small_ones(pages, layout, monkeypatch):
    odd = b"<p>a<svg>b<title>c</title></svg>d<script>e</script>f<template>g<b>h</b></template>i<style>j</style>k</p>l"
    root = parse(pages.LAYOUTS[layout].replace(b"</body>", odd + b"</body>")).root
    small = [list(texts.pieces_of(element)) for element in root.iter()]
    monkeypatch.setattr(texts, "LARGE", 0)
    assert [list(texts.pieces_of(element)) for element in root.iter() if element.tag not in texts.UNSEEN] == [
        pieces for pieces, element in zip(small, root.iter(), strict=True) if element.tag not in texts.UNSEEN
    ]


@pytest.mark.parametrize(
    "body", [b"<frameset><frame src=a></frameset>", b"<body></body>", b"<body hidden> </body>", b""]
)
def test_a_page_with_nothing_in_it_has_no_story(body: bytes):
    article = read(b"<html><head><title>Frames</title></head>" + body + b"</html>", "https://harbour.example/a")
    assert (article.kind, article.text) == (ArticleKind.OTHER, "")
