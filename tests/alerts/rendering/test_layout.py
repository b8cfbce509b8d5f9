from __future__ import annotations

import re
from dataclasses import replace

import pytest

from newscrawl.alerts.rendering.dialects import (
    DIALECTS,
    HTML,
    LETTER,
    LETTER_HTML,
    MARKDOWN,
    PLAIN,
)
from newscrawl.alerts.rendering.layout import Layout, tidied, title
from newscrawl.alerts.rendering.phrases import PHRASES
from newscrawl.alerts.rendering.splitting import in_bytes, parts
from newscrawl.query.highlight import Passage
from tests.alerts.messages import ITEM, MESSAGE, item, message

ALL = {**DIALECTS, "letter": LETTER, "letter's html": LETTER_HTML}
ROOM = 100_000


def written(dialect, one, language="zh"):
    return Layout(dialect, PHRASES[language]).item(tidied(message(one)).items[0])


def test_an_article_as_plain_text():
    also = replace(ITEM, kind="edited", also=("萧山日报", "浙江日报"))
    assert written(PLAIN, also) == (
        "■ 【临空经济】示范区添一条货运航线\n"
        "杭州日报 · A05 要闻 · 2023-12-15 08:12 · 修改后命中\n"
        "　　记者从【临空经济】示范区获悉，货运航线下月开通。\n"
        "另有 2 家报纸刊登：萧山日报、浙江日报\n"
        "快照 https://news.example.org/s/1\n"
        "原文 https://paper.example.cn/2023-12/15/content_1.htm"
    )


def test_the_differences_are_one_link_away():
    also = replace(ITEM, also=("萧山日报",), story="https://news.example.org/story/1")
    assert written(PLAIN, also).endswith("\n各报异同 https://news.example.org/story/1")
    link = '<a href="https://news.example.org/story/1">Differences</a>'
    assert written(LETTER_HTML, also, "en").endswith(f" · {link}")
    hostile = replace(also, story="javascript:alert(1)")
    assert "javascript" not in written(HTML, hostile)


@pytest.mark.parametrize(
    ("count", "language", "said"),
    [
        (0, "zh", "检索："),
        (2, "zh", "另有 2 篇较早的文章等待过久，不再发送\n检索："),
        (1, "en", "1 older article waited too long and is left out\nQuery: "),
    ],
)
def test_what_is_left_out_is_said_at_the_foot(count, language, said):
    one = replace(MESSAGE, left_out=count)
    assert Layout(PLAIN, PHRASES[language]).foot(tidied(one)).startswith(said)


def test_a_message_that_comes_twice_is_known_by_its_number():
    for dialect in ALL.values():
        [only] = parts(MESSAGE, dialect, ROOM, in_bytes)
        assert only.body.endswith(f"编号 {MESSAGE.key[:8]}")
    twice = replace(MESSAGE, items=(item("甲" * 60, number=1), item("乙" * 60, number=2)))
    assert len(made := parts(twice, PLAIN, 900, in_bytes)) == 2
    assert made[-1].body.endswith(f"编号 {MESSAGE.key[:8]}")


def test_an_article_in_english_as_markdown():
    reprint = replace(ITEM, kind="reprint", also=("Xiaoshan Daily",), original="")
    assert written(MARKDOWN, reprint, "en").split("  \n")[1:] == [
        "杭州日报 · A05 要闻 · 2023-12-15 08:12 · reprint",
        "　　记者从**临空经济**示范区获悉，货运航线下月开通。",
        "also in 1 paper: Xiaoshan Daily",
        "[Snapshot](https://news.example.org/s/1)",
    ]


def test_an_article_as_html():
    assert "<b>临空经济</b>示范区" in written(HTML, ITEM)
    assert '<a href="https://news.example.org/s/1">快照</a> · <a href=' in written(HTML, ITEM)
    assert "<mark>临空经济</mark>" in written(LETTER_HTML, ITEM)


