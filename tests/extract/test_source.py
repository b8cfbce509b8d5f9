"""Where a text says that it comes from."""

from __future__ import annotations

import time

import pytest

from newscrawl.extract.source import read_source

DECLARED = [
    ("本文转自：杭州日报", "杭州日报"),
    ("本文转自:浙江日报", "浙江日报"),
    ("新华社北京11月20日电（记者李超凡、晏明）雨停了。", "新华社"),
    ("新华社北京11月20日电 雨停了。", "新华社"),
    ("据新华社哈瓦那11月19日电 雨停了。", "新华社"),
    ("央视网消息（记者李超凡）雨停了。", "央视网"),
    ("中国天气网消息：雨停了。", "中国天气网"),
    ("央视网消息（新闻联播）：雨停了。", "央视网"),
    ("央视网消息 雨停了。", "央视网"),
    ("据央视网消息，雨停了。", "央视网"),
    ("央广网消息：雨停了。", "央广网"),
    ("央广网北京1月3日消息（记者李红）雨停了。", "央广网"),
    ("中新网1月3日电 雨停了。", "中新网"),
    ("中新网杭州1月3日电（记者 李红）雨停了。", "中新网"),
    ("浙江在线网1月3日讯 雨停了。", "浙江在线网"),
    ("（据新华社北京1月1日电）", "新华社"),
    ("据新华社北京1月1日电", "新华社"),
    ("雨停了。（据新华社北京1月1日电）", "新华社"),
    ("雨停了。据新华社北京1月1日电", "新华社"),
    ("雨停了。（据新华社电）", "新华社"),
    ("（据新华社北京1月1日电）雨停了。", "新华社"),
    ("办法下月正式实施。据央视新闻", "央视新闻"),
    ("据央视新闻", "央视新闻"),
    ("雨停了。（据新华社）", "新华社"),
    ("雨停了。（杭州市气象台提供）", "杭州市气象台"),
    ("（市价格监测中心提供）", "市价格监测中心"),
    ("雨停了。综合钦南发布、红星新闻报道", "钦南发布、红星新闻"),
    ("雨停了。综合钦南发布、红星新闻", "钦南发布、红星新闻"),
]

NOBODY = [
    "据悉",
    "雨停了。据了解",
    "雨停了。据介绍",
    "雨停了。据统计",
    "雨停了。据报道",
    "雨停了。据预测",
    "雨停了。（据悉）",
    "据了解，雨停了。",
    "据统计，雨停了。",
    "本报消息：雨停了。",
    "央视网消息称，雨停了。",
    "本网消息：雨停了。",
    "据本网消息：雨停了。",
    "雨停了。据本报消息",
    "这家报社消息，雨停了。",
    "他说，央视网消息：雨停了。",
    "消息：雨停了。",
    "好消息，雨停了。",
    "据悉，消息（新）传来，雨停了。",
    "他从报社1月3日电话里听说，雨停了。",
    "据说电讯不通",
    "本报1月3日讯 雨停了。",
    "城东日报1月3日讯 雨停了。",
    "城东日报讯（记者李红）雨停了。",
    "据报道，雨停了。",
    "此言有据可查。",
    "新华社记者3日来到发电厂。",
    "（受访者提供）",
    "（照片由受访者提供）",
]


@pytest.mark.parametrize(("paragraph", "source"), DECLARED)
def test_a_text_declares_its_source(paragraph, source):
    assert read_source([paragraph]) == source


@pytest.mark.parametrize("paragraph", NOBODY)
def test_false_friends_name_nobody(paragraph):
    assert read_source([paragraph]) == ""


def test_nothing_comes_from_nowhere():
    assert read_source([]) == read_source([""]) == ""


def test_a_heading_counts_before_the_end():
    assert read_source(["本文转自：钱江晚报", "雨停了。", "（杭州市气象台提供）"]) == "钱江晚报"


def test_an_agency_told_about_in_the_middle_is_no_source():
    text = [
        "雨停了。",
        "河水退了。",
        "桥通了。",
        "他读到（据新华社）几个字。",
        "灯亮了。",
        "人散了。",
        "夜深了。",
    ]
    assert read_source(text) == ""


@pytest.mark.parametrize(
    "unit", ["据", "据新华社", "新华社", "综合", "综合王、", "（", "11日", "“"]
)
def test_a_long_paragraph_takes_no_long_time(unit):
    began = time.perf_counter()
    read_source([unit * (50_000 // len(unit)) + "x"])
    assert time.perf_counter() - began < 1
