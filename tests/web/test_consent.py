"""Confirming an address and ending a subscription: GET shows, POST acts."""

from __future__ import annotations

import pytest
from lxml import html

from newscrawl.alerts.secrets import digest
from newscrawl.catalogue import active, letters, outbox, subscribers, subscriptions
from newscrawl.catalogue.outbox import Wanted
from newscrawl.catalogue.subscriptions import Secret
from tests.makers import NOW, article, record
from tests.people import address, matched, person, subscription
from tests.web.asking import ask

CONFIRM, END = "mX2vN8qLw0Zr5sT1uY7bK3dF9hJ4gA6c", "Qe7Rt5Yu2Io9Pa4Sd6Fg1Hj8Kl3Zx0Cv"
ONE_CLICK = b"List-Unsubscribe=One-Click"
MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
)
FORM = ("content-type", "application/x-www-form-urlencoded")
LOOKING = ["GET", "HEAD"]


@pytest.fixture
def people(held):
    """Somebody with an address that waits and a subscription that tells it; their numbers."""
    with held.write() as tx:
        me = person(tx, "林晚舟")
        waits = address(
            tx,
            me,
            kind="email",
            shown="mailto://example.org",
            state="pending",
            confirmed=None,
            token=digest(CONFIRM),
        )
        mine = subscription(
            tx, me, "临空", (waits,), query="临空 <b>", unsubscribe=Secret("sealed", digest(END))
        )
        subscription(tx, me, "别的")
    return waits, mine


@pytest.fixture
def states(held, people):
    """Says the states of the address and of the subscription."""

    def states():
        waits, mine = people
        with held.read() as connection:
            return (
                subscribers.addresses_by_ids(connection, [waits])[waits].state,
                subscriptions.by_ids(connection, [mine])[mine].state,
            )

    return states


def buttons(answer):
    assert answer.status == 200
    return html.fromstring(answer.text).xpath("//form[@method='post']//button")


@pytest.mark.parametrize("method", LOOKING)
@pytest.mark.parametrize("path", [f"/confirm/{CONFIRM}", f"/u/{END}"])
def test_d10_whoever_only_follows_links_changes_nothing(get, states, path, method):
    before = states()
    for query in ("", "?List-Unsubscribe=One-Click", "?_method=POST"):
        answer = get(path + query, method, body=ONE_CLICK)
        assert answer.status == 200
    assert states() == before == ("pending", "active")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "post", "BREW"])
@pytest.mark.parametrize("path", [f"/confirm/{CONFIRM}", f"/u/{END}"])
def test_d10_no_other_method_acts(get, states, path, method):
    assert get(path, method, body=ONE_CLICK).status == 405
    assert states() == ("pending", "active")


@pytest.mark.parametrize(
    "path",
    ["/confirm/", "/u/", f"/confirm/{END}", f"/u/{CONFIRM}", "/u/x", f"/u/{digest(END)}",
     f"/confirm/{digest(CONFIRM)}", f"/u/{END[:-1]}", f"/u/{END}x", f"/u/{END.lower()}",
     f"/u/{END}/x", "/u/%00", "/u/%25", "/u/" + "x" * 9999],
)  # fmt: skip
def test_d10_another_site_s_form_cannot_act_without_the_secret(get, states, path):
    for method in ("GET", "POST"):
        answer = get(path, method, headers=[("host", "localhost"), FORM], body=ONE_CLICK)
        assert answer.status == 404
    assert states() == ("pending", "active")


def test_a_person_sees_what_is_confirmed_and_confirms_it(get, states):
    page = get(f"/confirm/{CONFIRM}")
    [button] = buttons(page)
    assert button.text == "确认"
    shown = html.fromstring(page.text).text_content()
    for text in ("林晚舟", "mailto://example.org", "临空", "临空 <b>", "不会再收到"):
        assert text in shown
    assert "别的" not in shown
    done = get(f"/confirm/{CONFIRM}", "POST")
    assert buttons(done) == []
    assert "已确认" in done.text
    assert states() == ("confirmed", "active")


def test_confirming_again_changes_nothing_and_says_the_same(get, states):
    first = get(f"/confirm/{CONFIRM}", "POST")
    assert get(f"/confirm/{CONFIRM}", "POST") == first == get(f"/confirm/{CONFIRM}")
    assert states() == ("confirmed", "active")


