# ruff: noqa: E501 - markup reads best unbroken
import pytest

from archive.records import ArticleKind, BlockKind
from scraper.reading import read

URL = "https://harbour.example/2026/ferry"


@pytest.mark.parametrize("layout", ["newsroom", "divs", "breaks", "tables", "split", "amp"])
def test_every_layout_gives_the_same_story(pages, layout):
    article = read(pages.LAYOUTS[layout], URL)
    assert article.text.split("\n\n") == list(pages.PARAGRAPHS)
    assert article.kind is ArticleKind.ARTICLE


@pytest.mark.parametrize("layout", ["newsroom", "breaks", "tables", "split", "amp"])
def test_the_headline_is_a_field_and_no_part_of_the_text(pages, layout):
    article = read(pages.LAYOUTS[layout], URL)
    assert article.headline == pages.HEADLINE
    assert pages.HEADLINE not in article.text


def test_a_page_without_headline_has_none(pages):
    article = read(pages.DIVS, URL)
    assert article.headline is None
    assert (article.section, article.standfirst, article.published_at) == ("TRANSPORT", pages.STANDFIRST, "2026-01-13")


def test_the_standfirst_is_a_field_and_no_part_of_the_text(pages):
    article = read(pages.NEWSROOM, URL)
    assert article.standfirst == pages.STANDFIRST
    assert pages.STANDFIRST not in article.text


def test_japanese(pages):
    lines = [
        "港の委員会は火曜日、北港と南港を結ぶ夜の渡し船を冬の間も続けると発表した。試験運航では十便のうち九便が定刻に出た。",
        "利用者は何年も前からこの便を求めていた。これまで最終便は午後六時で、遅くまで働く人は待合室で眠るしかなかった。",
        "桟橋の売店を営む女性は「一週間に四十人を数えた。誰も長椅子で夜を明かすべきではない」と話した。",
    ]
    body = f"<div id=menu><a href=/>ホーム</a></div><article><h1>夜の渡し船、冬も続く</h1>{''.join(f'<p>{x}</p>' for x in lines)}</article>"
    article = read(pages.page(body, lang="ja"), URL)
    assert article.text.split("\n\n") == lines
    assert (article.headline, article.language) == ("夜の渡し船、冬も続く", "ja")


def test_arabic(pages):
    lines = [
        "قالت هيئة الميناء يوم الثلاثاء إن العبارة الليلية بين المرفأين ستستمر خلال الشتاء بعد تجربة ناجحة دامت ثلاثة أشهر كاملة.",
        "وكان الركاب يطلبون هذه الخدمة منذ سنوات، إذ كانت الرحلة الأخيرة تغادر في السادسة مساء، فينام العاملون في قاعة الانتظار.",
        "وستدفع الهيئة ثمن القارب الإضافي من أموال كانت مخصصة لموقف للسيارات، ومن المتوقع صدور قرار بشأن رحلات الصيف في مارس.",
    ]
    body = f"<nav><a href=/>الرئيسية</a></nav><main dir=rtl><h1>العبارة الليلية باقية</h1>{''.join(f'<p>{x}</p>' for x in lines)}</main>"
    article = read(pages.page(body, lang="ar"), URL)
    assert article.text.split("\n\n") == lines
    assert article.language == "ar"


def test_a_story_that_stands_only_in_json_ld(pages):
    body = "\\n\\n".join(pages.PARAGRAPHS).replace('"', '\\"')
    script = f'{{"@type": "NewsArticle", "headline": "{pages.HEADLINE}", "articleBody": "{body}"}}'
    html = pages.page("<div id=root></div>", f'<script type="application/ld+json">{script}</script>')
    article = read(html, URL)
    assert article.text.split("\n\n") == list(pages.PARAGRAPHS)
    assert article.headline == pages.HEADLINE


def test_a_story_that_stands_only_in_the_data_a_script_renders(pages):
    elements = ", ".join(f'{{"type": "text", "content": "<p>{text}</p>"}}' for text in pages.PARAGRAPHS)
    script = f'{{"props": {{"story": {{"content_elements": [{elements}]}}}}}}'
    html = pages.page("<div id=root></div>", f'<script id="__NEXT_DATA__" type="application/json">{script}</script>')
    assert read(html, URL).text.split("\n\n") == list(pages.PARAGRAPHS)


def test_lists_quotes_subheads_and_code_are_typed_blocks(pages):
    body = (
        f"<article><h1>{pages.HEADLINE}</h1><p>{pages.PARAGRAPHS[0]}</p><h2>What changes in winter</h2><p>{pages.PARAGRAPHS[1]}</p>"
        "<ul><li>The last boat leaves at eleven in the evening from both ports.</li>"
        "<li>Tickets cost as much as they do by day, and passes are valid.</li></ul>"
        f"<blockquote><p>{pages.PARAGRAPHS[2]}</p></blockquote><p>{pages.PARAGRAPHS[3]}</p></article>"
    )
    kinds = [block.kind for block in read(pages.page(body), URL).blocks]
    assert kinds == [
        BlockKind.PARAGRAPH,
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.LIST_ITEM,
        BlockKind.LIST_ITEM,
        BlockKind.QUOTE,
        BlockKind.PARAGRAPH,
    ]


def test_a_repeated_paragraph_stands_once(pages):
    body = f"<main><h1>{pages.HEADLINE}</h1>{pages.story()}<p>{pages.PARAGRAPHS[1]}</p></main>"
    article = read(pages.page(body), URL)
    assert article.text.count(pages.PARAGRAPHS[1]) == 1
    assert any(removal.kind == "repeat" for removal in article.removals)
