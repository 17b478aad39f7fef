"""Stories on several pages, on a real server: one article with the text of all, through edits, rebuilds and cuts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.content import Content
from archive.digests import digest_of_readings
from archive.parts import join
from archive.records import Article, Block, BlockKind, Link, Removal, RemovalKind
from archive.store import Archive
from archive.verify import verify
from scraper.discovery.continuation import WHOLE, Part, part_of
from scraper.reading import parse
from scraper.rebuild.rebuilding import rebuild
from tests.crawl.conftest import Crawl
from tests.crawl.newsroom import Answer, Newsroom, hub

Rows = Callable[..., list[tuple[Any, ...]]]
FIRST = "/town/the-long-story-of-the-harbour-10001"
TEXTS = (
    """The harbour was dug by hand, and those who dug it are on no stone. {} It took them eleven winters and one spring,
and when the water came in they stood on the wall and said nothing, as the keeper's book has it.""",
    """The second harbour master kept geese. {} They walked the quay at night and made such a noise at strangers that
the town paid for their corn until the year of the storm, when two of them were seen out at sea.""",
    """Of the third there is a picture. {} It shows a man with a coil of rope and the look of one who has been asked to
hold still for longer than he thinks right, and behind him the light that he would not have lit.""",
)
FORMS = {"query": "{}?page={}", "path": "{}/{}", "word": "{}/page/{}"}


def address(form: str, number: int) -> str:
    return FIRST if number == 1 else FORMS[form].format(FIRST, number)


def page(form: str, number: int, said: str = "", *, pages: int = 3, canonical: str = "") -> bytes:
    others = "".join(
        f'<a href="{address(form, other)}">{other}</a> ' for other in range(1, pages + 1) if other != number
    )
    return (
        f'<html lang="en"><head><title>Harbour</title>{canonical}'
        f'<meta property="og:type" content="article"></head>'
        f"<body><article><h1>The long story of the harbour</h1><time datetime='2026-01-13'></time>"
        f"<p>{TEXTS[number - 1].format(said)}</p><p>This is what there is to say in the chapter numbered {number}"
        f" and no more, though much is left out of it.</p></article><div class='pages'>{others}</div></body></html>"
    ).encode()


def publish(newsroom: Newsroom, form: str = "query", **said: str) -> None:
    newsroom.pages["/"] = hub(FIRST)
    for number in (1, 2, 3):
        newsroom.pages[address(form, number)] = page(form, number, said.get(f"p{number}", ""))


def sound(path: Path) -> bool:
    """A deep check finds nothing, and a rebuild changes nothing."""
    with Archive.open(path) as archive:
        before = digest_of_readings(archive.connection)
    rebuild(path, jobs=1)
    with Archive.open(path) as archive:
        return digest_of_readings(archive.connection) == before and not list(verify(path, deep=True))


@pytest.mark.parametrize("form", FORMS)
def test_the_pages_of_a_story_are_one_article(form: str, newsroom: Newsroom, run: Crawl, rows: Rows, path: Path):
    publish(newsroom, form)
    assert run().new == 1
    ((url, text, versions),) = rows("SELECT url, text, versions FROM latest")
    assert (url, versions) == (newsroom.base + FIRST, 1)
    places = [text.index(words[:30]) for words in TEXTS]
    assert places == sorted(places)
    assert len(rows("SELECT url FROM urls WHERE kind <> 'same'")) == 3
    assert sound(path)


def test_a_change_on_the_second_page_is_a_version(newsroom: Newsroom, run: Crawl, rows: Rows, path: Path):
    publish(newsroom)
    run()
    assert run().exit_code == 0
    assert rows("SELECT versions FROM articles") == [(1,)]
    publish(newsroom, p2="Nobody knows who sold them to him.")
    run(full=True)
    assert rows("SELECT number, change FROM versions ORDER BY number") == [(1, "new"), (2, "silent")]
    assert rows("SELECT words_added, words_removed FROM changes WHERE to_version = 2") == [(7, 0)]
    assert all(words[:30] in rows("SELECT text FROM latest")[0][0] for words in TEXTS)
    run(full=True)
    assert rows("SELECT versions FROM articles") == [(2,)]
    assert sound(path)


def test_a_page_that_goes_takes_its_text_along(newsroom: Newsroom, run: Crawl, rows: Rows, path: Path):
    publish(newsroom)
    run()
    for number in (1, 2):
        newsroom.pages[address("query", number)] = page("query", number, pages=2)
    newsroom.pages.pop(address("query", 3))
    run(full=True)
    assert TEXTS[2][:30] not in rows("SELECT text FROM latest")[0][0]
    assert rows("SELECT versions, gone_at FROM articles") == [(2, None)]
    assert sound(path)


