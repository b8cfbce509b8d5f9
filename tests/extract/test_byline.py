"""Who is credited, and who is only told about."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extract.byline import Byline, read_byline

CREDITS = [
    ("记者 邢云 通讯员 王金财", ["邢云"], ["王金财"]),
    ("记者 张娜 张宇璐 郭婧 范雯", ["张娜", "张宇璐", "郭婧", "范雯"], []),
    ("本报讯（记者 宣和 通讯员 何可、徐念慈）昨日，雨停了。", ["宣和"], ["何可", "徐念慈"]),
    ("本报讯（通讯员 裘果 记者 白雨桐）昨日，雨停了。", ["白雨桐"], ["裘果"]),
    ("本报讯（记者\u3000岳明朗）昨日，雨停了。", ["岳明朗"], []),
    ("本报讯(记者 岳明朗）昨日，雨停了。", ["岳明朗"], []),
    ("本报讯（记者 岳明朗)昨日，雨停了。", ["岳明朗"], []),
    ("（记者：朱维）", ["朱维"], []),
    ("（记者：石晚汀 通讯员：叶知秋）", ["石晚汀"], ["叶知秋"]),
    ("雨停了。（记者 项景行）", ["项景行"], []),
    ("记者 濮小舟", ["濮小舟"], []),
    ("记者 濮小舟、车一凡", ["濮小舟", "车一凡"], []),
    ("记者 王\u3000伟", ["王伟"], []),
    ("通讯员 钟毓秀", [], ["钟毓秀"]),
    ("新华社北京11月20日电（记者李超凡、晏明）记者20日获悉，雨停了。", ["李超凡", "晏明"], []),
    ("本报北京1月1日讯新华社记者尹鸿祝、本报记者武卫政报道", ["尹鸿祝", "武卫政"], []),
    ("记者刘彬、通讯员王建勋、陈京", ["刘彬"], ["王建勋", "陈京"]),
    ("本报讯（记者 王䶮 林㛃）昨日，雨停了。", ["王䶮", "林㛃"], []),
]

GLUED = [
    ("记者邢云通讯员王金财陈兆洪", ["邢云"], ["王金财", "陈兆洪"]),
    ("记者顾南乔通讯员金书言陈兆鸣", ["顾南乔"], ["金书言", "陈兆鸣"]),
    ("记者林知远通讯员苏晓棠陈兆鸣", ["林知远"], ["苏晓棠", "陈兆鸣"]),
    ("记者欧阳暮通讯员司马青云", ["欧阳暮"], ["司马青云"]),
]

LEFT_OUT = [
    ("本报记者 楼知意 实习生 张亦然", ["楼知意"], []),
    ("记者 楼金靖 培训生 张致远", ["楼金靖"], []),
    ("见习记者 王小明", ["王小明"], []),
    ("本报讯（记者 宣涛 富阳微融圈 陈东 季慧）昨日，雨停了。", ["宣涛"], []),
    ("记者 陈予安 摄", [], []),
    ("雨停了。（记者 陈予安 摄）", [], []),
    ("文/记者 王一 摄影/记者 李二", ["王一"], []),
]

PROSE = [
    "记者3日从市规划局获悉，桥已合龙。",
    "记者从市规划局获悉，桥已合龙。",
    "记者注意到，灯还亮着。",
    "记者了解到，灯还亮着。",
    "记者在现场看到，灯还亮着。",
    "他在接受记者采访时说，灯还亮着。",
    "裘万成告诉记者，灯还亮着。",
    "记者李明在现场看到，灯还亮着。",
    "记者：你怎么看？",
    "灯还亮着。（记者们都到了）",
    "记者手记",
]


def test_nothing_is_credited_in_nothing():
    assert read_byline([]) == read_byline([""]) == Byline()


@pytest.mark.parametrize(("paragraph", "reporters", "correspondents"), CREDITS + GLUED + LEFT_OUT)
def test_a_credit_names_its_people(paragraph, reporters, correspondents):
    assert read_byline([paragraph]) == Byline(tuple(reporters), tuple(correspondents))


@pytest.mark.parametrize("paragraph", PROSE)
def test_prose_about_reporters_credits_nobody(paragraph):
    assert read_byline([paragraph]) == Byline()


def test_a_credit_is_found_wherever_it_stands_and_each_name_once():
    paragraphs = ["雨停了。", "记者 邢云", "河水退了。", "（记者 邢云、晏明）"]
    assert read_byline(paragraphs) == Byline(("邢云", "晏明"))


@given(
    st.lists(
        st.text(alphabet="记者通讯员王李、 \u3000（）()。：:本报讯电摄/", max_size=80), max_size=5
    )
)
def test_every_name_is_in_the_text_and_no_role(paragraphs):
    byline = read_byline(paragraphs)
    letters = "".join(paragraphs).replace(" ", "").replace("\u3000", "")
    for name in byline.reporters + byline.correspondents:
        assert len(name) > 1
        assert name in letters
        assert "记者" not in name


@pytest.mark.parametrize(
    "unit", ["记者", "记者 ", "记者王", "（", "（记者 ", " ", "杭州日报", "驻杭", "王、"]
)
def test_a_long_paragraph_takes_no_long_time(unit):
    began = time.perf_counter()
    read_byline([unit * (50_000 // len(unit)), "记者 " + unit * 40 + "x"])
    assert time.perf_counter() - began < 1
