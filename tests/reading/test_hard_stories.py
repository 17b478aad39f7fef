"""Stories that other readers lose, or mix with what is none: each on an invented page."""

import json

import pytest

from scraper.reading import read

PARAGRAPHS = [
    "The harbour council voted on Tuesday to raise the northern wall by two metres before the winter storms return.",
    "Engineers had warned since the spring that the foundations laid in 1911 would not bear another year of swell.",
    "Traders on the quay say that the works will close the fish market for at least five weeks, perhaps for longer.",
    "The money comes from a fund that the province set up after the flood, and from a loan that runs for ten years.",
    "A first stone is to be laid in September, when the ferries to the islands go over to their autumn timetable.",
]
OTHER = [
    "The lighthouse keeper of Skerrow has retired after forty years, and nobody has yet been found to follow her.",
    "Her last entry in the log, written at dawn on Friday, consists of the single word that she always ended with.",
    "The tower is to become a museum of signals, once the lens has been cleaned and the stairs have been repaired.",
]
HEADLINE = "Northern wall to rise by two metres"


def paragraphs(texts=PARAGRAPHS):
    return "".join(f"<p>{text}</p>" for text in texts)


def page(body, head=""):
    return f"<html><head><title>{HEADLINE}</title>{head}</head><body>{body}</body></html>"


def lines(article):
    return article.text.split("\n\n")


def pushed(*pieces):
    return "".join(f"<script>self.__next_f.push({json.dumps([1, piece])})</script>" for piece in pieces)


def test_a_story_in_the_stream_of_a_next_page_is_read():
    body = "".join(f"<p class='editor'>{text}</p>" for text in PARAGRAPHS)
    size = len(body.encode())
    stream = f'1:"$Sreact.fragment"\n2:I[13578,["a.js"],"x"]\n3:T{size:x},{body}4:["$","$L2",null,{{"html":"$3"}}]\n'
    cut = len(stream) // 2
    article = read(page(f"<h1>{HEADLINE}</h1>" + pushed(stream[:cut], stream[cut:])))
    assert lines(article) == PARAGRAPHS
    assert article.headline == HEADLINE


def test_a_stream_with_json_of_the_story_is_read():
    rows = '0:{"P":null}\n5:["$","$L9",null,' + json.dumps({"article": {"body": "\n".join(PARAGRAPHS)}}) + "]\n"
    assert lines(read(page(f"<h1>{HEADLINE}</h1>" + pushed(rows)))) == PARAGRAPHS


@pytest.mark.parametrize(
    "stream",
    ["3:Tfffffff,<p>cut", "3:T0,4:T1,", "x" * 500, "9:[[[[", "\n\n\n", "3:Tzz,", ':"', "a:" * 2_000],
)
def test_a_broken_stream_is_no_story_and_no_error(stream):
    assert read(page(f"<h1>{HEADLINE}</h1>" + pushed(stream))).text in ("", HEADLINE)


def test_captions_and_placeholders_of_a_body_in_data_are_no_story():
    body = (
        f"<p>{PARAGRAPHS[0]}</p><div class='caption'><p>The wall, seen from the quay. Photo: Ada Brine</p></div>"
        f"$$INLINEAD$$<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p>"
    )
    data = json.dumps({"@type": "NewsArticle", "headline": HEADLINE, "articleBody": body})
    article = read(page(f"<h1>{HEADLINE}</h1>", f'<script type="application/ld+json">{data}</script>'))
    assert lines(article) == PARAGRAPHS[:4]


def test_the_next_article_below_is_left_out():
    both = (
        f"<main><article><h1>{HEADLINE}</h1>{paragraphs()}</article>"
        f"<article><h1>Keeper of Skerrow retires</h1>{paragraphs(OTHER)}</article></main>"
    )
    article = read(page(both))
    assert lines(article) == PARAGRAPHS
    assert any(removal.rule == "next-article" for removal in article.removals)


def test_updates_in_articles_of_their_own_are_the_story():
    updates = "".join(f"<article><h2>Update {n}</h2><p>{text}</p></article>" for n, text in enumerate(OTHER, 1))
    article = read(page(f"<main><article><h1>{HEADLINE}</h1>{paragraphs()}{updates}</article></main>"))
    assert all(text in article.text for text in (*PARAGRAPHS, *OTHER))


def test_numbered_headings_are_the_story_of_a_list_in_pictures():
    items = [f"{n}. The {name} was built in {1900 + n}." for n, name in enumerate(("north wall", "slip", "crane"), 1)]
    body = "".join(
        f"<h2>{item}</h2><figure><img src=/i.jpg><figcaption>Seen from the sea.</figcaption></figure>" for item in items
    )
    article = read(page(f"<article><h1>{HEADLINE}</h1>{paragraphs()}{body}</article>"))
    assert [line for line in lines(article) if line in items] == items


