"""Which channels may be told: nobody is to be written to, or called, who was not asked."""

from __future__ import annotations

import pytest

from newscrawl import settings
from newscrawl.alerts import admission
from newscrawl.alerts.channels import others
from newscrawl.alerts.channels.schemes import KNOWN, SETTING
from newscrawl.alerts.channels.sending import check, count, send
from newscrawl.alerts.outcome import Refused
from newscrawl.errors import UsageError
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.channels.test_sending import NOTHING
from tests.alerts.channels.test_service import CHANNELS
from tests.alerts.messages import MESSAGE

E_MAIL = [
    "sendgrid://abcd:{from}@a.example/canary@b.example",
    "mailgun://user@a.example/key-123/canary@b.example",
    "sparkpost://user@a.example/key/canary@b.example",
    "smtp2go://user@a.example/key/canary@b.example",
    "resend://abcd:{from}@a.example/canary@b.example",
    "brevo://key:{from}@a.example/canary@b.example",
    "ses://from@a.example/AHIAJGNT76XIMXDBIJYA/bu1dHSdO22pfaaVy/us-west-1/canary@b.example",
    "o365://tenant:{account}@a.example/ab-cd/secret/canary@b.example",
    "postmark://key:{from}@a.example/canary@b.example",
    "acs://from@a.example/key/canary@b.example",
]
TELEPHONES = [
    "twilio://AC123456:{token}@15551234567/15557654321",
    "bulksms://user:{canary}@15557654321",
    "plivo://a@b/15551234567/15557654321",
    "clickatell://15551234567@key/15557654321",
    "whatsapp://token@15551234567/15557654321",
    "sns://AHIAJGNT76XIMXDBIJYA/bu1dHSdO22pfaaVy/us-east-1/15557654321",
    "signal://a.example/15551234567/15557654321",
]


@pytest.mark.parametrize("url", [*E_MAIL, *TELEPHONES, "apprise://a.example/x", "nosuch://canary"])
def test_d9_a_channel_that_may_reach_people_unasked_is_refused(url, monkeypatch):
    monkeypatch.setattr(others, "_done", None)  # no process is asked for it
    for asked in (check, admission.check, admission.check_at_once):
        with pytest.raises(UsageError, match=SETTING) as error:
            asked(url)
        assert "canary" not in str(error.value)
    outcome = send(url, MESSAGE, NOTHING)
    assert isinstance(outcome, Refused), "also what is in the catalogue already"
    assert SETTING in outcome.reason


@pytest.mark.parametrize("setting", ["chanify", " Matrix , chanify://", "matrix,CHANIFY,,"])
def test_what_the_operator_adds_may_be_told(monkeypatch, setting):
    monkeypatch.setattr(settings, "ALERTS_ALLOW_SCHEMES", setting)
    check("chanify://key")
    assert count("chanify://key", MESSAGE) == 1
    with pytest.raises(UsageError, match=SETTING):
        check(E_MAIL[0])


@pytest.mark.parametrize(
    "options",
    ["?email=canary@b.example", "?a=b&EMail=canary@b.example", "?%65mail=canary@b.example",
     "?email=%63anary@b.example", "?%20email=canary@b.example"],
)  # fmt: skip
def test_d9_ntfy_writes_no_e_mail_for_us(options):
    with pytest.raises(UsageError, match="mailtos://") as error:
        check(f"ntfy://ntfy.example/topic{options}")
    assert "canary" not in str(error.value)


@pytest.mark.parametrize("hidden", ["#x?email=canary@b.example", "#?x=y&email=canary@b.example"])
def test_d9_nor_where_apprise_alone_reads_it_so(hidden):
    with serving(answering(body=b"{}")) as sink:
        url = f"ntfy://127.0.0.1:{sink.port}/topic{hidden}"
        with pytest.raises(UsageError, match="no channel that is known"):
            check(url)
        assert isinstance(send(url, MESSAGE, sink.allowed), Refused)
        assert sink.got == []


def test_what_is_known_is_tested():
    tested = {url.partition(":")[0] for url in CHANNELS}
    ours = {"http", "https", "json", "jsons", "mailto", "mailtos", "sc3"}
    secure = {f"{scheme}s" for scheme in tested}
    assert tested | ours <= KNOWN <= tested | ours | secure


@pytest.mark.parametrize(
    "url", ["ntfy://", "ntfy://…", "ntfys://ntfy.example/", "ntfy://a.example/话题"]
)
def test_ntfy_is_told_of_a_topic_or_not_at_all(url):
    with pytest.raises(UsageError, match="names no topic"):
        check(url)


def test_ntfy_names_its_topic_with_a_host_or_without():
    check("ntfy://press_office")
    check("ntfys://a.example/press_office")
