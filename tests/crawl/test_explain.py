"""``--explain``: every piece of a page once and in order, with what became of it, on a terminal and as HTML."""

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.records import Article, ArticleKind, Block, BlockKind, Evidence, Removal, RemovalKind
from scraper.cli import main
from scraper.explain import GROUP_OF, GROUPS, fields_of, pieces_of
from scraper.explain.document import DAY, DAY_GROUPS, NIGHT, NIGHT_GROUPS, POLICY, to_document
from scraper.explain.terminal import STYLES, plain_lines, show
from scraper.extract import extract

PAGE = """<!doctype html><html lang="en"><head><title>Ferry returns</title>
<meta property="og:type" content="article"></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Ferry returns to Marrow Island</h1><p class="standfirst">Two crossings a day from April, the board says</p>
<p class="byline">By Ada Quill</p><time>13 January 2026</time>
<p>The ferry to Marrow Island will sail twice a day from April, the harbour board decided after a long night.</p>
<div class="share-buttons"><a href="#">Facebook</a></div>
<h2>What it costs</h2>
<p>Fares stay as they are, said the board's chair, who had threatened to resign over the deal with the yard.</p>
<p>Advertisement</p>
<p>The island's two shops will open on Sundays again, and the school gets its teacher back from the mainland.</p>
</article><aside class="related"><a href="/x">A bridge too dear</a></aside>
<footer>By submitting, you agree to receive e-mail from The Tidewater.</footer></body></html>"""
HOSTILE = "</li></ol></style><script>alert(1)</script>\"' onmouseover=x <!-- & ]]> \x1b[31m\u202e"


@pytest.fixture
def article() -> Article:
    return extract(PAGE.encode(), "https://tidewater.example/ferry")[0]


@pytest.fixture
def hostile() -> Article:
    return Article(
        url="javascript:alert(1)//" + HOSTILE,
        headline=HOSTILE,
        language='en" onload="x',
        kind=ArticleKind.OTHER,
        reason=HOSTILE,
        blocks=(Block(BlockKind.PARAGRAPH, HOSTILE, position=1),),
        removals=(Removal(RemovalKind.OTHER, HOSTILE, HOSTILE, 0, HOSTILE),),
        evidence=(Evidence("headline", HOSTILE, HOSTILE),),
    )


