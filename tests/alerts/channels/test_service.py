"""What Apprise makes of our parts: the requests as they would go out, to services we cannot ask."""

from __future__ import annotations

import json
from io import BytesIO
from urllib.parse import unquote

import pytest
import requests

from newscrawl.alerts.channels import service
from newscrawl.alerts.channels.jobs import Job, Report
from newscrawl.alerts.channels.limits import limits
from newscrawl.alerts.rendering.dialects import DIALECTS
from newscrawl.alerts.rendering.splitting import parts
from tests.alerts.messages import ITEM, item, message
from tests.alerts.rendering.test_layout import MENTIONS

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""Apprise loads all its services at once."""

TELEGRAM = "tgram://123456789:abcdefghijklmnopqrstuvwxyz123456789/12345"
CHANNELS = [
    "wecombot://0123-abcd",
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
    "gotify://gotify.example/abcdefghijklmno",
]


@pytest.fixture
def sent(monkeypatch):
    """The requests that went out; each is answered with success."""
    requested = []

    def answer(adapter, request, **more):
        requested.append((request, more))
        response = requests.Response()
        response.status_code = 302 if request.url.endswith("/moved") else 200
        response.headers["Location"] = "https://elsewhere.example/"
        response.raw = BytesIO(b'{"ok": true, "code": 200, "errcode": 0, "result": []}')
        response.url = request.url
        response.request = request
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", answer)
    monkeypatch.setattr(requests.Session, "send", requests.Session.send)  # `service` changes it
    return requested


def posted(url, one):
    known = limits(url)
    for part in parts(one, DIALECTS[known.format], known.size, known.measure):
        service.send(
            Job(
                url=url,
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
    assert len(sent) == 1
    text = said(sent[0][0])
    marked = {"plain": "【临空经济】", "markdown": "**临空经济**", "html": "<b>临空经济</b>"}
    assert marked[limits(url).format] in text
    assert "https://news.example.org/s/1" in text


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
    answers = service._Answers(65_536)
    assert requests.post("https://a.example/moved", allow_redirects=True).status_code == 302
    assert len(sent) == 1
    assert answers.status == 302


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
