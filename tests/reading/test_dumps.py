from archive.records import ArticleKind, RemovalKind
from scraper.reading import outcome_of, parse, read, read_page


def test_a_dump_gives_the_fields_and_exactly_the_paragraphs(pages):
    article = read(pages.DUMP, "https://harbour.example/dump.txt")
    assert article.section == "TRANSPORT"
    assert article.standfirst == pages.STANDFIRST
    assert article.published_at == "2026-01-13"
    assert article.headline is None
    assert [block.text for block in article.blocks] == list(pages.PARAGRAPHS)
    assert article.kind is ArticleKind.ARTICLE


def test_what_follows_the_story_is_accounted_for(pages):
    removals = read(pages.DUMP).removals
    assert [removal.kind for removal in removals] == [
        *[RemovalKind.DATE] * 3,
        *[RemovalKind.RELATED] * 2,
        RemovalKind.CONSENT,
    ]
    assert removals[3].text == "TRANSPORT\n13 Jan 2026"


def test_a_dump_as_html_gives_the_same_article(pages):
    dump, markup = read(pages.DUMP), read(pages.DIVS)
    for name in ("headline", "section", "standfirst", "published_at", "text"):
        assert getattr(dump, name) == getattr(markup, name)


def test_a_dump_with_a_headline(pages):
    text = f"{pages.HEADLINE}\n{pages.STANDFIRST}\nBy Ada Brook\n13 January 2026\n" + "\n".join(pages.PARAGRAPHS)
    article = read(text)
    assert (article.headline, article.standfirst) == (pages.HEADLINE, pages.STANDFIRST)
    assert article.authors == ("Ada Brook",)
    assert [block.text for block in article.blocks] == list(pages.PARAGRAPHS)


def test_site_lines_are_left_out(pages):
    promo = (
        "The Harbour Post is printed on paper that the tide brought in, and it is delivered by bicycle every morning."
    )
    lines = [pages.HEADLINE, *pages.PARAGRAPHS[:2], promo, *pages.PARAGRAPHS[2:]]
    article = read("\n".join(lines), site_lines={promo})
    assert promo not in article.text
    assert [removal.rule for removal in article.removals] == ["site-line"]


def test_text_without_prose_is_no_article():
    page = parse(b"just a few words", "https://e.example/x.txt")
    article = read_page(page)
    assert (article.kind, article.reason) == (ArticleKind.OTHER, "no prose")
    assert outcome_of(page, article) == "thin"