class _Seen(HTMLParser):
    """The elements, their attributes' names, and the text in ``.text`` of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.in_text = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.in_text = ("class", "text") in attrs
        if self.in_text:
            self.texts.append("")

    def handle_endtag(self, _: str) -> None:
        self.in_text = False

    def handle_data(self, data: str) -> None:
        if self.in_text:
            self.texts[-1] += data


def seen(document: str) -> _Seen:
    parser = _Seen()
    parser.feed(document)
    return parser


def test_every_block_and_every_removal_is_there_once_and_in_order(article):
    pieces = pieces_of(article)
    assert len(pieces) == len(article.blocks) + len(article.removals)
    assert [piece.text for piece in pieces if piece.group == "kept"] == [block.text for block in article.blocks]
    texts = [" ".join(piece.text.split()) for piece in pieces]
    order = [
        "Home",
        "Ferry returns",
        "Two crossings",
        "By Ada",
        "13 January",
        "The ferry",
        "Facebook",
        "What it",
        "Fares",
    ]
    order += ["Advertisement", "The island", "A bridge", "By submitting"]
    found = [next(at for at, text in enumerate(texts) if text.startswith(start)) for start in order]
    assert found == sorted(found)
    assert len(found) == len(pieces)


def test_a_piece_says_what_became_of_it_and_why(article):
    fates = {piece.text.split()[0]: piece for piece in pieces_of(article)}
    assert fates["The"].fate == "kept: paragraph"
    assert fates["What"].fate == "kept: heading 2"
    assert (fates["Ferry"].fate, fates["Two"].fate) == ("headline", "standfirst")
    assert (fates["Advertisement"].fate, fates["Advertisement"].group) == ("removed: advertisement", "asks")
    assert fates["Home"].path == "body/nav"
    assert fates["Home"].rule == "tag-nav"


def test_a_line_that_a_later_stage_strips_stands_at_its_place():
    text = PAGE.replace("<p>Advertisement</p>", "<p>Photo: Mara Quill/The Tidewater</p><p>Related articles</p>")
    article, _ = extract(text.encode(), "https://tidewater.example/ferry")
    positions = [removal.position for removal in article.removals]
    assert positions == sorted(positions)
    taken = {block.position for block in article.blocks}
    assert len(taken) == len(article.blocks)


def test_a_story_out_of_the_pages_data_stands_after_the_page(article):
    body = " ".join(block.text for block in article.blocks) * 3
    data = json.dumps({"@type": "NewsArticle", "articleBody": body})
    page = f'<nav>Home</nav><h1>Ferry</h1><script type="application/ld+json">{data}</script>'
    read, _ = extract(page.encode(), "https://tidewater.example/ferry")
    assert [piece.group for piece in pieces_of(read)][-1] == "kept"


def test_text_dumps_are_explained_in_order_too():
    story = "\n".join(block for block in re.findall(r"<p>([A-Z][^<]{60,})</p>", PAGE))
    article, _ = extract(f"FERRIES\nTwo crossings\n13 Jan 2026\n{story}\n13 Jan 2026\nSPORT\n12 Jan 2026\n".encode())
    pieces = pieces_of(article)
    assert [piece.group for piece in pieces] == ["kept"] * 3 + ["about", "elsewhere"]


def test_the_document_shows_every_piece_once(article):
    document = to_document(article)
    assert seen(document).texts == [piece.text for piece in pieces_of(article)]
    for row in fields_of(article):
        assert f'<th scope="row">{row.name}</th>' in document


def test_nothing_on_the_page_can_act_in_the_document(hostile):
    document = seen(to_document(hostile))
    assert not {"script", "img", "iframe", "a", "link", "object"} & set(document.tags)
    assert document.tags.count("style") == 1
    assert not [name for name in document.attributes if name.startswith("on")]
    assert POLICY.startswith("default-src 'none'")
    assert document.texts == [piece.text for piece in pieces_of(hostile)]


def test_nothing_on_the_page_can_act_on_the_terminal(hostile):
    lines = list(plain_lines(hostile))
    assert not [character for line in lines for character in line if not character.isprintable()]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("base", "groups"), [(DAY, DAY_GROUPS), (NIGHT, NIGHT_GROUPS)])
def test_colours_keep_the_contrast_of_wcag_aa(base, groups):
    pairs = [(base["text"], ground) for ground in (*groups.values(), base["page"])] + [(base["faint"], base["page"])]
    for text, ground in pairs:
        lighter, darker = sorted((_luminance(text), _luminance(ground)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_every_group_has_its_colours_and_every_kind_a_group():
    assert set(GROUPS) == set(STYLES) == set(DAY_GROUPS) == set(NIGHT_GROUPS)
    assert set(GROUP_OF.values()) < set(GROUPS)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_colours_unless_it_wants_none(article, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured, plain, piped = _Terminal(), _Terminal(), io.StringIO()
    show(article, coloured)
    monkeypatch.setenv("NO_COLOR", "1")
    show(article, plain)
    show(article, piped)
    assert "\x1b[32m" in coloured.getvalue()
    assert "\x1b[3" not in plain.getvalue()
    assert "\x1b" not in piped.getvalue()
    labels = [piece.fate for piece in pieces_of(article)]
    for shown in (coloured, plain, piped):
        assert [label for label in labels if label not in shown.getvalue()] == []


def test_the_command_puts_the_explanation_beside_the_text_or_into_the_document(tmp_path: Path):
    path = tmp_path / "ferry.html"
    path.write_text(PAGE, encoding="utf-8")
    run = CliRunner()
    text = run.invoke(main, ["extract", str(path), "--explain"])
    assert text.exit_code == 0
    assert "kept: paragraph" in text.stderr
    assert "removed: navigation" in text.stderr
    assert "removed" not in text.stdout
    html = run.invoke(main, ["extract", str(path), "--explain", "--format", "html"])
    assert html.stdout.startswith("<!DOCTYPE html>")
    assert "removed: navigation" in html.stdout
    assert not html.stderr
    record = json.loads(run.invoke(main, ["extract", str(path), "--explain", "--format", "json"]).stdout)
    assert [block["kind"] for block in record["blocks"]] == ["paragraph", "heading", "paragraph", "paragraph"]


def test_a_field_without_evidence_is_shown_all_the_same(article):
    bare = replace(article, evidence=(), paywalled=False, tags=("a", "b"))
    rows = {row.name: row for row in fields_of(bare)}
    assert (rows["paywalled"].value, rows["tags"].value, rows["headline"].source) == ("no", "a, b", "")
