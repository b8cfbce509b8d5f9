from __future__ import annotations

import pytest

from newscrawl.alerts.channels.robots import refusal, why


@pytest.mark.parametrize(
    ("scheme", "answer", "code"),
    [
        ("wecombot", b'{"errcode": 93000}', 93000),
        ("wecombot", b'{"errcode": 45009}', 0),
        ("wecombot", b'{"code": 93000}', 0),
        ("wechat", b'{"errcode": 60020}', 60020),
        ("wechat", b'{"errcode": 93000}', 0),
        ("dingtalk", b'{"errcode": 310000}', 310000),
        ("feishu", b'{"code": 19024}', 19024),
        ("feishu", b'{"code": 9499}', 0),
        ("lark", b'{"code": "19001"}', 0),
        ("ntfy", b'{"code": 19001, "errcode": 93000}', 0),
        ("feishu", b"[19001]", 0),
        ("feishu", b"not JSON", 0),
        ("feishu", b"\xff\xfe", 0),
    ],
)
def test_a_refusal_is_one_that_is_known_of_that_robot(scheme, answer, code):
    assert refusal(scheme, answer) == code
    assert not code or why(scheme, code)
