"""What Apprise makes of our parts: the requests as they would go out, to services we cannot ask."""

from __future__ import annotations

import json
from io import BytesIO
from urllib.parse import unquote

import pytest
import requests

from newscrawl.alerts.channels import service
from newscrawl.alerts.channels.addresses import parsed
from newscrawl.alerts.channels.jobs import Job, Report
from newscrawl.alerts.channels.limits import limits
from newscrawl.alerts.rendering.dialects import DIALECTS
from newscrawl.alerts.rendering.splitting import parts
from tests.alerts.messages import ITEM, item, message
from tests.alerts.rendering.test_layout import MENTIONS

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""Apprise loads all its services at once."""

TELEGRAM = "tgram://123456789:abcdefghijklmnopqrstuvwxyz123456789/12345"
WECHAT = "wechat://ww0123:{secret}@1000002/zhang"
"""An application of 企业微信: a token is asked for first."""
CHANNELS = [
    "wecombot://0123-abcd",
    WECHAT,
    "dingtalk://abc",
    "dingtalk://abc?format=markdown",
    "feishu://abc",
    "feishu://abc?format=markdown",
    "lark://abc",
    "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    TELEGRAM,
    "bark://bark.example/key",
    "ntfy://ntfy.example/topic",
    "ntfy://ntfy.example/topic?format=markdown",
    "pushplus://0123456789abcdef0123456789abcdef",
    "schan://SCT123",
    "wxpusher://AT_appid/123",
    "pushdeer://PDU123",
    "qq://0123456789abcdef0123456789abcdef",
    "gotify://gotify.example/abcdefghijklmno",
]


SUCCESS = b'{"ok": true, "code": 200, "errcode": 0, "result": [], "access_token": "token"}'


@pytest.fixture
def sent(monkeypatch):
    """The requests that went out; each is answered with success."""
    return answered(monkeypatch, SUCCESS)


def answered(monkeypatch, *bodies):
    """As `sent`; the answers are these, the last one as often as it is asked for. A number is a
    status, and an error no answer at all.
    """
    requested = []

    def answer(adapter, request, **more):
        said = bodies[min(len(requested), len(bodies) - 1)]
        requested.append((request, more))
        if isinstance(said, Exception):
            raise said
        response = requests.Response()
        status = said if isinstance(said, int) else 200
        response.status_code = 302 if request.url.endswith("/moved") else status
        response.headers["Location"] = "https://elsewhere.example/"
        response.raw = BytesIO(said if isinstance(said, bytes) else b"")
        response.url = request.url
        response.request = request
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", answer)
    monkeypatch.setattr(requests.Session, "send", requests.Session.send)  # `service` changes it
    return requested


def posted(url, one):
    return list(_posted(url, one))


def _posted(url, one):
    known = limits(url)
    for part in parts(one, DIALECTS[known.format], known.size, known.measure):
        yield service.send(
            Job(
                url=parsed(url).url,
                seconds=10,
                most=65_536,
                title=part.title if known.titled else "",
                body=part.body if known.titled else f"{part.title}\n{part.body}",
                format=known.format,
            )
        )


def texts(value):
    """Every text in a decoded body."""
    if isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


def said(request):
    body = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
    try:
        return "\n".join(texts(json.loads(body)))
    except ValueError:
        return unquote(body.replace("+", " ")) + unquote(request.url)


@pytest.mark.parametrize("url", CHANNELS)
def test_d7_no_service_is_sent_a_mention_or_markup_of_a_page(url, sent):
    text = " ".join(MENTIONS)
    hostile = message(item(text, text, paper=text), subscription=text[:60], query=text)
    posted(url, hostile)
    assert sent
    whole = "\n".join(said(request) for request, _more in sent)
    for mention in ("@all", "@everyone", "@here", "@所有人", "<!channel", "<!here", "<@", "<#C"):
        assert mention not in whole
    for markup in (
        "<at",
        "<font",
        "<script",
        "<img",
        "[点我]",
        "evil.example",
        "**粗",
        "](http://",
    ):
        assert markup not in whole
    assert "所有人" in whole


@pytest.mark.parametrize("url", CHANNELS)
def test_a_part_goes_out_as_one_request_with_its_marks_and_links(url, sent):
    posted(url, message(ITEM))
    assert len(sent) == (2 if url == WECHAT else 1)
    text = said(sent[-1][0])
    marked = {"plain": "【临空经济】", "markdown": "**临空经济**", "html": "<b>临空经济</b>"}
    assert marked[limits(url).format] in text
    assert "https://news.example.org/s/1" in text


FEISHU = "open.feishu.cn/open-apis/bot/v2/hook/zz-12/"
LARK = "open.larksuite.com/open-apis/bot/v2/hook/zz-12"
BOT = "123456789:abcdefghijklmnopqrstuvwxyz123456789"
KEY = "q" * 32
QMSG = f"qmsg.zendee.cn/send/{KEY}"
DINGTALK = "oapi.dingtalk.com/robot/send?access_token=zz12"
WORKFLOW = "hooks.slack.com/workflows/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"
HOOK = "hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


@pytest.mark.parametrize(
    ("url", "to"),
    [
        ("qyapi.weixin.qq.com/cgi-bin/webhook/send?key=zz-12",) * 2,
        (DINGTALK, DINGTALK),
        (f"{DINGTALK}&secret=SEC0", DINGTALK),
        (FEISHU, FEISHU),
        (LARK, LARK),
        ("sctapi.ftqq.com/SCT1TabC.send?title=messagetitle", "sctapi.ftqq.com/SCT1TabC.send"),
        (f"www.pushplus.plus/send?token={KEY}&title=XXX&content=X&template=html",
         "www.pushplus.plus/send"),
        ("wxpusher.zjiecode.com/api/send/message/?appToken=AT_a&content=1&uid=UID_b",
         "wxpusher.zjiecode.com/api/send/message"),
        ("api.day.app/Key1/这里改成你自己的推送内容", "api.day.app/push"),
        (f"api.telegram.org/bot{BOT}/sendMessage?chat_id=-100123&text=hi",
         f"api.telegram.org/bot{BOT}/sendMessage"),
        ("discord.com/api/webhooks/123/zz-12", "discord.com/api/webhooks/123/zz-12"),
        (HOOK, HOOK),
        (HOOK.replace("slack", "slack-gov"), HOOK.replace("slack", "slack-gov")),
        (WORKFLOW, WORKFLOW),
        ("hooks.slack.com/triggers/T1JJ3T3L2/123/TIiajkdnlazkcOXrIdevi7FQ",) * 2,
        ("ntfy.sh/my-topic", "ntfy.sh"),
        (QMSG.replace(".cn/", ".cn:443/"), QMSG),
        ("api2.pushdeer.com/message/push?pushkey=PDU1&text=x",
         "api2.pushdeer.com:443/message/push?pushkey=PDU1"),
    ],
)  # fmt: skip
def test_an_address_as_its_service_gives_it_out_gets_what_the_service_understands(url, to, sent):
    posted(f"https://{url}", message(ITEM))
    ((request, _more),) = sent
    assert request.url.startswith(f"https://{to}")
    assert "https://news.example.org/s/1" in said(request)


REFUSED = {
    "dingtalk://abc": {"errcode": 310000, "errmsg": "keywords not in content"},
    "wecombot://abc": {"errcode": 93000, "errmsg": "invalid webhook url"},
    WECHAT: {"errcode": 40013, "errmsg": "invalid corpid"},
    "feishu://abc": {"code": 19002, "msg": "params error"},
    "lark://abc": {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"},
    "schan://SCT1": {"code": 40001, "message": "bad key"},
    f"pushplus://{KEY}": {"code": 903, "msg": "invalid token"},
    "wxpusher://AT_a/1": {"code": 1002, "msg": "token"},
    f"qq://{KEY}": {"success": False, "code": 500, "reason": "KEY"},
    "pushdeers://PDU1": {"code": 80501, "error": "pushkey"},
}


@pytest.mark.parametrize("url", REFUSED)
def test_a_refusal_that_is_answered_200_is_no_success(url, monkeypatch):
    answered(monkeypatch, json.dumps(REFUSED[url]).encode())
    assert [each.verdict for each in posted(url, message(ITEM))] == ["failed"]


@pytest.mark.parametrize("url", ["schan://SCT1", f"qq://{KEY}", "pushdeers://PDU1"])
def test_a_success_is_none_the_less(url, monkeypatch):
    answered(monkeypatch, b'{"code": 0, "success": true}')
    assert [each.verdict for each in posted(url, message(ITEM))] == ["sent"]


@pytest.mark.parametrize("url", ["dingtalk://abc", "feishu://abc", "lark://abc"])
def test_a_request_is_no_longer_than_its_service_takes(url, sent):
    posted(url, message(*(item(f"第{number}条", "文" * 300) for number in range(100))))
    assert len(sent) > 1
    assert all(len(request.body) <= 20_000 for request, _more in sent)


def test_redirects_proxies_and_the_rest_of_an_answer_are_off(sent, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    posted("wecombot://0123-abcd?redirect=yes", message(ITEM))
    ((_request, more),) = sent
    assert more["stream"]
    assert not more["proxies"]


def test_a_redirect_is_not_followed_for_a_service_that_would(sent):
    answers = service._Answers(65_536, "ntfy")
    assert requests.post("https://a.example/moved", allow_redirects=True).status_code == 302
    assert len(sent) == 1
    assert answers.status == 302


def reported(url):
    return service.send(Job(url=url, seconds=10, most=65_536, title="题", body="文"))


@pytest.mark.parametrize(
    ("url", "answer", "code"),
    [
        ("wecombot://0123-abcd", b'{"errcode": 93000, "errmsg": "invalid webhook url"}', 93000),
        (WECHAT, b'{"errcode": 40001, "errmsg": "invalid credential"}', 40001),
        ("dingtalk://abc", b'{"errcode": 300005, "errmsg": "token is not exist"}', 300005),
        ("feishu://abc", b'{"code": 19001, "msg": "param invalid"}', 19001),
        ("lark://abc", b'{"code": 19001, "msg": "param invalid"}', 19001),
    ],
)
def test_h4_a_robot_that_is_gone_refuses_whatever_its_status(monkeypatch, url, answer, code):
    answered(monkeypatch, answer)
    report = reported(url)
    assert (report.verdict, report.refused, report.code) == ("failed", True, code)


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("wecombot://0123-abcd", b'{"errcode": 45009, "errmsg": "api freq out of limit"}'),
        ("wecombot://0123-abcd", b'{"code": 19001, "errcode": 1}'),
        ("dingtalk://abc", b'{"errcode": 410100, "errmsg": "too fast"}'),
        ("feishu://abc", b'{"code": 11232, "msg": "frequency limited"}'),
        ("pushdeer://PDU123", 502),
    ],
)
def test_what_a_robot_says_that_is_not_known_is_no_refusal(monkeypatch, url, answer):
    answered(monkeypatch, answer)
    report = reported(url)
    assert (report.verdict, report.refused, report.code) == ("failed", False, 0)


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        (b'{"errcode": 81013, "errmsg": "user & party & tag all invalid"}', True),
        (b'{"errcode": 45009, "errmsg": "api freq out of limit"}', False),
        (503, False),
    ],
)
def test_an_application_of_wecom_may_refuse_what_it_gave_a_token_for(monkeypatch, answer, refused):
    sent = answered(monkeypatch, SUCCESS, answer)
    report = reported(WECHAT)
    assert (report.verdict, report.refused) == ("failed", refused)
    token, message = (request for request, _more in sent)
    assert token.url.startswith("https://qyapi.weixin.qq.com/cgi-bin/gettoken?")
    assert json.loads(message.body)["touser"] == "zhang"
    assert "secret" not in message.url


TWO_CHATS = f"{TELEGRAM}/54321"


@pytest.mark.parametrize(
    ("answers", "refused"),
    [
        ((400, 403), True),
        ((503, 403), False),
        ((403, 503), False),
        ((requests.ConnectionError(), 403), False),
        ((b'{"ok": true}', 403), True),
        ((403, b'{"ok": true}'), False),
    ],
)
def test_of_several_requests_none_may_have_failed_for_now_only(monkeypatch, answers, refused):
    sent = answered(monkeypatch, *answers)
    report = reported(TWO_CHATS)
    assert len(sent) == 2
    assert (report.verdict, report.refused) == ("failed", refused)


@pytest.mark.parametrize(
    ("url", "verdict"),
    [("wecombot://abc", "known"), ("syslog://", "local"), ("mqtt://a.example/x", "unknown")],
)
def test_what_an_address_is_for(url, verdict):
    report = service.describe(Job(url=url, seconds=1, most=1))
    assert report.verdict == verdict


def test_what_travels_between_the_processes():
    job = Job(url="json://CANARY", seconds=1, most=2, allowed=(("a", 1),), title="题", body="文")
    assert Job.loaded(job.dumped()) == job
    assert "CANARY" not in repr(job)
    report = Report("failed", status=429, retry_after="5")
    assert Report.loaded(report.dumped()) == report
    with pytest.raises(ValueError, match="not a report"):
        Report.loaded(b"[]")
