"""``newsmorgue extract``: one page, four forms, no archive."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scraper.cli import main

PAGE = """<!doctype html><html lang="en"><head><title>Ferry returns to Marrow Island - The Tidewater</title>
<link rel="canonical" href="https://tidewater.example/news/ferry">
<meta property="og:title" content="Ferry returns to Marrow Island"></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Ferry returns to Marrow Island</h1><p class="byline">By Ada Quill</p>
<time datetime="2026-01-13T09:30:00+01:00">13 January 2026</time>
<p>The ferry to Marrow Island will sail twice a day from April, the harbour board decided after a long night.</p>
<p>Fares &lt;b&gt; stay as they are, said the board's chair, who had threatened to resign over the
<a href="/deal">deal</a>. The crew will be paid for the winter months in which the boat lay in the yard for repairs.</p>
<p>The island's two shops will open on Sundays again, and the school gets its teacher back from the mainland, where she
had been stranded since the storm of the third of November tore the old landing stage away.</p>
</article><footer>By submitting, you agree to receive e-mail from The Tidewater.</footer></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def run(*words: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["extract", *map(str, words)], input=stdin)


def test_json_has_the_fields_by_their_names(page: Path):
    result = run(page, "--format", "json")
    record = json.loads(result.stdout)
    assert result.exit_code == 0
    assert record["url"] == "https://tidewater.example/news/ferry"
    assert (record["site"], record["headline"]) == ("tidewater.example", "Ferry returns to Marrow Island")
    assert (record["authors"], record["published_at"]) == (["Ada Quill"], "2026-01-13T08:30:00Z")
    assert record["text"].startswith("The ferry to Marrow Island")
    assert record["words"] > 30
    assert "removals" not in record


def test_explain_accounts_for_what_was_stripped_and_where_fields_came_from(page: Path):
    record = json.loads(run(page, "--format", "json", "--explain").stdout)
    stripped = " ".join(removal["text"] for removal in record["removals"])
    assert "Home" in stripped
    assert "By submitting" in stripped
    assert {"headline", "published_at"} <= {found["field"] for found in record["evidence"]}
    spoken = run(page, "--explain")
    assert "By submitting" in spoken.stderr
    assert "By submitting" not in spoken.stdout


def test_text_markdown_and_html(page: Path):
    text = run(page).stdout
    assert text.startswith("Ferry returns to Marrow Island\n\n")
    assert "Ada Quill" in text
    markdown = run(page, "--format", "markdown").stdout
    assert markdown.startswith("# Ferry returns to Marrow Island\n\n")
    assert "[deal](https://tidewater.example/deal)" in markdown
    html = run(page, "--format", "html").stdout
    assert "<h1>Ferry returns to Marrow Island</h1>" in html
    assert "Fares &lt;b&gt; stay" in html


def test_standard_input_and_an_address_for_it():
    result = run("-", "--url", "https://tidewater.example/other", "--format", "json", stdin=PAGE.encode())
    assert json.loads(result.stdout)["url"] == "https://tidewater.example/news/ferry"


def test_several_files_are_a_line_each(page: Path):
    lines = run(page, page, "--format", "json").stdout.splitlines()
    assert len(lines) == 2
    assert lines[0] == lines[1]


def test_a_page_from_the_web(newsroom):
    newsroom.pages = {"/ferry": PAGE.replace("https://tidewater.example", newsroom.base).encode()}
    result = run(newsroom.base + "/ferry", "--format", "json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["headline"] == "Ferry returns to Marrow Island"
    assert set(newsroom.asked) == {"/robots.txt", "/ferry"}


@pytest.mark.parametrize(
    ("words", "exit_code", "told"),
    [
        (("no/such/file.html",), 2, "No such file"),
        ((".",), 2, "Is a directory"),
        (("http://127.0.0.1:9/x",), 6, "connection refused"),
        (("ftp://tidewater.example/x",), 2, "no http or https address"),
        ((), 2, "Missing argument"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(words: tuple[str, ...], exit_code: int, told: str):
    result = run(*words)
    assert result.exit_code == exit_code
    assert told in result.stderr
    assert not result.stdout


@pytest.mark.parametrize("stdin", [b"", b"\x89PNG\r\n\x1a\n\0\0\0", b"<html><body>Hello", b"\xff\xfe\0"])
def test_a_page_that_is_no_article_is_said_to_be_none(stdin: bytes):
    result = run("-", "--format", "json", stdin=stdin)
    assert result.exit_code == 3
    assert json.loads(result.stdout)["kind"] in ("other", "hub", "article")
    assert "no article" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_saved_page_that_the_net_serves_as_missing(newsroom):
    newsroom.pages = {}
    result = run(newsroom.base + "/gone")
    assert result.exit_code == 6
    assert "gone" in result.stderr