def test_an_authors_name_alone_is_no_story():
    head = '<meta name="article:author" content="Ada Brine">'
    body = f"<article><h1>{HEADLINE}</h1>{paragraphs()}<p>Ada Brine</p></article>"
    article = read(page(body, head))
    assert lines(article) == PARAGRAPHS
    assert article.authors == ("Ada Brine",)


def test_what_is_laid_over_the_page_is_no_story():
    wall = "<p>Register to go on reading: an account costs nothing, and the privacy notice says what is kept of it.</p>"
    for opening in ("<div class='fixed inset-0'>", "<div style='position: fixed; top: 0'>"):
        article = read(page(f"<article><h1>{HEADLINE}</h1>{paragraphs()}</article>{opening}{wall * 3}</div>"))
        assert lines(article) == PARAGRAPHS


def test_the_caption_and_credit_of_the_image_are_evidence():
    figure = "<figure><img src=/wall.jpg><figcaption>The wall in May. Photo: Ada Brine</figcaption></figure>"
    article = read(page(f"<article><h1>{HEADLINE}</h1>{figure}{paragraphs()}</article>"))
    found = {evidence.field: evidence.raw for evidence in article.evidence}
    assert found["image_caption"] == "The wall in May. Photo: Ada Brine"
    assert found["image_credit"] == "Ada Brine"


def test_the_images_caption_and_credit_are_taken_from_data_first():
    image = {
        "@type": "ImageObject",
        "url": "https://example.com/w.jpg",
        "caption": "The wall",
        "creditText": "Brine/HP",
    }
    data = json.dumps({"@type": "NewsArticle", "headline": HEADLINE, "image": image})
    head = f'<script type="application/ld+json">{data}</script>'
    article = read(page(f"<article><h1>{HEADLINE}</h1>{paragraphs()}</article>", head))
    found = {evidence.field: (evidence.source, evidence.raw) for evidence in article.evidence}
    assert found["image_caption"] == ("json-ld:image.caption", "The wall")
    assert found["image_credit"] == ("json-ld:image.creditText", "Brine/HP")


@pytest.mark.parametrize("name", ["off-canvas-wrap", "sidebar", "related", "comments", "modal"])
def test_a_telling_name_around_the_whole_story_tells_nothing(name):
    article = read(page(f"<div class='{name}'><div class=a><h1>{HEADLINE}</h1>{paragraphs()}</div></div>"))
    assert lines(article) == PARAGRAPHS


@pytest.mark.parametrize("label", ["Related Article", "Read Next", "Auch interessant"])
def test_a_heading_over_another_article_goes(label):
    body = f"{paragraphs(PARAGRAPHS[:3])}<h3>{label}</h3>{paragraphs(PARAGRAPHS[3:])}"
    assert lines(read(page(f"<article><h1>{HEADLINE}</h1>{body}</article>"))) == PARAGRAPHS


def test_a_subhead_between_two_paragraphs_stays():
    body = f"{paragraphs(PARAGRAPHS[:3])}<h3>Five weeks without fish</h3>{paragraphs(PARAGRAPHS[3:])}"
    article = read(page(f"<article><h1>{HEADLINE}</h1>{body}</article>"))
    assert lines(article) == [*PARAGRAPHS[:3], "Five weeks without fish", *PARAGRAPHS[3:]]


def test_what_is_named_like_a_standfirst_in_a_figure_is_its_caption():
    figure = (
        "<figure class='intro'><img src=/w.jpg><div class='intro'>The wall, seen from the quay in May</div></figure>"
    )
    article = read(page(f"<article><h1>{HEADLINE}</h1>{figure}{paragraphs()}</article>"))
    assert article.standfirst is None
    assert "seen from the quay" not in article.text


def test_the_headline_told_in_another_way_is_no_standfirst():
    again = "Northern wall to rise by two metres before the winter storms, as the harbour town decides"
    article = read(
        page(f"<h1>{HEADLINE}</h1><div class=v>{HEADLINE}, the video</div><article>{paragraphs()}</article>")
    )
    assert article.standfirst is None
    assert read(page(f"<h1>{HEADLINE}</h1><p class=standfirst>{again}</p>{paragraphs()}")).standfirst == again


def test_a_writers_code_is_no_story():
    article = read(page(f"<article><h1>{HEADLINE}</h1>{paragraphs()}<p>(abr/dpa)</p></article>"))
    assert lines(article) == PARAGRAPHS
