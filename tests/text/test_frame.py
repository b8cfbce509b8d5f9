from __future__ import annotations

import pytest

from newscrawl.text.frame import picture_name, without_frame


@pytest.mark.parametrize(
    "line",
    [
        "浏览次数：123",
        "阅读 1,009 次",
        "本文已被阅读 123 次",
        "点击数:45 | 评论:3",
        "已有1.2万人阅读",
        "【浏览 12】",
        "今天是2023年12月15日 星期五",
        "当前时间：2023-12-15 08:45:10",
    ],
)
def test_a_line_that_a_site_writes_anew_is_none_of_the_article(line):
    assert without_frame(["渡口今晨恢复通航。", line]) == ["渡口今晨恢复通航。"]


@pytest.mark.parametrize(
    "line",
    [
        "阅读量破10万",
        "全年接待游客300万人次",
        "访问2023年的杭州",
        "阅读 10 评论 20 点赞 30 收藏 40 分享 50 更多",
        "阅读 1 " * 8 + "x",
        "阅读：杭州",
        "收藏12件文物",
        "今天是国庆节，10月1日的广场人头攒动。",
        "浏览次数：123，比去年多一倍。",
    ],
)
def test_a_line_of_the_article_stays(line):
    assert without_frame([line]) == [line]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://paper.example/res/a.jpg?t=1701", "a.jpg"),
        ("https://paper.example/res/a.JPG", "a.JPG"),
        ("https://paper.example/i.php?id=3", "i.php?id=3"),
        ("https://paper.example/res/", ""),
    ],
)
def test_a_picture_is_known_by_the_end_of_its_address(url, name):
    assert picture_name(url) == name
