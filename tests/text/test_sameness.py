from __future__ import annotations

import pytest

from newscrawl.text.sameness import Text, is_named, same_article

BODY = "停航三个月的临江渡口昨天清晨恢复通航，首班渡船载着三十四位乘客驶向对岸。"
OTHER = "夜航船昨晚在拱宸桥码头首航，乘客沿运河看了两岸灯火，船票已订到下月。"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Text("渡口通航", BODY), Text("渡口\n通航", OTHER), False),
        (Text("渡口 通航", BODY), Text("渡口\n通航", OTHER), True),
        (Text("渡口通航", BODY), Text("江上又有渡船", BODY.replace("昨天", "今天")), True),
        (Text("渡口通航了", BODY), Text("渡口通航", OTHER), False),
        (Text("湘湖初冬即景", ""), Text("湘湖初冬即景图", ""), True),
        (Text("湘湖初冬即景", ""), Text("湘湖初冬即景图", BODY), True),
        (Text("西湖边的晚霞", "摄影 王伟"), Text("西湖边的晚霞美", "摄影：王玮"), True),
        (Text("湘湖初冬即景", ""), Text("拱宸桥夜色", ""), False),
    ],
)
def test_an_article_is_known_by_its_headline_or_its_text(one, other, same):
    assert same_article(one, other) is same
    assert same_article(other, one) is same


@pytest.mark.parametrize(
    ("label", "named"),
    [
        ("渡口今晨恢复通航", True),
        ("渡口今晨…", True),
        ("渡口已恢复通航", True),
        ("图片新闻：渡口今晨恢复通航", True),
        ("食堂开张", False),
        ("", False),
        ("……", False),
    ],
)
def test_a_label_may_be_shortened_or_told_in_nearly_the_same_words(label, named):
    assert is_named(label, "渡口今晨恢复通航") is named
