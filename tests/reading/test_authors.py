# ruff: noqa: E501 - markup reads best unbroken
"""Who a page names as its authors, in its data and in print."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reading import read
from scraper.reading.printed_names import printed_names

URL = "https://harbour.example/2026/ferry"
SITE = '<meta property="og:site_name" content="The Harbour Post">'


def authors(pages, before: str = "", after: str = "", head: str = "", over: str = "") -> tuple[str, ...]:
    body = f"{over}<article><h1>{pages.HEADLINE}</h1>{before}{pages.story()}</article>{after}"
    return read(pages.page(body, SITE + head), URL).authors


def data(author: object) -> str:
    """JSON-LD of an article by ``author``."""
    things = [
        {"@type": "NewsArticle", "headline": "x", "author": author},
        {"@type": "Person", "@id": "#ada", "givenName": "Ada", "familyName": "Brook"},
        {"@type": "Person", "@id": "#zoe", "name": "Zoé Lac"},
    ]
    return f'<script type="application/ld+json">{json.dumps({"@graph": things})}</script>'


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Ada Brook", ("Ada Brook",)),
        (["Ada Brook", "Zoé Lac"], ("Ada Brook", "Zoé Lac")),
        ({"@type": "Person", "name": "Ada Brook, Zoé Lac"}, ("Ada Brook", "Zoé Lac")),
        ({"@type": "Person", "name": ["Ada Brook"]}, ("Ada Brook",)),
        ({"@type": "Person", "givenName": "Ada", "familyName": "Brook"}, ("Ada Brook",)),
        ({"@id": "#zoe"}, ("Zoé Lac",)),
        ([{"@id": "#zoe"}, {"@type": "Person", "name": "Ada Brook"}], ("Zoé Lac", "Ada Brook")),
        ({"@id": "https://harbour.example/#nobody"}, ()),
        ({"@type": "Person", "name": "Ada &amp; Zoé"}, ("Ada", "Zoé")),
        ({"@type": "Person", "name": "Ada Brook @adabrook"}, ("Ada Brook",)),
        ({"@type": "Person", "name": "harbourcat7"}, ("harbourcat7",)),
        ({"@type": "Organization", "name": "Harbour Post newsroom"}, ("Harbour Post newsroom",)),
        ([{"@type": "Person", "name": "Ada Brook"}, {"@type": "Organization", "name": "DPX"}], ("Ada Brook", "DPX")),
        (
            [{"@type": "Person", "name": "Ada Brook"}, {"@type": "Organization", "name": "The Harbour Post"}],
            ("Ada Brook",),
        ),
        ({"@type": "Person", "name": ""}, ()),
        (None, ()),
        (7, ()),
    ],
)
def test_authors_in_json_ld(pages, author, expected):
    assert authors(pages, head=data(author)) == expected


@pytest.mark.parametrize(
    "byline",
    [
        '<div class="meta"><a rel="author" href="/a">Ada Brook</a> 3 comments</div>',
        '<div>Written for you by <span itemprop="author"><span itemprop="name">Ada Brook</span></span></div>',
        '<p>13 January 2026 <span class="author vcard"><a class="url fn n" href="/x">Ada Brook</a></span></p>',
        '<div class="article-byline">By <span class="article-byline__author-name">Ada Brook</span> Chief Harbour Writer</div>',
        '<div class="byline">Posted by Ada Brook in Transport on January 13, 2026</div>',
        '<div class="post-meta">Veröffentlicht am 13. Januar 2026 von Ada Brook</div>',
        '<p class="info">Von Ada Brook | 13. Januar 2026 | Keine Kommentare</p>',
        "<address>Ada Brook</address>",
        '<ul><li><a href="/autoren/ada-brook">Ada Brook</a></li></ul>',
        '<div data-testid="article-author">Ada Brook</div>',
        "<p>By Ada Brook</p>",
        "<p>Par Ada Brook</p>",
        "<p>Autor: Ada Brook</p>",
        "<p>13.01.2026 - Ada Brook</p>",
        "<p>Ada Brook | January 13, 2026</p>",
        "<p>13.01.2026 | 13:10 Uhr | Ada Brook</p>",
        "<p>Byby ADA BROOK</p>",
        "<p>Ada Brook, @adabrook</p>",
        '<p class="byline">By Ada Brook Published in Harbour January 13, 2026 2:24 pm</p>',
        '<div class="byline">Tuesday January 13, 2026 10:44 am PST by Ada Brook</div>',
        '<div class="author">Ada Brook Ada Brook Ferries</div>',
        '<div class="author-name">By <a href="/authors/ada">Ada Brook</a><div class="author-affiliation">Staff Writer</div></div>',
        '<p class="byline"><a rel="author">Ada Brook</a><a rel="author">News &amp; Culture Writer</a></p>',
        '<div class="byline"><div class="post-author">Ada Brook</div><div class="post-category author">Harbour</div></div>',
        '<div id="byline">[Ada Brook]</div>',
        '<aside><a rel="author" href="/a">Ada Brook</a> Tue 13 Jan 2026 15.26 GMT</aside>',
        '<nav class="by">Edited by <a rel="author" href="/a">Ada Brook</a> January 13, 2026</nav>',
    ],
)
def test_printed_bylines(pages, byline):
    assert authors(pages, byline) == ("Ada Brook",)


@pytest.mark.parametrize(
    "byline",
    [
        "<p>By Ada Brook and Zoé Lac</p>",
        '<ul class=people><li class="author"><a href="/a">Ada Brook</a></li><li class="author"><a href="/z">Zoé Lac</a></li></ul>',
        '<div><a rel="author" href="/a">Ada Brook</a> and <a rel="author" href="/z">Zoé Lac</a></div>',
    ],
)
def test_several_printed_authors(pages, byline):
    assert authors(pages, byline) == ("Ada Brook", "Zoé Lac")


@pytest.mark.parametrize("label", ["著者：", "文●", "作者:", "執筆／"])
def test_labels_of_authors_in_scripts_without_spaces(pages, label):
    assert authors(pages, f"<p>{label}青木海</p>") == ("青木海",)


def test_a_line_that_says_by_is_preferred_to_a_mark_further_from_the_headline(pages):
    card = '<div class="stories"><div class="story__author author">Una Low</div></div>'
    assert authors(pages, f"<p>By Ada Brook</p>{pages.story()}{card}") == ("Ada Brook",)
    assert authors(pages, f"<p>Photographs taken by the ferry</p><div class=author>Ada Brook</div>{card}") == (
        "Ada Brook",
    )


def test_the_sites_name_is_known_without_its_spaces(pages):
    by = "<p>By Ada Brook</p>"
    found = read(pages.page(f"<h1>{pages.HEADLINE}</h1>{by}{pages.story()}", '<meta name="author" content="Harbour Post">'),
                 "https://harbourpost.example/2026/ferry")  # fmt: skip
    assert found.authors == ("Ada Brook",)


def test_an_author_box_after_the_story_names_its_author(pages):
    box = '<div class="author-box"><h4 class="author-name">Ada Brook</h4><p>Ada has sailed since 1999.</p></div>'
    assert authors(pages, after=f"{'<p><b>x</b></p>' * 90}{box}") == ("Ada Brook",)


@pytest.mark.parametrize(
    "other",
    [
        '<ol class="comment-list"><li class="comment"><div class="comment-author"><b class="fn">Tim Loud</b></div></li></ol>',
        '<div id="comments"><span class="author">Tim Loud</span></div>',
        '<aside><a rel="author" href="/t">Tim Loud</a></aside>',
        '<div class="related-stories"><span class="byline">By Tim Loud</span></div>',
        '<footer><a href="/authors/tim">Tim Loud</a></footer>',
        '<div class="x"><span class="author">Tim Loud</span></div><div class="x"><span class="author">Una Low</span></div>',
    ],
)
def test_commenters_and_the_authors_of_others_are_not_the_storys(pages, other):
    assert authors(pages, after=f"{'<p><b>x</b></p>' * 90}{other}") == ()


@pytest.mark.parametrize(
    ("line", "head"),
    [
        ("<p>By submitting, you agree to receive messages.</p>", ""),
        ('<p class="byline">13 January 2026</p>', ""),
        ('<p class="post-meta">Transport, Harbour</p>', ""),
        ('<p class="author">admin</p>', ""),
        ('<p class="byline">By</p>', ""),
        ("<p>13 January 2026 | Transport</p>", ""),
        ("", '<meta property="article:author" content="https://social.example/harbour">'),
    ],
)
def test_no_author_is_made_up(pages, line, head):
    assert authors(pages, line, head=head) == ()


@pytest.mark.parametrize("owner", ["harbour.example", "The Harbour Post", "Harbour", "harbourpost.com"])
def test_who_is_printed_is_preferred_to_the_sites_own_name(pages, owner):
    owned = f'<meta name="author" content="{owner}">'
    assert authors(pages, "<p>By Ada Brook</p>", head=owned) == ("Ada Brook",)
    assert authors(pages, head=owned) == (owner,)


def test_what_is_printed_is_preferred_to_the_pages_meta_author_and_data_to_both(pages):
    head = '<meta name="author" content="Theme Builder">'
    byline = '<span class="author">Ada Brook</span>'
    assert authors(pages, byline, head=head) == ("Ada Brook",)
    assert authors(pages, byline, head=head + data("Zoé Lac")) == ("Zoé Lac",)
    assert authors(pages, head=head) == ("Theme Builder",)


def test_an_organisation_gives_way_to_a_printed_person_and_stands_against_a_code(pages):
    house = data({"@type": "Organization", "name": "Coast Agency"})
    assert authors(pages, '<span class="author">Ada Brook</span>', head=house) == ("Ada Brook",)
    assert authors(pages, '<span class="author">abk</span>', head=house) == ("Coast Agency",)


def test_family_names_that_come_first_are_turned(pages):
    assert authors(pages, head='<meta name="citation_author" content="Brook, Ada">') == ("Ada Brook",)


def test_the_evidence_says_where_a_byline_stood(pages):
    html = pages.page(f'<h1>{pages.HEADLINE}</h1><a rel="author" href="/a">Ada Brook</a>{pages.story()}')
    assert [found.source for found in read(html).evidence if found.field == "authors"] == ["dom:author"]


@given(st.text(max_size=150), st.booleans())
def test_any_printed_line_gives_clean_names(text, marked):
    for name in printed_names(text, marked=marked):
        assert name == " ".join(name.split())
        assert not name.lower().startswith(("by ", "von ", "http"))
        assert "@" not in name
        assert not (" " in name and any(character.isdigit() for character in name))


@given(
    st.sampled_from(["By ", "Von ", "par ", "Posted on 3 May 2026 by ", "Autor: "]),
    st.sampled_from(["", " | 3 May 2026", " on January 3, 2026", " · 5 min read", ", 3.5.2026", " @ada"]),
)
def test_what_stands_around_a_name_is_not_the_name(before, after):
    assert printed_names(f"{before}Ada van der Brook{after}", marked=False) == ("Ada van der Brook",)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Written by Ada Brook", ("Ada Brook",)),
        ("Text: Ada Brook", ("Ada Brook",)),
        ("Text von Ada Brook", ("Ada Brook",)),
        ("This article was written by Ada Brook.", ("Ada Brook",)),
        ("Autoren: Ada Brook und Mara Quill", ("Ada Brook", "Mara Quill")),
        ("Author: the editorial team", ()),
        ("Text: the whole of the harbour act", ()),
    ],
)
def test_the_only_line_that_says_who_wrote_it_far_from_the_headline(pages, line, names):
    far = "".join(f"<p>Item {number}, of no weight.</p>" for number in range(20))
    assert read(pages.page(f"<h1>{pages.HEADLINE}</h1>{pages.story()}{far}<p>{line}</p>")).authors == names


def test_two_lines_that_name_different_people_name_nobody(pages):
    far = "".join(f"<p>Item {number}, of no weight.</p>" for number in range(20))
    lines = "<p>Written by Ada Brook</p><p>Written by Mara Quill</p>"
    assert read(pages.page(f"<h1>{pages.HEADLINE}</h1>{pages.story()}{far}{lines}")).authors == ()


@pytest.mark.parametrize(
    ("name", "note", "names"),
    [
        ("Ada Brook", "Ada Brook is a writer on boats who lives in Northport.", ("Ada Brook",)),
        ("Ada Brook", "Ada Brook has covered boats for ten years. She lives in Northport.", ("Ada Brook",)),
        ("Harbour Board", "Harbour Board is a company that runs boats between two towns.", ()),
        ("Ada Brook", "Nothing is said of anyone who wrote this here, nor who she is.", ()),
    ],
)
def test_a_name_alone_at_the_headline_and_a_note_on_it_below(pages, name, note, names):
    body = f"<h1>{pages.HEADLINE}</h1><div>{name}</div><div>4 min</div>{pages.story()}<div>{note}</div>"
    assert read(pages.page(body)).authors == names
