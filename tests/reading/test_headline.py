"""Which of the texts that a page has for a title is its headline."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reading import parse, read
from scraper.reading.candidates import NAMES, candidates_of, printed_slot, rows_of
from scraper.reading.head import Head, head_of
from scraper.reading.headings import Heading, headings_of
from scraper.reading.headline import choose_headline, spelled_out
from scraper.reading.outline import outline
from scraper.reading.titles import domain_names, site_names, told_titles, without_suffix

SEO = "Northport ferry winter timetable: all you need to know"
URL = "https://harbour.example/2026/night-ferry-stays-for-the-winter"


def with_titles(pages, body: str, **titles: str) -> bytes:
    """A page with ``og``, ``tw``, ``ld`` and ``title`` as given."""
    head = f"<title>{titles['title']}</title>" if "title" in titles else ""
    head += f'<meta property="og:title" content="{titles["og"]}">' if "og" in titles else ""
    head += f'<meta name="twitter:title" content="{titles["tw"]}">' if "tw" in titles else ""
    if "ld" in titles:
        script = f'{{"@type": "NewsArticle", "headline": "{titles["ld"]}"}}'
        head += f'<script type="application/ld+json">{script}</script>'
    return pages.page(f"{body}<article>{pages.story()}</article>", head)


def choose(html: bytes, *names: str) -> str | None:
    page = parse(html, URL)
    head = head_of(page)
    return choose_headline(head, headings_of(head, outline(page.root)), URL, names)[0]


@pytest.mark.parametrize(
    "crumb",
    [
        '<ul class="breadcrumb"><li><a href="/">Home</a></li><li><h1>{seo}</h1></li></ul>',
        '<nav><ol><li><a href="/">Home</a></li><li><h1>{seo}</h1></li></ol></nav>',
        "<div data-breadcrumb-wrapper><div><h1>{seo}</h1></div></div>",
        '<div><h1 class="Top_seotitle__8I8">{seo}</h1></div>',
    ],
)
def test_the_heading_that_readers_see_is_preferred_to_an_h1_in_a_breadcrumb(pages, crumb):
    html = with_titles(
        pages, f"{crumb.format(seo=SEO)}<h2>{pages.HEADLINE}</h2>", og=pages.HEADLINE, ld=SEO, title=f"{SEO} | Post"
    )
    article = read(html)
    assert article.headline == pages.HEADLINE
    assert [found.source for found in article.evidence if found.field == "headline"] == ["dom:h2"]


def test_a_headline_below_a_breadcrumb_comes_without_the_label_that_its_markup_sets_apart(pages):
    heading = f"<h2><span class=k>Transport</span><span> – </span><span>{pages.HEADLINE}</span></h2>"
    html = with_titles(pages, f"<nav><h1>{SEO}</h1></nav>{heading}", og=pages.HEADLINE, ld=SEO, title=SEO)
    assert read(html).headline == pages.HEADLINE


def test_an_h1_in_a_breadcrumb_stays_the_headline_when_nothing_lower_is_told_elsewhere(pages):
    html = with_titles(pages, f"<nav><h1>{pages.HEADLINE}</h1></nav><h2>The first boat</h2>", og=pages.HEADLINE)
    assert read(html).headline == pages.HEADLINE


@pytest.mark.parametrize(
    "address", ["/", "https://harbour.example/", "//harbour.example", "https://harbour.example/index.html"]
)
def test_a_logo_in_an_h1_is_no_headline(pages, address):
    logo = f'<h1><a href="{address}">The Harbour Post</a></h1><div><h2><a href="/x">{pages.HEADLINE}</a></h2></div>'
    assert read(with_titles(pages, logo, title=f"{pages.HEADLINE} | The Harbour Post")).headline == pages.HEADLINE


def test_the_printed_h1_is_preferred_to_what_social_media_are_told(pages):
    told = "You will not believe which boat now sails at night"
    html = with_titles(
        pages, f"<h1>{pages.HEADLINE}</h1>", og=told, ld=pages.HEADLINE, title=f"{pages.HEADLINE} | The Harbour Post"
    )
    assert read(html, URL).headline == pages.HEADLINE


def test_a_title_cut_short_gives_way_to_the_whole(pages):
    html = with_titles(pages, f"<h1>{pages.HEADLINE}</h1>", og=f"{pages.HEADLINE[:18]}…", tw=f"{pages.HEADLINE[:18]}…")
    assert read(html, URL).headline == pages.HEADLINE


def test_entities_escaped_twice_are_read(pages):
    html = with_titles(
        pages, "", og="Fish &amp;amp; chips on the night ferry", title="Fish &amp; chips on the night ferry"
    )
    assert read(html).headline == "Fish & chips on the night ferry"


def test_a_heading_in_pieces_is_read_as_the_others_write_it(pages):
    body = "<h1><span>Night ferry</span><span>: It stays for the winter</span></h1>"
    text = "Night ferry: It stays for the winter"
    assert read(with_titles(pages, body, og=text, ld=text, title=f"{text} | Post")).headline == text


def test_the_names_of_a_site_that_others_have_learned_are_split_off(pages):
    html = with_titles(pages, "", title=f"{pages.HEADLINE} - Northport and the Coast")
    assert choose(html) == f"{pages.HEADLINE} - Northport and the Coast"
    assert choose(html, "Northport and the Coast") == pages.HEADLINE


def test_a_page_without_any_title_has_no_headline():
    assert choose_headline(Head(), []) == (None, [])
    assert read(b"<p>Only a line.</p>").headline is None


def test_a_generic_title_stands_when_there_is_no_other(pages):
    assert read(with_titles(pages, "", title="Home")).headline == "Home"
    assert read(with_titles(pages, f"<h1>{pages.HEADLINE}</h1>", title="Home")).headline == pages.HEADLINE


@pytest.mark.parametrize(
    ("title", "others", "names", "expected"),
    [
        ("Ferry stays | Post", [], ["Post"], "Ferry stays"),
        ("Post: Ferry stays", [], ["Post"], "Ferry stays"),
        ("Ferry stays - News - Post", ["Ferry stays"], [], "Ferry stays"),
        ("The night ferry stays » Post", [], [], "The night ferry stays"),
        ("Ferry | Stays", [], [], "Ferry | Stays"),
        ("The night ferry stays | Harbour | Post", [], ["Post"], "The night ferry stays"),
        ("The night ferry stays | Harbour | Post", [], [], "The night ferry stays"),
        ("Night ferry | Harbour | Post", [], ["Post"], "Night ferry | Harbour"),
        ("The night ferry stays - Harbour | Post", [], ["Post"], "The night ferry stays - Harbour"),
        ("夜のフェリーは残ることになった_港_港日報", [], ["港日報"], "夜のフェリーは残ることになった"),
        ("夜のフェリーは残ることになった。｜港日報", [], [], "夜のフェリーは残ることになった。"),
        ("Ferry stays", ["Ferry stays"], [], "Ferry stays"),
        ("", [], [], ""),
    ],
)
def test_suffixes(title, others, names, expected):
    assert without_suffix(title, others, names) == expected


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("https://www.harbour-post.example/x", ["harbour-post.example", "harbour-post"]),
        ("https://news.harbour.example.uk/", ["news.harbour.example.uk", "harbour"]),
        ("http://localhost/", []),
        ("//[x", []),
        (None, []),
    ],
)
def test_the_names_that_an_address_gives_a_site(address, names):
    assert domain_names(address) == names


TITLES = st.text(st.sampled_from(string.ascii_letters + " |-–:»…'’“é文"), max_size=40)


@given(st.lists(TITLES, max_size=4), st.lists(TITLES, max_size=4), st.text(max_size=30))
def test_any_titles_give_one_of_their_own_texts(told, printed, url):
    head = Head(meta={"og:title": told[:2], "og:site_name": told[3:]}, titles=told[2:3])
    headings = [Heading(text, 1 + order % 3, order=order) for order, text in enumerate(printed) if text]
    headline, evidence = choose_headline(head, headings, url)
    assert bool(headline) == bool(evidence)
    if headline:
        assert any(headline in " ".join(text.split()) for text in (*told, *printed)) or headline in printed


@given(st.lists(TITLES.filter(bool), min_size=1, max_size=5))
def test_a_row_has_a_number_for_each_name(texts):
    headings = [Heading(text, 1, order=order) for order, text in enumerate(texts)]
    head = Head(titles=texts[:1])
    told = told_titles(head)
    found = candidates_of(told, headings, site_names(head))
    rows = rows_of(found, told, headings, [], URL)
    assert list(rows) == list(found)
    assert {len(row) for row in rows.values()} == {len(NAMES)}
    assert printed_slot(headings) in headings


def test_a_label_and_a_title_in_one_heading_are_spelt_as_the_data_spell_them(pages):
    heading = "<h2><span>Ferries</span> <span>The night boat stays for the whole of the winter</span></h2>"
    head = '<meta property="og:title" content="Ferries / The night boat stays for the whole of the winter">'
    title = "<title>Ferries The night boat stays for the whole of the winter | The Harbour Post</title>"
    article = read(pages.page(f"<main>{heading}{pages.story()}</main>", head + title), URL)
    assert article.headline == "Ferries / The night boat stays for the whole of the winter"


def test_a_heading_that_joins_nothing_stays_as_it_is_printed():
    printed = Heading("The boat's back", 1)
    joined = Heading("Ferries The boat", 1, order=1)
    label = Heading("Ferries", 1, part=True, order=1)
    found = candidates_of([("og", "The boats back"), ("og", "Ferries: The boat")], [printed, joined, label], [])
    assert spelled_out("The boat's back", found) == "The boat's back"
    assert spelled_out("Ferries The boat", found) == "Ferries: The boat"
