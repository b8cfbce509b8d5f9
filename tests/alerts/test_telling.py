"""Which words of the hits are offered, in an archive made for it."""

from __future__ import annotations

import pytest

from newscrawl.alerts import noise
from newscrawl.alerts.backtest import backtest
from newscrawl.alerts.noise import words_around
from newscrawl.index.search import Searcher
from newscrawl.query.subject import Subject
from newscrawl.text.segment import segment
from tests.alerts.paper import proposal
from tests.makers import article, indexed
from tests.reports import FERRY

PASSING = (
    "湘湖边办招聘会，周末来了百家企业。",
    "招聘会设在湘湖广场，周末雨停。",
    "找工作的人周末赶到湘湖，招聘会排起长队。",
    "周末的招聘会上，湘湖街道送来热茶，蓝莓两盒。",
    "蓝莓上市，湘湖农户周末忙采摘。",
)
ABOUT = (
    "龙舟过桥，鼓声不断，周末看客挤满两岸。",
    "龙舟队训练到天黑，周末也不歇。",
    "老龙舟重新上漆，周末下水。",
    "龙舟模型展出，周末免票。",
)
ELSEWHERE = "第{}号消息：城东的{}今天有新变化。"


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    items = [article(n, headline="消息", paragraphs=[text]) for n, text in enumerate(PASSING)]
    for text in ABOUT:
        items.append(article(len(items), headline="湘湖，见闻", paragraphs=[text]))
    for _reprint in range(4):
        items.append(article(len(items), headline="渡口", paragraphs=[*FERRY, "渡船从湘湖驶来。"]))
    for number in range(40):
        text = ELSEWHERE.format(number, number * 3)
        items.append(article(len(items), headline="消息", paragraphs=[text]))
    home, catalogue = indexed(tmp_path_factory.mktemp("telling"), items)
    opened = Searcher(home, catalogue)
    yield opened
    opened.close()
    catalogue.close()


def offered(searcher, query="湘湖"):
    return [(each.text, each.takes) for each in backtest(searcher, proposal(query)).noise]


def test_the_word_of_what_mentions_it_in_passing_and_of_nothing_else(searcher):
    """龙舟 is in what is about it, 周末 in nearly all stories, 蓝莓 in two, 趸船 in one."""
    assert offered(searcher) == [("招聘会", 4)]


@pytest.mark.parametrize(
    ("name", "value", "more"),
    [
        ("LEAST", 2, "蓝莓"),
        ("MOST_SHARE", 1.0, "周末"),
        ("in_passing", lambda *_: True, "龙舟"),
    ],
)
def test_each_bound_keeps_one_of_them_out(searcher, monkeypatch, name, value, more):
    monkeypatch.setattr(noise, name, value)
    monkeypatch.setattr(noise, "MOST", 100)
    assert more in dict(offered(searcher))


def test_it_is_left_out_beside_what_is_left_out_already(searcher):
    queries = [each.query for each in backtest(searcher, proposal("湘湖 -蓝莓")).noise]
    assert queries == ["湘湖 -蓝莓 -招聘会"]


def test_no_more_than_so_many_are_offered(searcher, monkeypatch):
    monkeypatch.setattr(noise, "LEAST", 1)
    monkeypatch.setattr(noise, "MOST", 3)
    assert len(offered(searcher)) == 3


def test_words_are_those_beside_what_is_asked_for():
    subject = Subject(headline="上海市", body=("上海市的路，12 号", "招聘会"))
    assert words_around(subject, ["上海"], segment) == {"招聘", "招聘会"}
    assert {"海市", "上海市"} < words_around(subject, [], segment)


def test_of_a_very_long_text_the_beginning_is_cut(monkeypatch):
    subject = Subject(body=("招聘会" + "很" * 30_000 + "龙舟",))
    assert words_around(subject, [], segment) == {"招聘", "招聘会"}
