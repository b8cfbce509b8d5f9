import codecs

import pytest

from newscrawl.text.charset import Decoded, decode

TEXT = "<p>杭州临空经济示范区的王䶮昨日领到了第一张名片，镕喆堃。</p>"
HTML = "text/html"


def page(meta: str, text: str = TEXT, encoding: str = "utf-8") -> bytes:
    return f"<html><head>{meta}<title>标题</title></head>{text}".encode(encoding)


@pytest.mark.parametrize(
    "meta",
    [
        '<meta charset="gb2312">',
        "<META CHARSET=GBK>",
        '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">',
        '<meta httpequiv="Content-Type" content="text/html;charset=gb2312"/>',
        "<meta content='text/html; charset=\"x-gbk\"' http-equiv='Content-Type'>",
    ],
)
def test_a12_what_is_declared_gb2312_is_gb18030(meta: str) -> None:
    decoded = decode(page(meta, encoding="gb18030"), HTML)
    assert (decoded.charset, decoded.errors) == ("gb18030", 0)
    assert "王䶮昨日" in decoded.text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("meta", ["utf-8", "gb2312", "big5", "iso-8859-1", "zip", "no-such"])
@pytest.mark.parametrize("header", [HTML, f"{HTML}; charset=gbk", f"{HTML}; charset=UTF-8", None])
def test_a12_a_wrong_declaration_is_survived(encoding: str, meta: str, header: str | None) -> None:
    decoded = decode(page(f'<meta charset="{meta}">', encoding=encoding), header)
    assert TEXT in decoded.text
    assert (decoded.charset, decoded.errors) == (encoding, 0)


def test_a12_utf_8_that_gb18030_could_read_too_is_utf_8() -> None:
    body = page('<meta charset="gbk">', "<p>你好</p>")
    assert body.decode("gb18030")
    assert "你好" in decode(body, HTML).text


def test_a12_gbk_that_utf_8_could_read_too_is_what_it_says() -> None:
    body = b'<meta charset="gbk"><p>\xc4\xa3</p>'
    assert body.decode("utf-8")
    assert "模" in decode(body, HTML).text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_a12_a_byte_order_mark_decides(mark: bytes, encoding: str) -> None:
    body = mark + page('<meta charset="gbk">', encoding=encoding)
    decoded = decode(body, f"{HTML}; charset=big5")
    assert decoded.charset == encoding
    assert decoded.text.startswith("<html>")


@pytest.mark.parametrize(
    "other",
    [
        '<script charset="gbk" src="x.js"></script>',
        '<link rel="stylesheet" charset="gbk" href="x.css">',
        "<script>var tanx_s = {}; tanx_s.charset = 'gbk'; '<meta charset=gbk>'</script>",
        "<!-- <meta charset=gbk> -->",
        '<meta name="description" content="charset=gbk">',
        f"{' ' * 4096}<meta charset=gbk>",
    ],
)
def test_a12_only_meta_declares(other: str) -> None:
    body = b"<html>" + other.encode() + "繁體中文的網頁標題，臺灣新聞".encode("big5")
    assert decode(body, f"{HTML}; charset=big5").charset == "big5hkscs"
    assert decode(body, f"{HTML}; charset=big5").text.endswith("臺灣新聞")


def test_the_header_serves_where_the_page_is_silent() -> None:
    body = "繁體中文的網頁標題".encode("big5")
    assert decode(body, f"{HTML}; Charset='BIG5'").text == "繁體中文的網頁標題"


def test_a12_what_cannot_be_read_is_counted() -> None:
    body = "杭州临空经济示范区".encode() * 20
    decoded = decode(body[:-1] + b"<p>\xff\xff</p>", HTML)
    assert decoded.charset == "utf-8"
    assert decoded.errors == decoded.text.count("\ufffd") == 3
    assert decoded.characters == len(decoded.text)


def test_a12_replacement_characters_of_the_site_count_too() -> None:
    assert decode("胡\ufffd础".encode(), HTML) == Decoded("胡\ufffd础", "utf-8", 1, 3)


def test_an_empty_body_is_empty_text() -> None:
    assert decode(b"", None) == Decoded("", "utf-8", 0, 0)
