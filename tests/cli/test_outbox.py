"""`newscrawl deliver` and `newscrawl outbox` as a person calls them."""

from __future__ import annotations

import json
import re
from contextlib import closing

import pytest

from newscrawl import settings
from newscrawl.alerts.secrets import SecretsError
from newscrawl.catalogue import outbox
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.outbox import Wanted
from newscrawl.cli import app
from newscrawl.cli.desk import NOBODY
from newscrawl.errors import UsageError
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import KEY, Told
from tests.makers import article, indexed, record


@pytest.fixture
def home(tmp_path, monkeypatch):
    made, catalogue = indexed(tmp_path / "home", [])
    catalogue.close()
    made.run.mkdir(exist_ok=True)
    monkeypatch.setattr(settings, "home", lambda: made)
    monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", KEY)
    return made


@pytest.fixture
def run(capsys):
    def run(*words):
        status = app()(list(words), standalone_mode=False)
        said = capsys.readouterr()
        return status or 0, said.out, said.err

    return run


def told(home, *urls):
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        made = Told(catalogue)
        for url in urls:
            made.subscribe("渡口", url)
        record(catalogue, article(1))
        made.match()


def test_what_is_due_is_sent_and_shown(home, run, monkeypatch):
    with serving(answering()) as sink:
        monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", f"127.0.0.1:{sink.port}")
        told(home, f"json://127.0.0.1:{sink.port}/a")
        status, out, _err = run("outbox")
        assert status == 0
        assert re.match(r"1  waiting  渡口  p0 → ntfy://\w{6}\.example  1 篇\n  due 20", out)
        assert "0 tries" in out
        assert run("deliver")[1] == "1 sent, 0 put off, 0 dead\n"
        assert run("deliver", "--json")[1].startswith("{")
    assert len(sink.got) == 1
    assert run("outbox")[1] == "1 sent\n"
    assert "1 try" in run("outbox", "--state", "sent")[1]


def test_what_is_dead_is_shown_with_its_reason_and_sent_again(home, run, monkeypatch):
    with serving(answering("410 Gone")) as sink:
        monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", f"127.0.0.1:{sink.port}")
        told(home, f"json://127.0.0.1:{sink.port}/secret-of-the-address")
        status, out, err = run("deliver")
        assert (status, out) == (1, "0 sent, 0 put off, 1 dead\n")
        assert "410" in err
        dead = json.loads(run("outbox", "--json")[1])
        assert dead["counts"] == {"dead": 1}
        [each] = dead["deliveries"]
        assert (each["state"], each["attempts"], each["articles"]) == ("dead", 1, 1)
        assert "410" in each["error"]
        said = run("outbox")[1]
        assert "dead  渡口" in said
        assert "secret-of-the-address" not in said + out + err
        assert run("outbox", "--again-all")[1].startswith("1 to be sent once more")
    assert json.loads(run("outbox", "--json")[1])["counts"] == {"waiting": 1}


def test_what_is_dead_is_named_with_its_subscription_until_it_rests(home, run, monkeypatch):
    with serving(answering("410 Gone")) as sink:
        monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", f"127.0.0.1:{sink.port}")
        told(home, f"json://127.0.0.1:{sink.port}/a", f"json://127.0.0.1:{sink.port}/b")
        run("deliver")
    mark = "  ! 1 message is dead, it could not be delivered: `newscrawl outbox --state dead`"
    assert run("subscriptions", "list")[1].count(mark) == 2
    assert mark in run("subscriptions", "show", "渡口", "--person", "p0")[1]
    data = json.loads(run("subscriptions", "list", "--json")[1])
    assert [each["dead"] for each in data] == [1, 1]
    none = "99: no such delivery; `newscrawl outbox` shows them\n"
    said = "1 let rest: `newscrawl outbox --state cancelled` still shows why they died\n"
    assert run("outbox", "--drop", "1", "--drop", "99") == (1, said, none)
    assert run("subscriptions", "list")[1].count(mark) == 1
    assert "410" in run("outbox", "--state", "cancelled")[1]
    assert run("outbox", "--drop-all")[1].startswith("1 let rest")
    assert mark not in run("subscriptions", "list")[1]
    with pytest.raises(UsageError, match="one of the two"):
        run("outbox", "--drop", "1", "--again-all")


def test_what_cannot_be_sent_again_is_named_with_its_state_and_nothing_else_is_held_up(
    home, run, monkeypatch
):
    with serving(answering("410 Gone")) as sink:
        monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", f"127.0.0.1:{sink.port}")
        told(home, f"json://127.0.0.1:{sink.port}/a")
        waits = "1: is waiting; only what is dead or expired is sent once more\n"
        assert run("outbox", "--again", "1") == (1, "", waits)
        run("deliver")
    said = "999: no such delivery; `newscrawl outbox` shows them\n"
    assert run("outbox", "--again", "999") == (1, "", said)
    status, out, err = run("outbox", "--again", "1", "--again", "999", "--again", "1")
    assert (status, err) == (1, said)
    assert out == "1 to be sent once more: `newscrawl deliver` does it\n"
    assert run("outbox", "--again", "1", "--again-all") == (1, "", waits)
    assert run("outbox", "--again-all") == (0, "nothing is dead\n", "")


