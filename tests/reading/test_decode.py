import pytest

from scraper.reading import parse, read
from scraper.reading.decode import decode

TEXT = "Größe, naïve, «déjà vu» – “quoted” … " * 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_is_not_declared_is_found_out(encoding):
    assert decode(TEXT.encode(encoding))[0] == TEXT


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("Привет, мир. " * 9, "windows-1251", "windows-1251"),
        ("渡し船は冬も続く。" * 9, "shift_jis", "Shift_JIS"),
        ("渡し船は冬も続く。" * 9, "euc_jp", "EUC-JP"),
        ("渡し船は冬も続く。" * 9, "iso2022_jp", "ISO-2022-JP"),
        ("夜间渡轮继续运行。" * 9, "gb18030", "gb2312"),
        ("café “winter” – ok " * 9, "cp1252", "iso-8859-1"),
    ],
)
def test_what_the_page_declares(text, encoding, declared):
    html = f'<html><head><meta charset="{declared}"></head><body><p>{text}'.encode(encoding)
    assert text in decode(html)[0]
    assert text in decode(text.encode(encoding), f"text/html; charset={declared}")[0]


def test_windows_1252_that_claims_to_be_utf_8():
    html = f'<meta charset="utf-8"><p>{TEXT}'.encode("cp1252")
    assert TEXT in decode(html, "text/html; charset=utf-8")[0]


def test_utf_8_that_claims_to_be_latin_1():
    assert decode(TEXT.encode(), "text/html; charset=iso-8859-1") == (TEXT, "utf-8")


def test_utf_8_that_was_cut_stays_utf_8():
    text, encoding = decode(TEXT.encode() * 3 + "é".encode()[:1])
    assert encoding == "utf-8"
    assert text.startswith(TEXT)


def test_an_unknown_charset_is_no_obstacle():
    assert TEXT in decode(TEXT.encode("cp1252"), "text/html; charset=klingon")[0]


@pytest.mark.parametrize(
    "data", [b"", b"\0\0\0", b"%PDF-1.7 \x00\xff", b"\x89PNG\r\n\x1a\n\x00", b"PK\x03\x04rest", b"   \n"]
)
def test_what_is_no_document_has_no_tree_and_no_text(data):
    page = parse(data)
    assert (page.root, page.text) == (None, "")


def test_plain_text_is_no_markup_even_with_angles():
    page = parse(b"if a < b and b > c then a < c", content_type="text/plain")
    assert not page.is_html
    assert "a < b" in page.text


def test_base_href_makes_links_absolute(pages):
    html = pages.page(f'<p>{pages.PARAGRAPHS[0]} <a href="b">more</a></p>', '<base href="https://e.example/a/">')
    assert read(html, "https://other.example/").links[0].url == "https://e.example/a/b"