def test_an_address_that_has_ended_is_confirmed_by_nothing(held, people, get, states):
    get(f"/confirm/{CONFIRM}", "POST")
    with held.write() as tx:
        subscribers.end_address(tx, people[0])
    for method in ("GET", "POST"):
        assert get(f"/confirm/{CONFIRM}", method).status == 404
    assert states() == ("ended", "active")


def test_a_person_sees_what_is_ended_and_ends_it(get, states):
    page = get(f"/u/{END}", headers=[("host", "localhost"), ("accept-language", "en")])
    [button] = buttons(page)
    assert (button.text, button.get("name"), button.get("value")) == (
        "Unsubscribe",
        "List-Unsubscribe",
        "One-Click",
    )
    assert "临空 &lt;b&gt;" in page.text
    done = get(f"/u/{END}?lang=en", "POST", headers=[("host", "localhost"), FORM], body=ONE_CLICK)
    assert buttons(done) == []
    assert "You have unsubscribed" in done.text
    assert states() == ("pending", "removed")


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (FORM, ONE_CLICK),
        (("content-type", "multipart/form-data; boundary=b"), MULTIPART),
        (("content-type", "text/plain"), b""),
        (("content-type", "application/json"), b'{"x": ' * 1000),
    ],
)
def test_one_click_wants_no_cookie_no_login_and_no_redirect(get, states, header, body):
    answer = get(f"/u/{END}", "POST", headers=[("host", "news.example.org"), header], body=body)
    assert answer.status == 200
    assert answer.headers.keys().isdisjoint({"set-cookie", "location", "www-authenticate"})
    assert states() == ("pending", "removed")


def test_ending_again_changes_nothing_and_says_the_same(held, get, states):
    first = get(f"/u/{END}", "POST")
    with held.read() as connection:
        revision = subscriptions.revision(connection)
    assert get(f"/u/{END}", "POST") == first == get(f"/u/{END}")
    with held.read() as connection:
        assert subscriptions.revision(connection) == revision
    assert states() == ("pending", "removed")


def test_what_ends_takes_effect_for_who_matches_and_who_sends(held, people, get):
    waits, mine = people
    (kept,) = record(held, article(1))
    with held.write() as tx:
        (found,) = matched(tx, mine, kept.article_id)
        before = subscriptions.revision(tx)
        outbox.put(tx, [Wanted(mine, waits, found, "key", NOW, joins=False)], NOW)
    get(f"/u/{END}", "POST")
    with held.read() as connection:
        assert active.changes(connection, before).dropped == [mine]
        assert letters.counts(connection) == {"cancelled": 1}


def test_a_guess_never_waits_for_the_write_lock(held, app, get, people):
    with held.write():
        assert get(f"/u/{CONFIRM}", "POST").status == 404
        assert ask(app, f"/confirm/{END}", "POST").status == 404


GUESSED = ("Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0Pp", CONFIRM[:-1] + "d", END[:-1] + "w", CONFIRM[:-1],
           END + "A", CONFIRM.swapcase(), END.swapcase(), digest(CONFIRM), digest(END))  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_d9_every_guess_is_answered_alike_and_changes_nothing(get, states, method):
    """Also a secret that is one, of something else."""
    at_confirm = {str(get(f"/confirm/{each}", method)) for each in (*GUESSED, END)}
    at_unsubscribe = {str(get(f"/u/{each}", method)) for each in (*GUESSED, CONFIRM)}
    [answer] = at_confirm | at_unsubscribe
    assert "status=404" in answer
    assert states() == ("pending", "active")


def test_d9_a_secret_of_one_person_touches_nothing_of_another(held, people, get, states):
    """Not even where both have named the same address."""
    with held.write() as tx:
        other = person(tx, "another")
        waits = {"kind": "email", "shown": "mailto://example.org", "state": "pending"}
        theirs = address(tx, other, confirmed=None, token=digest(CONFIRM[::-1]), **waits)
        asks = Secret("sealed too", digest(END[::-1]))
        subscription(tx, other, "临空", (theirs,), query="临空 <b>", unsubscribe=asks)
    assert get(f"/confirm/{CONFIRM[::-1]}", "POST").status == 200
    assert get(f"/u/{END[::-1]}", "POST").status == 200
    assert states() == ("pending", "active")
    with held.read() as connection:
        assert subscribers.addresses_by_ids(connection, [theirs])[theirs].state == "confirmed"
