import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Article, Block, BlockKind, Capture, Outcome, Visit
from pipelines.normalise_text import NormaliseText, mend_mojibake, normalise_line, normalise_lines, normalise_text

TEXT = st.text(st.characters(exclude_categories=[]), max_size=120)


def test_spaces_controls_and_composition():
    assert normalise_line("  a\u00a0 b\u200bc\x00\td\u00ad\ne ") == "a bc d e"
    assert normalise_line("Cafe\u0301") == "Café"
    assert normalise_lines("one \r\n  two\u2028three") == "one\ntwo\nthree"


def test_joiners_that_scripts_need_stay():
    family = "👨\u200d👩\u200d👧"
    persian = "می\u200cخواهم"
    assert normalise_line(family) == family
    assert normalise_line(persian) == persian


@pytest.mark.parametrize(
    "text",
    [
        "The café’s naïve façade — “closed” for £5, or 7 €…",
        "Größe, Übermut & Straße",
        "Ça va mieux à Orléans",
        "São João às três",
        "Žižek šetří čas",
        "日本語のテキスト",
        "Привет, мир",
        "emoji 🎉 and ‰ signs",
    ],
)
def test_mojibake_is_mended_and_what_is_sound_is_left(text: str):
    broken = "".join(bytes([b]).decode("cp1252", "replace") for b in text.encode())
    if "\ufffd" not in broken:
        assert mend_mojibake(broken) == text
    assert mend_mojibake(text) == text


def test_a_text_with_one_genuine_accent_is_uncertain_and_left():
    assert mend_mojibake("São Paulo itâ€™s") == "São Paulo itâ€™s"


@given(TEXT)
def test_normal_form_is_stable_and_clean(text: str):
    once = normalise_line(text)
    assert normalise_line(once) == once
    assert "\n" not in once
    assert "  " not in once
    assert unicodedata.is_normalized("NFC", once)
    once.encode("utf-8")


@given(st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), max_size=60))
def test_printable_ascii_is_never_changed(text: str):
    assert normalise_line(text) == text


def test_code_keeps_its_indentation_and_tables_their_rows():
    article = Article(
        blocks=(
            Block(BlockKind.CODE, "if x:\n    y  =  1 \n"),
            Block(BlockKind.TABLE, "a |  b\n c | d"),
            Block(BlockKind.PARAGRAPH, " \u200b "),
        )
    )
    assert [block.text for block in normalise_text(article).blocks] == ["if x:\n    y  =  1", "a | b\nc | d"]


def test_empty_fields_become_none_and_tags_stand_once():
    article = normalise_text(Article(headline=" \u00a0", section="News ", authors=("", " A  B "), tags=("x ", "x", "")))
    assert (article.headline, article.section, article.authors, article.tags) == (None, "News", ("A B",), ("x",))


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(" \u00a0\ufffcéâ€™e\u0301\n"))))
def test_what_looks_normal_would_come_out_the_same(text: str):
    quick = normalise_line(text), normalise_lines(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.normalise_text._is_normal", lambda _: False)
        assert (normalise_line(text), normalise_lines(text)) == quick


def test_a_visit_without_an_article_passes():
    capture = Capture(url="https://e.example/", fetched_at="2026-01-01T00:00:00.000Z", outcome=Outcome.GONE)
    visit = Visit(capture=capture, outcome=Outcome.GONE)
    assert NormaliseText().process_item(visit) is visit
