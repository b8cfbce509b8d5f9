import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

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


SHORT = "<h1>渡口复航</h1><p>昨日清晨，头班渡船载着三十名乘客离开码头，两岸的人都来了。</p>"
FOOTER = "<p>版权所有 杭州某某报社</p>"


@pytest.mark.parametrize("meta", ["utf-8", "gb2312", "gbk", "big5", "no-such"])
@pytest.mark.parametrize("dirt", [FOOTER.encode("gbk"), b"\x80", b"\xe6\xa1", b"\xb0\xe6"])
def test_a12_a_few_bytes_of_another_charset_make_no_other_page(meta: str, dirt: bytes) -> None:
    text = SHORT * 3
    decoded = decode(page(f'<meta charset="{meta}">', text) + dirt, HTML)
    assert text in decoded.text
    assert decoded.charset == "utf-8"
    assert 0 < decoded.errors <= len(dirt)


@pytest.mark.parametrize("meta", ["utf-8", "gbk", "no-such"])
@pytest.mark.parametrize("header", [f"{HTML}; charset=utf-8", HTML])
def test_a12_a_short_article_stays_itself_above_a_dirty_footer(meta: str, header: str) -> None:
    body = page(f'<meta charset="{meta}">', SHORT) + FOOTER.encode("gbk")
    decoded = decode(body, header)
    assert SHORT in decoded.text


def test_a12_a_page_in_gbk_with_a_line_in_utf_8_is_gbk() -> None:
    body = page('<meta charset="gbk">', SHORT, "gbk") + "<p>桥通了</p>".encode()
    decoded = decode(body, HTML)
    assert SHORT in decoded.text
    assert decoded.charset == "gb18030"


NEWS = "杭州渡口昨日清晨复航，头班渡船载着三十名乘客离开码头。记者获悉：桥已合龙，路灯全亮了！"
TEXTS = st.lists(
    st.sampled_from([*NEWS, "\n", "a", "9", "镕", "䶮", "々"]), min_size=60, max_size=200
)
PLACES = st.lists(st.integers(0, 10_000), max_size=3)
DECLARED = ["utf-8", "gb2312", "gbk", "GB18030", "iso-8859-1", ""]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@given(text=TEXTS, meta=st.sampled_from(DECLARED), header=st.sampled_from(DECLARED), places=PLACES)
def test_a12_any_text_is_read_as_itself_whatever_is_declared(
    encoding: str, text: list[str], meta: str, header: str, places: list[int]
) -> None:
    characters = [character.encode(encoding) for character in text]
    for place in places:
        characters.insert(place % len(characters), b"\xff")
    body = f'<meta charset="{meta}"><p>'.encode() + b"".join(characters)
    decoded = decode(body, f"{HTML}; charset={header}")
    assert decoded.charset == encoding
    assert LCSseq.similarity(decoded.text, "".join(text)) >= len(text) - len(places)


@given(text=TEXTS, places=PLACES, dirt=st.sampled_from([b"\x80", b"\xb0", b"\xe6\xa1", b"\xc0"]))
def test_a12_bytes_anywhere_leave_most_of_utf_8(
    text: list[str], places: list[int], dirt: bytes
) -> None:
    body = "".join(text).encode()
    for place in places:
        cut = place % len(body)
        body = body[:cut] + dirt + body[cut:]
    decoded = decode(body, HTML)
    assert decoded.charset == "utf-8"
    assert LCSseq.similarity(decoded.text, "".join(text)) >= len(text) - 2 * len(places)
