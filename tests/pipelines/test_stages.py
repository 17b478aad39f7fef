from dataclasses import replace

import pytest

from archive.records import Article, ArticleKind, Block, BlockKind, Capture, Outcome, RemovalKind, UrlVariant, Visit
from pipelines import STAGES, cleaning_stages, item_pipelines, run_stages
from pipelines.canonicalise import canonicalise, is_trustworthy
from pipelines.require_substance import RequireSubstance, has_substance
from pipelines.site_rules import lines_only
from pipelines.strip_lines import StripLines, strip_lines

STORY = "The ferry to Marrow Island will sail twice a day from April, the harbour board decided after a long night."


def paragraph(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text)


def visit(article: Article | None = None, url: str = "https://www.example.com/news/ferry", **capture: object) -> Visit:
    facts = {"fetched_at": "2026-01-13T09:00:00.000Z", "outcome": Outcome.FETCHED, "status": 200} | capture
    return Visit(capture=Capture(url=url, **facts), article=article, outcome=Outcome.ARTICLE)


def test_scrapy_gets_the_stages_in_order_and_the_store_last():
    order = sorted(item_pipelines().items(), key=lambda pair: pair[1])
    assert [path.rpartition(".")[2] for path, _ in order] == [stage.__name__ for stage in STAGES]
    assert order[-1][0] == "pipelines.store.Store"


def test_strip_lines_keeps_the_story_and_accounts_for_the_rest():
    article = Article(
        blocks=tuple(
            replace(paragraph(text), position=position)
            for position, text in enumerate(
                ["13 Jan 2026", STORY, "Share", "By submitting, you agree to get e-mail from us."]
            )
        )
    )
    stripped = strip_lines(article)
    assert stripped.text == STORY
    assert [(removal.kind, removal.position) for removal in stripped.removals] == [
        (RemovalKind.DATE, 0),
        (RemovalKind.SHARE, 2),
        (RemovalKind.CONSENT, 3),
    ]
    assert strip_lines(stripped) is stripped


def test_quotes_code_and_dated_headings_are_not_lines():
    blocks = (
        Block(BlockKind.QUOTE, "Share"),
        Block(BlockKind.CODE, "Menu"),
        Block(BlockKind.TABLE, "13 Jan 2026"),
        Block(BlockKind.HEADING, "13 January 2026", level=2),
    )
    assert strip_lines(Article(blocks=blocks)).blocks == blocks


def test_a_sites_own_patterns_serve_that_site_alone():
    stage = StripLines(lines_only({"example.com": ("^Harbour Post readers know",)}))
    blocks = (paragraph("Harbour Post readers know more."), paragraph(STORY))
    ours = stage.process_item(visit(Article(site="example.com", blocks=blocks))).article
    theirs = stage.process_item(visit(Article(site="example.org", blocks=blocks))).article
    assert ours is not None
    assert theirs is not None
    assert ours.text == STORY
    assert ours.removals[0].rule == "site:strip_lines"
    assert len(theirs.blocks) == 2


@pytest.mark.parametrize(
    ("declared", "actual", "trusted"),
    [
        ("https://example.com/a", "https://www.example.com/a?x=1", True),
        ("https://example.com/a", "https://amp.example.com/a", True),
        ("https://news.example.com/a", "https://amp.example.com/a", True),
        ("https://other.org/a", "https://example.com/a", False),
        ("https://example.com/", "https://example.com/a", False),
        ("https://example.com/", "https://example.com/", True),
        ("https://example.com/?p=7", "https://example.com/?p=7&print=1", True),
        ("/a", "https://example.com/a", False),
        ("javascript:x", "https://example.com/a", False),
        ("http://127.0.0.2:80/a", "http://127.0.0.1:80/a", False),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a", False),
        ("https://two.co/a", "https://one.co/a", False),
    ],
)
def test_whose_canonical_link_is_believed(declared: str, actual: str, trusted: bool):
    assert is_trustworthy(declared, actual) is trusted


def test_every_address_that_leads_to_an_article_is_a_variant():
    article = Article(
        url="https://example.com/news/ferry?utm_source=x",
        variants=(UrlVariant("https://example.com/amp/ferry", "amp"), UrlVariant("https://other.org/x", "short")),
    )
    seen = visit(
        article,
        url="http://example.com/f",
        redirects=("http://example.com/g",),
        final_url="https://www.example.com/news/ferry",
    )
    settled = canonicalise(article, seen)
    assert settled.url == "https://example.com/news/ferry"
    assert settled.site == "example.com"
    assert [(variant.url, variant.kind) for variant in settled.variants] == [
        ("https://example.com/news/ferry", "canonical"),
        ("http://example.com/f", "requested"),
        ("http://example.com/g", "redirect"),
        ("https://www.example.com/news/ferry", "redirect"),
        ("https://example.com/amp/ferry", "amp"),
    ]


def test_without_a_canonical_link_the_last_address_counts():
    assert canonicalise(Article(), visit(final_url="https://example.com/b#x")).url == "https://example.com/b"


@pytest.mark.parametrize(
    ("article", "enough"),
    [
        (Article(headline="Ferry", blocks=(paragraph(STORY),)), True),
        (Article(headline="Ferry", blocks=(paragraph("Soon."),)), False),
        (Article(headline="Ferry", standfirst=STORY), True),
        (Article(blocks=(paragraph(STORY),)), False),
        (Article(blocks=(paragraph(STORY),) * 3), True),
        (Article(headline="Storm in pictures", kind=ArticleKind.GALLERY, blocks=(paragraph("The pier."),)), True),
        (Article(headline="港", blocks=(paragraph("港湾局は、四月から島への船を一日二便にすると決めた。"),)), True),
    ],
)
def test_how_much_is_enough(article: Article, enough: bool):
    assert has_substance(article) is enough
    outcome = RequireSubstance().process_item(visit(article)).outcome
    assert outcome is (Outcome.ARTICLE if enough else Outcome.THIN)


def test_an_observation_stays_what_it_is():
    wall = replace(visit(), outcome=Outcome.WALL)
    assert run_stages(cleaning_stages(), wall) == wall
