import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reading.names import clean_names


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (["By Ada Brook"], ("Ada Brook",)),
        (["By ADA BROOK and John Roe"], ("Ada Brook", "John Roe")),
        (["Von Ada Brook und Jörg Öhm"], ("Ada Brook", "Jörg Öhm")),
        (["Par Zoé Lac"], ("Zoé Lac",)),
        (["Ada Brook, Science Editor"], ("Ada Brook",)),
        (["Ada Brook (Northport)"], ("Ada Brook",)),
        (["Ada Brook | 13 January 2026"], ("Ada Brook",)),
        (["Ada Brook", "ada brook", "Ada Brook"], ("Ada Brook",)),
        (["https://e.example/ada", "@ada"], ()),
        (["Staff Reporter"], ("Staff Reporter",)),
        (["Reuters"], ("Reuters",)),
        (["文：山田太郎"], ("山田太郎",)),
        (["Written by"], ()),
        (["Ludwig van der Meer"], ("Ludwig van der Meer",)),
        ([""], ()),
    ],
)
def test_names_are_clean(printed, expected):
    assert clean_names(printed) == expected


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_gives_names_once(printed):
    names = clean_names(printed)
    assert len({name.casefold() for name in names}) == len(names)
    assert all(names)