def test_a_title_is_the_headline_of_one_and_the_number_of_many():
    assert title(MESSAGE) == "临空：临空经济示范区添一条货运航线"
    assert title(message(ITEM, ITEM, language="en"), 2, 3) == "临空: 2 articles (2/3)"


def test_what_has_nothing_to_say_takes_no_line():
    bare = replace(ITEM, passage=Passage(""), snapshot="", original="", page="")
    assert written(PLAIN, bare).count("\n") == 1
    assert len(parts(message(unsubscribe="", feed="", query=""), PLAIN, ROOM, in_bytes)) == 1


MENTIONS = [
    "@all", "@everyone", "@here", "@所有人", "@13800000000", "@channel",
    "<!channel>", "<!everyone>", "<!here|x>", "<@U024BE7LH>", "<#C024BE7LR>",
    "<@123456789>", "<@&987>", "<@all>",
    '<at user_id="all">所有人</at>', "<at id=all></at>", "<at>x</at>",
    "[点我](https://evil.example/x)", "<https://evil.example|银行>", "![x](http://evil.example/p.png)",
    "<a href='https://evil.example'>x</a>", "<script>alert(1)</script>", "<img src=x onerror=y>",
    "**粗** __x__ `y` ~~z~~ ||剧透|| > 引 # 题", "https://evil.example", "www.evil.example",
    "tg://resolve?domain=x", "&lt;!channel&gt;", "\\<!channel>", "<font color=\"warning\">x</font>",
    "/start", "$AAPL #话题", "{{7*7}}",
]  # fmt: skip


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("text", MENTIONS)
def test_d7_what_a_page_says_is_no_mention_markup_or_link_in_any_channel(text, name):
    hostile = message(
        item(text, text, paper=text, page=text, time=text, also=(text,)),
        subscription=text,
        query=text,
    )
    (part,) = parts(hostile, ALL[name], ROOM, in_bytes)
    ours = _ours(part.body)
    assert not re.search(r"://|www\.|@|evil\.example|mailto:", ours)
    assert not set(part.title) & set("@<>&[]()*_~`#|\\{}$")
    if "html" in name:
        assert "<" not in ours
        ours = re.sub(r"&(lt|gt|amp|quot|#x27);", "", ours)
    if name in DIALECTS:
        assert not set(ours) & set("<>&[]*_~`#|\\{}$")
        assert "/start" not in ours


def _ours(body):
    """A body without the links and the layout that are ours."""
    for url in ("https://news.example.org/", "https://paper.example.cn/"):
        body = re.sub(rf'<a href="{url}[^"]*">\w+</a>', "", body)
        body = re.sub(rf"\[\w+\]\({url}[^)]*\)", "", body)
        body = re.sub(rf"{url}\S*", "", body)
    return re.sub(r"</?(br/?|b|mark)>", "", body)


@pytest.mark.parametrize("name", ALL)
def test_d7_a_mark_inside_of_a_link_does_not_hide_it(name):
    marked = replace(ITEM, headline=Passage("evil.example @all", ((0, 4), (14, 17))))
    assert "evil" in written(ALL[name], marked)
    assert not re.search(r"evil\W*\.\W*example|@", _ours(written(ALL[name], marked)))


@pytest.mark.parametrize("template", ["{{7*7}}", "%s %(x)s %n", "{0} {message}", "//a[@b]", "${x}"])
def test_d3_what_looks_like_a_template_is_text(template):
    hostile = message(item(template, template), subscription=template, query=template)
    for dialect in (LETTER, LETTER_HTML, PLAIN):
        (part,) = parts(hostile, dialect, ROOM, in_bytes)
        assert "49" not in part.body + part.title
        assert "%s" not in template or part.body.count("%s") == 3


def test_texts_without_an_end_are_cut():
    endless = item("题" * 10_000, "文" * 100_000, paper="报" * 1_000, also=("报",) * 1_000)
    assert in_bytes(written(PLAIN, endless)) < 20_000
