"""What docs/alerts.md tells receivers, on what a deliverer really sends them."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from email import message_from_bytes
from types import SimpleNamespace

import pytest

from newscrawl.alerts.secrets import Secrets
from newscrawl.alerts.signing import signing_secret
from newscrawl.catalogue import subscribers
from newscrawl.pace import Pace
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import Told
from tests.makers import article, catalogue, record
from tests.secrets import PROJECT


@pytest.fixture(scope="module")
def documented():
    """What the documented code defines."""
    text = (PROJECT / "docs" / "alerts.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    defined = {}
    exec(compile(code, "docs/alerts.md", "exec"), defined)
    return defined


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    """Two people are told at one webhook: their secrets, and the head and body of each request."""
    folder = tmp_path_factory.mktemp("signing")
    told = Told(catalogue(folder / "newscrawl.db"))
    with serving(answering()) as sink:
        for _ in range(2):
            told.subscribe("渡口", f"json://127.0.0.1:{sink.port}/hook")
        record(told.catalogue, article(1))
        told.match()
        deliverer = told.deliverer(sink.allowed, Pace(folder / "channels"), in_flight=1)
        deliverer.run(0)
        deliverer.close()
    with told.catalogue.read() as view:
        people = subscribers.everybody(view)
        held = [subscribers.addresses_of(view, each.id)[0] for each in people]
    told.catalogue.close()
    got = [each.partition(b"\r\n")[2].partition(b"\r\n\r\n") for each in sink.got]
    return (
        [signing_secret(told.secrets, each) for each in held],
        [(message_from_bytes(head), body) for head, _, body in got],
    )


def test_d9_a_receiver_takes_what_is_ours_and_nothing_that_was_changed(documented, delivered):
    genuine = documented["genuine"]
    (secret, others), [(headers, body), (their_headers, their_body)] = delivered
    assert genuine(secret, headers, body)
    assert genuine(others, their_headers, their_body)
    assert not genuine(secret, headers, body.replace("渡口".encode(), "码头".encode()))
    assert not genuine(secret, headers, body + b" ")
    assert not genuine(secret, headers, their_body)
    assert not genuine(secret, their_headers, their_body), "who shares a webhook shares no secret"
    for name in ("Newscrawl-Signature", "Newscrawl-Timestamp"):
        for text in ("", "0", "sha256=", "１", "x" * 64, None):
            changed = dict(headers.items()) | {name: text}
            assert not genuine(secret, changed, body), (name, text)
    moved = dict(headers.items())
    moved["Newscrawl-Timestamp"] = str(int(moved["Newscrawl-Timestamp"]) + 1)
    assert not genuine(secret, moved, body)
    assert not genuine(secret, {}, b"")


@pytest.mark.parametrize(("later", "taken"), [(200, True), (400, False), (-400, False)])
def test_d9_what_was_caught_is_refused_when_it_comes_again_later(
    documented, delivered, monkeypatch, later, taken
):
    (secret, _others), [(headers, body), *_] = delivered
    clock = SimpleNamespace(time=lambda: time.time() + later)
    monkeypatch.setitem(documented, "time", clock)
    assert documented["genuine"](secret, headers, body) is taken


def test_d9_a_secret_is_of_one_address_and_one_key(delivered, tmp_path):
    (one, two), _requests = delivered
    assert one != two
    assert re.fullmatch("[0-9a-f]{32}", one)
    told = Told(catalogue(tmp_path / "newscrawl.db"))
    told.subscribe("渡口", "json://hooks.example.org/1")
    with told.catalogue.read() as view:
        [held] = subscribers.addresses_of(view, 1)
    told.catalogue.close()
    known = signing_secret(told.secrets, held)
    assert signing_secret(told.secrets, replace(held, fingerprint="another")) != known
    assert signing_secret(Secrets("f" * 64, "another"), held) != known


def test_all_that_a_webhook_gets_is_documented(delivered):
    _secrets, [(_headers, body), *_] = delivered
    written = (PROJECT / "docs" / "alerts.md").read_text(encoding="utf-8")
    sent = json.loads(body)
    (item,) = sent["items"]
    assert [name for name in [*sent, *item] if f"`{name}`" not in written] == []
