# ruff: noqa: E501 - markup reads best unbroken
from scraper.reading import read


def article_of(pages, inner):
    body = f"<article><h1>{pages.HEADLINE}</h1><p>{pages.PARAGRAPHS[0]}</p>{inner}" + "".join(
        f"<p>{x}</p>" for x in pages.PARAGRAPHS[1:]
    )
    return read(pages.page(body + "</article>"), "https://harbour.example/a/ferry")


def test_links_are_absolute_and_emphasis_is_kept(pages):
    inner = '<p>The board met in the <a href="../hall">old hall</a>, and the vote was <b>nine</b> to <em> three </em>in the end.</p>'
    article = article_of(pages, inner)
    assert (
        "[old hall](https://harbour.example/hall), and the vote was **nine** to *three* in the end." in article.markdown
    )
    assert [(link.url, link.text) for link in article.links] == [("https://harbour.example/hall", "old hall")]


def test_what_markdown_would_misread_is_escaped(pages):
    article = article_of(
        pages, "<p>The form asks for a [name] and a *star*, and for <b>nothing</b> else at all, the clerk said.</p>"
    )
    assert r"\[name\] and a \*star\*, and for **nothing**" in article.markdown


def test_a_table_of_data(pages):
    table = "<table><tr><th>Port</th><th>Boats</th></tr><tr><td>Northport</td><td>12</td></tr><tr><td>Southport</td><td>9</td></tr></table>"
    article = article_of(pages, table)
    if "Northport | 12" in article.text:
        assert "| Port | Boats |\n| --- | --- |\n| Northport | 12 |" in article.markdown
    else:
        assert any("Northport | 12" in removal.text for removal in article.removals)


def test_links_that_lead_nowhere_are_plain_text(pages):
    article = article_of(
        pages,
        '<p>The board met in the <a href="javascript:x()">old hall</a> on Monday evening, and nobody came to watch it.</p>',
    )
    assert "old hall" in article.markdown
    assert "javascript" not in article.markdown


def test_an_image_without_a_caption_stands_before_the_text_after_it():
    text = "The harbour council voted on Tuesday to raise the northern wall by two metres before the storms return."
    page = (
        f"<article><h1>Northern wall to rise</h1><p>{text}</p><figure><picture><img src=/w.jpg alt='The wall'></picture>"
        f"</figure><img src=/dot.png width=16><p>{text[::-1]}</p></article>"
    )
    article = read(page, "https://example.com/a")
    assert f"\n\n![The wall](https://example.com/w.jpg)\n\n{text[::-1]}" in article.markdown
    assert "dot.png" not in article.markdown
    assert article.text == f"{text}\n\n{text[::-1]}"
