import pytest

from scraper.reading import read
from scraper.reading.fields import language_tag

URL = "https://harbour.example/2026/ferry?utm_source=mail"


def test_the_fields_of_a_newsroom_page(pages):
    article = read(pages.NEWSROOM, URL)
    assert article.authors == ("Ada Brook",)
    assert article.published_at == "2026-01-13T07:30:00Z"
    assert article.modified_at == "2026-01-13T09:00:00Z"
    assert article.section == "Transport"
    assert article.tags == ("ferries", "harbour")
    assert article.language == "en"
    assert article.image_url == "https://harbour.example/pier.jpg"
    assert article.paywalled is True
    assert article.url == "https://harbour.example/ferry"
    assert article.site == "harbour.example"
    assert {variant.kind: variant.url for variant in article.variants} == {
        "canonical": "https://harbour.example/ferry",
        "requested": "https://harbour.example/2026/ferry",
        "amp": "https://harbour.example/amp/ferry",
    }


def test_every_field_has_its_evidence(pages):
    article = read(pages.NEWSROOM, URL)
    sources = {evidence.field: evidence.source for evidence in article.evidence}
    assert sources["headline"] == "dom:h1"
    assert sources["published_at"] == "json-ld:datePublished"
    assert sources["standfirst"] == "dom:standfirst"
    given = ("authors", "section", "tags", "language", "image_url", "paywalled", "url", "modified_at")
    assert set(given) <= set(sources)


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("Night ferry stays for the winter | The Harbour Post", ""),
        (
            "Night ferry stays for the winter - The Harbour Post",
            '<meta property="og:site_name" content="The Harbour Post">',
        ),
        ("The Harbour Post: x", '<meta property="og:title" content="Night ferry stays for the winter">'),
    ],
)
def test_a_headline_without_the_sites_name(pages, title, head):
    html = pages.page(f"<main>{pages.story()}</main>", f"<title>{title}</title>{head}")
    assert read(html).headline == pages.HEADLINE


def test_a_kicker_in_the_h1_gives_way_to_what_all_others_say(pages):
    head = f'<meta property="og:title" content="{pages.HEADLINE}"><title>{pages.HEADLINE} | Post</title>'
    head += f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{pages.HEADLINE}"}}</script>'
    assert read(pages.page(f"<h1>Transport: {pages.HEADLINE}</h1>{pages.story()}", head)).headline == pages.HEADLINE


def test_dates_of_other_articles_and_of_the_copyright_are_not_the_articles(pages):
    body = (
        f"<h1>{pages.HEADLINE}</h1><article>{pages.story()}</article>"
        '<aside class="related"><a href="/x">Older</a><time datetime="2020-05-05">5 May 2020</time></aside>'
        "<footer>Copyright 1 January 2019</footer>"
    )
    assert read(pages.page(body)).published_at is None


def test_a_date_after_the_page_was_seen_is_not_believed(pages):
    from scraper.reading import parse, read_page

    head = (
        '<meta property="article:published_time" content="2031-01-01T00:00:00Z"><meta name="date" content="2026-01-12">'
    )
    page = parse(pages.page(f"<h1>{pages.HEADLINE}</h1>{pages.story()}", head))
    assert read_page(page, latest="2026-01-14T00:00:00Z").published_at == "2026-01-12"


def test_the_person_is_preferred_to_the_house(pages):
    script = '{"@type": "NewsArticle", "author": {"name": "Harbour Post"}, "publisher": {"name": "Harbour Post"}}'
    body = f'<h1>{pages.HEADLINE}</h1><p class="byline">By Ada Brook</p><article>{pages.story()}</article>'
    article = read(pages.page(body, f'<script type="application/ld+json">{script}</script>'))
    assert article.authors == ("Ada Brook",)


def test_a_correction_is_kept(pages):
    note = "Correction: an earlier version of this article gave the wrong number of crossings."
    article = read(pages.page(f"<article><h1>{pages.HEADLINE}</h1>{pages.story()}<p>{note}</p></article>"))
    assert article.correction == note


def test_a_canonical_address_that_names_the_front_page_is_a_mistake(pages):
    html = pages.page(pages.story(), '<link rel="canonical" href="https://harbour.example/">')
    assert read(html, "https://harbour.example/2026/ferry").url == "https://harbour.example/2026/ferry"


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("en", "en"),
        ("EN_gb", "en-GB"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("de-DE", "de-DE"),
        ("english!", None),
        ("", None),
        (None, None),
    ],
)
def test_language_tags(given, tag):
    assert language_tag(given) == tag