def test_what_is_not_shown_is_counted_and_the_next_page_is_named(home, run):
    told(home, *[f"json://127.0.0.1:9/{n}" for n in range(5)])
    status, out, _err = run("outbox", "--state", "waiting", "--limit", "2")
    *_rows, counted, after = out.splitlines()
    assert (status, counted) == (0, "5 waiting · 2 of 5 shown")
    assert after == "next: newscrawl outbox --state waiting --limit 2 --before 4"
    data = json.loads(run("outbox", "--limit", "2", "--json")[1])
    assert (data["total"], data["next"]) == (5, 4)
    numbers = []
    while data["next"]:
        numbers += [each["number"] for each in data["deliveries"]]
        data = json.loads(run("outbox", "--limit", "2", "--before", f"{data['next']}", "--json")[1])
    assert numbers + [each["number"] for each in data["deliveries"]] == [5, 4, 3, 2, 1]
    assert run("outbox", "--before", "2")[1].endswith("1 of 5 shown\n")
    assert run("outbox")[1].splitlines()[-1] == "5 waiting"


def test_one_page_is_shown_where_nothing_else_is_wanted(home, run):
    told(home, *[f"json://127.0.0.1:9/{n}" for n in range(51)])
    assert run("outbox")[1].endswith(
        "51 waiting · 50 of 51 shown\nnext: newscrawl outbox --before 2\n"
    )


def test_a_limit_that_is_none_is_refused(home, run):
    for given in ("abc", "0", "10001"):
        with pytest.raises(UsageError, match=f"--limit {given}: must be a number from 1 to 10,000"):
            run("outbox", "--limit", given)


@pytest.mark.parametrize("given", ["abc", "-1", "1.5", "", "9" * 30])
def test_what_is_no_number_of_a_delivery_is_refused(home, run, given):
    said = "must be the number of a delivery; `newscrawl outbox` shows it first"
    for option in ("--again", "--drop", "--before"):
        with pytest.raises(UsageError) as refused:
            run("outbox", option, given)
        assert str(refused.value) == f"{option} {given}: {said}"


def test_what_is_no_state_is_refused(home, run):
    with pytest.raises(UsageError, match="--state lost: must be one of waiting"):
        run("outbox", "--state", "lost")


def test_nothing_to_send(home, run):
    assert run("outbox")[1] == "nothing was ever to be sent\n"


@pytest.mark.parametrize("key", [KEY, None])
def test_without_any_subscription_nothing_is_sent_and_no_key_is_missed(home, run, monkeypatch, key):
    monkeypatch.delenv("NEWSCRAWL_SECRET_KEY")
    if key:
        monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", key)
    monkeypatch.setattr(settings, "FEEDS", "www")
    before = sorted(home.root.rglob("*"))
    assert run("deliver") == (0, "", f"{NOBODY}\n")
    assert run("feeds") == (0, "", f"{NOBODY}\n")
    status, out, err = run("deliver", "--json")
    assert (status, json.loads(out)["sent"], err) == (0, 0, f"{NOBODY}\n")
    assert json.loads(run("feeds", "--json")[1]) == {"feeds": 0, "written": 0, "removed": 0}
    assert sorted(home.root.rglob("*")) == before


@pytest.mark.parametrize("command", ["deliver", "feeds"])
def test_a_key_that_is_lacking_is_missed_where_something_is_sealed(home, run, monkeypatch, command):
    """A removed subscription is enough: its addresses are there."""
    run("subscribe", "渡口", "--name", "渡口")
    run("subscriptions", "remove", "渡口")
    monkeypatch.delenv("NEWSCRAWL_SECRET_KEY")
    monkeypatch.setattr(settings, "FEEDS", "www")
    with pytest.raises(SecretsError, match=r"secret\.key: missing: .* bring it back"):
        run(command)
    assert not home.secret_key.exists()


def test_where_it_goes_is_told_apart_and_what_waits_to_be_confirmed_says_so(home, run):
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        made = Told(catalogue)
        number = made.subscribe("渡口", "json://a.example/1", fallback="json://a.example/2")
        record(catalogue, article(1))
        made.match()
        with catalogue.write() as tx:
            tx.exec_driver_sql("UPDATE addresses SET shown = 'json://a.example/…'")
            told = [Wanted(number, 2, 1, "else", made.outbox()[0].due, joins=False)]
            assert outbox.put(tx, told, told[0].due) == 1
            tx.exec_driver_sql("UPDATE addresses SET state = 'pending' WHERE id = 1")
    out = run("outbox")[1]
    assert "1  waiting  渡口  p0 → json://a.example/… (to be confirmed)  1 篇\n" in out
    assert "2  waiting  渡口  p0 → else json://a.example/…  1 篇\n" in out
    rows = json.loads(run("outbox", "--json")[1])["deliveries"]
    assert [(each["address_state"], each["fallback"]) for each in rows] == [
        ("confirmed", True),
        ("pending", False),
    ]


def test_it_says_whose_subscription_it_is_unless_it_is_the_operators(home, run):
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        made = Told(catalogue)
        for who in ("me", "林"):
            made.subscribe("渡口", f"json://{who}.example/a", who=who)
        record(catalogue, article(1))
        made.match()
    rows = json.loads(run("outbox", "--json")[1])["deliveries"]
    assert [each["person"] for each in rows] == ["林", "me"]
    lines = re.findall(r"waiting  (.*?) →", run("outbox")[1])
    assert lines == ["渡口  林", "渡口"]
