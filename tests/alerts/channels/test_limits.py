from __future__ import annotations

import pytest

from newscrawl.alerts.channels.limits import limits
from newscrawl.alerts.rendering.dialects import DIALECTS
from newscrawl.alerts.rendering.splitting import in_characters, in_escaped, parts
from newscrawl.errors import UsageError
from tests.alerts.messages import item, message


@pytest.mark.parametrize(
    ("url", "size", "a_minute", "written"),
    [
        ("wecombot://key", 2_048, 20, "plain"),
        ("wecombot://key?format=markdown", 2_048, 20, "plain"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", 2_048, 20, "plain"),
        ("wechat://ww01:{secret}@1000002/zhang?format=markdown", 2_048, 20, "plain"),
        ("dingtalk://token?format=markdown", 19_900, 20, "markdown"),
        ("feishu://token", 19_900, 100, "plain"),
        ("ntfy://ntfy.sh/topic", 4_000, None, "plain"),
        ("bark://bark.example/key", 3_500, None, "plain"),
        ("pushplus://token", 20_000, None, "html"),
        ("sc3://sctp12tAbC", 30_000, 20, "markdown"),
        ("tgram://1:a/2", 4_096, 20, "html"),
        ("json://a.example", 262_144, None, "plain"),
        ("mailto://a@b.example", 1_048_576, None, "html"),
    ],
)
def test_what_a_channel_takes(url, size, a_minute, written):
    known = limits(url)
    assert (known.size, known.a_minute, known.format) == (size, a_minute, written)


def test_what_is_counted():
    assert limits("dingtalk://token").measure is in_escaped
    assert limits("tgram://1:a/2").measure is in_characters


def test_a_channel_of_apprise_alone_is_asked_for_its_own():
    assert limits("gotify://gotify.example/abcdefghijklmno").size == 32_768


def test_an_unknown_channel():
    with pytest.raises(UsageError, match="no channel that is known"):
        limits("nosuch://canary")


@pytest.mark.parametrize("url", ["wecombot://k", "dingtalk://t", "tgram://1:a/2", "bark://h/k"])
def test_a_digest_is_split_within_the_limit(url):
    known = limits(url)
    digest = message(*(item(f"第{number}条", "文" * 200) for number in range(100)))
    made = parts(digest, DIALECTS[known.format], known.size, known.measure)
    assert len(made) > 1
    assert all(known.measure(part.title + "\n" + part.body) <= known.size for part in made)
