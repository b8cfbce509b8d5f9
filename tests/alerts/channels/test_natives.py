"""Addresses as services give them out: read for their channels, or refused with the right one."""

from __future__ import annotations

import pytest

from newscrawl.alerts.addresses import WEBHOOK, kind
from newscrawl.alerts.channels.addresses import parsed, shown
from newscrawl.alerts.channels.sending import check, send
from newscrawl.alerts.outcome import Refused
from newscrawl.errors import UsageError
from tests.alerts.channels.test_sending import NOTHING
from tests.alerts.messages import MESSAGE

DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=canary"
QMSG = "https://qmsg.zendee.cn/send/canary"


@pytest.mark.parametrize(
    ("url", "to"),
    [
        (DINGTALK, "dingtalk://canary/"),
        (DINGTALK.replace("https", "http"), "dingtalk://canary/"),
        (DINGTALK.replace("https://oapi", "HTTPS://Oapi"), "dingtalk://canary/"),
        (DINGTALK.replace(".com", ".com:443").replace("?", "/?"), "dingtalk://canary/"),
        (f"{DINGTALK}#x", "dingtalk://canary/"),
        (f"{DINGTALK}&secret=SEC1&format=markdown", "dingtalk://SEC1@canary/?format=markdown"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/canary-1/", "feishu://canary-1/"),
        ("https://sctapi.ftqq.com/canary.send?title=a&desp=b", "schan://canary/"),
        ("https://12.push.ft07.com/send/sctp12tCanary_canary.send?title=a&tags=新闻|报",
         "sc3://sctp12tCanary_canary/?tags=%E6%96%B0%E9%97%BB%7C%E6%8A%A5"),
        ("http://pushplus.plus/send/canary?topic=a%26b", "pushplus://canary/?topic=a%26b"),
        ("https://www.pushplus.plus/send?token=canary&to=b", "pushplus://canary/%40b"),
        ("https://wxpusher.zjiecode.com/api/send/message?appToken=AT_canary&topicId=1&uid=UID_b",
         "wxpusher://AT_canary/1/UID_b"),
        ("https://api.day.app/canary/标题/内容?sound=bell&isArchive=1",
         "barks://api.day.app/canary?sound=bell"),
        ("https://api.telegram.org/bot1:canary/sendMessage?chat_id=@a&message_thread_id=5",
         "tgram://1:canary/%40a/?topic=5"),
        ("https://canary.discord.com/api/v10/webhooks/1/canary?thread_id=5&wait=true",
         "discord://1/canary?thread=5"),
        ("https://hooks.slack.com/triggers/T1/2/canary", "slack://T1/2/canary/?mode=trigger"),
        (QMSG.replace(".cn", ".cn:443"), "qq://canary/"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?debug=1&key=canary",
         "wecombot://canary/"),
    ],
)  # fmt: skip
def test_an_address_of_a_service_is_one_of_its_channel(url, to):
    address = parsed(url)
    assert address.url == to
    assert address.scheme == to.partition(":")[0] == kind(url)
    assert "canary" not in repr(address) + shown(url)


@pytest.mark.parametrize(
    ("url", "named"),
    [
        (f"{DINGTALK}&timestamp=1&sign=canary", "dingtalk://SECRET@TOKEN"),
        (f"{DINGTALK}&access_token=canary", "dingtalk://TOKEN"),
        (DINGTALK.replace("https", "jsons").replace("?", "?-"), "dingtalk://TOKEN"),
        ("https://oapi.dingtalk.com/robot/send?access_token=", "dingtalk://TOKEN"),
        ("https://oapi.dingtalk.com/canary", "dingtalk://TOKEN"),
        ("https://open.feishu.cn/open-apis/bot/hook/canary", "feishu://TOKEN"),
        ("https://open.larksuite.com/canary", "lark://TOKEN"),
        ("https://sc.ftqq.com/canary.send", "schan://SENDKEY"),
        ("https://12.push.ft07.com/send/canary.send", "sc3://SENDKEY"),
        ("https://sctp12tcanary.push.ft07.com/send", "sc3://SENDKEY"),
        ("https://sc3.ft07.com/sctp12tcanary", "sc3://SENDKEY"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/upload_media?key=canary", "wecombot://KEY"),
        ("https://www.pushplus.plus/send?token=canary&callbackUrl=canary", "pushplus://TOKEN"),
        ("https://wxpusher.zjiecode.com/api/send/message/SPT_canary/a", "wxpusher://AT_TOKEN"),
        ("https://api.day.app/push", "barks://api.day.app/KEY"),
        ("https://ntfy.sh/canary/json", "ntfys://ntfy.sh/TOPIC"),
        ("https://api.telegram.org/bot1:canary/sendMessage", "tgram://BOT_TOKEN/CHAT_ID"),
        ("https://discord.com/api/webhooks/1/canary/slack", "discord://ID/TOKEN"),
        ("https://hooks.slack.com/canary", "slack://A/B/C"),
        (QMSG.replace("send", "group"), "qq://KEY"),
    ],
)
def test_what_would_reach_nobody_is_refused_with_the_right_scheme(url, named):
    with pytest.raises(UsageError) as error:
        check(url)
    assert named in str(error.value)
    assert "canary" not in str(error.value)
    outcome = send(url, MESSAGE, NOTHING)
    assert isinstance(outcome, Refused)
    assert named in outcome.reason


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example/robot/send?access_token=x",
        "https://notoapi.dingtalk.com.example/robot/send?access_token=x",
        "https://www.feishu.cn/flow/api/trigger-webhook/x",
        "https://maker.ifttt.com/trigger/x/json/with/key/y",
    ],
)
def test_other_webhooks_are_webhooks(url):
    assert kind(url) == WEBHOOK
    assert parsed(url).url == url
