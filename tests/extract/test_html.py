import resource

import pytest

from newscrawl.errors import NewscrawlError
from newscrawl.extract.html import (
    EmptyPage,
    ReadError,
    absolute,
    has_class,
    line_of,
    lines_of,
    parse,
    text_of,
)

URL = "https://hzdaily.example/hzrb/2023/12/15/page_list_20231215.html"


@pytest.mark.parametrize("text", ["", " \n\t", "\0", "<!-- nichts -->", "</body></html>"])
def test_an_empty_page_is_said_to_be_empty(text: str) -> None:
    with pytest.raises(EmptyPage, match="the page is empty"):
        parse(text, URL)


def test_what_follows_the_end_is_read_too() -> None:
    root = parse("<html><body><p>前</p></body></html><p>后</p></HTML ><p>末</p>", URL)
    assert [line_of(each) for each in root.iter("p")] == ["前", "后", "末"]


def test_an_xml_declaration_does_not_mislead() -> None:
    root = parse('<?xml version="1.0" encoding="gbk"?><html><p>王䶮</p></html>', URL)
    assert line_of(next(root.iter("p"))) == "王䶮"


def test_a10_nul_bytes_are_left_out() -> None:
    assert line_of(parse("<p>一\0二\x01</p>", URL)).startswith("一二")


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 200_000 + "底",
        f'<a title="{"x" * 50_000_000}">链接</a>',
        "<p>" * 2_000_000,
    ],
    ids=["nested", "attribute", "long"],
)
def test_a10_a_page_without_measure_is_refused(text: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ReadError):
        parse(text, URL)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


def test_a10_broken_markup_is_read() -> None:
    root = parse("<p><b>一</p></i><tabl><td>&foo;&#xZZ;二<p a=1 a=2 <x>三\ud800", URL)
    assert {"一", "二", "三"} <= set(text_of(root))


def test_no_entity_reaches_a_file() -> None:
    text = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><p>a&x;b</p>'
    assert "/" not in line_of(next(parse(text, URL).iter("p")))


def test_read_errors_are_shown_to_a_person() -> None:
    assert issubclass(ReadError, NewscrawlError)


def test_lines_are_joined_by_one_blank() -> None:
    root = parse("<h1>　第一行<br/>\n　　第二行 \t 续<script>x</script><!-- y --></h1>", URL)
    assert line_of(next(root.iter("h1"))) == "第一行 第二行 续"


@pytest.mark.parametrize(
    ("inside", "lines"),
    [
        ("　第一行<br/>\n　　第二行 \t 续<script>x</script>", "第一行\n第二行 续"),
        ("杭州西站枢纽<br>今日正式启用", "杭州西站枢纽\n今日正式启用"),
        ("第一行\n　　第二行", "第一行\n第二行"),
        ("A <br> B", "A\nB"),
        ("<br>\n<br>一<br><BR/>&nbsp;<br>二<br>", "一\n二"),
        ("<b>一<br></b><i>二</i>", "一\n二"),
        ("一行", "一行"),
        ("<br>", ""),
    ],
)
def test_lines_are_those_that_show_something(inside: str, lines: str) -> None:
    assert lines_of(next(parse(f"<h1>{inside}</h1>", URL).iter("h1"))) == lines


def test_classes_are_compared_whole() -> None:
    div = next(parse('<div class="a content  b">x</div>', URL).iter("div"))
    assert has_class(div, "content")
    assert not has_class(div, "con")


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("a.html", "https://hzdaily.example/hzrb/2023/12/15/a.html"),
        (" /a.html?x=1#top\n", "https://hzdaily.example/a.html?x=1"),
        ("//other.example/a", "https://other.example/a"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("mailto:a@b.example", None),
        ("http://", None),
        ("http://[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_links(href: str | None, target: str | None) -> None:
    assert absolute(URL, href) == target
