"""Lines that only repeat what is told of an article elsewhere."""

import pytest

from scraper.reading import read
from scraper.reading.compare import same
from scraper.reading.fact_lines import is_fact_line

KNOWN = frozenset(map(same, ("Ada Penrose", "Town")))
PROSE = [
    "The ferry stays in the harbour until the end of the week, its company said after the meeting of Tuesday evening.",
    "Nobody could say what the repair will cost, but the engineers expect to be done before the season begins.",
    "Passengers who have booked are told to come to the office on the quay, where they get their money back.",
]


@pytest.mark.parametrize(
    "line",
    [
        "Ada Penrose | 20 November 2025, 02:22 | Town",
        "By Ada Penrose · 20 November 2025",
        "Town – 20.11.2025, 14:05 Uhr",
        "3 hours ago · 1234 views",
        "1.2k views · 3 days ago",
        "5 hours ago | 12 comments | 340 shares",
        "20 November 2025\n1,204 reads",
        "87 Aufrufe",
        "Ada Penrose - Town",
    ],
)
def test_facts_side_by_side_are_no_story(line: str):
    assert is_fact_line(line, KNOWN)


@pytest.mark.parametrize(
    "line",
    [
        "Friday 12 March | 8pm | City Hall",
        "Labour 12 | Liberals 3",
        "Ada Penrose",
        "The Town – 20 November 2025",
        "12 people saw it – none of them spoke",
        "Rovers 3 - 2 Wanderers",
        "A view of the town",
        " | ".join(["20 November 2025"] * 20),
    ],
)
def test_other_lines_with_such_signs_stay(line: str):
    assert not is_fact_line(line, KNOWN)


def test_a_page_keeps_its_story_and_loses_its_facts():
    lines = ["Ada Penrose | 20 November 2025, 02:22 | Town", *PROSE, "Rovers 3 - 2 Wanderers", "2 days ago · 87 views"]
    body = "".join(f"<p>{line}</p>" for line in lines)
    page = (
        "<html><head><title>Ferry stays</title><meta name=author content='Ada Penrose'><meta property=article:section "
        f"content=Town></head><body><article><h1>Ferry stays</h1>{body}</article></body></html>"
    )
    article = read(page.encode(), "https://tidewater.example/ferry-stays-in-harbour")
    assert article.text.split("\n\n")[:3] == PROSE
    assert "2025" not in article.text
    assert "views" not in article.text
    assert {cut.rule for cut in article.removals if "|" in cut.text or "·" in cut.text} == {"facts-of-article"}
    assert article.authors == ("Ada Penrose",)