def test_a_crawl_that_is_cut_between_two_pages_makes_no_version_of_half(
    newsroom: Newsroom, run: Crawl, rows: Rows, path: Path
):
    publish(newsroom)
    newsroom.pages[address("query", 2)] = Answer(b"down", 503)
    run()
    publish(newsroom)
    run()
    assert rows("SELECT versions FROM articles") == [(1,)]
    assert TEXTS[2][:30] in rows("SELECT text FROM latest")[0][0]
    assert sound(path)


def test_pages_that_name_the_first_as_canonical_are_joined(newsroom: Newsroom, run: Crawl, rows: Rows, path: Path):
    publish(newsroom)
    link = f'<link rel="canonical" href="{newsroom.base}{FIRST}">'
    for number in (1, 2, 3):
        newsroom.pages[address("query", number)] = page("query", number, canonical=link)
    run()
    run(full=True)
    assert rows("SELECT versions FROM articles") == [(1,)]
    assert TEXTS[2][:30] in rows("SELECT text FROM latest")[0][0]
    assert sound(path)


def part(url: str, links: str) -> Part:
    base = "https://ledger.example"
    return part_of(parse(f"<html><body><p>Story</p>{links}</body></html>", base + url))


@pytest.mark.parametrize(
    ("url", "links", "number", "following"),
    [
        ("/town/ferry", '<a href="/town/ferry?page=2">2</a>', 1, "/town/ferry?page=2"),
        ("/town/ferry", '<a href="?page=2">Next</a>', 1, "/town/ferry?page=2"),
        ("/town/ferry.html", '<a rel="next" href="/town/ferry-2.html">more</a>', 1, "/town/ferry-2.html"),
        ("/town/ferry.html", '<a href="ferry-page-2.html">weiter</a>', 1, "/town/ferry-page-2.html"),
        ("/town/ferry/2", '<a href="/town/ferry">1</a><a href="/town/ferry/3">3</a>', 2, "/town/ferry/3"),
        ("/town/ferry/3", '<link rel="prev" href="/town/ferry/2">', 3, None),
        ("/town/ferry-2.html", '<a href="/town/ferry.html">1</a>', 2, None),
    ],
)
def test_pages_of_a_story(url: str, links: str, number: int, following: str | None):
    found = part(url, links)
    assert (found.number, found.next) == (number, following and "https://ledger.example" + following)


@pytest.mark.parametrize(
    ("url", "links"),
    [
        ("/town/ferry", '<link rel="next" href="/town/the-next-story">'),
        ("/town/ferry", '<a href="/town/ferry/comment-page-2#comments">2</a>'),
        ("/town/ferry", '<a href="/town/ferry-2">The ferry again: a second look</a>'),
        ("/town/ferry-2", '<a href="/town/ferry">The ferry: a first look</a>'),
        ("/town/story-10002", '<a rel="prev" href="/town/story-10001">Previous</a>'),
        ("/town/ferry?page=2", ""),
        ("/", '<a href="/?page=2">2</a>'),
    ],
)
def test_what_is_a_story_of_its_own(url: str, links: str):
    assert part(url, links).number == 1
    if url != "/":
        assert part(url, links) == WHOLE


def content(*texts: str) -> Content:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text, position=place) for place, text in enumerate(texts))
    article = Article(
        url="https://ledger.example/a",
        headline="H",
        blocks=blocks,
        removals=(Removal(RemovalKind.SHARE, "r", "Share", 1),),
        links=(Link("https://ledger.example/b", "b"),),
    )
    return Content.of(article, "https://ledger.example/a", "1")


def test_what_an_earlier_page_said_is_not_said_twice():
    lead = "The lead that stands on each of the pages of this story."
    joined = join([content(lead, "One."), content(lead, "Two."), content("Three.")])
    assert joined.text == f"{lead}\n\nOne.\n\nTwo.\n\nThree."
    assert joined.paragraphs() == (lead, "One.", "Two.", "Three.")
    assert joined.markdown == joined.text
    assert joined.words == 15
    assert [cut[1] for cut in joined.removals] == ["share", "repeat", "share", "share"]
    places = [cut[0] for cut in joined.removals]
    assert places == sorted(places)
    assert len(joined.links) == 3
    assert join([content("One.")]) == content("One.")
